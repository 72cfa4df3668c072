"""The plan in the terminal: the runner's units, what a run would raise, JSON in kilometres."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import LAST_DAY, invoke


@pytest.fixture
def miles(sample_log: Path) -> Callable[..., Result]:
    """Run a command on a log of the samples whose runner reads miles."""
    invoke("--log", sample_log, "settings", "set", "units", "mi")
    return lambda *words: invoke("--log", sample_log, "--as-of", LAST_DAY, *words)


@pytest.mark.parametrize("command", [("plan", "--run", "18"), ("flags",), ("status",)])
def test_miles_are_kept(miles: Callable[..., Result], command: tuple[str, ...]) -> None:
    said = miles(*command).output
    assert " km" not in said
    assert " mi" in said


@pytest.mark.parametrize("command", [("plan", "--run", "11mi", "--json"), ("flags", "--csv")])
def test_other_programs_read_kilometres(
    miles: Callable[..., Result], command: tuple[str, ...]
) -> None:
    said = miles(*command).stdout
    assert " km" in said
    assert " mi " not in said


def test_the_same_kilometres_are_the_same_miles(miles: Callable[..., Result]) -> None:
    plan = miles("plan").output.splitlines()
    assert plan[0].removeprefix("Next run:  up to ") in plan[3]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("11", "11.0 mi"), ("11mi", "11.0 mi"), ("18km", "11.2 mi"), ("17.7 KM", "11.0 mi")],
)
def test_a_run_is_asked_about_in_either_unit(
    miles: Callable[..., Result], typed: str, said: str
) -> None:
    lines = miles("plan", "--run", typed).output.splitlines()
    (told,) = (line for line in lines if line.startswith("A run of"))
    assert told.startswith(f"A run of {said} today would be too much. It goes against ")
    assert lines.index(told) == 0  # the answer comes first


@pytest.mark.parametrize("typed", ["far", "-3", "18 m", "18 leagues", "501", "320mi", "1e3"])
def test_what_is_no_distance_is_refused(miles: Callable[..., Result], typed: str) -> None:
    done = miles("plan", "--run", typed)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
