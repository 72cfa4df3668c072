"""Pain beside running: a zone per run and knee, and the flags of amber and red ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kneeload.calendar import dates, day_numbers, group_starts, key_of, runner_codes
from kneeload.frames import TEXT
from kneeload.rules.findings import day_flags, days_in_words, knee_in_words, messages, runner_column
from kneeload.rules.zone_rows import zone_rows

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats, Ints, Texts
    from kneeload.calendar import Columns
    from kneeload.settings import Settings

ZONES = ("green", "unknown", "amber", "red")
"""Zones from the best to the worst; the worst that holds counts."""

_UNCAPPED = frozenset({"osteoarthritis", "after_surgery"})
_TOLD = ("before", "worst", "after", "morning", "usual_before")
_MEASURED = ("run_id", "knee", *_TOLD[:-1], "painkillers", "limp", "onset_km", "usual_before")
_TEXTS = ("run_id", "knee", "zone", "reasons", "day_zone")
_MORNING = "The score the next morning was {morning:.0f}"
_AFTER = "The score an hour or two after the run was {after:.0f}"
_OWN = " (it was {before:.0f} before the run)"
_USUAL = " (you usually score about {usual_before:g} before a run)"
_STAND_IN = " (you usually score about {usual_before:g} before a run; you gave no score this time)"
_MASKED = "Painkillers mask the score"
_RISING = "Your worst score rose by {:g} or more over three runs. Consider seeing a physiotherapist"
_LASTING = "Three runs in a row had a score of {:g} or more. Consider seeing a physiotherapist"
_NO_MORNING = "There is no score for the next morning yet"
_NO_BEFORE = "There is no score before the run to compare the next morning with"


class Condition(NamedTuple):
    """What makes a zone: the rows it holds for, what is compared, and its words.

    Parameters
    ----------
    late
        Whether the score of the next morning decides it.
    of_score
        Whether the words tell a single score, which is told once.
    """

    zone: str
    holds: Bools
    value: Floats
    limit: Floats | float
    words: str
    late: bool = False
    of_score: bool = True


def pain_zone(zones: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag amber `zones` as warnings and red ones as alerts, one flag per day and knee.

    A flag has the date of the score that decides it. For a next-morning score that is the day
    after the run.

    References
    ----------
    Evidence grade *convention*. Zones after Thomeé 1997 and Silbernagel 2007 (Achilles trial,
    doi:10.1177/0363546506298279), read strictly for the knee after Esculier 2018,
    doi:10.1136/bjsports-2016-096988.
    """
    days = worst_of_days(zones.loc[zones["zone"].isin(["amber", "red"])])
    red = days["zone"] == "red"
    date = days["local_date"].dt.strftime("%Y-%m-%d")
    return day_flags(
        "pain_zone",
        days.assign(local_date=days["judged_on"]),
        settings,
        flag_id="pain_zone-" + date + "-" + days["knee"],
        run_id=days["run_id"],
        severity=np.where(red, "alert", "warn"),
        value=days["value"],
        limit=days["limit"],
        unit="NPRS",
        message=messages(
            "{knee} was rated {zone} on {day}. {reasons}",
            knee=[knee_in_words(knee) for knee in days["knee"]],
            day=days_in_words(days["local_date"]),
            zone=days["zone"],
            reasons=days["reasons"],
        ),
    )


def worst_of_days(zones: pd.DataFrame) -> pd.DataFrame:
    """Return the worst row of `zones` for each day and knee; of equals the first of the day."""
    knee = pd.factorize(zones["knee"], sort=True)[0]
    keys = (knee, day_numbers(zones["local_date"]), runner_codes(zones))
    worst_first = np.lexsort((-_badness(zones["zone"]), *keys))
    heads = _any([group_starts(key[worst_first]) for key in keys])
    return zones.iloc[worst_first[heads]].reset_index(drop=True)


def zones(
    runs: pd.DataFrame, pain: pd.DataFrame, settings: Settings, diary: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the zone of every run and knee that has a score, and of the day it lies in.

    Parameters
    ----------
    runs
        Columns ``run_id``, ``local_date`` and ``started_at`` of `kneeload.frames.RUNS`.
    pain
        Columns of `kneeload.frames.PAIN`, with the runs that the scores rate
        (`kneeload.diary.attribution`). ``both`` counts for each knee, ``unsure`` for the knee of
        the settings.
    diary
        Columns of `kneeload.frames.DIARY`: a limp makes its day red.

    Returns
    -------
    DataFrame
        By date and start of the run: ``run_id, local_date, knee``; ``before, worst, after,
        morning`` (NPRS; ``worst`` is the highest of before, during and after); ``usual_before``,
        which stands in for a missing ``before`` and counts beside one; ``onset_km`` [km],
        ``painkillers, limp``; ``zone`` (unknown, green, amber or red); ``value`` and ``limit`` of
        what decides it; ``judged_on`` (the day of the score that decides it), ``reasons`` (text,
        a sentence each), ``day_zone`` (the worst of the day's rows; a day with a run that has no
        row is never green), and ``runner``.

        Scores that rate no run make a row of their own with an empty ``run_id``, the last of its
        day, judged by the highest of them alone. A run without any score has no row: its zone is
        unknown.

    Notes
    -----
    Order: red, amber, unknown, green; the worst that holds. Scores of more moments, and higher
    ones during, after or the next morning, never make a zone better. The thresholds are
    conventions, not thresholds of harm; that pain before a run counts as its worst, and the
    stand-in, are assumptions.
    """
    rows = zone_rows(runs, pain, diary, settings)
    rows["usual_before"] = _usual_before(rows, settings)
    conditions = _conditions(rows, settings)
    levels = [_any([c.holds for c in conditions if c.zone == zone]) for zone in ZONES[1:]]
    level = np.select(levels[::-1], range(len(levels), 0, -1), 0)
    zone = _named(level)
    decisive = [c._replace(holds=c.holds & (zone == c.zone)) for c in conditions]
    late = _any([c.holds for c in decisive if c.late]) & ~_any(
        [c.holds for c in decisive if not c.late]
    )
    columns = {
        **{name: rows[name] for name in runner_column(pain)},
        "local_date": dates(rows["day"]),
        **{name: rows[name] for name in _MEASURED},
        "zone": zone,
        **_compared(rows, decisive),
        "judged_on": dates(np.where(late, rows["morning_on"], rows["day"])),
        "reasons": np.array(_reasons(rows, decisive), dtype=object),
        "day_zone": _day_zones(rows, level),
    }
    return pd.DataFrame(columns).astype(dict.fromkeys(_TEXTS, TEXT))


def _badness(zone: pd.Series) -> Ints:
    """Return a number for each zone, the worst the highest."""
    return np.array([ZONES.index(name) for name in zone], dtype=np.int64)


def _named(level: Ints) -> Texts:
    return np.asarray(np.array(ZONES, dtype=object)[level])


def _day_zones(rows: Columns, level: Ints) -> Texts:
    """Return the worst zone of each row's day and knee; unknown where a run of it has no row."""
    _, of_day = np.unique(key_of(rows["line"], rows["day"]), return_inverse=True)
    lacking = np.bincount(of_day, rows["run_id"] != "")[of_day] < rows["ran"]
    worst = np.zeros(len(level), dtype=np.int64)
    np.maximum.at(worst, of_day, level)
    return _named(np.maximum(worst[of_day], 1 * lacking))


def _reasons(rows: Columns, decisive: list[Condition]) -> list[str]:
    """Return, for each row, the words of those conditions that made its zone, each score once."""
    texts: list[dict[object, str]] = [{} for _ in rows["day"]]
    for condition in decisive:
        for place in np.flatnonzero(condition.holds).tolist():
            score = (condition.late, condition.value[place])
            key = score if condition.of_score else condition.words
            scores = {name: rows[name][place] for name in _TOLD}
            texts[place].setdefault(key, condition.words.format_map(scores))
    return [". ".join(reasons.values()) for reasons in texts]


def _compared(rows: Columns, decisive: list[Condition]) -> Columns:
    """Return what the first condition that made each row's zone compared."""
    value, limit = np.full((2, len(rows["day"])), np.nan)
    for condition in reversed(decisive):
        value = np.where(condition.holds, condition.value, value)
        limit = np.where(condition.holds, condition.limit, limit)
    return {"value": value, "limit": limit}


def _usual_before(rows: Columns, settings: Settings) -> Floats:
    """Return the median "before" of the days before a run, capped unless pain is to be expected."""
    days, cap = (settings.threshold(f"pain_zone.before_{name}") for name in ("days", "max"))
    line, day = rows["line"], rows["day"]
    order = np.argsort(line, kind="stable")
    # One time line: the knees one after the other, further apart than the window reaches.
    span = (int(np.ptp(day)) if len(day) else 0) + int(days) + 1
    timeline = pd.Series(rows["before"][order], index=dates((day + line * span)[order]))
    usual = np.full(len(day), np.nan)
    usual[order] = timeline.rolling(f"{days:.0f}D", closed="left", min_periods=1).median()
    usual[rows["run_id"] == ""] = np.nan
    return usual if settings.condition in _UNCAPPED else np.minimum(usual, cap)


def _conditions(rows: Columns, settings: Settings) -> list[Condition]:
    """Return every condition; where several make a row's zone, the first gives value and limit."""
    green, red = (settings.threshold(f"pain_zone.{name}") for name in ("green_max", "red_above"))
    worst, morning = rows["worst"], rows["morning"]
    worst_above = (
        "The worst score on the day itself was {{worst:.0f}} ({} begins above {:g})"
    ).format
    morning_above = "The score was {{morning:.0f}} the next morning ({} begins above {:g})".format
    return [
        Condition("red", worst > red, worst, red, worst_above("red", red)),
        Condition("red", morning > red, morning, red, morning_above("red", red), late=True),
        *_rise_conditions(rows, settings),
        Condition("red", rows["limp"], worst, red, "You limped", of_score=False),
        Condition("amber", worst > green, worst, green, worst_above("amber", green)),
        Condition(
            "amber", morning > green, morning, green, morning_above("amber", green), late=True
        ),
        Condition("amber", rows["painkillers"], worst, green, _MASKED, of_score=False),
        *_trends(rows, settings),
        *_missing(rows),
    ]


def _rise_conditions(rows: Columns, settings: Settings) -> list[Condition]:
    """Return what compares the scores after a run with those before it."""
    rise, settled = (
        settings.threshold(f"pain_zone.{name}") for name in ("morning_red_rise", "settled_max")
    )
    after, before, usual, morning = (
        rows[name] for name in ("after", "before", "usual_before", "morning")
    )
    base, stand_in = np.maximum(before, settled), np.maximum(usual, settled)
    is_noted = ~np.isnan(before)
    compared = [
        Condition(
            "red", morning >= before + rise, morning, before + rise, _MORNING + _OWN, late=True
        )
    ]
    for score, words, late in ((morning, _MORNING, True), (after, _AFTER, False)):
        above = score > stand_in
        compared += [
            Condition("amber", score > base, score, base, words + _OWN, late),
            Condition("amber", above & is_noted, score, stand_in, words + _USUAL, late),
            Condition("amber", above & ~is_noted, score, stand_in, words + _STAND_IN, late),
        ]
    return compared


def _missing(rows: Columns) -> list[Condition]:
    """Return what leaves a run without a zone."""
    ran, felt, morning = rows["run_id"] != "", rows["felt"], rows["morning"]
    no_before = np.isnan(rows["before"]) & np.isnan(rows["usual_before"])
    return [
        Condition(
            "unknown",
            ran & np.isnan(felt),
            felt,
            np.nan,
            "There is no score during or after the run",
            of_score=False,
        ),
        Condition("unknown", ran & np.isnan(morning), morning, np.nan, _NO_MORNING, of_score=False),
        Condition(
            "unknown", (morning > 0) & no_before, morning, np.nan, _NO_BEFORE, of_score=False
        ),
    ]


def _trends(rows: Columns, settings: Settings) -> list[Condition]:
    """Return the two conditions over a knee's last three runs with a score."""
    rise, least = (settings.threshold(f"pain_zone.trend_{name}") for name in ("rise", "min"))
    line, worst = rows["line"], rows["worst"]
    scored = np.flatnonzero(~np.isnan(worst) & (rows["run_id"] != ""))
    scored = scored[np.argsort(line[scored], kind="stable")]
    now, one, two = np.full((3, len(worst)), np.nan)
    now[scored] = worst[scored]
    for back, last in ((1, one), (2, two)):
        same = line[scored[back:]] == line[scored[:-back]]
        last[scored[back:]] = np.where(same, now[scored[:-back]], np.nan)
    rising = (now >= least) & (now >= one) & (one >= two) & (now - two >= rise)
    lasting = (now >= least) & (one >= least) & (two >= least)
    return [
        Condition("amber", rising, now, two + rise, _RISING.format(rise), of_score=False),
        Condition("amber", lasting, now, least, _LASTING.format(least), of_score=False),
    ]


def _any(masks: list[Bools]) -> Bools:
    return np.asarray(np.logical_or.reduce(masks))
