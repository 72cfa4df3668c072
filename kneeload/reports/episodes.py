"""Flags told by episode: one line for each stretch of a rule firing, not one for each week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kneeload import words
from kneeload.model import SEVERITIES, Severity
from kneeload.reports.report import Earlier, Episode, Line
from kneeload.rules.installed import installed_rules
from kneeload.rules.redflags import ADVICE, nothing_found, open_red_flags

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.reports.scope import Scope

RED_FLAG = "red_flag"
_TOLD = 3
_FEWEST_WEEKS, _OFTEN = 26, 0.25
_KNEE = "pain_zone"
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_SUPPORT = {grade: rank for rank, grade in enumerate(words.GRADES)}


def episodes(scope: Scope) -> tuple[Episode, ...]:
    """Return the episodes that reach into the report's week, the heaviest first."""
    flags = scope.flags
    now = flags[(flags["week"] == scope.label) & (flags["rule"] != RED_FLAG)]
    found = [
        _episode(scope, flags, rule, number)
        for rule, number in now[["rule", "episode"]].drop_duplicates().itertuples(index=False)
    ]
    return tuple(sorted(found, key=_weight))


def _weight(episode: Episode) -> tuple[bool, int, bool, int, int, str]:
    """Of equal severity lead with the knee itself, then what is better supported, then rarer."""
    return (
        episode.acknowledged,
        -_RANK[episode.severity],
        episode.rule != _KNEE,
        _SUPPORT.get(episode.grade, len(_SUPPORT)),
        episode.fired_before,
        episode.rule,
    )


def _episode(scope: Scope, flags: pd.DataFrame, rule: str, number: int) -> Episode:
    own = flags[(flags["rule"] == rule) & (flags["episode"] == number)]
    now = own[own["week"] == scope.label]
    worst = now.assign(rank=now["severity"].map(_RANK)).nlargest(1, "rank").iloc[0]
    return Episode(
        rule=rule,
        title=title(rule),
        severity=_severity(worst["severity"]),
        message=words.sentence(words.converted(worst["message"], scope.units)),
        since=_since(own),
        fired_before=int(worst["episodes"]),
        scored=int(worst["scored"]),
        followed=int(worst["followed"]),
        before=_before(scope, worst),
        evidence=_evidence(rule),
        grade=worst["evidence"],
        source=_link(rule),
        acknowledged=bool(now["acknowledged"].all()),
        flag_ids=tuple(now["flag_id"]),
    )


def title(rule: str) -> str:
    """Return a rule's name in words; one from elsewhere has its id."""
    known = installed_rules().get(rule)
    return known.title if known else words.names(rule).capitalize()


def _severity(value: str) -> Severity:
    return cast("Severity", value)


def _evidence(rule: str) -> str:
    """Return what a rule rests on, and who brings it where that is another package."""
    known = installed_rules().get(rule)
    if known is None:
        return ""
    bringer = f"The rule comes from {known.package}." if known.package else ""
    return f"{known.evidence.summary} {bringer}".strip()


def _link(rule: str) -> str:
    """Return the first source that is a DOI, or an address, as a link."""
    known = installed_rules().get(rule)
    sources = known.evidence.sources if known else ()
    links = (source.replace("doi:", "https://doi.org/", 1) for source in sources)
    return next((link for link in links if link.startswith("https://")), "")


def _since(own: pd.DataFrame) -> str:
    weeks = own["week"].nunique()
    if weeks < 2:
        return ""
    return f"Since {words.day(own['date'].min())}, in {words.number_name(weeks)} weeks."


def _before(scope: Scope, flag: pd.Series) -> str:
    """Return how often the rule fired before this episode, and how often pain followed."""
    active = int((scope.weeks["runs"] > 0).sum())
    span = words.count(active, "week") + " with running"
    if not flag["episodes"]:
        return f"The first time in {span}."
    fired = f"Fired {words.how_often(flag['episodes'])} before in {span}"
    told = f"{fired}; {_followed(flag['episodes'], flag['scored'], flag['followed'])}."
    return f"{told} {_too_often(scope, flag['rule'], active)}".strip()


def _too_often(scope: Scope, rule: str, active: int) -> str:
    """Say where a rule fires so often that it tells little; empty where it does not."""
    share = scope.flags.loc[scope.flags["rule"] == rule, "week"].nunique() / active
    if active < _FEWEST_WEEKS or share <= _OFTEN:
        return ""
    return (
        f"It fires in {words.percent(share)} of your weeks with running, so once more says little."
    )


def _followed(episodes: int, scored: int, followed: int) -> str:
    if not scored:
        return "the knee was not scored in the 7 days after"
    known = f"{scored}" if scored == episodes else f"the {scored} with a score"
    verb = "was" if followed == 1 else "were"
    return f"{followed} of {known} {verb} followed by a score of 3 or more within 7 days"


def earlier(scope: Scope, weeks: int) -> tuple[Earlier, ...]:
    """Return the episodes of the last weeks that ended before the report's, the newest first."""
    heaviest = _heaviest_flags(scope, weeks)
    over = heaviest[heaviest["last_week"] != scope.label]
    return tuple(_earlier(scope, flag) for flag in over.to_dict("records"))


def recent(scope: Scope, weeks: int) -> tuple[Earlier, ...]:
    """Return the episodes of the last weeks, those of the report's week too, the newest first."""
    flags = _heaviest_flags(scope, weeks)
    return tuple(_earlier(scope, flag) for flag in flags.to_dict("records"))


def _heaviest_flags(scope: Scope, weeks: int) -> pd.DataFrame:
    """Return the heaviest flag of each episode in the last weeks, the newest first.

    Of equally heavy ones the last; with ``last_week``, the week in which the episode ended.
    """
    flags = scope.flags
    flags = flags[(flags["rule"] != RED_FLAG) & flags["week"].isin(scope.weeks["week"].tail(weeks))]
    episode = ["rule", "episode"]
    told = flags.assign(
        rank=flags["severity"].map(_RANK),
        last_week=flags.groupby(episode)["week"].transform("last"),
    )
    heaviest = told.sort_values("rank", kind="stable").groupby(episode, sort=False).tail(1)
    return heaviest.sort_values(["date", "flag_id"], ascending=False)


def _earlier(scope: Scope, flag: dict[Any, Any]) -> Earlier:
    return Earlier(
        date=flag["date"].date(),
        title=title(flag["rule"]),
        severity=_severity(flag["severity"]),
        message=words.sentence(words.converted(flag["message"], scope.units)),
    )


def open_signs(scope: Scope) -> tuple[str, ...]:
    """Return the red flags that no assessment has answered, the newest first, each with advice."""
    given = scope.analysis
    found = open_red_flags(given.diary, given.pain, given.settings, given.today).iloc[::-1]
    return tuple(
        f"{words.sentence(f'{sign} on {words.day(date)}')} {ADVICE[urgency]}"
        for sign, date, urgency in zip(
            found["words"], found["local_date"], found["urgency"], strict=True
        )
    )


def flags_line(scope: Scope, found: tuple[Episode, ...]) -> Line:
    """Return which rules fired in the week, or the one sentence for none."""
    if not found:
        return Line(kind="flags", label="Rules", text=nothing_found(scope.analysis.settings))
    more = len(found) - _TOLD
    heavy = max((e.severity for e in found), key=lambda severity: _RANK[severity])
    parts = [
        f"{words.count(len(found), 'rule')} fired.",
        *(_in_short(episode) for episode in found[:_TOLD]),
        f"And {more} more, below." if more > 0 else "",
    ]
    text = " ".join(filter(None, parts))
    return Line(kind="flags", label="Rules", text=text, colour="red" if heavy == "alert" else "")


def _in_short(episode: Episode) -> str:
    """Return what an episode rests on, and what became of the rule's earlier ones."""
    seen = " (seen)" if episode.acknowledged else ""
    return f"{episode.title}{seen}: rests on {words.grade(episode.grade)}; {_fate(episode)}."


def _fate(episode: Episode) -> str:
    if not episode.fired_before:
        return "the first time"
    if episode.rule == _KNEE:
        return f"fired {words.how_often(episode.fired_before)} before"
    if not episode.scored:
        return "the knee was not scored after earlier ones"
    return f"pain of 3 or more followed {episode.followed} of {episode.scored} earlier ones"
