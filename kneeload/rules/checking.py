"""All rules at once: frames in, one frame of flags out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.rules.installed import installed_rules
from kneeload.rules.pain import zones as zones_of
from kneeload.settings import DEFAULTS
from kneeload.weeks import counted, day_numbers, first_days, runner_codes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from kneeload.rules.catalogue import Rule
    from kneeload.settings import Settings, WeekStart

_WEEK = 7


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
    1     ten_percent     warn   16.0   11.0   km
    """
    given = {
        "weeks": weeks.reset_index(drop=True),
        "runs": counted(runs, today, also=frames.RUNS),
        "pain": seen(pain, frames.PAIN, today, weeks),
        "diary": seen(diary, frames.DIARY, today, weeks),
    }
    every = tuple(installed_rules().values() if rules is None else rules)
    if any("zones" in rule.needs for rule in every):
        given["zones"] = zones_of(given["runs"], given["pain"], settings)
    return flags_of(given, every, settings=settings, acknowledged=acknowledged)


def flags_of(
    given: Mapping[str, pd.DataFrame],
    rules: Iterable[Rule],
    *,
    settings: Settings,
    acknowledged: Collection[str] = frozenset(),
) -> pd.DataFrame:
    """Return the flags of `rules`, whose frames are `given` by name, as `check` prepares them."""
    found = [_found(rule, given, settings) for rule in rules]
    flags = frames.conform(pd.concat(found, ignore_index=True), frames.FLAGS)
    flags = _in_force(flags, settings)
    answered = flags["flag_id"].isin(list(acknowledged)) & (flags["rule"] != "red_flag")
    flags = flags.assign(acknowledged=flags["acknowledged"] | answered)
    return _with_episodes(flags, settings.week_start)


def seen(
    frame: pd.DataFrame | None, spec: frames.Spec, today: dt.date | None, weeks: pd.DataFrame
) -> pd.DataFrame:
    """Return the entries up to today, of the right types, also where nothing was given."""
    if frame is None:
        blank = frames.empty(spec)
        return blank.assign(runner=weeks["runner"].iloc[:0]) if "runner" in weeks else blank
    known = frames.conform(frame, spec)
    if today is not None:
        known = known.loc[known["local_date"] <= pd.Timestamp(today)]
    return known.reset_index(drop=True)


def _found(rule: Rule, given: Mapping[str, pd.DataFrame], settings: Settings) -> pd.DataFrame:
    flags = rule.function(*(given[name] for name in rule.needs), settings)
    return flags.assign(evidence=rule.evidence.grade)


def _in_force(flags: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    if settings.profile != "off":
        return flags
    red_pain = (flags["rule"] == "pain_zone") & (flags["severity"] == "alert")
    return flags.loc[red_pain | (flags["rule"] == "red_flag")]


def _with_episodes(flags: pd.DataFrame, week_start: WeekStart) -> pd.DataFrame:
    """Give episodes their numbers: flags of one rule in the same or adjacent weeks are one."""
    by_rule = flags.assign(who=runner_codes(flags)).sort_values(
        ["who", "rule", "date", "flag_id"], ignore_index=True
    )
    week = pd.Series(first_days(day_numbers(by_rule["date"]), week_start))
    keys = [by_rule["who"], by_rule["rule"]]
    apart = ~(week.groupby(keys).diff() <= _WEEK)
    numbered = by_rule.assign(episode=apart.groupby(keys).cumsum().astype(np.int64))
    by_date = numbered.sort_values(["who", "date", "rule", "flag_id"], ignore_index=True)
    return by_date.drop(columns="who")
