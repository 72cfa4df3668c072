"""What a diary shows of load before pain, in the words of the report, and how far it is to that."""

import json
import re
from collections.abc import Callable

from click.testing import Result

from kneeload.association.sentences import READING
from tests.cli.test_commands import RULES


def test_pain_is_explained_with_its_numbers(
    kneeload: Callable[..., Result],
) -> None:
    told = json.loads(kneeload("pain", "explain", "--json").stdout)
    assert {"verdict", "rho", "low", "high", "p", "pairs", "detectable"} <= set(told["primary"])
    assert told["primary"]["verdict"] == "positive"
    assert told["primary"]["low"] < told["primary"]["rho"] < told["primary"]["high"]
    assert {rule["rule"] for rule in told["rules"]} == RULES
    fields = {"rule", "onsets", "warned", "expected", "flags", "followed"}
    assert all(fields <= set(rule) for rule in told["rules"])
    text = kneeload("pain", "explain").output
    assert "followed by more pain the next morning" in text
    assert READING in " ".join(text.split())
    assert re.search(r"Long run above the 30-day longest +1 +1 +0 +1 +1 +0\n", text)
    assert "Not enough data" not in text
    assert not any(word in text for word in ("causes", "predicts", "risk of injury"))
    assert max(map(len, text.splitlines())) <= 80


def test_too_little_diary_says_what_is_missing(
    empty: Callable[..., Result],
) -> None:
    empty("pain", "add", "2")
    told = json.loads(empty("pain", "explain", "--json").stdout)
    assert told["primary"]["verdict"] == "not_enough"
    text = " ".join(empty("pain", "explain").output.split())
    assert "Not enough data yet: 0 of at least 40 runs have a score before them" in text
    assert "from 0 of at least 18 weeks. `kneeload pain` asks for both." in text
    assert "kneeload cannot compare rules with your pain yet" in text
    assert "Rho" not in text
    assert "Not asked of" not in text
    assert not any(rule in text for rule in RULES)


def test_an_early_day_of_the_samples_is_on_its_way_to_a_verdict(
    kneeload: Callable[..., Result],
) -> None:
    found = kneeload("--as-of", "2025-11-15", "pain", "explain")
    text = " ".join(found.output.split())
    assert "20 of at least 40 runs" in text
    assert "from 9 of at least 18 weeks" in text
