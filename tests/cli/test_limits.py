"""A physio's own limits: in force at once, and through everything a log goes through."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cli.invoking import LAST_DAY, invoke

SET = ("note", "limits", "--run-km", "6", "--week-km", "18", "--until", "2026-05-01")


def plan(kneeload: Callable[..., Result]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kneeload("plan", "--json").stdout)
    return found


@pytest.fixture
def limited(kneeload: Callable[..., Result]) -> Callable[..., Result]:
    assert kneeload(*SET).exit_code == 0
    return kneeload


def test_they_go_before_all_others_and_say_whose_they_are(limited: Callable[..., Result]) -> None:
    found = plan(limited)
    assert (found["next_run_km"], found["this_week_km"], found["next_week_km"]) == (6, 18, 18)
    assert "Set by your physio on 29 March until 1 May: 6.0 km a run." in found["reasons"]
    for command in (("plan",), ("status",)):
        assert "Set by your physio on 29 March" in " ".join(limited(*command).output.split())


def test_undo_and_redo(limited: Callable[..., Result]) -> None:
    with_limits = plan(limited)
    assert limited("undo").exit_code == 0
    assert plan(limited)["next_run_km"] != 6
    assert limited("redo").exit_code == 0
    assert plan(limited) == with_limits


def test_they_end_and_come_back(limited: Callable[..., Result]) -> None:
    assert limited("note", "limits", "--end").exit_code == 0
    assert plan(limited)["next_run_km"] != 6
    assert limited("note", "limits", "--end").exit_code == 1
    limited("undo")
    assert plan(limited)["next_run_km"] == 6


def test_newer_ones_replace_them(limited: Callable[..., Result]) -> None:
    limited("note", "limits", "--run-km", "8")
    found = plan(limited)
    assert found["next_run_km"] == 8
    assert "6.0 km a run" not in " ".join(found["reasons"])


def test_they_are_not_there_before_their_day(limited: Callable[..., Result]) -> None:
    day = ("--as-of", "2026-03-28")
    assert "physio" not in limited(*day, "plan").output


def test_they_outlive_a_rebuild(limited: Callable[..., Result]) -> None:
    before = plan(limited)
    assert limited("rebuild").exit_code == 0
    assert plan(limited) == before


@pytest.mark.parametrize("how", ["export", "backup"])
def test_they_are_in_copies(limited: Callable[..., Result], tmp_path: Path, how: str) -> None:
    before, copy, log = plan(limited), tmp_path / f"copy.{how}.zip", tmp_path / "other.db"
    assert limited(how, copy).exit_code == 0
    other = ("--log", log, "--as-of", LAST_DAY)
    read = ("import", copy) if how == "export" else ("restore", copy)
    result = invoke(*other, *read)
    assert result.exit_code == 0, result.output
    assert plan(lambda *words: invoke(*other, *words)) == before


def test_a_copy_to_share_has_their_numbers(limited: Callable[..., Result], tmp_path: Path) -> None:
    copy, other = tmp_path / "shared.zip", ("--log", tmp_path / "other.db", "--as-of", LAST_DAY)
    assert limited("export", "--private-positions", copy).exit_code == 0
    assert invoke(*other, "import", copy).exit_code == 0
    assert plan(lambda *words: invoke(*other, *words))["next_run_km"] == 6


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ((), "Set by your physio on 29 March until 1 May"),
        (("--for", "physio"), "6.0 km a run, 18.0 km a week, from 29 March, until 1 May"),
    ],
)
def test_the_page_and_the_sheet_list_them_as_theirs(
    limited: Callable[..., Result], tmp_path: Path, sheet: tuple[str, ...], told: str
) -> None:
    page = tmp_path / "page.html"
    assert limited("report", *sheet, "-o", page).exit_code in {0, 3}
    assert told in " ".join(page.read_text("utf-8").split())


def test_limits_need_a_number_and_an_end_after_their_day(kneeload: Callable[..., Result]) -> None:
    assert kneeload("note", "limits").exit_code == 2
    assert kneeload("note", "limits", "--run-km", "6", "--until", "2026-03-01").exit_code != 0
    assert kneeload("note", "limits", "--run-km", "-1").exit_code == 2
