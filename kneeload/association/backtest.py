"""Whether a rule warns: its flags against the onsets that followed, beside chance.

Walk-forward: a flag counts from the day after its date, and thresholds are not tuned on the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.daily import marked
from kneeload.association.onsets import MIN_ONSETS
from kneeload.association.rank_correlation import Z_95, circular
from kneeload.rules import installed_rules

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Bools, Floats


HORIZON_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Backtest:
    """One rule against one runner's onsets; rates only from ten onsets on.

    Parameters
    ----------
    rule
        Rule id.
    onsets, warned, expected
        Onsets; those with a flag in the horizon before; how many chance would have warned of.
    flags, followed, followed_expected, open
        Flags, those within a week of the first counted as one; those an onset followed; how many
        one would have followed by chance; those whose horizon is not over and that nothing
        followed yet.
    withheld
        Whether days were scored so unevenly that nothing can be read from the counts; then all
        that compares them is ``None``.
    flags_per_4_weeks
        Over the days observed.
    lead_days
        Median days from the first flag in the horizon to the onset.
    hit_rate, low, high
        Share of onsets warned of and its 95 % interval (Wilson).
    p
        Two-sided, of so many warned by chance.
    false_alarm_rate
        Share of the flags, open ones aside, that no onset followed.
    """

    rule: str
    onsets: int
    warned: int
    expected: float | None
    flags: int
    followed: int
    followed_expected: float | None
    open: int
    flags_per_4_weeks: float
    lead_days: float | None = None
    hit_rate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    false_alarm_rate: float | None = None
    withheld: bool = False


@dataclass(frozen=True, eq=False)
class Events:
    """What a rule is tested against, as marks on the days of a calendar.

    Parameters
    ----------
    observed
        Days on which an event would have been written down; flags on other days are left out.
    risk, onset
        Days on which an event could be seen, and on which one was.
    """

    observed: Bools
    risk: Bools
    onset: Bools


def flag_marks(dates: pd.DatetimeIndex, flags: pd.DataFrame) -> dict[str, Bools]:
    """Return the days with a flag, for every rule and any other that has flags.

    Parameters
    ----------
    dates
        The runner's calendar.
    flags
        Columns rule and date; dates outside the calendar are ignored.
    """
    rule, date = flags["rule"].to_numpy(object), flags["date"].to_numpy()
    names = dict.fromkeys([*installed_rules(), *sorted(set(rule))])
    return {name: marked(dates, date[rule == name]) for name in names}


def backtests(
    marks: dict[str, Bools], events: Events, horizon: int = HORIZON_DAYS
) -> tuple[Backtest, ...]:
    """Test rules against the same events.

    Parameters
    ----------
    marks
        Days with a flag, by rule.
    horizon
        Days before an event in which a flag counts [d].
    """
    return tuple(backtest(rule, flagged, events, horizon) for rule, flagged in marks.items())


def backtest(rule: str, flagged: Bools, events: Events, horizon: int = HORIZON_DAYS) -> Backtest:
    """Test one rule, whose flags are on the days `flagged`, against `events`."""
    flagged, onset = flagged & events.observed, events.onset
    warned_by_shift = warned_at_shifts(covered(flagged, horizon), events.risk, onset)
    after, late = aftermath(flagged, horizon)
    came = (after & onset).any(axis=-1)
    counts = Backtest(
        rule=rule,
        onsets=int(onset.sum()),
        warned=int(warned_by_shift[0]),
        expected=float(warned_by_shift.mean()),
        flags=len(after),
        followed=int(came.sum()),
        followed_expected=_expected(after[:, events.risk], onset[events.risk]),
        open=int((late & ~came).sum()),
        flags_per_4_weeks=28 * len(after) / max(int(events.observed.sum()), 1),
        lead_days=_lead(flagged, onset, horizon),
    )
    return counts if counts.onsets < MIN_ONSETS else _with_rates(counts, warned_by_shift)


def covered(flagged: Bools, horizon: int = HORIZON_DAYS) -> Bools:
    """Return the days with a flag 1 to `horizon` days before, over the last axis."""
    # Flags up to yesterday less those up to `horizon` days before it: any in between?
    so_far = np.cumsum(flagged, axis=-1)
    padded = np.concatenate([np.zeros((*flagged.shape[:-1], horizon + 1), int), so_far], axis=-1)
    until_yesterday, before = padded[..., horizon:-1], padded[..., : -horizon - 1]
    return np.asarray(until_yesterday > before, dtype=np.bool_)


def warned_at_shifts(warned: Bools, risk: Bools, onset: Bools) -> Floats:
    """Return how many onsets were warned of at every circular shift of the onsets, the real first.

    Only the onsets move, and only within the days at risk: moving flags would put them into days
    of pain, on which none can be right.
    """
    inside, is_onset = warned[risk].astype(np.float64), onset[risk].astype(np.float64)
    # Counts are whole; the transform behind the sum leaves rounding.
    return np.rint(circular(inside, is_onset)) if len(inside) else np.zeros(1)


def shift_p(warned_by_shift: Floats) -> float:
    """Return the two-sided p of the real count among the counts at every shift."""
    real = warned_by_shift[0]
    tail = min((warned_by_shift >= real).mean(), (warned_by_shift <= real).mean())
    return float(min(1.0, 2 * tail))


def episodes(flagged: Bools) -> list[int]:
    """Return the first days of flags, one within a week of the first counted with it."""
    firsts: list[int] = []
    for day in np.flatnonzero(flagged).tolist():
        if not firsts or day - firsts[-1] > HORIZON_DAYS:
            firsts.append(day)
    return firsts


def aftermath(flagged: Bools, horizon: int = HORIZON_DAYS) -> tuple[Bools, Bools]:
    """Return the days 1 to `horizon` after each episode of flags, a row each; and whether it runs.

    An episode runs while the horizon of its last flag is not over.
    """
    days, firsts = np.flatnonzero(flagged), episodes(flagged)
    episode = np.searchsorted(firsts, days, side="right") - 1
    after = np.zeros((len(firsts), len(flagged) + horizon), dtype=np.bool_)
    for wait in range(1, horizon + 1):
        after[episode, days + wait] = True
    return after[:, : len(flagged)], np.asarray(after[:, len(flagged) :].any(axis=-1))


def _expected(after: Bools, onset: Bools) -> float:
    """Return how many episodes an onset would follow, over all circular shifts of the onsets."""
    if not after.size:
        return 0.0
    onsets_in = circular(after.astype(np.float64), onset.astype(np.float64))
    return float((onsets_in > 0.5).sum(axis=0).mean())


def _lead(flagged: Bools, onset: Bools, horizon: int) -> float | None:
    """Median days from the first flag within the horizon to the onset."""
    # A row per onset, a column per flag: the days from one to the other, 0 where out of reach.
    wait = np.flatnonzero(onset)[:, None] - np.flatnonzero(flagged)[None, :]
    within = np.where((wait >= 1) & (wait <= horizon), wait, 0)
    longest = within.max(axis=1, initial=0)
    return float(np.median(longest[longest > 0])) if (longest > 0).any() else None


def _with_rates(counts: Backtest, warned_by_shift: Floats) -> Backtest:
    low, high = wilson(counts.warned, counts.onsets)
    settled = counts.flags - counts.open
    false_alarms = (settled - counts.followed) / settled if settled else None
    return replace(
        counts,
        hit_rate=counts.warned / counts.onsets,
        low=low,
        high=high,
        p=shift_p(warned_by_shift),
        false_alarm_rate=false_alarms,
    )


def withheld(counts: Backtest) -> Backtest:
    """Return the counts of a rule without anything that compares them."""
    return replace(
        counts,
        expected=None,
        followed_expected=None,
        hit_rate=None,
        low=None,
        high=None,
        p=None,
        false_alarm_rate=None,
        withheld=True,
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209-212, doi:10.1080/01621459.1927.10502953.
    """
    share, z2 = successes / trials, Z_95**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z_95 / (1 + z2 / trials) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    return float(middle - half), float(middle + half)
