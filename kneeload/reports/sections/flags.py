"""Flags told by episode: one line for each stretch of a rule firing, not one for each week."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.calendar import day_numbers, first_days
from kneeload.model import SEVERITIES
from kneeload.reports.model import Earlier, Episode, Line
from kneeload.rules.plugin_rules import installed_rules
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS, nothing_found

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from kneeload.reports.week_view import Row, Scope

RED_FLAG = "red_flag"
_TOLD = 3
_FEWEST_WEEKS, _OFTEN = 26, 0.25
_KNEE = "pain_zone"
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_SUPPORT = {grade: rank for rank, grade in enumerate(formatting.GRADES)}


def episodes(scope: Scope) -> tuple[Episode, ...]:
    """Return the episodes that reach into the report's week, the heaviest first."""
    reaching = (
        _episode(scope, flags)
        for flags in _by_episode(scope.flags)
        if any(flag["week"] == scope.label for flag in flags)
    )
    return tuple(sorted(reaching, key=_weight))


def _by_episode(flags: Iterable[Row]) -> Collection[list[Row]]:
    """Return the flags of each episode; red flags have their own place in a report."""
    by_episode: dict[tuple[str, int], list[Row]] = {}
    for flag in flags:
        if flag["rule"] != RED_FLAG:
            by_episode.setdefault((flag["rule"], flag["episode"]), []).append(flag)
    return by_episode.values()


def _weight(episode: Episode) -> tuple[bool | int | str, ...]:
    """Of equal severity lead with the knee itself, then what is better supported, then rarer."""
    return (
        episode.acknowledged,
        -_RANK[episode.severity],
        *_support(episode)[1:],
        episode.fired_before,
        episode.rule,
    )


def _episode(scope: Scope, flags: list[Row]) -> Episode:
    """Return the episode of `flags`, told by the heaviest of the report's week."""
    now = [flag for flag in flags if flag["week"] == scope.label]
    worst = max(now, key=_rank)
    rule = worst["rule"]
    return Episode(
        rule=rule,
        title=title(rule),
        severity=worst["severity"],
        message=formatting.sentence(formatting.convert_km_in_text(worst["message"], scope.units)),
        since=_since(flags, scope.analysis.today),
        fired_before=worst["episodes"],
        scored=worst["scored"],
        followed=worst["followed"],
        by_chance=worst["by_chance"],
        before=_before(scope, worst),
        evidence=_evidence(rule),
        grade=worst["evidence"],
        source=_link(rule),
        acknowledged=all(flag["acknowledged"] for flag in now),
        flag_ids=tuple(flag["flag_id"] for flag in now),
    )


def _rank(flag: Row) -> int:
    return _RANK[flag["severity"]]


def title(rule: str) -> str:
    """Return a rule's name in words; one from elsewhere has its id."""
    installed = installed_rules().get(rule)
    return installed.title if installed else formatting.humanise(rule).capitalize()


def _evidence(rule: str) -> str:
    """Return what a rule rests on, and who brings it where that is another package."""
    installed = installed_rules().get(rule)
    if installed is None:
        return ""
    bringer = f"The rule comes from {installed.package}." if installed.package else ""
    return f"{installed.evidence.summary} {bringer}".strip()


def _link(rule: str) -> str:
    """Return the first source that is a DOI, or an address, as a link."""
    installed = installed_rules().get(rule)
    sources = installed.evidence.sources if installed else ()
    links = (source.replace("doi:", "https://doi.org/", 1) for source in sources)
    return next((link for link in links if link.startswith("https://")), "")


def _since(flags: list[Row], today: dt.date) -> str:
    weeks = len({flag["week"] for flag in flags})
    if weeks < 2:
        return ""
    return (
        f"It has come up in {formatting.number_name(weeks)} different weeks since "
        f"{formatting.day(flags[0]['date'], today)}."
    )


def _before(scope: Scope, flag: Row) -> str:
    """Return how often the rule fired before this episode, and how often pain followed."""
    active = _active_weeks(scope, flag["rule"])
    span = f"{formatting.count(active, 'week')} {_active_by(flag['rule'])}"
    if not flag["episodes"]:
        return f"This has not happened before in {span}."
    fired = f"It came up {formatting.how_often(flag['episodes'])} before in {span}"
    history = f"{fired}; {_followed(flag)}."
    return f"{history} {_too_often(scope, flag['rule'], active)}".strip()


def _active_by(rule: str) -> str:
    """Return what a week needs for the rule to fire."""
    return "with scores" if rule == _KNEE else "of running"


def _active_weeks(scope: Scope, rule: str) -> int:
    """Return in how many weeks the rule could have fired."""
    if rule != _KNEE:
        return int((scope.weeks["runs"].to_numpy() > 0).sum())
    days = day_numbers(scope.pain["local_date"])
    return len(np.unique(first_days(days, scope.settings.week_start)))


def _too_often(scope: Scope, rule: str, active: int) -> str:
    """Say where a rule fires so often that it tells little; empty where it does not."""
    fired = len({flag["week"] for flag in scope.flags if flag["rule"] == rule})
    if active < _FEWEST_WEEKS or fired / active <= _OFTEN:
        return ""
    often = formatting.percent(fired / active)
    return f"It comes up in {often} of your weeks {_active_by(rule)}, so one more says little."


def _followed(flag: Row) -> str:
    """Return how many earlier episodes pain followed, beside what chance would give."""
    scored, followed = flag["scored"], flag["followed"]
    if not scored:
        return "you gave no score in the 7 days after"
    rated = f"{scored}" if scored == flag["episodes"] else f"the {scored} with a score"
    verb = "was" if followed == 1 else "were"
    return (
        f"{followed} of {rated} {verb} followed by a score of 3 or more within 7 days (by chance "
        f"you would expect {flag['by_chance']:.1f})"
    )


def earlier(scope: Scope, weeks: int) -> tuple[Earlier, ...]:
    """Return the episodes of the last weeks that ended before the report's, the newest first."""
    recently = _recent_episodes(scope, weeks)
    return _one_line_each(scope, (flags for flags in recently if flags[-1]["week"] != scope.label))


def recent(scope: Scope, weeks: int) -> tuple[Earlier, ...]:
    """Return the episodes of the last weeks, those of the report's week too, the newest first."""
    return _one_line_each(scope, _recent_episodes(scope, weeks))


def _recent_episodes(scope: Scope, weeks: int) -> Collection[list[Row]]:
    """Return what each episode has of flags in the last weeks."""
    last = {*scope.weeks["week"].iloc[-weeks:]}
    return _by_episode(flag for flag in scope.flags if flag["week"] in last)


def _one_line_each(scope: Scope, episodes: Iterable[list[Row]]) -> tuple[Earlier, ...]:
    """Tell each episode by its heaviest flag, of equally heavy ones the last."""
    heaviest = (max(reversed(flags), key=_rank) for flags in episodes)
    newest_first = sorted(heaviest, key=itemgetter("date", "flag_id"), reverse=True)
    return tuple(
        Earlier(
            date=flag["date"].date(),
            title=title(flag["rule"]),
            severity=flag["severity"],
            message=formatting.sentence(
                formatting.convert_km_in_text(flag["message"], scope.units)
            ),
        )
        for flag in newest_first
    )


def open_signs(scope: Scope) -> tuple[str, ...]:
    """Return the red flags that no assessment has answered, the newest first, each with advice."""
    flags = scope.analysis.flags
    is_open = (flags["rule"] == RED_FLAG) & ~flags["acknowledged"]
    # A page says once, at its end, that kneeload does not diagnose.
    messages = flags.loc[is_open, "message"].str.removesuffix(f" {NOT_A_DIAGNOSIS}")
    return tuple(messages.iloc[::-1])


def flags_line(scope: Scope, reaching: tuple[Episode, ...]) -> Line:
    """Return what happened in the week by the rules, best evidence first; or that none fired."""
    if not reaching:
        return Line(kind="flags", label="Rules", text=nothing_found(scope.analysis.settings))
    more = len(reaching) - _TOLD
    heavy = max((e.severity for e in reaching), key=lambda severity: _RANK[severity])
    supported = sorted(reaching, key=_support)
    parts = [
        *(f"{e.message}{' (Acknowledged.)' * e.acknowledged}" for e in supported[:_TOLD]),
        f"And {more} more, below." if more > 0 else "",
    ]
    text = " ".join(filter(None, parts))
    return Line(kind="flags", label="Rules", text=text, colour="red" if heavy == "alert" else "")


def _support(episode: Episode) -> tuple[bool, bool, int]:
    """Lead with the knee itself, then with what is better supported; what was seen comes last."""
    rank = _SUPPORT.get(episode.grade, len(_SUPPORT))
    return episode.acknowledged, episode.rule != _KNEE, rank
