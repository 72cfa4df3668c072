"""Warnings about what other packages bring along: one line each on stderr, and only once."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from kneeload.cli.output import harmless
from kneeload.plugins import PluginWarning

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def plugin_warnings() -> Iterator[None]:
    """Print each `PluginWarning` raised within; others go where they went before."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", PluginWarning)
        usual = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, PluginWarning):
                usual(message, category, filename, lineno, file, line)
            elif str(message) not in told:
                told.add(str(message))
                click.echo(harmless(f"Warning: {message}"), err=True)

        warnings.showwarning = show
        yield
