"""A goal: there from its day on, and through everything a log goes through."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kneeload.log.training_log import TrainingLog
from kneeload.planning.goal import Goal, goals
from tests.cli.invoking import LAST_DAY, invoke

SET = ("note", "goal", "half marathon", "--date", "2026-06-28", "--km", "21.1")
ENTERED = dt.date.fromisoformat(LAST_DAY)


def found(path: Path, today: dt.date = ENTERED) -> list[tuple[str, dt.date, dt.date, float]]:
    """Return what the log at `path` says of its goals on a day."""
    with TrainingLog(path, create=False) as log:
        each: tuple[Goal, ...] = goals(log.diary(), today)
    return [(goal.text, goal.entered, goal.date, goal.km) for goal in each]


GOAL = [("half marathon", ENTERED, dt.date(2026, 6, 28), 21.1)]


@pytest.fixture
def aimed(kneeload: Callable[..., Result]) -> Callable[..., Result]:
    assert kneeload(*SET).exit_code == 0
    return kneeload


def test_undo_and_redo(aimed: Callable[..., Result], sample_log: Path) -> None:
    assert found(sample_log) == GOAL
    assert "removed the goal note of 29 March" in aimed("undo").output
    assert found(sample_log) == []
    assert aimed("redo").exit_code == 0
    assert found(sample_log) == GOAL


def test_it_outlives_a_rebuild(aimed: Callable[..., Result], sample_log: Path) -> None:
    assert aimed("rebuild").exit_code == 0
    assert found(sample_log) == GOAL


@pytest.mark.parametrize(
    ("write", "read"),
    [
        (("export",), "import"),
        (("export", "--private-positions"), "import"),
        (("backup",), "restore"),
    ],
    ids=["export", "copy to share", "backup"],
)
def test_it_is_in_copies(
    aimed: Callable[..., Result], tmp_path: Path, write: tuple[str, ...], read: str
) -> None:
    copy, other = tmp_path / "copy.zip", tmp_path / "other.db"
    assert aimed(*write, copy).exit_code == 0
    result = invoke("--log", other, "--as-of", LAST_DAY, read, copy)
    assert result.exit_code == 0, result.output
    assert found(other) == GOAL


def test_the_page_has_it_from_the_day_on_which_it_was_entered(
    aimed: Callable[..., Result], tmp_path: Path
) -> None:
    page, days = tmp_path / "page.json", (LAST_DAY, "2026-03-28")
    told = []
    for day in days:
        assert aimed("--as-of", day, "report", "-o", page).exit_code in {0, 3}
        told.append(json.loads(page.read_text("utf-8"))["goals"])
    assert told[0][0]["title"] == "Half marathon, 21.1 km on 28 June"
    assert told[0][0]["weeks"][-1]["start"] <= "2026-06-28"
    assert told[1] == []


@pytest.mark.parametrize(
    "wrong", [("--km", "21.1"), ("--date", "2026-06-28"), ("--date", "2026-06-28", "--km", "0")]
)
def test_it_needs_a_day_and_a_distance(
    kneeload: Callable[..., Result], wrong: tuple[str, ...]
) -> None:
    assert kneeload("note", "goal", "race", *wrong).exit_code == 2
