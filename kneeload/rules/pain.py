"""Pain beside running: a zone per run and knee, and the flags of amber and red ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kneeload.frames import PAIN, RUNS, conform
from kneeload.rules.findings import day_flags, runner_column
from kneeload.rules.wording import days_in_words, knee_in_words, messages
from kneeload.weeks import dates, day_numbers

if TYPE_CHECKING:
    from kneeload.settings import Settings
    from kneeload.weeks import Bools, Ints

WORST_MOMENTS = ("during", "after", "rest", "unsure", "")
ZONES = ("green", "unknown", "amber", "red")
_BEFORE_DAYS = 28
_BEFORE_CAP = 2.0
_MORNING = "score {{morning:.0f}} the next morning is above {:g}"
_NOTHING_BEFORE = "no score before the run to compare the next morning with"
_TOLD = ("run_id", "local_date", "knee", "moment", "score", "onset_km", "painkillers")
_KNEES = {"both": ["left", "right"]}


class Condition(NamedTuple):
    """What makes a zone: the rows it holds for, its words, and whether the morning decides it."""

    zone: str
    holds: Bools
    words: str
    late: bool = False


def pain_zone(zones: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag amber `zones` as warnings and red ones as alerts, one flag per day and knee.

    A flag is dated by the score that decides it: where that is the next morning's, the next day.

    References
    ----------
    Evidence grade *convention*. Zones after Thomeé 1997 and Silbernagel 2007 (Achilles trial,
    doi:10.1177/0363546506298279), read strictly for the knee after Esculier 2018,
    doi:10.1136/bjsports-2016-096988.
    """
    found = zones.loc[zones["zone"].isin(["amber", "red"])]
    keys = [*runner_column(found), "local_date", "knee"]
    worst_first = found.sort_values("zone", key=lambda zone: zone != "red", kind="stable")
    days = worst_first.drop_duplicates(keys).sort_values(keys, ignore_index=True)
    red = days["zone"] == "red"
    date = days["local_date"].dt.strftime("%Y-%m-%d")
    return day_flags(
        "pain_zone",
        days.assign(local_date=days["judged_on"]),
        settings,
        flag_id="pain_zone-" + date + "-" + days["knee"],
        run_id=days["run_id"],
        severity=np.where(red, "alert", "warn"),
        **_compared(days, settings),
        unit="NPRS",
        message=messages(
            "{knee} on {day} is {zone}: {reasons}",
            knee=[knee_in_words(knee) for knee in days["knee"]],
            day=days_in_words(days["local_date"]),
            zone=days["zone"],
            reasons=days["reasons"],
        ),
    )


def zones(runs: pd.DataFrame, pain: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the zone of every run and knee that has a score, by date.

    A run without any score has no row: its zone is unknown. Scores of a day without a run have a
    row with an empty ``run_id``; it is judged by the score alone.

    Parameters
    ----------
    runs
        Columns ``run_id``, ``local_date`` and ``started_at`` of `kneeload.frames.RUNS`.
    pain
        Columns of `kneeload.frames.PAIN`. A score without a run belongs to the last run of its
        day, that of the next morning to the last run of the day before. ``both`` counts for each
        knee, ``unsure`` for the knee of the settings.

    Returns
    -------
    DataFrame
        ``run_id, local_date, knee, before, worst, after, morning`` (NPRS), ``onset_km`` [km],
        ``painkillers, zone`` (unknown, green, amber or red), ``judged_on`` (the day of the score
        that decides the zone), ``reasons`` (text, joined by "; "), and ``runner``.

    Notes
    -----
    The thresholds are conventions, not thresholds of harm. Limping comes as a red flag.
    """
    placed = _placed(runs, per_knee(conform(pain, PAIN), settings))
    rows = _rows(placed)
    rows = rows.assign(before=_before(rows, settings))
    conditions = _conditions(rows, settings)
    levels = {z: _any([c.holds for c in conditions if c.zone == z]) for z in ZONES[1:]}
    zone = np.select([levels["red"], levels["amber"], levels["unknown"]], ZONES[:0:-1], "green")
    made = [c._replace(holds=c.holds & (zone == c.zone)) for c in conditions]
    late = _any([c.holds for c in made if c.late]) & ~_any([c.holds for c in made if not c.late])
    judged_on = np.where(late, rows["morning_on"], rows["local_date"])
    return rows.drop(columns="morning_on").assign(
        zone=pd.Series(zone, dtype="str"),
        judged_on=judged_on.astype("datetime64[us]"),
        reasons=pd.Series(_reasons(rows, made), dtype="str"),
    )


def _reasons(rows: pd.DataFrame, made: list[Condition]) -> list[str]:
    """Return, for each row, the words of those conditions that made its zone."""
    texts: list[list[str]] = [[] for _ in range(len(rows))]
    columns = {name: rows[name].tolist() for name in ("before", "worst", "after", "morning")}
    scores = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for each in made:
        for place in np.flatnonzero(each.holds):
            texts[place].append(each.words.format_map(scores[place]))
    return ["; ".join(found) for found in texts]


def _compared(days: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    """Return the score that made each day's zone, and the limit it passed."""
    green, red = (settings.threshold(f"pain_zone.{name}") for name in ("green_max", "red_above"))
    highest = days[["worst", "morning"]].max(axis=1)
    by_morning = (days["zone"] == "red") & (highest <= red)
    risen = days["before"] + settings.threshold("pain_zone.morning_red_rise")
    limit = pd.Series(np.where(highest > red, red, green), index=days.index)
    return {
        "value": highest.mask(by_morning, days["morning"]),
        "limit": limit.mask(by_morning, risen),
    }


def per_knee(pain: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give each score the knee it means, a row for each where it means both."""
    default = _KNEES.get(settings.knee, [settings.knee])
    meant = {**_KNEES, "unsure": default, "": default}
    knees = [meant.get(knee, [knee]) for knee in pain["knee"].tolist()]
    each = np.repeat(np.arange(len(pain)), np.array([len(own) for own in knees], dtype=np.int64))
    told = pain[[*runner_column(pain), *_TOLD]].take(each).reset_index(drop=True)
    return told.assign(knee=pd.Series([knee for own in knees for knee in own], dtype="str"))


def _placed(runs: pd.DataFrame, pain: pd.DataFrame) -> pd.DataFrame:
    """Give each score the run it speaks of, and that run's date."""
    spec = {name: RUNS[name] for name in ("run_id", "local_date", "started_at")}
    known = conform(runs, spec).sort_values(["started_at", "run_id"])
    morning = (pain["moment"] == "next_morning").to_numpy()
    run_day = pain["local_date"].to_numpy() - morning * np.timedelta64(1, "D")
    by_id = _looked_up(pain, known, "run_id")
    by_day = _looked_up(pain.assign(local_date=run_day), known, "local_date")
    named = (pain["run_id"] != "").to_numpy()
    ran = named | (by_day >= 0)
    told = known["local_date"].array.take(np.where(named, by_id, -1), allow_fill=True)
    meant = known["run_id"].array.take(by_day, allow_fill=True).fillna("")
    return pain.assign(
        run_id=pain["run_id"].where(named, meant),
        local_date=pd.Series(told).fillna(pain["local_date"].mask(ran, run_day)),
        moment=pain["moment"].mask(morning & ~ran, "rest"),
        scored_on=pain["local_date"],
    )


def _looked_up(pain: pd.DataFrame, runs: pd.DataFrame, key: str) -> Ints:
    """Return the place among `runs` of the last one of the same key, else -1."""
    keys = [*runner_column(pain), key]
    of_runs = runs.set_index(keys).index
    last = np.flatnonzero(~of_runs.duplicated(keep="last"))
    found = of_runs[last].get_indexer(pain.set_index(keys).index)
    return np.append(last, -1)[found]


def _rows(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per run (or day) and knee, the scores by moment beside each other."""
    score, moment = placed["score"].to_numpy(dtype=np.float64), placed["moment"]
    told = {
        "before": moment == "before",
        "worst": moment.isin(WORST_MOMENTS),
        "after": moment == "after",
        "morning": moment == "next_morning",
    }
    wide = placed.assign(
        **{name: np.where(here, score, np.nan) for name, here in told.items()},
        morning_on=placed["scored_on"].where(told["morning"]),
        painkillers=placed["painkillers"].fillna(value=False).astype(bool),
    )
    apart = wide.groupby([*runner_column(placed), "local_date", "run_id", "knee"])
    highest = apart[[*told, "morning_on", "painkillers"]].max()
    return highest.assign(onset_km=apart["onset_km"].min()).reset_index()


def _before(rows: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return the run's own score, else a 28-day median, capped unless a condition is known."""
    knee, day = _knee_codes(rows), day_numbers(rows["local_date"])
    order = np.argsort(knee, kind="stable")
    span = (int(np.ptp(day)) if len(day) else 0) + _BEFORE_DAYS + 1
    apart = dates((day + knee * span)[order])
    told = rows["before"].iloc[order].set_axis(apart)
    usual = told.rolling(f"{_BEFORE_DAYS}D", closed="left", min_periods=1).median()
    usual = pd.Series(usual.to_numpy(), index=rows.index[order])
    return rows["before"].fillna(usual if settings.condition else usual.clip(upper=_BEFORE_CAP))


def _knee_codes(rows: pd.DataFrame) -> Ints:
    """Return a number per row that tells knees apart, and runners."""
    keys = [*runner_column(rows), "knee"]
    return np.asarray(rows.groupby(keys).ngroup(), dtype=np.int64)


def _conditions(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Every condition with the zone it makes, the rows it holds for, and its words."""
    green, red, rise = (
        settings.threshold(f"pain_zone.{name}")
        for name in ("green_max", "red_above", "morning_red_rise")
    )
    worst, after, before, morning = (
        rows[name].to_numpy() for name in ("worst", "after", "before", "morning")
    )
    unplaced = np.where(np.isnan(before), morning, np.nan)
    ran = (rows["run_id"] != "").to_numpy()
    risen = "score {morning:.0f} the next morning, {before:g} before the run"
    lasting = "score {after:.0f} an hour or two after, {before:g} before the run"
    return [
        Condition("red", worst > red, f"worst score {{worst:.0f}} is above {red:g}"),
        Condition("red", unplaced > red, _MORNING.format(red), late=True),
        Condition("red", morning >= before + rise, risen, late=True),
        Condition("amber", worst > green, f"worst score {{worst:.0f}} is above {green:g}"),
        Condition("amber", unplaced > green, _MORNING.format(green), late=True),
        Condition("amber", morning > before, risen, late=True),
        Condition("amber", after > before, lasting),
        Condition("amber", rows["painkillers"].to_numpy(), "painkillers mask the score"),
        *_trends(rows, settings),
        Condition("unknown", np.isnan(worst), "no score during or after"),
        Condition("unknown", ran & np.isnan(morning), "no score the next morning yet"),
        Condition("unknown", unplaced > 0, _NOTHING_BEFORE),
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
    rising = (now >= least) & (now - two >= rise)
    lasting = (now >= least) & (one >= least) & (two >= least)
    return [
        Condition("amber", rising, f"worst scores rose by {rise:g} or more over three runs"),
        Condition(
            "amber",
            lasting,
            f"{least:g} or more on three runs in a row: consider seeing a physiotherapist",
        ),
    ]


def _any(masks: list[Bools]) -> Bools:
    return np.asarray(np.logical_or.reduce(masks))
