"""Onsets of pain, and what the week before each held beside the runner's own quiet days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.rank_correlation import circular
from kneeload.rules.spells import QUIET_SCORE, at_risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.arrays import Bools, Floats

    Places = NDArray[np.int64]

WINDOW_DAYS = 7
MIN_ONSETS = 10
_OFFSETS = np.array([d for d in range(-28, 29) if abs(d) >= WINDOW_DAYS])
_MOST_SILENT = 7


def week_before(daily: Floats) -> Floats:
    """Return the sum of the seven days before each day, NaN where one of them is unknown."""
    padded = np.concatenate([np.full((*daily.shape[:-1], WINDOW_DAYS), np.nan), daily], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded[..., :-1], WINDOW_DAYS, axis=-1)
    return np.asarray(windows.sum(axis=-1), dtype=np.float64)


def beside_quiet_days(exposure: Floats, score: Floats, resting: Bools | None = None) -> Floats:
    """Return each day's exposure less the mean of the runner's own quiet days around it.

    Those referents lie 7 to 28 days before and after, are at risk and stayed quiet: each and the
    seven recorded days before it are at most 1. Referents without that condition would come from
    the easy weeks after an onset. Their last score lies as many days back as the day's own (up to
    seven), for scores come with runs: pain that set in during a pause is found after it, and
    would blame the pause. Grade: *assumption*, chosen by simulation.

    Parameters
    ----------
    exposure
        What the week before each day held, for example as `week_before` returns it.
    score
        Worst score of each day [0-10], NaN where none was written; one runner's.
    resting
        Days of injury.

    Returns
    -------
    ndarray
        NaN on days not at risk, of unknown exposure or without a referent.

    References
    ----------
    Maclure M. Am J Epidemiol 1991;133:144-153, doi:10.1093/oxfordjournals.aje.a115853.
    """
    able = at_risk(score, resting)
    quiet = np.where(able & (score <= QUIET_SCORE), exposure, np.nan)
    cases = np.flatnonzero(able)
    # A row per day at risk, a column per referent; places outside the diary are clipped into it and
    # then told apart by no longer being where they were asked for.
    around = cases[:, None] + _OFFSETS
    there = np.clip(around, 0, len(score) - 1)
    silent = _days_silent(score)
    alike = (around == there) & (silent[there] == silent[cases][:, None])
    values = np.where(alike, quiet[there], np.nan)
    difference = np.full(len(score), np.nan)
    difference[cases] = exposure[cases] - _mean(values)
    return difference


def crossover_p(difference: Floats, onset: Bools) -> float | None:
    """Return the two-sided p that onsets differ from quiet days as any days at risk would.

    Only the onsets move, in a circle within the days at risk that can be compared. ``None`` below
    ten onsets.

    Parameters
    ----------
    difference
        As `beside_quiet_days` returns it.
    onset
        Days on which pain set in.
    """
    comparable = ~np.isnan(difference)
    values, is_onset = difference[comparable], onset[comparable]
    if is_onset.sum() < MIN_ONSETS:
        return None
    # Centred, so that onsets after little count as unusual just as onsets after much do.
    sums = np.abs(circular(values - values.mean(), is_onset.astype(np.float64)))
    return float((sums >= sums[0] - 1e-9).mean())


def _days_silent(score: Floats) -> Places:
    """Return for each day how many days back the last score lies, at most seven."""
    silent = np.full(score.shape, _MOST_SILENT, dtype=np.int64)
    for back in range(_MOST_SILENT - 1, 0, -1):
        silent[back:][~np.isnan(score[:-back])] = back
    return silent


def _mean(rows: Floats) -> Floats:
    """Return the mean of what is known of each row, NaN where nothing is."""
    counts = (~np.isnan(rows)).sum(axis=1)
    return np.where(counts > 0, np.nansum(rows, axis=1) / np.maximum(counts, 1), np.nan)
