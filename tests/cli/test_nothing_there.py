"""Where a list is empty, it says of what and why."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kneeload.cli.import_ import summary_text
from kneeload.cli.output import SHOWN
from kneeload.ingest.measure import ImportSummary
from tests.cli.invoking import invoke

OFF = "Rules are off (profile off); red flags and red pain still show."


@pytest.fixture
def said(kneeload: Callable[..., Result]) -> Callable[..., str]:
    """Run a command on a log of the samples, as of their last day; return what it prints."""

    def run(*words: object) -> str:
        result = kneeload(*words)
        assert result.exit_code == 0, result.output
        return result.output.strip()

    return run


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("runs", "--since", "2030-01-01"), "No runs since 2030-01-01."),
        (("runs", "--suspect", "--since", "2030-01-01"), "No doubtful runs since 2030-01-01."),
        (("weeks", "--since", "2030-01-01"), "No runs since 2030-01-01."),
        (("flags", "--week", "2020-W01"), "No rule fired; that is not a safety check."),
    ],
)
def test_a_filter_that_leaves_nothing_is_named(
    said: Callable[..., str], words: tuple[str, ...], text: str
) -> None:
    assert said(*words) == text


def test_a_log_before_its_first_run_still_says_how_to_begin(sample_log: Path) -> None:
    assert (
        "kneeload import FOLDER"
        in invoke(
            "--log", sample_log, "--as-of", "2020-01-01", "runs", "--since", "2019-01-01"
        ).output
    )


def test_rules_that_are_off_are_not_rules_that_found_nothing(
    said: Callable[..., str], tmp_path: Path
) -> None:
    said("settings", "set", "profile", "off")
    assert said("flags", "--week", "2026-W13") == OFF
    assert OFF in " ".join(said("status").split())
    for name in ("week.html", "week.md"):
        page = tmp_path / name
        said("report", "-o", str(page))
        assert page.read_text(encoding="utf-8").count(OFF) == 2
        assert "No rule fired" not in page.read_text(encoding="utf-8")


def test_the_named_command_lists_what_an_import_leaves_out() -> None:
    entries = [{"path": f"{n}.fit", "of": "a.fit", "reason": f"odd {n}"} for n in range(SHOWN + 2)]
    summary = ImportSummary(duplicates=entries, skipped=entries, failed=entries, warnings=entries)
    more = [line.strip() for line in summary_text(summary, (), "km").splitlines() if "more" in line]
    assert more == [
        "and 2 more: kneeload import --json with the same paths",
        "and 2 more: kneeload import --json with the same paths",
        "and 2 more: kneeload duplicates",
        "and 2 more: kneeload runs --all-sports --warnings",
    ]


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    for name in ("empty", "bare"):
        (tmp_path / name).mkdir()
    words = ["--log", str(tmp_path / "log.db"), "import"]
    one = invoke(*words, tmp_path / "empty")
    assert one.exit_code == 1
    assert one.stderr == f"Error: {tmp_path / 'empty'} holds no files\n"
    both = invoke(*words, tmp_path / "empty", tmp_path / "bare")
    assert both.stderr.endswith("bare hold no files\n")


def test_warnings_are_listed_long_after_the_import(tmp_path: Path) -> None:
    track = "".join(
        f'<trkpt lat="{47 + n / 5000}" lon="8"><time>2026-03-14T08:{minute:02}:00Z</time></trkpt>'
        for n, minute in enumerate((0, 1, 3, 2, 4, 5, 6))
    )
    path, log = tmp_path / "run.gpx", tmp_path / "log.db"
    path.write_text(
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><type>running</type><trkseg>{track}</trkseg></trk></gpx>"
    )

    def run(*words: object) -> str:
        return invoke("--log", log, *words).stdout

    (first,) = json.loads(run("import", path, "--json"))["warnings"]
    assert json.loads(run("import", path, "--json"))["warnings"] == []
    (listed,) = json.loads(run("runs", "--warnings", "--json"))
    assert (listed["warning"], listed["source"]) == (first["reason"], str(path))
    assert first["reason"] in run("runs", "--warnings")


def test_an_import_says_how_many_runs_the_weeks_leave_out(tmp_path: Path) -> None:
    path, log = tmp_path / "runs.csv", tmp_path / "log.db"
    path.write_text("date,distance_km,duration_min\n2026-03-10,30,10\n2026-03-11,8,48\n")
    given = ["--log", str(log), "import", str(path)]
    said = invoke(*given).output
    assert said.endswith(
        "\nYour log: 1 run on 11 March 2026, 8.0 km in all.\n1 run looks implausible and is not"
        " counted until you review it: kneeload runs --review\n"
    )
    listed = invoke("--log", log, "runs", "--suspect", "--json")
    assert [run["local_date"] for run in json.loads(listed.stdout)] == ["2026-03-10"]
    assert "1 run looks implausible" in invoke(*given).output


def test_warnings_speak_of_miles_where_the_runner_does() -> None:
    odd = {"path": "a.fit", "reason": "device says 12.01 km, track says 9.50 km"}
    told = summary_text(ImportSummary(read=1, warnings=[odd]), (), "mi")
    assert "a.fit: device says 7.5 mi, track says 5.9 mi" in told
