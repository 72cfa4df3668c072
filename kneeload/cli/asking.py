"""Ask, one key per answer: at a terminal of any width, or line by line through a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kneeload.errors import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kneeload.cli.questions import Question

    Answers = list[tuple["Question", str]]

ESCAPE = "\x1b"
HOW = "0 none to 10 worst: 0-9, t is 10.\nEnter: no answer. Escape: stop."
_SEQUENCES = ("\x1b[", "\x1bO")


def ask(questions: Iterable[Question], typed: Iterator[str], answers: Answers) -> None:
    """Put the questions, and each answer into `answers` as it comes, until Escape or the end."""
    about = ""
    for question in questions:
        if question.about != about:
            about = question.about
            click.echo(about)
        click.echo(f"  {question.text}? ", nl=False)
        key = _key(question, typed)
        click.echo(question.shown(key))
        if key == ESCAPE:
            return
        if key:
            answers.append((question, key))


def keys() -> Iterator[str]:
    """Yield what is typed: keys at a terminal, lines of a pipe; Enter is empty."""
    if sys.stdin.isatty():
        yield from _pressed()
    else:
        for line in sys.stdin:
            yield line.strip(" \r\n\t").lower()


def _key(question: Question, typed: Iterator[str]) -> str:
    """Return a key that answers, or Enter, or Escape.

    Others do nothing at a terminal; in a pipe, where nobody can try again, they end the answers.
    """
    for key in typed:
        if key in question.keys or key in {"", ESCAPE}:
            return key
        if not sys.stdin.isatty():
            click.echo()
            raise EntryError(f"{key!r} is {question.refusal}")
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
