"""The week in the terminal: at most 25 lines of 80 columns, more where it is narrower."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

if TYPE_CHECKING:
    from kneeload.reports.model import Episode, Line, Next, Report

WIDTH, HEIGHT = 80, 25
_LABEL = 13  # the longest label and a space


def status_lines(report: Report, width: int = WIDTH) -> list[str]:
    """Return the week at a glance, at most 25 lines of 80 columns, or as much in fewer columns.

    What does not fit is cut from the middle, never the first lines: a red flag and the knee lead.
    """
    title = f"{report.days or 'kneeload'}: {report.title}"
    head = [*(text for line in (title, report.age) for text in textwrap.wrap(line, width)), ""]
    body = [text for line in report.lines for text in _hung(line.label, _text(line, report), width)]
    hints = [text for hint in report.hints for text in _hung("Try", hint.commands[0], width)]
    room = HEIGHT * WIDTH // width - len(head) - 2
    lines = [*head, *_fitting([*body, *hints], room), "", NOT_A_DIAGNOSIS]
    return [printable(line)[:width] for line in lines]


def printable(text: str) -> str:
    """Return `text` without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _fitting(lines: list[str], room: int) -> list[str]:
    return lines if len(lines) <= room else [*lines[: room - 1], "(more in `kneeload report`)"]


def _text(line: Line, report: Report) -> str:
    if line.kind == "flags" and report.episodes:
        return " ".join(_short(episode) for episode in report.episodes)
    if line.kind == "next" and report.next:
        return f"{line.text} {_limits(report.next, report)}".strip()
    return line.text


def _short(episode: Episode) -> str:
    return f"[{formatting.severity(episode.severity)}] {episode.message}"


def _limits(coming: Next, report: Report) -> str:
    """Return each week's limit in a sentence, empty where there is none."""
    return " ".join(
        f"Week of {formatting.day(w.week_start, report.today)}: "
        f"up to {formatting.distance(w.km, report.units)} in total."
        for w in coming.limits
    )


def _hung(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"{label:<{_LABEL}}"[:_LABEL],
        subsequent_indent=" " * _LABEL,
        break_long_words=True,
    )
