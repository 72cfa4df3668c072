"""The Report as Markdown: the same words, tables instead of charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.reports.notices import ASSOCIATION
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kneeload.reports.model import Episode, LoadAndPain, Next, Report

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def render(report: Report) -> str:
    """Return `report` as Markdown that ends in a newline; names and notes stay plain text."""
    parts = [
        f"# {_plain(report.title)}",
        f"Week of {report.days}" if report.days else "",
        report.age,
        _bullets(f"**{line.label}**: {_plain(line.text)}" for line in report.lines),
        *(_hint(h.title, h.text, h.commands) for h in report.hints),
        *(_plain(drawing.title) for drawing in report.drawings[1:]),
        _section("Rules that fired", _episodes(report)) if report.week else "",
        _section("What comes next", _next(report.next, report)) if report.next else "",
        _section("Load and pain in your diary", _answer(report.load_and_pain)),
        _section("The week’s runs", _runs(report)),
        _section("Knee scores, 0 to 10", _pain(report)),
        _section("Weeks", _weeks(report)),
        _section("About the data", _bullets(_plain(note) for note in report.notes)),
        f"{NOT_A_DIAGNOSIS} {ASSOCIATION}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain(text: str) -> str:
    """Return `text` so that nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _hint(title: str, text: str, commands: Iterable[str]) -> str:
    return _section(title, text + "\n\n" + "\n".join(f"    {command}" for command in commands))


def _episodes(report: Report) -> str:
    return _bullets(_episode(episode) for episode in report.episodes) or report.nothing_fired


def _episode(episode: Episode) -> str:
    source = f" <{episode.source}>" if episode.source else ""
    said = " ".join(filter(None, [episode.message, episode.since, episode.before]))
    rests = f"Rests on {formatting.grade(episode.grade)}. {episode.evidence}"
    name = f"**{_plain(episode.title)}** ({formatting.severity(episode.severity)})"
    return f"{name}: {_plain(said)} {_plain(rests)}{source}"


def _next(coming: Next, report: Report) -> str:
    km = coming.next_run_km
    run = "" if km is None else f"Next run: {_next_run(km, report)}."
    limits = (
        f"Week of {formatting.day(limit.week_start, report.today)}: "
        f"up to {_km(limit.km, report)} in total."
        for limit in coming.limits
    )
    return _bullets(filter(None, [run, *limits, *map(_plain, coming.reasons)]))


def _next_run(km: float, report: Report) -> str:
    return f"up to {_km(km, report)}" if km else "none this week"


def _km(km: float | None, report: Report) -> str:
    return formatting.distance(km, report.units)


def _answer(answer: LoadAndPain | None) -> str:
    if answer is None:
        return ""
    said = _bullets(
        _plain(s) for s in (answer.primary, answer.reading, answer.data, *answer.others) if s
    )
    rows = [
        [
            rule.title,
            rule.hits,
            formatting.number(rule.expected, 1),
            str(rule.flags),
            str(rule.followed),
            formatting.number(rule.followed_expected, 1),
        ]
        for rule in answer.rules
    ]
    head = ["Rule", "Spells with a flag before", "By chance", "Flags", "Followed", "By chance"]
    return "\n\n".join(filter(None, [said, answer.rules_intro, _table(head, rows)]))


def _runs(report: Report) -> str:
    rows = [
        [
            formatting.weekday(run.date, report.today),
            _km(run.distance_km, report),
            formatting.duration(run.moving_s),
            formatting.pace(run.moving_s, run.distance_km, report.units),
            formatting.number(run.avg_hr_bpm),
            formatting.height(run.descent_m, report.units),
            run.remark,
        ]
        for run in report.runs
    ]
    return _table(["Day", "Distance", "Time", "Pace", "Heart rate", "Downhill", "Remarks"], rows)


def _pain(report: Report) -> str:
    rows = [
        [
            formatting.weekday(row.date, report.today),
            row.knee,
            *map(
                formatting.number, [row.before, row.during, row.after, row.next_morning, row.other]
            ),
            row.onset,
            row.note,
        ]
        for row in report.pain
    ]
    head = ["Day", "Knee", "Before", "During", "After", "Next morning", "Other", "Began", "Note"]
    return _table(head, rows)


def _weeks(report: Report) -> str:
    rows = [
        [
            formatting.day_and_year(week.start) + ("" if week.complete else " (so far)"),
            _km(week.distance_km, report),
            _km(week.limit_km, report),
            formatting.number(week.pain_max),
            formatting.number(week.pain_scores),
        ]
        for week in report.weeks
    ]
    return _table(["Week of", "Distance", "Limit", "Worst score", "Scores"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *([_plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
