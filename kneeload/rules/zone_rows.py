"""The scores of a run beside each other: a row per run (or day) and knee, which a zone judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.calendar import day_numbers, group_starts, key_of, runner_codes
from kneeload.frames import DIARY, PAIN, RUNS, TEXT, conform
from kneeload.rules.findings import runner_column

if TYPE_CHECKING:
    from kneeload.arrays import Ints, Texts
    from kneeload.calendar import Columns
    from kneeload.settings import Settings

NEVER = int(np.iinfo(np.int64).min)
"""The number of no day, as `kneeload.calendar.day_numbers` has it."""

_RUN = {name: RUNS[name] for name in ("run_id", "started_at", "local_date")}
_KEYS = ("runner", "who", "day", "run_id", "knee")
_NAMED = ("left", "right", "both")


def zone_rows(
    runs: pd.DataFrame, pain: pd.DataFrame, diary: pd.DataFrame | None, settings: Settings
) -> Columns:
    """Return the scores and limps of every run (or day) and knee, by day and start of the run.

    Scores are dated by the run they rate; a morning after no run rates the knee at rest.

    Parameters
    ----------
    runs, pain, diary
        As `kneeload.rules.pain_zones.zones` takes them.

    Returns
    -------
    dict of array
        ``day``, ``run_id`` and ``knee``, with ``runner`` where `pain` has it; ``who`` and ``line``,
        numbers of the runner and of each one's knees; ``ran``, how many runs the day has. The
        highest scores ``before, felt`` (during and after), ``worst`` (of both), ``after`` and
        ``morning``, NaN without one; ``morning_on``, the day of the last one, or `NEVER`;
        ``onset_km``, the least; ``painkillers`` and ``limp``.
    """
    scores, runs, limps = conform(pain, PAIN), conform(runs, _RUN), _limps(diary, pain)
    who, limping_who, run_who = _runner_numbers(scores, limps, runs)
    entries = _entries(scores.assign(who=who), limps.assign(who=limping_who), settings)
    return _by_start(_side_by_side(entries), runs.assign(who=run_who))


def _entries(scores: pd.DataFrame, limps: pd.DataFrame, settings: Settings) -> Columns:
    """Return the scores, and the limps without one, by the knee that each means."""
    scored, knee = knees_meant(scores["knee"], settings)
    limping, limping_knee = knees_meant(limps["knee"], settings)

    def both(of_scores: Any, of_limps: Any) -> Any:
        return np.concatenate([np.asarray(of_scores)[scored], np.asarray(of_limps)[limping]])

    moment, run_id = (scores[name].to_numpy(dtype=object) for name in ("moment", "run_id"))
    rated, written = day_numbers(scores["run_date"]), day_numbers(scores["local_date"])
    late = (moment == "next_morning") & ~((run_id == "") & (rated == written))
    nothing, no = np.full(len(limps), np.nan), np.zeros(len(limps), dtype=np.bool_)
    entries = {name: both(scores[name], limps[name]) for name in ("who", *runner_column(scores))}
    return entries | {
        "day": both(rated, day_numbers(limps["local_date"])),
        "run_id": both(run_id, np.full(len(limps), "", dtype=object)),
        "knee": np.append(knee, limping_knee),
        "score": both(scores["score"].to_numpy(np.float64), nothing),
        "is_before": both(moment == "before", no),
        "is_after": both(moment == "after", no),
        "is_late": both(late, no),
        "morning_on": both(np.where(late, written, NEVER), np.full(len(limps), NEVER)),
        "onset_km": both(scores["onset_km"], nothing),
        "painkillers": both(scores["painkillers"].to_numpy(np.bool_, na_value=False), no),
        "limp": both(np.zeros(len(scores), dtype=np.bool_), ~no),
    }


def _limps(diary: pd.DataFrame | None, pain: pd.DataFrame) -> pd.DataFrame:
    """Return the days with a limp, and the knee that each names."""
    diary = conform(pain.iloc[:0], DIARY) if diary is None else diary
    limps = diary.loc[(diary["kind"] == "symptom") & (diary["subject"] == "limp")]
    return limps.assign(knee=limps["text"].where(limps["text"].isin(_NAMED), "unsure"))


def _side_by_side(entries: Columns) -> Columns:
    """Return a row for each runner, day, run and knee: its highest scores, by moment."""
    late, before = entries["is_late"], entries["is_before"]
    moments = {
        "before": before,
        "worst": ~late,
        "felt": ~late & ~before,
        "after": entries["is_after"],
        "morning": late,
    }
    values = {name: np.where(here, entries["score"], np.nan) for name, here in moments.items()}
    values |= {name: entries[name] for name in ("morning_on", "painkillers", "limp")}
    knee, knees = pd.factorize(entries["knee"], sort=True)
    keys = (knee, pd.factorize(entries["run_id"])[0], entries["day"], entries["who"])
    order = np.lexsort(keys)
    order = order[entries["day"][order] != NEVER]
    starts = np.flatnonzero(np.logical_or.reduce([group_starts(key[order]) for key in keys]))
    first = order[starts]
    return {
        **{name: column[first] for name, column in entries.items() if name in _KEYS},
        "line": entries["who"][first] * len(knees) + knee[first],
        **{name: np.fmax.reduceat(column[order], starts) for name, column in values.items()},
        "onset_km": np.fmin.reduceat(entries["onset_km"][order], starts),
    }


def _by_start(rows: Columns, runs: pd.DataFrame) -> Columns:
    """Return the rows by runner, day and start of the run, with how many runs their day has."""
    who = runs["who"].to_numpy()
    names = pd.factorize(np.append(rows["run_id"], runs["run_id"].to_numpy(dtype=object)))[0]
    rated, named = np.split(names, [len(rows["run_id"])])
    keys, place = np.unique(key_of(who, named), return_index=True)
    at = np.searchsorted(keys, key_of(rows["who"], rated))
    start = runs["started_at"].to_numpy("datetime64[us]").astype(np.int64)[place]
    is_known = np.append(keys, NEVER)[at] == key_of(rows["who"], rated)
    starts = np.where(is_known, np.append(start, NEVER)[at], NEVER)
    of_day = np.sort(key_of(who, day_numbers(runs["local_date"])))
    day = key_of(rows["who"], rows["day"])
    ran = np.searchsorted(of_day, day, "right") - np.searchsorted(of_day, day)
    without_start_last = np.where(starts == NEVER, np.iinfo(np.int64).max, starts)
    order = np.lexsort((rows["line"], at, without_start_last, rows["day"], rows["who"]))
    return {name: column[order] for name, column in {**rows, "ran": ran}.items()}


def per_knee(scores: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Give each score the knee it means, a row for each where it means both."""
    place, knee = knees_meant(scores["knee"], settings)
    return scores.take(place).assign(knee=knee).astype({"knee": TEXT}).reset_index(drop=True)


def knees_meant(noted: pd.Series, settings: Settings) -> tuple[Ints, Texts]:
    """Return the rows of the knees that scores mean, one row twice where it means both."""
    knee = noted.to_numpy(dtype=object)
    knee = np.where((knee == "unsure") | (knee == ""), settings.knee, knee)
    times = 1 + (knee == "both")
    place = np.repeat(np.arange(len(knee)), times)
    knee = np.where(knee == "both", "left", knee)[place]
    knee[np.cumsum(times)[times > 1] - 1] = "right"
    return place, knee


def _runner_numbers(*tables: pd.DataFrame) -> list[Ints]:
    """Return numbers that tell the runners of all tables apart, in their order."""
    numbers = runner_codes(pd.concat([table[runner_column(tables[0])] for table in tables]))
    return np.split(numbers, np.cumsum([len(table) for table in tables])[:-1])
