"""The plan, the terminal and the page say the same limit in the same words."""

import datetime as dt
import html
import json
import re
from pathlib import Path

import pytest

from tests.cli.invoking import invoke


def flat(text: str) -> str:
    """Return the words of a page or a terminal, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def large_week(tmp_path: Path) -> Path:
    """Return a log of steady weeks of 24 km, then 48 km from Monday to Thursday."""
    monday, rows = dt.date(2026, 6, 22), ["date,time,distance_km,duration_min,name,note,shoe"]
    steady = [monday + dt.timedelta(days=7 * n + d) for n in range(5) for d in (0, 2, 5)]
    last = [dt.date(2026, 7, 27) + dt.timedelta(days=n // 2) for n in range(8)]
    for n, day in enumerate([*steady, *last]):
        rows.append(f"{day},{8 + 9 * (n % 2):02}:00,{6 if day in last else 8},48,Easy,,")
    source = tmp_path / "runs.csv"
    source.write_text("\n".join(rows))
    log = tmp_path / "large.db"
    assert invoke("--log", log, "--as-of", "2026-07-30", "import", source).exit_code == 0
    return log


def said(log: Path, day: str, page: Path) -> tuple[dict[str, object], dict[str, str]]:
    """Return the plan's JSON, and what each surface says."""
    at = ("--log", log, "--as-of", day)
    assert invoke(*at, "report", "-o", page).exit_code in {0, 3}
    found = json.loads(invoke(*at, "plan", "--json").stdout)
    surfaces = {name: flat(invoke(*at, name).output) for name in ("plan", "status")}
    return found, surfaces | {"page": flat(page.read_text("utf-8"))}


@pytest.mark.parametrize("day", ["2026-01-24", "2026-02-01", "2026-02-15", "2026-03-29"])
def test_every_surface_says_the_same_of_the_sample(
    sample_log: Path, tmp_path: Path, day: str
) -> None:
    found, surfaces = said(sample_log, day, tmp_path / "page.html")
    reasons = found["reasons"]
    assert isinstance(reasons, list)
    for name, text in surfaces.items():
        assert reasons[0] in text, name
        assert "ceiling" not in text.lower(), name
    week = found["this_week_km"]
    for name in ("plan", "status") if isinstance(week, float) else ():
        assert f"up to {week:.1f} km" in surfaces[name]


def test_every_surface_says_by_how_much_a_week_is_over(large_week: Path, tmp_path: Path) -> None:
    found, surfaces = said(large_week, "2026-07-30", tmp_path / "page.html")
    assert (found["next_run_km"], found["this_week_km"]) == (0, 20.4)
    over = "This week is 27.6 km over its limit of 20.4 km: no more running until Monday."
    for name, text in surfaces.items():
        assert over in text, name
    assert "26.4" not in surfaces["plan"]
