"""Paths as short as they can be told apart."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.cli.output import shortened
from tests.cli.invoking import invoke
from tests.cli.test_commands import SAMPLES
from tests.strategies import archive_paths

HERE = "/home/ada/runs"


def short(paths: Iterable[str], given: Iterable[str]) -> list[str]:
    found = shortened(paths, map(PurePosixPath, given), PurePosixPath(HERE))
    return list(found.values())


@pytest.mark.parametrize(
    ("paths", "given", "told"),
    [
        (["/data/garmin/2025/a.fit"], ["/data/garmin"], ["2025/a.fit"]),
        (["garmin/2025/a.fit"], ["garmin"], ["2025/a.fit"]),
        (["garmin/a.fit"], ["garmin/a.fit"], ["a.fit"]),
        (["/data/all.zip!x/a.fit"], ["/data/all.zip"], ["x/a.fit"]),
        (["/1.zip!a.fit", "/2.zip!a.fit"], ["/1.zip", "/2.zip"], ["1.zip!a.fit", "2.zip!a.fit"]),
        (["/data/all.zip!x/a.fit"], ["/data"], ["all.zip!x/a.fit"]),
        ([f"{HERE}/old/a.fit"], ["/data"], ["old/a.fit"]),
        (["/other/a.fit"], ["/data"], ["/other/a.fit"]),
        (["/data/x/a.fit", "/data/y/a.fit"], ["/data/x", "/data/y"], ["x/a.fit", "y/a.fit"]),
        (["/1/x/a.fit", "/2/x/a.fit"], ["/1/x", "/2/x"], ["/1/x/a.fit", "/2/x/a.fit"]),
        (["b/a.fit", "a.fit"], ["b", "a.fit"], ["b/a.fit", "a.fit"]),
        (["/data"], ["/data"], ["data"]),
    ],
)
def test_a_path_is_told_from_where_it_was_found(
    paths: list[str], given: list[str], told: list[str]
) -> None:
    assert short(paths, given) == told


@given(st.sets(archive_paths), st.lists(archive_paths))
def test_no_two_paths_share_a_name_and_none_grows(each: set[str], folders: list[str]) -> None:
    ordered = sorted(each)
    told = short(ordered, folders)
    assert len(set(told)) == len(told)
    assert all(path.endswith(name) for path, name in zip(ordered, told, strict=True))


def test_an_import_names_files_below_what_was_given(tmp_path: Path) -> None:
    text = invoke("--log", tmp_path / "log.db", "import", SAMPLES).output
    assert str(SAMPLES) not in text
    assert "\n  2025/workout.fit: is a workout, not an activity\n" in text
    assert "\n  platform/Long_run.gpx duplicates 2025/2025-11-02-0953-run.fit (same start" in text
    assert max(map(len, text.splitlines())) <= 112


def test_the_demo_says_in_a_line_what_it_did_not_read(tmp_path: Path) -> None:
    read, others, nothing, *_ = invoke("demo", "-o", tmp_path / "x.html").output.splitlines()
    counts = "109 new activities, 0 already in the log, 248 pain scores"
    assert read == f"Read 109 files: {counts}. 1 duplicate was not counted."
    assert others.startswith("As in any real folder, some sample files are damaged")
    assert nothing == ""
