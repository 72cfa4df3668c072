"""The folder of years, weeks and runs: linked both ways, without places, made again when stale."""

import datetime as dt
import re
from pathlib import Path

import pytest

from kneeload.log.training_log import TrainingLog
from kneeload.reports.all_weeks import Archive
from kneeload.reports.folder import INDEX, Folder, folder
from kneeload.samples import samples_folder
from tests.surfaces import faults

NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 31)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the folder of a log of three sample runs, by name."""
    path = tmp_path_factory.mktemp("folder") / "log.db"
    files = sorted((samples_folder() / "2026").glob("*-run.fit"))[:3]
    with TrainingLog(path) as log:
        log.ingest(files, now=NOW, jobs=1)
        made = _folder(log)
        return dict(made.pages(made.digests, jobs=1))


def _folder(log: TrainingLog) -> Folder:
    found = folder(Archive.of(log, TODAY), log.path)
    assert found is not None
    return found


def test_there_is_a_page_for_each_year_week_and_run(pages: dict[str, str]) -> None:
    assert {"index.html", "years/2026.html", "weeks/2026-W01.html"} <= set(pages)
    assert sum(name.startswith("runs/") for name in pages) == 3


def test_every_link_leads_to_a_page(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        for link in re.findall(r'href="([\w./-]+\.html)"', page):
            target = Path("/", name).parent / link
            assert str(target.resolve().relative_to("/")) in pages, (name, link)


def test_pages_hold_no_place_no_path_and_no_script(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert faults(page) == [], name
        assert ".fit" not in page
        assert len(page) < 250_000


def test_a_run_has_its_inside_and_its_splits(pages: dict[str, str]) -> None:
    page = next(page for name, page in pages.items() if name.startswith("runs/"))
    for part in ("Pace", "Heart rate", "Cadence", "Knee load", "<h2>Splits</h2>", 'role="img"'):
        assert part in page


def test_the_same_log_makes_the_same_pages(pages: dict[str, str], tmp_path: Path) -> None:
    files = sorted((samples_folder() / "2026").glob("*-run.fit"))[:3]
    with TrainingLog(tmp_path / "log.db") as log:
        log.ingest(files, now=NOW, jobs=1)
        made = _folder(log)
        assert dict(made.pages([INDEX, made.runs[0].file], jobs=1)) == {
            name: pages[name] for name in (INDEX, made.runs[0].file)
        }
        assert _folder(log).digests == made.digests
