"""The pooled person-session model: the rate of injury in one state beside that in another.

Every covariate is a category, so sessions of one cell of states and bands are alike, and the
model of hundreds of thousands of sessions is one of a few dozen cells: the same likelihood.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from kneeload.cohort.estimates import FEWEST, Estimate, t_limit

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.cohort.blocks import Block

_SESSIONS, _INJURIES = 0, 1


def hazard_ratios(block: Block, state: Ints, band: Ints) -> dict[int, Estimate]:
    """Return the ratio of the rate of injury in each state to that in state 0.

    A binomial model of sessions with a complementary log-log link, which makes it the proportional
    hazards model of time in sessions, with a step for each band; covariance clustered by runner.

    Parameters
    ----------
    block
        Counts whose first two measures are sessions and injuries.
    state, band
        Of each cell; a state of -1 leaves the cell out.

    Returns
    -------
    dict
        By state, those with at least 5 injuries, and as many to be expected at the overall rate;
        empty where state 0 has fewer.

    References
    ----------
    Prentice RL, Gloeckler LA. Biometrics 1978;34:57-67, doi:10.2307/2529588.
    """
    sessions, injuries = block.total[_SESSIONS], block.total[_INJURIES]
    estimable = _estimable(sessions, injuries, state, band)
    levels = np.unique(state[estimable])
    if 0 not in levels or len(levels) < 2:
        return {}
    design = np.hstack([_dummies(state, levels), _dummies(band, np.unique(band[estimable]))])
    design = np.hstack([np.ones((len(state), 1)), design])[estimable]
    beta, influence = _fitted(design, sessions[estimable], injuries[estimable])
    spread = np.zeros((len(beta), *block.total.shape))
    spread[:, :2, estimable] = influence
    # the base rate's own variance may be 0, and rounding below it
    contrasts = slice(1, len(levels))
    errors = np.sqrt(np.diag(block.variance(spread[contrasts])))
    ratios = zip(levels[contrasts], beta[contrasts], errors, strict=True)
    return {int(level): _ratio(log, error, block.runners) for level, log, error in ratios}


def _estimable(sessions: Floats, injuries: Floats, state: Ints, band: Ints) -> Bools:
    """Leave out states with few injuries, or few to be expected, and bands without any.

    A state that is told only where luck gave it five injuries would be told too high.
    """
    usable = (state >= 0) & (sessions > 0)
    rate = injuries[usable].sum() / max(sessions[usable].sum(), 1)
    frequent = [
        level
        for level in np.unique(state[usable])
        if injuries[state == level].sum() >= FEWEST
        and rate * sessions[state == level].sum() >= FEWEST
    ]
    usable &= np.isin(state, frequent)
    injured_bands = [b for b in np.unique(band[usable]) if injuries[usable & (band == b)].sum() > 0]
    return np.asarray(usable & np.isin(band, injured_bands))


def _dummies(values: Ints, levels: Ints) -> Floats:
    return np.asarray(values[:, None] == levels[None, 1:], dtype=np.float64)


def _fitted(design: Floats, sessions: Floats, injuries: Floats) -> tuple[Floats, Floats]:
    """Fit the cells; give the coefficients and their derivatives by sessions and injuries."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.families.links import CLogLog
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    cells = np.column_stack([injuries, sessions - injuries])
    model = GLM(cells, design, family=Binomial(link=CLogLog()))
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        # As many cells as coefficients fit perfectly, which is no separation of sessions.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        beta = np.asarray(model.fit(tol=1e-12, maxiter=200).params, dtype=np.float64)
    eta = design @ beta
    risk = -np.expm1(-np.exp(eta))
    weight = np.exp(eta) / risk  # dmu/deta over the variance of one session
    bread = np.linalg.inv(design.T * (sessions * weight**2 * risk * (1 - risk)) @ design)
    score = bread @ (design * weight[:, None]).T
    return beta, np.stack([-score * risk, score], axis=1)


def _ratio(log: float, error: float, runners: int) -> Estimate:
    limit = t_limit(runners) * error
    return Estimate(
        value=float(np.exp(log)),
        low=float(np.exp(log - limit)),
        high=float(np.exp(log + limit)),
        p=float(2 * stats.t.sf(abs(log) / error, max(runners - 1, 1))),
    )
