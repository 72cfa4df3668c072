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
    assert re.search(r"Jump in the length of a run +1 +1 +0 +1 +1 +0\n", text)
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
    assert "kneeload needs 40 runs with a score before the run and one the next morning" in text
    assert "over 18 weeks. So far there are 0 such runs over 0 weeks." in text
    assert "`kneeload pain` asks for both scores." in text
    assert "kneeload cannot compare rules with your pain yet" in text
    assert "Rho" not in text
    assert "Not asked of" not in text
    assert not any(rule in text for rule in RULES)


def test_an_early_day_of_the_samples_is_on_its_way_to_a_verdict(
    kneeload: Callable[..., Result],
) -> None:
    found = kneeload("--as-of", "2025-11-15", "pain", "explain")
    text = " ".join(found.output.split())
    assert "So far there are 20 such runs over 9 weeks." in text
