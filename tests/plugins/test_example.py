"""The example package, installed by pip as a runner would, and the whole program with it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from kneeload.plugins import IMPORTERS, RULES, Plugin, describe_failure
from tests.docs.pages import TOP, blocks

EXAMPLE = Path(__file__).parent / "example_package"
PAGES = TOP / "docs" / "extending"
LAST_DAY = "2026-03-29"
BELT_LOG = "beltlog 1\nstart 2026-03-28T18:30:00+01:00\n0 0\n60 150\n600 1650\n"
RUN_ALL = """
import json, sys
from click.testing import CliRunner
from kneeload.cli import program
done = (CliRunner().invoke(program, line) for line in json.load(sys.stdin))
print(json.dumps([(each.exit_code, each.stdout, each.stderr) for each in done]))
"""
LINES = {
    "flags": "flags --json",
    "rules": "rules --json",
    "catalogue": "rules",
    "weeks": "weeks --csv",
    "acknowledge": "flags ack two_day_spike-7487355635e0 --note planned",
    "report": "report --week 2025-W46 -o week.html",
    "markdown": "report --week 2025-W46 -o week.md",
    "physio": "report --for physio -o physio.html",
    "explain": "pain explain --json",
    "import": "import belt.txt torn.txt --json",
    "again": "import belt.txt --json",
    "set": "settings set load_method effort_km",
    "runs": "runs --json",
    "verify": "verify",
}


def python(*words: str, path: Path, cwd: Path, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python with `path` before everything else."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(path), str(TOP)])}
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=cwd,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which pip installed the example."""
    folder = tmp_path_factory.mktemp("example")
    source = shutil.copytree(EXAMPLE, folder / "source")
    options = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    where = ("--disable-pip-version-check", "--target", str(folder / "site"), str(source))
    done = python("-m", "pip", "install", *options, *where, path=folder, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "site"


class Session:
    """What each of `LINES` printed, and the folder that it was run in."""

    def __init__(self, folder: Path, done: list[tuple[int, str, str]]) -> None:
        self.folder = folder
        self._done = dict(zip(LINES, done, strict=True))

    def __call__(self, name: str) -> str:
        code, out, err = self._done[name]
        assert (code, err) == (0, ""), name
        return out


@pytest.fixture(scope="session")
def session(
    site: Path, imported_samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Session:
    """Return what the program says with the example installed."""
    folder = tmp_path_factory.mktemp("session")
    shutil.copy(imported_samples, folder / "log.db")
    (folder / "belt.txt").write_text(BELT_LOG)
    (folder / "torn.txt").write_text(BELT_LOG + "far")
    lines = [["--log", "log.db", "--as-of", LAST_DAY, *line.split()] for line in LINES.values()]
    done = python("-c", RUN_ALL, path=site, cwd=folder, said=json.dumps(lines))
    assert done.returncode == 0, done.stderr
    return Session(folder, json.loads(done.stdout))


def spikes(session: Session) -> list[dict[str, Any]]:
    return [flag for flag in json.loads(session("flags")) if flag["rule"] == "two_day_spike"]


def test_its_rule_fires(session: Session) -> None:
    found = spikes(session)
    assert [flag["date"] for flag in found] == [
        *("2025-10-12", "2025-11-16", "2025-12-22", "2026-03-13", "2026-03-23"),
    ]
    november = found[1]
    assert (november["value"], november["week"]) == (20.01, "2025-W46")
    assert november["limit"] == pytest.approx(1.10 * 17.98, abs=0.001)
    assert november["message"] == (
        "20.0 km in two days is 1.11 times the most in the previous 30 days (18.0 km)"
    )
    assert {flag["evidence"] for flag in found} == {"assumption"}


def test_its_rule_stands_in_the_catalogue(session: Session) -> None:
    *_, own = json.loads(session("rules"))
    assert (own["rule"], own["episodes"], own["thresholds"]) == ("two_day_spike", 5, {})
    assert own["package"] == "kneeload-example 0.1.0"
    *_, last, _ = session("catalogue").split("\n\n")
    assert last.endswith("package:    kneeload-example 0.1.0")


def test_its_rule_marks_weeks_and_can_be_acknowledged(session: Session) -> None:
    assert session("weeks").count("two_day_spike") == 5
    assert session("acknowledge").startswith("Acknowledged two_day_spike-7487355635e0.")


@pytest.mark.parametrize("name", ["week.html", "week.md"])
def test_the_report_tells_it_with_its_grade_and_source(session: Session, name: str) -> None:
    session("report")
    session("markdown")
    page = (session.folder / name).read_text(encoding="utf-8")
    for text in (
        "Two days beyond the last 30",
        "20.0 km in two days is 1.11 times the most",
        "Evidence: an assumption.",
        "The rule comes from kneeload-example 0.1.0.",
        "https://doi.org/10.1136/bjsports-2024-109380",
    ):
        assert text in page, text


def test_the_chart_and_the_sheet_have_it(session: Session) -> None:
    session("physio")
    assert "two day s…" in (session.folder / "week.html").read_text(encoding="utf-8")
    sheet = (session.folder / "physio.html").read_text(encoding="utf-8")
    assert "Two days beyond the last 30" in sheet


def test_it_is_held_against_the_diary(session: Session) -> None:
    rules = {rule["rule"]: rule for rule in json.loads(session("explain"))["rules"]}
    assert rules["two_day_spike"]["flags"] == 5


def test_its_importer_reads_its_files(session: Session) -> None:
    summary = json.loads(session("import"))
    assert (summary["read"], summary["new"]) == (1, 1)
    (torn,) = summary["failed"]
    assert torn["path"] == "torn.txt"
    assert torn["reason"].startswith("has a line that is not seconds and metres: ")
    assert json.loads(session("again"))["known"] == 1


def test_its_load_method_is_chosen(session: Session) -> None:
    assert session("set") == "Set load_method to effort_km.\n"
    runs = {run["local_date"]: run for run in json.loads(session("runs"))}
    last, belt = runs["2026-03-29"], runs["2026-03-28"]
    assert last["load_method"] == "effort_km"
    assert last["load"] == pytest.approx(last["distance_km"] + last["ascent_m"] / 100, abs=0.002)
    assert (belt["distance_km"], belt["sport"]) == (1.65, "treadmill_running")
    assert belt["load_method"] == "~effort_km"
    assert session("verify").endswith("No problems found.\n")


# What is broken


BROKEN = """
import dataclasses, types
from kneeload_example.two_day_spike import RULE
def fails(*_): raise RuntimeError("out of breath")
raises = dataclasses.replace(RULE, id="raises", function=fails)
garbage = dataclasses.replace(RULE, id="garbage", function=lambda *_: 42)
monotony = dataclasses.replace(RULE, id="monotony")
asks = types.SimpleNamespace(reads=fails, decode=fails)
reads = types.SimpleNamespace(reads=lambda head: head[:3] == b"log", decode=fails)
tired = fails
"""
POINTS = """
[kneeload.rules]
missing = no_such_module:RULE
raises = broken:raises
garbage = broken:garbage
monotony = broken:monotony

[kneeload.importers]
asks = broken:asks
reads = broken:reads

[kneeload.load_methods]
tired = broken:tired
"""
WARNED = [
    "Warning: rule monotony of broken 2.0 is left out: kneeload has one of the same name",
    "Warning: rule missing of broken 2.0: ModuleNotFoundError: No module named 'no_such_module';"
    " left out",
    "Warning: rule raises of broken 2.0: RuntimeError: out of breath; left out",
    "Warning: rule garbage of broken 2.0: it gave a int, not a frame of flags; left out",
]


@pytest.fixture
def broken(site: Path, tmp_path: Path) -> Path:
    """Return a folder with the example and a package of which nothing works."""
    folder = shutil.copytree(site, tmp_path / "broken")
    (folder / "broken.py").write_text(BROKEN)
    metadata = folder / "broken-2.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 2.0\n")
    (metadata / "entry_points.txt").write_text(POINTS)
    return folder


@pytest.fixture
def kneeload(sample_log: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return what runs the program itself, in a process of its own."""
    code = "from kneeload.cli import main; main()"
    options = ("--log", str(sample_log), "--as-of", LAST_DAY)

    def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return python("-c", code, *options, *words, path=path, cwd=sample_log.parent)

    return run


def test_broken_rules_are_one_line_each_and_change_nothing(
    site: Path, broken: Path, kneeload: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    sound, hurt = (kneeload(path, "flags", "--csv") for path in (site, broken))
    assert sound.stderr == ""
    assert (hurt.returncode, hurt.stdout) == (0, sound.stdout)
    assert sorted(hurt.stderr.splitlines()) == sorted(WARNED)


def test_broken_importers_stop_no_import(
    broken: Path, tmp_path: Path, kneeload: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "belt.txt").write_text(BELT_LOG)
    (tmp_path / "other.txt").write_text("log of something")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    names = ("belt.txt", "other.txt", "photo.jpg")
    done = kneeload(broken, "import", *(str(tmp_path / name) for name in names), "--json")
    summary = json.loads(done.stdout)
    assert done.returncode == 0
    assert summary["new"] == 1
    assert [e["reason"] for e in summary["failed"]] == [
        "importer reads of broken 2.0: RuntimeError: out of breath"
    ]
    assert [e["reason"] for e in summary["skipped"]] == ["is not an activity file"]
    assert done.stderr.splitlines() == [
        "Warning: importer asks of broken 2.0: RuntimeError: out of breath; left out"
    ]


def test_a_broken_load_method_leaves_the_choice_to_kneeload(
    broken: Path, kneeload: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    before = kneeload(broken, "runs", "--csv")
    assert before.stderr == ""
    assert kneeload(broken, "settings", "set", "load_method", "tired").returncode == 0
    after = kneeload(broken, "runs", "--csv")
    assert (after.returncode, after.stdout) == (0, before.stdout)
    assert after.stderr.splitlines() == [
        "Warning: load method tired of broken 2.0: RuntimeError: out of breath; left out"
    ]


# What the pages say


@pytest.mark.parametrize("name", ["two_day_spike", "beltlog", "effort_km"])
def test_the_pages_show_the_package_as_it_is(name: str) -> None:
    pages = {"two_day_spike": "rule", "beltlog": "importer", "effort_km": "load_method"}
    page = blocks(PAGES / f"{pages[name]}.md")
    module = (EXAMPLE / "kneeload_example" / f"{name}.py").read_text(encoding="utf-8")
    assert [block.text for block in page if block.language == "python"] == [module]
    project = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    assert [block.text in project for block in page if block.language == "toml"] == [True]


@pytest.mark.parametrize(
    ("page", "plugin", "error"),
    [
        ("rule", (RULES, "two_day_spike"), KeyError("km")),
        ("importer", (IMPORTERS, "beltlog"), ValueError("Invalid isoformat string: 'tomorrow'")),
    ],
)
def test_the_pages_quote_what_is_said(page: str, plugin: tuple[str, str], error: Exception) -> None:
    said = describe_failure(Plugin(*plugin, "kneeload-example 0.1.0", Mock()), error)
    assert f": {said}" in (PAGES / f"{page}.md").read_text(encoding="utf-8")


def test_a_method_that_is_gone_is_told_as_its_page_says(
    kneeload: Callable[..., subprocess.CompletedProcess[str]], site: Path, tmp_path: Path
) -> None:
    assert kneeload(site, "settings", "set", "load_method", "effort_km").returncode == 0
    told = kneeload(tmp_path, "settings", "set", "load_method", "effort_km")
    assert told.returncode == 2
    page = (PAGES / "load_method.md").read_text(encoding="utf-8")
    assert kneeload(tmp_path, "runs").stderr in page
