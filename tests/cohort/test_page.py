"""The page: alone, escaped, and saying no more than the numbers do."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from kneeload.cohort import Study, evaluate, page
from kneeload.cohort.summary import Number, summarise
from kneeload.errors import FrameError
from kneeload.simulate.cohort import Cohort
from tests.browsing import assert_never_wider, heard_on, violations
from tests.cohort.building import daily, injuries


@pytest.fixture(scope="module")
def results(planted: Cohort) -> pd.DataFrame:
    """Return the shared cohort's results as they are rendered."""
    return evaluate(planted.runs, planted.injuries)


def _text(html: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")


def test_it_needs_nothing_beside_it(results: pd.DataFrame) -> None:
    html = page.render(results)
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert not re.search(r"(?:src|href)=\"(?!data:)", html)
    HTMLParser().feed(html)


def test_it_tells_the_planted_effect_first(results: pd.DataFrame) -> None:
    text = _text(page.render(results))
    ratio = summarise(results).exposures[0].states[1].ratio
    assert f"Session spike, 10 to 30 % more: {ratio.value:.2f} times the rate" in text
    html = page.render(results)
    assert html.index("<h1>") < html.index('class="over-title"'), "the headline stands first"
    assert re.search(
        r"<h1>\d of \d+ comparisons, corrected for multiple testing, stand out\.</h1>", html
    )


def test_it_warns_of_reverse_causation_and_of_diagnosis(results: pd.DataFrame) -> None:
    text = _text(page.render(results))
    assert "Runners who are sore run less before they report an injury" in text
    assert "not causes" in text
    assert "does not diagnose" in text


def test_few_injuries_show_as_few(results: pd.DataFrame) -> None:
    few = results.loc[results["suppressed"] & (results["measure"] == "injuries")]
    assert len(few)
    assert "&lt;5" in page.render(results)
    assert "nan" not in _text(page.render(results)).lower().split()


def test_rules_are_sorted_and_those_that_never_fired_named(results: pd.DataFrame) -> None:
    rules = summarise(results).rules
    known = [rule.auc.value for rule in rules if rule.auc.known]
    assert known == sorted(known, reverse=True)
    assert (
        "Never fired, because nothing called for it or the columns they need are missing: Harder "
        "and "
    ) in _text(page.render(results))


def test_without_injuries_it_says_so() -> None:
    text = _text(page.render(evaluate(daily("a", "2026-01-01", 60), injuries())))
    assert "Too few injuries to compare anything." in text


def test_the_headline_is_corrected_for_all_that_was_compared(results: pd.DataFrame) -> None:
    """One ratio of p .01 among many of .5: alone it would stand out, corrected it does not."""
    hazards = results["section"] == "hazards"
    dull = results.assign(p=results["p"].mask(hazards, 0.5))
    dull.loc[dull["measure"] == "auc", ["value", "low", "high"]] = [0.5, 0.4, 0.6]
    first = dull.index[hazards & dull["subject"].eq("session_spike")][0]
    dull.loc[first, "p"] = 0.01
    found = summarise(dull)
    assert found.headline.startswith("Nothing stands out of ")
    assert found.lines == ()
    dull.loc[first, "p"] = 0.0001
    assert len(summarise(dull).lines) == 1


def test_knees_alone_are_counted_where_asked(planted: Cohort) -> None:
    sites = ["left knee" if number % 3 else "calf" for number in range(len(planted.injuries))]
    hurt = planted.injuries.assign(site=sites)
    study = Study(site="knee", shuffles=0)
    found = evaluate(planted.runs, hurt, study=study).set_index("measure")["value"]
    whole = evaluate(planted.runs, hurt, study=Study(shuffles=0)).set_index("measure")["value"]
    assert found["injuries events"] + found["injuries at another site"] == whole["injuries events"]
    assert found["injuries at another site"] > 0
    assert "injuries of the knee" in page.render(evaluate(planted.runs, hurt, study=study), study)


def test_a_site_is_asked_of_a_table_without_sites(planted: Cohort) -> None:
    bare = planted.injuries[["runner", "date"]]
    with pytest.raises(FrameError, match="the injuries table has no column called site"):
        evaluate(planted.runs, bare, study=Study(site="knee"))


def test_a_ratio_lies_on_its_axis() -> None:
    assert Number(1.0).place("value") == 50
    assert Number(4.0).place("value") == 100
    assert Number(0.01).place("value") == 0
    assert Number(1.5, 1.1, 2).excludes_one
    assert not Number(1.5, 0.9, 2).excludes_one


def test_names_are_escaped(results: pd.DataFrame) -> None:
    named = results.replace("injuries before the runner's entry", "injuries <b>x</b>")
    named.loc[named["measure"] == "injuries <b>x</b>", "value"] = 3
    html = page.render(named)
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


@pytest.fixture(scope="module")
def page_file(results: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page as a file."""
    path = tmp_path_factory.mktemp("page") / "cohort.html"
    path.write_text(page.render(results), encoding="utf-8")
    return path


@pytest.mark.browser
def test_it_is_silent_and_never_wider_than_the_screen(browser: Browser, page_file: Path) -> None:
    shown = browser.new_page()
    heard = heard_on(shown)
    shown.goto(page_file.as_uri())
    assert_never_wider(shown)
    assert heard == [page_file.as_uri()]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(browser: Browser, page_file: Path, scheme: str) -> None:
    assert violations(browser, page_file, 390, scheme) == []
