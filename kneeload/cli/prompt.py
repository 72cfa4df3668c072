"""Ask, one key per answer: at a terminal of any width, or line by line through a pipe."""

from __future__ import annotations

import os
import sys
from textwrap import fill
from typing import TYPE_CHECKING

import click

from kneeload.cli.output import WIDTH
from kneeload.errors import EntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kneeload.cli.missing_entries import Question

ESCAPE = "\x1b"
HOW = "0 (none) to 10 (worst): press 0-9, or t for 10. Enter skips, Esc quits."
_SEQUENCES = ("\x1b[", "\x1bO")


def ask(
    questions: Iterable[Question], typed: Iterator[str], keep: Callable[[Question, str], None]
) -> bool:
    """Put the questions and `keep` each answer as it comes, until Escape or the end.

    Returns
    -------
    bool
        Whether there was a question.
    """
    about: str | None = None
    for question in questions:
        if about is None:
            click.echo(fill(HOW, _columns()))
        if question.about != about:
            about = question.about
            click.echo(about)
        click.echo(f"  {question.text}? ", nl=False)
        key = _key(question, typed)
        click.echo(question.echoed(key))
        if key == ESCAPE:
            return True
        if key:
            keep(question, key)
    return about is not None


def keys() -> Iterator[str]:
    """Yield what is typed: keys at a terminal, lines of a pipe; Enter is empty."""
    if sys.stdin.isatty():
        yield from _pressed()
    else:
        for line in sys.stdin:
            yield line.strip(" \r\n\t").lower()


def _columns() -> int:
    """Return how wide the terminal is, 80 where there is none."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH


def _key(question: Question, typed: Iterator[str]) -> str:
    """Return a key that answers, or Enter, or Escape.

    Others do nothing at a terminal; in a pipe, where nobody can try again, they end the answers.
    """
    for key in typed:
        if key in question.keys or key in {"", ESCAPE}:
            return key
        if not sys.stdin.isatty():
            click.echo()
            raise EntryError(f"{key!r} is {question.invalid_answer_message}")
    return ESCAPE


def _pressed() -> Iterator[str]:
    while True:
        try:
            typed = click.getchar()
        except EOFError:
            return
        if typed.startswith(_SEQUENCES):  # an arrow or another key without meaning here
            continue
        for key in typed:
            yield key.lower().strip("\r\n")
