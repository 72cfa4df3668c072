"""The names that a notebook uses: documented alike, with examples that run, and typed."""

import doctest
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import kneeload

ROOT = Path(__file__).parent.parent


def _public() -> Iterator[tuple[str, Any]]:
    """Yield every public name with what it stands for; a module's functions for the module."""
    for name in kneeload.__all__:
        found = getattr(kneeload, name)
        if isinstance(found, ModuleType):
            functions = inspect.getmembers(found, inspect.isfunction)
            yield from ((f"{name}.{inner}", f) for inner, f in functions if inner[0] != "_")
        else:
            yield name, found


PUBLIC = dict(_public())


def test_the_names_of_the_design_are_there() -> None:
    names = {"open_log", "read_activities", "weekly", "check", "plan", "charts.load_and_pain"}
    assert names <= set(PUBLIC)
    assert set(kneeload.__all__) <= set(dir(kneeload))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'wekly'"):
        _ = kneeload.wekly  # type: ignore[attr-defined]


def test_a_name_that_leaves_warns_for_one_version() -> None:
    from kneeload.reports.api import report

    with pytest.warns(DeprecationWarning, match=r"kneeload\.report .* open_log\(\.\.\.\)\.report"):
        assert kneeload.report is report
    assert "report" not in kneeload.__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_what_it_takes_gives_and_looks_like(name: str) -> None:
    found = PUBLIC[name]
    said = inspect.getdoc(found) or ""
    own = [p for p in inspect.signature(found).parameters.values() if p.kind is not p.VAR_KEYWORD]
    sections = {"Examples"} | ({"Parameters"} if own else set())
    sections |= set() if inspect.isclass(found) else {"Returns"}
    missing = [s for s in sections if f"\n{s}\n{'-' * len(s)}\n" not in said]
    assert not missing
    told = said.partition("Parameters")[2]
    assert [p.name for p in own if p.name not in told] == []


@pytest.mark.parametrize("name", ["kneeload", *PUBLIC])
def test_the_examples_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a reader would run them: in an empty folder, with nothing imported before."""
    monkeypatch.chdir(tmp_path)
    finder = doctest.DocTestFinder(recurse=False)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for example in finder.find(PUBLIC.get(name, kneeload), name, globs={}):
        runner.run(example)
    assert runner.summarize(verbose=False).attempted > 0
    assert not runner.summarize(verbose=False).failed, capsys.readouterr().out


SCRIPT = """
import datetime as dt

import kneeload
from matplotlib.figure import Figure

with kneeload.open_log("running.db") as log:
    read = log.ingest([kneeload.samples_folder()], now=dt.datetime.now(dt.UTC))
    runs, pain, diary = log.runs(), log.pain(), log.diary()
    page: str = log.report().title
weeks = kneeload.weekly(runs, pain)
flags = kneeload.check(weeks, runs, pain)
km: float | None = kneeload.plan(weeks, runs, pain, run_km=18.0).next_run_km
figure: Figure = kneeload.charts.load_and_pain(weeks, pain, flags)
shown: str = repr(kneeload.show(flags))
for run in kneeload.read_activities("runs", progress=kneeload.progress_bar("runs")):
    fastest: float = kneeload.streams(run)["speed_mps"].max()
mine = kneeload.Settings(units="mi")
found = kneeload.explain(runs, pain, flags, weeks, diary, settings=mine, today=dt.date(2026, 4, 1))
answer: str = found.primary.verdict
"""

MISTAKES = """
import kneeload

kneeload.wekly([])
kneeload.Settings(units="miles")
kneeload.plan(run_km="18")
"""


def test_a_script_of_a_user_type_checks(tmp_path: Path) -> None:
    """With the settings and the cache of the project's own check: quick where that has run."""
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(SCRIPT, encoding="utf-8")
    bad.write_text(MISTAKES, encoding="utf-8")
    options = (f"--config-file={ROOT / 'pyproject.toml'}", f"--cache-dir={ROOT / '.mypy_cache'}")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, good.name, bad.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert not [line for line in errors if "good.py" in line], done.stdout + done.stderr
    for mistake in ('no attribute "wekly"', "type \"Literal['miles']\"", 'type "str"'):
        assert any(mistake in line for line in errors), (mistake, done.stdout, done.stderr)
