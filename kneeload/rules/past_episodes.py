"""How often a flag has fired before, and how often pain followed: counts, never a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from kneeload.arrays import Floats, Ints

    Days = npt.NDArray[np.datetime64]

_HORIZON = np.timedelta64(7, "D")
_PAINFUL = 3


def fired_before(flags: pd.DataFrame, pain: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the flags with the earlier episodes of their rules and what became of those.

    Parameters
    ----------
    flags
        As `kneeload.rules.check` returns them, of one runner.
    pain
        Columns ``local_date`` and ``score`` of `kneeload.frames.PAIN`.

    Returns
    -------
    DataFrame
        The flags as given, then ``episodes``, how many the rule had before; ``scored``, how many
        of those had a pain score in the 7 days after their first flag; and ``followed``, how many
        had one of 3 or more; and ``by_chance``, how many of them would have had one had the
        scores been moved in a circle over the days with a score. Without a score nothing is known.
    """
    rule, episode = pd.factorize(flags["rule"])[0], flags["episode"].to_numpy()
    date = flags["date"].to_numpy()
    order = np.lexsort((date, episode, rule))
    rule, date = rule[order], date[order]
    first = np.diff(rule, prepend=-1).astype(bool) | np.diff(episode[order], prepend=0).astype(bool)
    # In `order` each episode's flags stand together; `place` is each flag's episode among them.
    place = np.empty(len(flags), dtype=np.int64)
    place[order] = np.cumsum(first) - 1
    days = _scored_days(pain)
    per_episode = {
        name: _followed(date[first], episode_days).astype(np.float64)
        for name, episode_days in days.items()
    }
    per_episode["by_chance"] = _by_chance(date[first], **days)
    sums = {name: _so_far(values, rule[first])[place] for name, values in per_episode.items()}
    counts = {name: sums[name].astype(np.int64) for name in days}
    return flags.assign(episodes=episode - 1, **counts, by_chance=sums["by_chance"])


def _scored_days(pain: pd.DataFrame | None) -> dict[str, Days]:
    """Return the days with a score, in order, and those with one of 3 or more."""
    if pain is None:
        return dict.fromkeys(("scored", "followed"), np.array([], dtype="datetime64[us]"))
    days, painful = pain["local_date"].to_numpy(), pain["score"].to_numpy() >= _PAINFUL
    return {"scored": np.sort(days), "followed": np.sort(days[painful])}


def _followed(first: Days, days: Days) -> Ints:
    """Return 1 where one of `days` lies in the seven after, the day itself not counted."""
    after, until = (np.searchsorted(days, end, side="right") for end in (first, first + _HORIZON))
    return (until > after).astype(np.int64)


def _by_chance(first: Days, scored: Days, followed: Days) -> Floats:
    """Return the chance that one of the scored days after each flag was painful.

    Over all circular shifts of the scores: the share of stretches of as many scored days that
    hold a painful one.
    """
    days = np.unique(scored)
    painful = np.isin(days, followed)
    after, until = (np.searchsorted(days, end, side="right") for end in (first, first + _HORIZON))
    width = until - after
    so_far = np.append(0, np.cumsum(np.tile(painful, 2)))
    share = {0: 0.0} | {
        n: float((so_far[n : n + len(days)] > so_far[: len(days)]).mean())
        for n in np.unique(width).tolist()
        if n
    }
    return np.array([share[n] for n in width.tolist()], dtype=np.float64)


def _so_far(counts: Floats, rule: Ints) -> Floats:
    """Return the sum of the counts of the same rule before each, where rules are in order."""
    before = np.cumsum(counts) - counts
    return before - before[np.searchsorted(rule, rule)]
