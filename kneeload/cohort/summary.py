"""What the page says about a cohort: typed values made from the table of results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload import formatting
from kneeload.association.questions import holm
from kneeload.association.rank_correlation import Z_95, normal_p
from kneeload.cohort.exposures import EXPOSURES, STATES
from kneeload.cohort.lovdal import DAY_EXPOSURES, WEEK_EXPOSURES
from kneeload.rules import installed_rules

if TYPE_CHECKING:
    from collections.abc import Container

    import pandas as pd

ALPHA = 0.03
"""For the headline; p of few injuries are a little small, and .05 announced 6 of 100 nulls."""
FEW = "<5"
"""What stands in the place of a number that rests on too few injuries."""
MEANINGS = {**EXPOSURES, **WEEK_EXPOSURES, **DAY_EXPOSURES}
TITLES = {
    "session_spike": "Session spike",
    "week_to_week": "Week to week",
    "acwr": "Acute to chronic",
    "acwr_7_14": "Acute to chronic, 7 to 14 days",
    "longest_day": "Longest day",
    "monotony_7d": "Monotony",
}
LABELS = {
    "reference": "up to 10 % more",
    "small": "10 to 30 % more",
    "moderate": "30 to 100 % more",
    "large": "more than double",
    "no_reference": "nothing to compare with",
}
_ALIKE = {
    "reference": "at most 2.0",
    "small": "above 2.0",
    "no_reference": "fewer than four days of running",
}
_AXIS = (0.25, 4.0)


@dataclass(frozen=True)
class Number:
    """A number as the page shows it, with its interval; `few` where too few injuries tell it."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    few: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return bool(np.isfinite(self.value))

    @property
    def excludes_one(self) -> bool:
        """Whether the interval of a ratio leaves out 1."""
        return bool(self.low > 1 or self.high < 1)

    def place(self, side: str) -> float:
        """Return where a side of a ratio lies on the page's axis of ratios [%]."""
        low, high = np.log(_AXIS)
        share = (np.log(getattr(self, side)) - low) / (high - low)
        return round(100 * float(np.clip(share, 0, 1)), 2)


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of an exposure."""

    label: str
    reference: bool
    sessions: Number
    injuries: Number
    per_1000_sessions: Number
    per_1000_hours: Number
    ratio: Number


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """One exposure with its states, and what its ratio is once denominators are moved."""

    title: str
    meaning: str
    states: tuple[State, ...]
    auc: Number
    real: Number
    moved: Number


@dataclass(frozen=True, kw_only=True)
class RuleSkill:
    """What the warnings of one rule were worth; those of an earlier day unless said otherwise."""

    title: str
    checks: str
    fired: bool
    flags_per_month: Number
    flags_followed: Number
    sensitivity: Number
    sessions_warned: Number
    specificity: Number
    positive: Number
    negative: Number
    auc: Number
    lead_days: Number
    ratio: Number
    ratio_same_day: Number


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Everything on the page."""

    counts: dict[str, int]
    exposures: tuple[Exposure, ...]
    rules: tuple[RuleSkill, ...]
    headline: str
    lines: tuple[str, ...]


def summarise(results: pd.DataFrame) -> Summary:
    """Return what the page says, from `kneeload.cohort.results` or `evaluate_lovdal`."""
    table = _Table(results)
    exposures = tuple(_exposure(table, name) for name in table.subjects("rates", MEANINGS))
    tested = [_rule(table, name) for name in table.subjects("rates", installed_rules())]
    rules = tuple(sorted(tested, key=lambda rule: -rule.auc.value if rule.auc.known else 0))
    counts = {row.measure: int(row.value) for row in table.rows("counts")}
    first, *lines = headline(results, exposures)
    return Summary(
        counts=counts, exposures=exposures, rules=rules, headline=first, lines=tuple(lines)
    )


class _Table:
    """Numbers of the results by their four names."""

    def __init__(self, results: pd.DataFrame) -> None:
        self._rows: list[Any] = list(results.itertuples(index=False))
        self._numbers = {
            (row.section, row.subject, row.state, row.measure): Number(
                row.value, row.low, row.high, row.suppressed
            )
            for row in self._rows
        }

    def rows(self, section: str) -> list[Any]:
        return [row for row in self._rows if row.section == section]

    def subjects(self, section: str, names: Container[str]) -> list[str]:
        return [s for s in dict.fromkeys(row.subject for row in self.rows(section)) if s in names]

    def __call__(self, section: str, subject: str, state: str, measure: str) -> Number:
        return self._numbers.get((section, subject, state, measure), Number())


def _exposure(table: _Table, name: str) -> Exposure:
    return Exposure(
        title=TITLES[name],
        meaning=MEANINGS[name],
        states=tuple(_state(table, name, state) for state in STATES),
        auc=table("skill", name, "", "auc"),
        real=table("shuffled", name, "", "real"),
        moved=table("shuffled", name, "", "moved"),
    )


def _state(table: _Table, name: str, state: str) -> State:
    measures = ("sessions", "injuries", "per_1000_sessions", "per_1000_hours")
    numbers = {measure: table("rates", name, state, measure) for measure in measures}
    return State(
        label=(_ALIKE if name == "monotony_7d" else LABELS).get(state, ""),
        reference=state == STATES[0],
        ratio=table("hazards", name, state, "hazard_ratio"),
        **numbers,
    )


def _rule(table: _Table, rule: str) -> RuleSkill:
    def skill(measure: str) -> Number:
        return table("skill", rule, "before", measure)

    about = installed_rules()[rule]
    return RuleSkill(
        title=about.title,
        checks=about.checks,
        fired=table("skill", rule, "", "flags_per_month").known,
        flags_per_month=table("skill", rule, "", "flags_per_month"),
        flags_followed=table("skill", rule, "", "flags_followed"),
        sensitivity=skill("sensitivity"),
        sessions_warned=skill("sessions_warned"),
        specificity=skill("specificity"),
        positive=skill("positive_predictive_value"),
        negative=skill("negative_predictive_value"),
        auc=skill("auc"),
        lead_days=skill("lead_days"),
        ratio=table("hazards", rule, "before", "hazard_ratio"),
        ratio_same_day=table("hazards", rule, "same_day", "hazard_ratio"),
    )


def headline(results: pd.DataFrame, exposures: tuple[Exposure, ...]) -> tuple[str, ...]:
    """Return what stands out of all that was compared, Holm's correction over the whole page.

    Compared are every state of every exposure with its reference, and the AUC of every rule's
    flags of the week before with chance. Without the correction a page announced a difference in a
    fifth of cohorts in which nothing did harm.
    """
    tests = _tests(results, exposures)
    significant = [p is not None and p <= ALPHA for p in holm([p for _, p in tests])]
    differences = [text for (text, _), stays in zip(tests, significant, strict=True) if stays]
    if not tests:
        return ("Too few injuries to compare anything.",)
    among = f"of {formatting.count(len(tests), 'comparison')}, corrected for multiple testing"
    if not differences:
        return (f"Nothing stands out {among}.",)
    verb = "stands" if len(differences) == 1 else "stand"
    return (f"{len(differences)} {among}, {verb} out.", *differences)


def _tests(
    results: pd.DataFrame, exposures: tuple[Exposure, ...]
) -> list[tuple[str, float | None]]:
    """Return every comparison of the headline in words, with its p."""
    table = _Table(results)
    comparisons: list[tuple[str, float | None]] = []
    named = dict(zip(table.subjects("rates", MEANINGS), exposures, strict=True))
    for row in table.rows("hazards"):
        if row.subject in named and np.isfinite(row.p):
            labels = _ALIKE if row.subject == "monotony_7d" else LABELS
            comparisons.append((_state_words(TITLES[row.subject], labels[row.state], row), row.p))
    for row in table.rows("skill"):
        if row.measure == "auc" and row.state == "before" and row.high > row.low:
            title = installed_rules()[row.subject].title
            auc = f"{title}: AUC {row.value:.3f} (0.5 is chance, 1 perfect)."
            comparisons.append((auc, _p(row)))
    return comparisons


def _state_words(title: str, label: str, row: Any) -> str:
    return (
        f"{title}, {label}: {row.value:.2f} times the rate of the reference "
        f"({row.low:.2f} to {row.high:.2f})."
    )


def _p(row: Any) -> float:
    """Return the two-sided p of an AUC of one half, from the width of its interval."""
    error = (row.high - row.low) / (2 * Z_95)
    return float(normal_p(np.asarray((row.value - 0.5) / error)))
