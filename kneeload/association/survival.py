"""The share of runs that are still without pain at a kilometre, from runs that tell it differently.

Without runs of unknown kilometre this is the Kaplan-Meier estimate; with them it is Turnbull's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats


_MOST_STEPS, _CLOSE = 5000, 1e-10


@dataclass(frozen=True, kw_only=True, eq=False)
class Observations:
    """Distances [km]: where an event was, where one was still to come, what one lies within.

    Parameters
    ----------
    events
        Runs with an event at exactly this distance.
    censored
        Runs without one up to this distance.
    within
        Runs with one somewhere in (0, this distance].
    """

    events: Floats
    censored: Floats
    within: Floats


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A survival curve: a step down at each of `km`.

    Parameters
    ----------
    since_km, km
        Each step's mass lies in (since_km, km]; the two are equal where a distance was noted. The
        curve is drawn as falling at `km`, the far end.
    share
        Share of runs without an event beyond the step.
    spread
        Standard error of the logarithm of that share; NaN where the share is 0.
    """

    since_km: tuple[float, ...]
    km: tuple[float, ...]
    share: tuple[float, ...]
    spread: tuple[float, ...]

    def band(self, z: float) -> tuple[Floats, Floats]:
        """Return the pointwise log-log band of the shares; NaN where a share is 0 or 1.

        References
        ----------
        Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2nd ed., 1.4.
        """
        share, spread = np.array(self.share), np.array(self.spread)
        inside = (share > 0) & (share < 1)
        log = np.log(np.where(inside, share, 0.5))
        # The error of log(-log S) is that of log S over |log S|.
        factor = np.exp(z * np.where(inside, spread / -log, np.nan))
        return np.exp(log * factor), np.exp(log / factor)

    def median(self) -> tuple[float, float] | None:
        """Return the stretch [km] in which the share falls to a half; None where it never does."""
        reached = np.flatnonzero(np.array(self.share) <= 0.5 + 1e-9)
        return (self.since_km[reached[0]], self.km[reached[0]]) if reached.size else None

    def median_interval(self, z: float) -> tuple[float | None, float | None]:
        """Return the distances [km] whose band holds a half; an end that no step sets is None.

        References
        ----------
        Brookmeyer R, Crowley J. Biometrics 1982;38:29-41, doi:10.2307/2530286.
        """
        low, high = self.band(z)
        return self._first((np.array(self.share) <= 0) | (low <= 0.5)), self._first(high < 0.5)

    def _first(self, reached: Bools) -> float | None:
        at = np.flatnonzero(reached)
        return self.km[at[0]] if at.size else None


def survival(observations: Observations) -> Curve:
    """Return the nonparametric maximum-likelihood estimate of the share without an event.

    Runs with an exact distance step the curve there; a run without an event counts as at risk up
    to its length and with events at that very length. A run whose event lies in (0, L] shares its
    one event out over the steps up to L in proportion to their estimated mass, again and again
    until nothing moves (self-consistency). Where no noted distance lies in its reach, its mass
    stays in a stretch (since, km] within which the data do not say more.

    The spread is from the observed information of the step hazards, so that what is not known of
    the shared-out events widens the band; without such runs it is Greenwood's formula.

    Parameters
    ----------
    observations
        At least one observation.

    References
    ----------
    Turnbull BW. J R Stat Soc B 1976;38:290-295, doi:10.1111/j.2517-6161.1976.tb01597.x.
    """
    since, km = _steps(observations)
    if not km.size:
        return Curve(since_km=(), km=(), share=(), spread=())
    # A row per shared-out run, true where a step lies in its reach.
    reach = (km > 0) & (km <= observations.within[:, None])
    sure = (observations.events[:, None] == km).sum(axis=0).astype(np.float64)
    ends = np.concatenate([observations.events, observations.censored])
    sure_at_risk = (ends[:, None] >= km).sum(axis=0)
    hazard = _hazards(reach, sure, sure_at_risk.astype(np.float64))
    steps = hazard > _CLOSE
    share = np.cumprod(1 - hazard)[steps]
    spread = _log_spread(hazard[steps], sure[steps], reach[:, steps])
    return Curve(
        since_km=tuple(since[steps].tolist()),
        km=tuple(km[steps].tolist()),
        share=tuple(np.where(share < _CLOSE, 0.0, share).tolist()),
        spread=tuple(spread.tolist()),
    )


def _steps(observations: Observations) -> tuple[Floats, Floats]:
    """Return the stretches that can hold mass: noted distances, and Turnbull's innermost ones."""
    exact = np.unique(observations.events)
    ends = np.unique(observations.within)
    begins = np.unique(np.concatenate([[0.0], observations.censored]))
    # The nearest beginning before an end; innermost where no end and no event lies between.
    nearest = begins[np.searchsorted(begins, ends, side="left") - 1] if ends.size else ends
    others = np.concatenate([exact, ends])
    between = (others > nearest[:, None]) & (others <= ends[:, None]) & (others != ends[:, None])
    at_event = np.isin(ends, exact)
    inner = ~between.any(axis=1) & ~at_event
    since, km = np.concatenate([exact, nearest[inner]]), np.concatenate([exact, ends[inner]])
    order = np.argsort(km, kind="stable")
    return since[order], km[order]


def _hazards(reach: Bools, sure: Floats, sure_at_risk: Floats) -> Floats:
    """Return each step's hazard, with the events that were shared out by parts."""
    mass = np.full(sure.size, 1.0 / sure.size)
    hazard = sure
    for _ in range(_MOST_STEPS):
        parts = reach * np.maximum(mass, 1e-300)
        parts = parts / parts.sum(axis=1, keepdims=True)
        shared = parts.sum(axis=0)
        # A part of an event that lies further on is still at risk here.
        at_risk = sure_at_risk + np.cumsum(shared[::-1])[::-1]
        hazard = (sure + shared) / at_risk
        new = hazard * np.cumprod(np.append(1.0, 1 - hazard[:-1]))
        moved, mass = np.abs(new - mass).max(), new
        if moved < _CLOSE or not len(reach):
            break
    return hazard


def _log_spread(hazard: Floats, sure: Floats, reach: Bools) -> Floats:
    """Return the standard error of the log of the share after each step.

    With theta = -log(1 - hazard) for each step, the log of the share is minus their sum. A noted
    event adds (1 - h) / h^2 to the information of its own theta; one in (0, L] adds
    S / (1 - S)^2, S the share after L, to those of every pair of steps up to L.
    """
    spread = np.full(hazard.size, np.nan)
    alive = hazard < 1 - _CLOSE
    h = hazard[alive]
    if not h.size:
        return spread
    inside = reach[:, alive].astype(np.float64)
    surviving = np.exp(inside @ np.log1p(-h))
    # A run that reaches over a step at which the share becomes 0 has its event whatever theta is.
    certain = (reach & ~alive).any(axis=1)
    weight = np.where(certain, 0.0, surviving / np.maximum(1 - surviving, _CLOSE) ** 2)
    information = np.diag(sure[alive] * (1 - h) / h**2) + (inside.T * weight) @ inside
    covariance = np.linalg.pinv(information, hermitian=True)
    spread[alive] = np.sqrt(np.maximum(np.cumsum(np.cumsum(covariance, 0), 1).diagonal(), 0))
    return spread
