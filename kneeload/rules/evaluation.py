"""All rules at once: frames in, one frame of flags out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting, frames
from kneeload.calendar import day_numbers, first_days, group_starts, runner_codes
from kneeload.diary.attribution import assign_runs
from kneeload.rules.limits import limits
from kneeload.rules.pain_zones import zones
from kneeload.rules.plugin_rules import installed_rules
from kneeload.rules.red_flags import red_flags
from kneeload.settings import DEFAULTS
from kneeload.weeks import countable_runs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from kneeload.rules.catalogue import Rule
    from kneeload.settings import Settings, WeekStart

_WEEK = 7
_RETURN_APART_DAYS = 56


def check(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    diary: pd.DataFrame | None = None,
    *,
    settings: Settings = DEFAULTS,
    today: dt.date | None = None,
    acknowledged: Collection[str] = frozenset(),
    rules: Iterable[Rule] | None = None,
) -> pd.DataFrame:
    """Return the flags of the rules, by date.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them.
    runs, pain, diary
        Columns of the frames of the same names in `kneeload.frames`. All may carry a ``runner``
        column; then all must.
    settings
        Profile and thresholds. The profile ``off`` leaves only red flags and red pain.
    today
        Runs, scores and entries after it are invisible.
    acknowledged
        Ids of flags that the runner has answered; a red flag is answered by an assessment only.
    rules
        Those to check; by default all that `kneeload.rules.installed_rules` returns.

    Returns
    -------
    DataFrame
        Columns of `kneeload.frames.FLAGS`, then ``runner`` where `weeks` has it.

    Examples
    --------
    A fourth run of 16 km, after three of 10:

    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-03-02", periods=4, freq="7D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": [10.0, 10.0, 10.0, 16.0]})
    >>> flags = kneeload.check(kneeload.weekly(runs), runs)
    >>> flags[["rule", "severity", "value", "limit", "unit"]]
                 rule severity  value  limit unit
    0  long_run_spike     warn   16.0   11.0   km
    """
    inputs = frames_until(weeks, runs, pain, diary, today)
    every = tuple(installed_rules().values() if rules is None else rules)
    if any({*rule.needs} - {*inputs} for rule in every):
        inputs |= derived_frames(**inputs, settings=settings, today=today)
    return flags_of(inputs, every, settings=settings, today=today, acknowledged=acknowledged)


def frames_until(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame | None,
    diary: pd.DataFrame | None,
    today: dt.date | None,
) -> dict[str, pd.DataFrame]:
    """Return the log's frames as rules and plan read them: what counts, up to `today`."""
    return {
        "weeks": weeks.reset_index(drop=True),
        "runs": countable_runs(runs, today, also=frames.RUNS),
        "pain": entries_until(pain, frames.PAIN, today, weeks),
        "diary": entries_until(diary, frames.DIARY, today, weeks),
    }


def derived_frames(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    settings: Settings,
    today: dt.date | None = None,
) -> dict[str, Any]:
    """Return the frames derived from the log, which rules and plan both read.

    Returns
    -------
    dict of DataFrame
        ``pain`` with the runs that the scores rate, ``zones`` as `kneeload.rules.pain_zones.zones`
        returns them, ``signs`` as `kneeload.rules.red_flags.red_flags` does, ``run_limits`` and
        ``week_limits`` as `kneeload.rules.limits.limits` does.
    """
    knee = knee_frames(runs, pain, diary, settings=settings, today=today)
    return knee | limits(weeks, runs, knee["zones"], knee["pain"], diary, settings)


def knee_frames(
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    settings: Settings,
    today: dt.date | None = None,
) -> dict[str, Any]:
    """Return ``pain``, ``zones`` and ``signs`` of `derived_frames`, which need no week."""
    rated = assign_runs(pain, runs)
    return {
        "pain": rated,
        "zones": zones(runs, rated, settings, diary),
        "signs": red_flags(diary, rated, settings, today),
    }


def flags_of(
    inputs: Mapping[str, pd.DataFrame],
    rules: Iterable[Rule],
    *,
    settings: Settings,
    today: dt.date | None = None,
    acknowledged: Collection[str] = frozenset(),
) -> pd.DataFrame:
    """Return the flags of `rules` from the frames that they need, as `check` prepares them.

    Dates in messages bear no year where it is that of `today`, by default the newest flag's.
    """
    every = list(rules)
    raised = [rule.function(*(inputs[name] for name in rule.needs), settings) for rule in every]
    grades = np.repeat([rule.evidence.grade for rule in every], [len(flags) for flags in raised])
    fired = [flags for flags in raised if len(flags)] or raised[:1]
    flags = pd.concat(fired, ignore_index=True).assign(evidence=grades)
    flags = _in_force(frames.conform(flags, frames.FLAGS), settings)
    answered = flags["flag_id"].isin(list(acknowledged)) & (flags["rule"] != "red_flag")
    flags = flags.assign(acknowledged=flags["acknowledged"] | answered)
    return _with_episodes(_of_this_year(flags, today), settings.week_start)


def entries_until(
    frame: pd.DataFrame | None, spec: frames.Spec, today: dt.date | None, weeks: pd.DataFrame
) -> pd.DataFrame:
    """Conform `frame` and drop the rows after `today`; without a frame return an empty one."""
    if frame is None:
        blank = frames.empty(spec)
        return blank.assign(runner=weeks["runner"].iloc[:0]) if "runner" in weeks else blank
    entries = frames.conform(frame, spec)
    if today is not None:
        entries = frames.upto(entries, today)
    return entries.reset_index(drop=True)


def _in_force(flags: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    if settings.profile != "off":
        return flags
    red_pain = (flags["rule"] == "pain_zone") & (flags["severity"] == "alert")
    return flags.loc[red_pain | (flags["rule"] == "red_flag")]


def _of_this_year(flags: pd.DataFrame, today: dt.date | None) -> pd.DataFrame:
    """Take the current year out of the messages."""
    year = (today or flags["date"].max()).year
    messages = [formatting.without_year(text, year) for text in flags["message"]]
    return flags.assign(message=pd.Series(messages, index=flags.index, dtype="str"))


def _with_episodes(flags: pd.DataFrame, week_start: WeekStart) -> pd.DataFrame:
    """Give episodes their numbers: flags of one rule in the same or adjacent weeks are one."""
    who, date = runner_codes(flags), day_numbers(flags["date"])
    rule, name = (flags[column].to_numpy(dtype=np.str_) for column in ("rule", "flag_id"))
    order = np.lexsort((name, date, rule, who))
    head = group_starts(who[order]) | group_starts(rule[order])
    week = first_days(date[order], week_start)
    # A whole return is one episode: weeks without excess between do not end it.
    apart = np.where(rule[order] == "return_from_break", _RETURN_APART_DAYS, _WEEK)
    starts = np.cumsum(head | (np.diff(week, prepend=0) > apart))
    episode = np.empty_like(starts)
    episode[order] = starts - np.maximum.accumulate(np.where(head, starts - 1, 0))
    by_date = np.lexsort((name, rule, date, who))
    return flags.assign(episode=episode).iloc[by_date].reset_index(drop=True)
