"""Thresholds and the evidence they rest on: each has an entry, and claims no more than that."""

import pytest

from kneeload.rules.catalogue import MEASURES, RULES
from kneeload.thresholds import THRESHOLDS

EVIDENCE = {**{name: rule.evidence for name, rule in RULES.items()}, **MEASURES}
WITHOUT_NUMBERS = {"red_flag"}
STRENGTH = ("assumption", "convention", "laboratory", "cohort", "trial")


def entry(threshold: str) -> str:
    return threshold.partition(".")[0]


@pytest.mark.parametrize("name", THRESHOLDS)
def test_every_threshold_has_an_entry_with_a_source(name: str) -> None:
    assert EVIDENCE[entry(name)].sources


@pytest.mark.parametrize("name", EVIDENCE)
def test_every_entry_has_a_source_and_a_threshold(name: str) -> None:
    assert EVIDENCE[name].sources
    assert (name in map(entry, THRESHOLDS)) != (name in WITHOUT_NUMBERS)


@pytest.mark.parametrize("name", THRESHOLDS)
def test_no_threshold_claims_more_than_its_rule(name: str) -> None:
    ours, its = THRESHOLDS[name].grade, EVIDENCE[entry(name)].grade
    assert STRENGTH.index(ours) <= STRENGTH.index(its)
