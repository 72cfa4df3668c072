"""Pain beside running: a zone per run and knee, and the flags of amber and red ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kneeload.frames import PAIN, RUNS, conform
from kneeload.rules.findings import day_flags, runner_column
from kneeload.rules.wording import days_in_words, knee_in_words, messages

if TYPE_CHECKING:
    from kneeload.settings import Settings
    from kneeload.weeks import Bools

WORST_MOMENTS = ("during", "after", "rest", "unsure", "")
ZONES = ("green", "unknown", "amber", "red")
_BEFORE_WINDOW = "28D"
_BEFORE_CAP = 2.0
_MORNING = "score {{morning:.0f}} the next morning is above {:g}"
_NOTHING_BEFORE = "no score before the run to compare the next morning with"
_KNEES = {"both": ["left", "right"]}


class Condition(NamedTuple):
    """What makes a zone: the rows it holds for, its words, and whether the morning decides it."""

    zone: str
    holds: pd.Series
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
    worst_first = found.assign(rank=found["zone"] == "red").sort_values(
        [*keys, "rank", "run_id"], ascending=[True] * len(keys) + [False, True]
    )
    days = worst_first.drop_duplicates(keys, ignore_index=True)
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
    placed = _placed(runs, _per_knee(conform(pain, PAIN), settings))
    rows = _rows(placed)
    rows = rows.assign(before=_before(rows, settings))
    conditions = _conditions(rows, settings)
    levels = {z: _any([c.holds for c in conditions if c.zone == z]) for z in ZONES[1:]}
    zone = np.select([levels["red"], levels["amber"], levels["unknown"]], ZONES[:0:-1], "green")
    made = [c._replace(holds=c.holds & (zone == c.zone)) for c in conditions]
    late = _any([c.holds for c in made if c.late]) & ~_any([c.holds for c in made if not c.late])
    return rows.drop(columns="morning_on").assign(
        zone=pd.Series(zone, dtype="str"),
        judged_on=rows["local_date"].mask(late, rows["morning_on"]),
        reasons=pd.Series(_reasons(rows, made), dtype="str"),
    )


def _reasons(rows: pd.DataFrame, made: list[Condition]) -> list[str]:
    """Return, for each row, the words of those conditions that made its zone."""
    texts: list[list[str]] = [[] for _ in range(len(rows))]
    scores = rows.to_dict("records")
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


def _per_knee(pain: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    default = _KNEES.get(settings.knee, [settings.knee])
    meant = {**_KNEES, "unsure": default, "": default}
    knees = [meant.get(knee, [knee]) for knee in pain["knee"]]
    exploded = pain.assign(knee=pd.Series(knees, index=pain.index, dtype=object)).explode("knee")
    return exploded.astype({"knee": "str"}).reset_index(drop=True)


def _placed(runs: pd.DataFrame, pain: pd.DataFrame) -> pd.DataFrame:
    """Give each score the run it speaks of, and that run's date."""
    spec = {name: RUNS[name] for name in ("run_id", "local_date", "started_at")}
    known = conform(runs, spec)[[*spec, *runner_column(pain)]]
    days = pd.concat([pain["local_date"], pain["local_date"] - pd.Timedelta(days=1)])
    known = known.loc[known["local_date"].isin(days) | known["run_id"].isin(pain["run_id"])]
    last = known.sort_values(["started_at", "run_id"]).drop_duplicates(
        [*runner_column(pain), "local_date"], keep="last"
    )
    morning = pain["moment"] == "next_morning"
    run_day = pain["local_date"] - pd.to_timedelta(morning.astype("int64"), unit="D")
    by_id = _looked_up(pain, known.drop_duplicates([*runner_column(pain), "run_id"]), "run_id")
    by_day = _looked_up(pain.assign(local_date=run_day), last, "local_date")
    named = pain["run_id"] != ""
    ran = named | by_day["run_id"].notna()
    return pain.assign(
        run_id=pain["run_id"].where(named, by_day["run_id"].fillna("")),
        local_date=by_id["local_date"].where(named).fillna(run_day.where(ran, pain["local_date"])),
        moment=pain["moment"].mask(morning & ~ran, "rest"),
        scored_on=pain["local_date"],
    )


def _looked_up(pain: pd.DataFrame, runs: pd.DataFrame, key: str) -> pd.DataFrame:
    keys = [*runner_column(pain), key]
    return pain[keys].merge(runs, how="left", on=keys, validate="m:1").set_axis(pain.index)


def _rows(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per run (or day) and knee, the scores by moment beside each other."""
    score, moment = placed["score"].astype("float64"), placed["moment"]
    wide = placed.assign(
        before=score.where(moment == "before"),
        worst=score.where(moment.isin(WORST_MOMENTS)),
        after=score.where(moment == "after"),
        morning=score.where(moment == "next_morning"),
        morning_on=placed["scored_on"].where(moment == "next_morning"),
        painkillers=placed["painkillers"].fillna(value=False).astype(bool),
    )
    keys = [*runner_column(placed), "local_date", "run_id", "knee"]
    highest = ("before", "worst", "after", "morning", "morning_on", "painkillers")
    most = dict.fromkeys(highest, "max")
    return wide.groupby(keys, as_index=False).agg({**most, "onset_km": "min"})


def _before(rows: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return the run's own score, else a 28-day median, capped unless a condition is known."""
    if rows.empty:
        return rows["before"]
    keys = [*runner_column(rows), "knee"]
    ordered = rows.sort_values([*keys, "local_date"], kind="stable")
    rolling = ordered.groupby(keys)[["local_date", "before"]].rolling(
        _BEFORE_WINDOW, on="local_date", closed="left", min_periods=1
    )
    usual = pd.Series(rolling["before"].median().to_numpy(), index=ordered.index)
    return rows["before"].fillna(usual if settings.condition else usual.clip(upper=_BEFORE_CAP))


def _conditions(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Every condition with the zone it makes, the rows it holds for, and its words."""
    green, red, rise = (
        settings.threshold(f"pain_zone.{name}")
        for name in ("green_max", "red_above", "morning_red_rise")
    )
    worst, after, before, morning = (rows[name] for name in ("worst", "after", "before", "morning"))
    unplaced = morning.where(before.isna())
    ran = rows["run_id"] != ""
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
        Condition("amber", rows["painkillers"], "painkillers mask the score"),
        *_trends(rows, settings),
        Condition("unknown", worst.isna(), "no score during or after"),
        Condition("unknown", ran & morning.isna(), "no score the next morning yet"),
        Condition("unknown", unplaced > 0, _NOTHING_BEFORE),
    ]


def _trends(rows: pd.DataFrame, settings: Settings) -> list[Condition]:
    """Return the two conditions over a knee's last three runs with a score."""
    rise, least = (settings.threshold(f"pain_zone.trend_{name}") for name in ("rise", "min"))
    scored = rows.loc[rows["worst"].notna() & (rows["run_id"] != "")]
    last = scored.groupby([*runner_column(rows), "knee"])["worst"]
    now, one, two = scored["worst"], last.shift(1), last.shift(2)
    rising = (now >= least) & (now - two >= rise)
    lasting = (now >= least) & (one >= least) & (two >= least)
    return [
        Condition(
            "amber", _on(rows, rising), f"worst scores rose by {rise:g} or more over three runs"
        ),
        Condition(
            "amber",
            _on(rows, lasting),
            f"{least:g} or more on three runs in a row: consider seeing a physiotherapist",
        ),
    ]


def _on(rows: pd.DataFrame, mask: pd.Series) -> pd.Series:
    return mask.reindex(rows.index, fill_value=False)


def _any(masks: list[pd.Series]) -> Bools:
    return np.asarray(np.logical_or.reduce([mask.to_numpy(dtype=bool) for mask in masks]))
