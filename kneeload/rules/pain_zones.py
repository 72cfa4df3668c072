"""Pain beside running: a zone per run and knee, and the flags of amber and red ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kneeload.calendar import dates, day_numbers
from kneeload.frames import PAIN, RUNS, conform
from kneeload.rules.findings import day_flags, days_in_words, knee_in_words, messages, runner_column

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats, Ints, Texts
    from kneeload.settings import Settings

ZONES = ("green", "unknown", "amber", "red")
"""Zones from the best to the worst; the worst that holds counts."""

_UNCAPPED = frozenset({"osteoarthritis", "after_surgery"})
_SCORE = ("run_id", "run_date", "local_date", "knee", "moment", "score", "onset_km", "painkillers")
_START = {name: RUNS[name] for name in ("run_id", "started_at")}
_MORNING = "score {morning:.0f} the next morning"
_AFTER = "score {after:.0f} an hour or two after"
_OWN = " ({before:.0f} before the run)"
_USUAL = " (usually about {usual_before:g} before a run)"
_STAND_IN = " (usually about {usual_before:g} before a run; none was noted this time)"
_MASKED = "painkillers mask the score"
_RISING = "worst scores rose by {:g} or more over three runs: consider seeing a physiotherapist"
_LASTING = "scores of {:g} or more on three runs in a row: consider seeing a physiotherapist"
_NO_MORNING = "no score the next morning yet"
_NO_BEFORE = "no score before the run to compare the next morning with"


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
            "{knee} was {zone} on {day}: {reasons}",
            knee=[knee_in_words(knee) for knee in days["knee"]],
            day=days_in_words(days["local_date"]),
            zone=days["zone"],
            reasons=days["reasons"],
        ),
    )


def worst_of_days(zones: pd.DataFrame) -> pd.DataFrame:
    """Return the worst row of `zones` for each day and knee; of equals the first of the day."""
    keys = [*runner_column(zones), "local_date", "knee"]
    worst_first = zones.sort_values("zone", key=_badness, ascending=False, kind="stable")
    return worst_first.drop_duplicates(keys).sort_values(keys, ignore_index=True)


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
        joined by "; "), ``day_zone`` (the worst of the day's rows; a day with a run that has no
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
    rows = _rows(_entries(pain, diary, settings), runs)
    rows = rows.assign(usual_before=_usual_before(rows, settings))
    conditions = _conditions(rows, settings)
    levels = {zone: _any([c.holds for c in conditions if c.zone == zone]) for zone in ZONES[1:]}
    zone = np.select([levels[name] for name in ZONES[:0:-1]], ZONES[:0:-1], "green")
    decisive = [c._replace(holds=c.holds & (zone == c.zone)) for c in conditions]
    late = _any([c.holds for c in decisive if c.late]) & ~_any(
        [c.holds for c in decisive if not c.late]
    )
    rows = rows.assign(
        zone=pd.Series(zone, dtype="str"),
        **_compared(rows, decisive),
        judged_on=np.where(late, rows["morning_on"], rows["local_date"]).astype("datetime64[us]"),
        reasons=pd.Series(_reasons(rows, decisive), dtype="str"),
    )
    return rows.assign(day_zone=_day_zones(rows, runs)).drop(columns=["felt", "morning_on"])


def _badness(zone: pd.Series) -> pd.Series:
    """Return a number for each zone, the worst the highest."""
    return zone.map({name: number for number, name in enumerate(ZONES)}).astype("int64")


def _day_zones(rows: pd.DataFrame, runs: pd.DataFrame) -> pd.Series:
    """Return the worst zone of each row's day and knee; unknown where a run of it has no row."""
    keys = [*runner_column(rows), "local_date"]
    of_day = rows.assign(bad=_badness(rows["zone"]), is_run=rows["run_id"] != "")
    by_day = of_day.groupby([*keys, "knee"])
    run_counts = conform(runs, {"local_date": RUNS["local_date"]}).groupby(keys).size()
    ran = run_counts.reindex(rows.set_index(keys).index, fill_value=0).to_numpy()
    lacking = by_day["is_run"].transform("sum").to_numpy() < ran
    worst = np.maximum(by_day["bad"].transform("max").to_numpy(dtype=np.int64), 1 * lacking)
    return pd.Series(np.array(ZONES)[worst], index=rows.index, dtype="str")


def _reasons(rows: pd.DataFrame, decisive: list[Condition]) -> list[str]:
    """Return, for each row, the words of those conditions that made its zone, each score once."""
    texts: list[dict[object, str]] = [{} for _ in range(len(rows))]
    names = ("before", "worst", "after", "morning", "usual_before")
    scores = rows[list(names)].to_dict("records")
    for condition in decisive:
        for place in np.flatnonzero(condition.holds):
            score = (condition.late, condition.value[place])
            key = score if condition.of_score else condition.words
            texts[place].setdefault(key, condition.words.format_map(scores[place]))
    return ["; ".join(reasons.values()) for reasons in texts]


def _compared(rows: pd.DataFrame, decisive: list[Condition]) -> dict[str, Floats]:
    """Return what the first condition that made each row's zone compared."""
    value, limit = np.full((2, len(rows)), np.nan)
    for condition in reversed(decisive):
        value = np.where(condition.holds, condition.value, value)
        limit = np.where(condition.holds, condition.limit, limit)
    return {"value": value, "limit": limit}


def _entries(pain: pd.DataFrame, diary: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """Return the scores, and the limps without one, by the knee that each means.

    Scores are dated by the run they rate; a morning after no run rates the knee at rest.
    """
    scores = conform(pain, PAIN)
    after_no_run = (scores["run_id"] == "") & (scores["run_date"] == scores["local_date"])
    is_late = (scores["moment"] == "next_morning") & ~after_no_run
    scores = scores[[*runner_column(scores), *_SCORE]].assign(
        local_date=scores["run_date"],
        score=scores["score"].astype("float64"),
        moment=scores["moment"].where(is_late | (scores["moment"] != "next_morning"), "rest"),
        morning_on=scores["local_date"].where(is_late),
        limp=False,
    )
    return per_knee(pd.concat([scores, _limps(diary, scores)], ignore_index=True), settings)


def _limps(diary: pd.DataFrame | None, scores: pd.DataFrame) -> pd.DataFrame:
    """Return the days with a limp, in the columns of `scores`."""
    if diary is None:
        return scores.iloc[:0]
    entries = diary.loc[(diary["kind"] == "symptom") & (diary["subject"] == "limp")]
    limps = entries[[*runner_column(scores), "local_date"]].assign(
        knee=entries["text"].where(entries["text"].isin(["left", "right", "both"]), "unsure"),
        run_id="",
        moment="rest",
        score=np.nan,
        onset_km=np.nan,
        painkillers=False,
        limp=True,
    )
    return limps.reindex(columns=scores.columns).astype(scores.dtypes)


def per_knee(scores: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give each score the knee it means, a row for each where it means both."""
    place, knee = knees_meant(scores["knee"], settings)
    return scores.take(place).assign(knee=pd.array(knee, dtype="str")).reset_index(drop=True)


def knees_meant(noted: pd.Series, settings: Settings) -> tuple[Ints, Texts]:
    """Return the rows of the knees that scores mean, one row twice where it means both."""
    knee = noted.to_numpy(dtype=object)
    knee = np.where((knee == "unsure") | (knee == ""), settings.knee, knee)
    times = 1 + (knee == "both")
    place = np.repeat(np.arange(len(knee)), times)
    knee = np.where(knee == "both", "left", knee)[place]
    knee[np.cumsum(times)[times > 1] - 1] = "right"
    return place, knee


def _rows(scores: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """One row per run (or day) and knee, the scores by moment beside each other."""
    score, moment = scores["score"].to_numpy(dtype=np.float64), scores["moment"]
    late = moment == "next_morning"
    by_moment = {
        "before": moment == "before",
        "worst": ~late,
        "felt": ~late & (moment != "before"),
        "after": moment == "after",
        "morning": late,
    }
    wide = scores.assign(
        **{name: np.where(here, score, np.nan) for name, here in by_moment.items()},
        painkillers=scores["painkillers"].fillna(value=False).astype(bool),
    )
    keys = [*runner_column(scores), "local_date", "run_id", "knee"]
    grouped = wide.groupby(keys)
    highest = grouped[[*by_moment, "morning_on", "painkillers", "limp"]].max()
    rows = highest.assign(onset_km=grouped["onset_km"].min()).reset_index()
    start = conform(runs, _START).drop_duplicates([*keys[:-3], "run_id"])
    started = rows.merge(start[[*keys[:-3], *_START]], on=[*keys[:-3], "run_id"], how="left")
    by_start = started.sort_values([*keys[:-2], "started_at", "run_id", "knee"], ignore_index=True)
    return by_start.drop(columns="started_at")


def _usual_before(rows: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return the median "before" of the days before a run, capped unless pain is to be expected."""
    days, cap = (settings.threshold(f"pain_zone.before_{name}") for name in ("days", "max"))
    knee, day = _knee_codes(rows), day_numbers(rows["local_date"])
    order = np.argsort(knee, kind="stable")
    # One time line: the knees one after the other, further apart than the window reaches.
    span = (int(np.ptp(day)) if len(day) else 0) + int(days) + 1
    timeline = rows["before"].iloc[order].set_axis(dates((day + knee * span)[order]))
    median = timeline.rolling(f"{days:.0f}D", closed="left", min_periods=1).median()
    usual = pd.Series(median.to_numpy(), index=rows.index[order]).where(rows["run_id"] != "")
    return usual if settings.condition in _UNCAPPED else usual.clip(upper=cap)


def _knee_codes(rows: pd.DataFrame) -> Ints:
    """Return a number per row that tells knees apart, and runners."""
    keys = [*runner_column(rows), "knee"]
    return np.asarray(rows.groupby(keys).ngroup(), dtype=np.int64)


def _conditions(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Return every condition; where several make a row's zone, the first gives value and limit."""
    green, red = (settings.threshold(f"pain_zone.{name}") for name in ("green_max", "red_above"))
    worst, morning = (rows[name].to_numpy() for name in ("worst", "morning"))
    worst_above = "worst score that day {{worst:.0f}} (above {:g})".format
    morning_above = "score {{morning:.0f}} the next morning (above {:g})".format
    return [
        Condition("red", worst > red, worst, red, worst_above(red)),
        Condition("red", morning > red, morning, red, morning_above(red), late=True),
        *_rise_conditions(rows, settings),
        Condition("red", rows["limp"].to_numpy(), worst, red, "a limp", of_score=False),
        Condition("amber", worst > green, worst, green, worst_above(green)),
        Condition("amber", morning > green, morning, green, morning_above(green), late=True),
        Condition("amber", rows["painkillers"].to_numpy(), worst, green, _MASKED, of_score=False),
        *_trends(rows, settings),
        *_missing(rows),
    ]


def _rise_conditions(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Return what compares the scores after a run with those before it."""
    rise, settled = (
        settings.threshold(f"pain_zone.{name}") for name in ("morning_red_rise", "settled_max")
    )
    after, before, usual, morning = (
        rows[name].to_numpy() for name in ("after", "before", "usual_before", "morning")
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


def _missing(rows: pd.DataFrame) -> list[Condition]:
    """Return what leaves a run without a zone."""
    ran = (rows["run_id"] != "").to_numpy()
    morning = rows["morning"].to_numpy()
    no_before = rows[["before", "usual_before"]].isna().all(axis=1).to_numpy()
    felt = rows["felt"].to_numpy()
    return [
        Condition(
            "unknown",
            ran & np.isnan(felt),
            felt,
            np.nan,
            "no score during or after",
            of_score=False,
        ),
        Condition("unknown", ran & np.isnan(morning), morning, np.nan, _NO_MORNING, of_score=False),
        Condition(
            "unknown", (morning > 0) & no_before, morning, np.nan, _NO_BEFORE, of_score=False
        ),
    ]


def _trends(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Return the two conditions over a knee's last three runs with a score."""
    rise, least = (settings.threshold(f"pain_zone.trend_{name}") for name in ("rise", "min"))
    knee = _knee_codes(rows)
    scored = np.flatnonzero(rows["worst"].notna() & (rows["run_id"] != ""))
    scored = scored[np.argsort(knee[scored], kind="stable")]
    now, one, two = np.full((3, len(rows)), np.nan)
    now[scored] = rows["worst"].to_numpy()[scored]
    for back, last in ((1, one), (2, two)):
        same = knee[scored[back:]] == knee[scored[:-back]]
        last[scored[back:]] = np.where(same, now[scored[:-back]], np.nan)
    rising = (now >= least) & (now >= one) & (one >= two) & (now - two >= rise)
    lasting = (now >= least) & (one >= least) & (two >= least)
    return [
        Condition("amber", rising, now, two + rise, _RISING.format(rise), of_score=False),
        Condition("amber", lasting, now, least, _LASTING.format(least), of_score=False),
    ]


def _any(masks: list[Bools]) -> Bools:
    return np.asarray(np.logical_or.reduce(masks))
