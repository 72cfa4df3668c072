"""Fixtures that every test may use."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

# A busy machine is no failure: properties are judged by what they find, not by their speed.
settings.register_profile("kneeload", deadline=None)
settings.load_profile("kneeload")


SLOW = (
    *("cohort/test_cluster.py", "cohort/test_coverage.py", "cli/test_offline.py", "packaging/"),
    *("docs/test_site.py", "importers/test_fit_corpus.py", "importers/test_xml_corpus.py"),
    *("log/test_concurrency.py", "plugins/test_example.py", "rules/test_returning.py"),
    *("simulate/test_samples.py", "test_corpus.py", "test_notebooks.py", "test_rendered.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the files that take seconds a test, and skip what this system cannot do."""
    for item in items:
        if os.name != "posix" and item.get_closest_marker("posix"):
            item.add_marker(pytest.mark.skip(reason="needs POSIX"))
        if any(f"tests/{place}" in item.path.as_posix() for place in SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real activity files; the test skips visibly where there is none."""
    folder = os.environ.get("KNEELOAD_CORPUS")
    if not folder:
        pytest.skip("KNEELOAD_CORPUS names no folder of real activity files")
    return Path(folder)


@pytest.fixture(scope="session")
def parquet() -> None:
    """Skip the test visibly where Parquet cannot be written."""
    pytest.importorskip("pyarrow")


NOW = dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def imported_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log of all sample activities and pain scores, imported once; never write to it."""
    from kneeload.log.score_tables import import_pain
    from kneeload.log.training_log import TrainingLog
    from kneeload.samples import samples_folder

    samples = samples_folder()
    path = tmp_path_factory.mktemp("samples") / "log.db"
    with TrainingLog(path) as log:
        log.ingest([samples], now=NOW)
        import_pain(log, (samples / "knee_pain.csv").read_text(encoding="utf-8"), NOW)
    return path


@pytest.fixture
def sample_log(tmp_path: Path, imported_samples: Path) -> Path:
    """Return a copy of the log of all samples, for a test to change."""
    return Path(shutil.copy(imported_samples, tmp_path / "log.db"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium.

    Where there is none, the test skips visibly, or fails if KNEELOAD_REQUIRE_BROWSER is set.
    """
    chromium = shutil.which("chromium")
    if not chromium:
        absent = pytest.fail if os.environ.get("KNEELOAD_REQUIRE_BROWSER") else pytest.skip
        absent("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()
