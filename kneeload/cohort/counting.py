"""From the tables of whole runners to counts: the one thing that touches every session."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.cohort.alarms import GRADES, Alarms, flag_counts
from kneeload.cohort.blocks import Block, block
from kneeload.cohort.exposures import EXPOSURES, STATES, exposures, states
from kneeload.cohort.risk import BANDS, STUDY, risk_set
from kneeload.rules import check, installed_rules
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.cohort.risk import RiskSet, Study
    from kneeload.settings import Settings

FROM_DAYS = (1, 0)
"""Flags count as warnings from an earlier day, or from the session's own day on."""
SESSION_MEASURES = ("sessions", "injuries", "timed_s", "timed_injuries", "leads", "lead_days")
FLAG_MEASURES = ("flags", "settled", "followed", "days")
_SIDES = ("now", "before")
_WITHOUT_DIARY = {"weeks", "runs", "run_limits", "week_limits"}


def rules_tested() -> tuple[str, ...]:
    """Return the rules that need no pain diary."""
    rules = installed_rules().values()
    return tuple(rule.id for rule in rules if {*rule.needs} <= _WITHOUT_DIARY)


@dataclass(frozen=True, eq=False)
class Tally:
    """The counts of some runners; those of others can be added.

    Parameters
    ----------
    blocks
        By exposure (``acwr``), its shuffles (``acwr~3``), rule and first day (``ten_percent@1``),
        and rule (``ten_percent!``, its flags).
    counts
        Runners, sessions, and the fates of injuries.
    """

    blocks: dict[str, Block]
    counts: Counter[str]

    def __add__(self, other: Tally) -> Tally:
        """Return the counts of both sets of runners, which must not overlap."""
        names = [*self.blocks, *(name for name in other.blocks if name not in self.blocks)]
        both = {
            name: self.blocks[name] + other.blocks[name]
            if name in self.blocks and name in other.blocks
            else self.blocks.get(name) or other.blocks[name]
            for name in names
        }
        counts = Counter(self.counts)
        counts.update(other.counts)
        return Tally(both, counts)


def person_sessions(
    runs: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    study: Study = STUDY,
    settings: Settings = DEFAULTS,
) -> pd.DataFrame:
    """Return one row per session: its exposures, its place in the risk set, its warnings.

    Parameters
    ----------
    runs, injuries
        As `kneeload.cohort.tables.read_runs` and `read_injuries` return them.

    Returns
    -------
    DataFrame
        ``runner, local_date, distance_km, moving_s, at_risk, event, band``; for each exposure its
        state, and its two sides [km]; for each rule the worst flag (0 none, 1 note, 2 warn,
        3 alert) of the days before, ``RULE@1``, and of those and the day itself, ``RULE@0``.
    """
    risk, flags = _risk_and_flags(runs, injuries, study, settings)
    ratios = exposures(risk.sessions)
    named = {
        name: pd.Categorical(np.array(STATES)[_states(ratios, name)], categories=list(STATES))
        for name in EXPOSURES
    }
    warned = {
        f"{rule}@{first}": grade
        for rule, alarms in _alarms(flags)
        for first, grade, _ in _warned(risk, alarms, study)
    }
    columns = ["runner", "local_date", "distance_km", "moving_s", "at_risk", "event", "band"]
    return risk.sessions[columns].assign(**named, **ratios, **warned)


def tally(
    runs: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    study: Study = STUDY,
    settings: Settings = DEFAULTS,
) -> Tally:
    """Return the counts of the runners in `runs`, each of whom must be in it whole."""
    risk, flags = _risk_and_flags(runs, injuries, study, settings)
    blocks = dict(exposure_blocks(risk, study))
    for rule, alarms in _alarms(flags):
        blocks |= dict(_rule_blocks(rule, alarms, risk, study))
    at_risk = risk.sessions["at_risk"]
    counts = {
        "runners": len(risk.days_at_risk),
        "runners at risk": int(risk.sessions.loc[at_risk, "who"].nunique()),
        "sessions": len(at_risk),
        "sessions at risk": int(at_risk.sum()),
        "days at risk": int(risk.days_at_risk.sum()),
    }
    return Tally(blocks, Counter(counts | {f"injuries {k}": n for k, n in risk.fates.items()}))


def _risk_and_flags(
    runs: pd.DataFrame, injuries: pd.DataFrame, study: Study, settings: Settings
) -> tuple[RiskSet, pd.DataFrame]:
    """Give the risk set and all flags; runners are numbers from here on, which is faster."""
    risk = risk_set(runs, injuries, study)
    plain = risk.sessions.assign(runner=risk.sessions["who"])
    tested = [installed_rules()[rule] for rule in rules_tested()]
    return risk, check(weekly(plain, settings=settings), plain, settings=settings, rules=tested)


def _states(ratios: pd.DataFrame, name: str) -> Ints:
    return states(ratios[f"{name}_now"].to_numpy(), ratios[f"{name}_before"].to_numpy())


def _alarms(flags: pd.DataFrame) -> Iterator[tuple[str, Alarms]]:
    for rule in rules_tested():
        yield rule, Alarms.of(flags, rule)


def _warned(risk: RiskSet, alarms: Alarms, study: Study) -> Iterator[tuple[int, Ints, Ints]]:
    """Yield the first day that counts, the worst grade of each session, and its lead [d]."""
    who, day = (risk.sessions[name].to_numpy() for name in ("who", "day"))
    for first in FROM_DAYS:
        yield first, *alarms.before(who, day, study.horizon_days, first)


def exposure_blocks(risk: RiskSet, study: Study) -> Iterator[tuple[str, Block]]:
    """Yield the counts of every exposure, and of its shuffles, without any rule."""
    ratios = exposures(risk.sessions)
    at_risk = risk.sessions["at_risk"].to_numpy()
    measures = _measures(risk)
    for name in EXPOSURES:
        yield name, _session_block(risk, _states(ratios, name), len(STATES), measures)
        now, before = (ratios.loc[at_risk, f"{name}_{side}"].to_numpy() for side in _SIDES)
        for number, moved in enumerate(_moved(risk, np.isfinite(before), study)):
            state = states(now, _put(before, moved))
            yield (
                f"{name}~{number}",
                _session_block(risk, state, len(STATES), measures[:2], at_risk),
            )


def _put(before: Floats, moved: Ints) -> Floats:
    finite = np.isfinite(before)
    out = before.copy()
    out[finite] = before[finite][moved]
    return out


def _moved(risk: RiskSet, finite: Bools, study: Study) -> Iterator[Ints]:
    """Yield, for each shuffle, where every known denominator of a session at risk comes from.

    Each runner's are moved in a circle, by a number of places that depends on the runner's name
    and the shuffle alone: the same in every partition.
    """
    at_risk = risk.sessions.loc[risk.sessions["at_risk"], ["who", "runner"]].loc[finite]
    who = at_risk["who"].to_numpy()
    # Where each runner's sessions begin, and how many there are: the circle that they are moved in.
    heads = np.flatnonzero(np.diff(who, prepend=-1))
    lengths = np.diff(np.append(heads, len(who)))
    seeds = pd.util.hash_array(at_risk["runner"].iloc[heads].to_numpy(dtype=object))
    owner = np.repeat(np.arange(len(heads)), lengths)
    place = np.arange(len(who)) - heads[owner]
    for number in range(study.shuffles):
        mixed = pd.util.hash_array(seeds + np.uint64(number))
        by = 1 + (mixed % np.maximum(lengths - 1, 1).astype(np.uint64)).astype(np.int64)
        yield heads[owner] + (place + by[owner]) % lengths[owner]


def _measures(risk: RiskSet) -> list[Floats]:
    """Return what each session at risk adds to the first measures."""
    mine = risk.sessions.loc[risk.sessions["at_risk"]]
    event, seconds = mine["event"].to_numpy(np.float64), mine["moving_s"].to_numpy()
    timed = np.isfinite(seconds)
    return [np.ones(len(mine)), event, np.rint(np.where(timed, seconds, 0)), event * timed]


def _session_block(
    risk: RiskSet, state: Ints, count: int, measures: list[Floats], at_risk: Bools | None = None
) -> Block:
    """Return counts by state and band, the cell of state s and band b being s * bands + b."""
    mine = risk.sessions["at_risk"].to_numpy()
    state = state[mine] if at_risk is None else state
    who, band = (risk.sessions[name].to_numpy()[mine] for name in ("who", "band"))
    cell = state * BANDS + band
    return block(who, cell, count * BANDS, measures, len(risk.days_at_risk))


def _rule_blocks(
    rule: str, alarms: Alarms, risk: RiskSet, study: Study
) -> Iterator[tuple[str, Block]]:
    mine = risk.sessions["at_risk"].to_numpy()
    measures = _measures(risk)
    for first, grade, lead in _warned(risk, alarms, study):
        led = measures[1] * (lead[mine] >= 0)
        more = [led, led * lead[mine]]
        yield f"{rule}@{first}", _session_block(risk, grade, GRADES, [*measures, *more])
    yield f"{rule}!", _flag_block(alarms, risk, study)


def _flag_block(alarms: Alarms, risk: RiskSet, study: Study) -> Block:
    """Return counts of flags, and of days at risk, in one cell."""
    runners = len(risk.days_at_risk)
    who, flags = flag_counts(alarms, risk, study.horizon_days)
    everyone = np.arange(runners)
    rows = np.concatenate([who, everyone])
    nothing = np.zeros(runners)
    measures = [np.concatenate([measure, nothing]) for measure in flags]
    days = np.concatenate([np.zeros(len(who)), risk.days_at_risk])
    return block(rows, np.zeros_like(rows), 1, [*measures, days], runners)
