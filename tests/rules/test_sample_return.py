"""The sample runner from the run that hurt to the end of March, day by day."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import kneeload
from kneeload.planning import Plan, plan
from kneeload.rules import check
from kneeload.weeks import weekly

PAGE = Path(__file__).parents[2] / "docs" / "plan.md"
FIRST, LAST = dt.date(2026, 1, 25), dt.date(2026, 3, 31)
DAYS = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


@pytest.fixture(scope="module")
def log(imported_samples: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the runs and scores of the samples."""
    with kneeload.open_log(imported_samples) as opened:
        return opened.runs(), opened.pain()


@pytest.fixture(scope="module")
def mornings(log: tuple[pd.DataFrame, pd.DataFrame]) -> dict[dt.date, Plan]:
    """Return the plan of every morning: the runs until yesterday, and what the knee says."""
    runs, pain = log
    found = {}
    for day in DAYS:
        before = runs.loc[runs["local_date"].dt.date < day]
        woken = pain["moment"].isin(["before", "next_morning", "rest"])
        felt = pain["local_date"].dt.date
        scores = pain.loc[(felt < day) | ((felt == day) & woken)]
        weeks = weekly(before, scores, today=day)
        found[day] = plan(weeks, before, scores, today=day)
    return found


def words(km: float | None) -> str:
    return "-" if km is None else f"{km:.1f}"


def test_the_limits_of_every_morning(mornings: dict[dt.date, Plan]) -> None:
    rows = [(words(found.next_run_km), words(found.this_week_km)) for found in mornings.values()]
    changes = [
        f"{day:%d %b} {run} {week}"
        for day, (run, week), last in zip(DAYS, rows, [None, *rows], strict=False)
        if (run, week) != last
    ]
    assert changes == [
        "25 Jan 4.1 35.7",
        "26 Jan - -",
        "06 Feb 3.0 21.0",
        "10 Feb 3.2 21.0",
        "12 Feb 3.0 21.0",
        "16 Feb 6.5 21.0",
        "23 Feb 6.5 25.2",
        "24 Feb 6.9 25.2",
        "25 Feb 7.5 25.2",
        "27 Feb 7.9 25.2",
        "02 Mar 8.6 27.3",
        "09 Mar 9.2 29.2",
        "16 Mar 9.8 31.2",
        "30 Mar 10.3 32.3",
    ]


def test_the_page_tells_each_run_and_its_limit(
    mornings: dict[dt.date, Plan], log: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    runs, pain = log
    ran = runs.loc[(runs["local_date"].dt.date >= FIRST) & (runs["local_date"].dt.date <= LAST)]
    flags = check(weekly(runs, pain, today=LAST), runs, pain, today=LAST)
    told = flags.loc[flags["rule"].isin(["long_run_spike", "return_from_break"])]
    severities = dict(zip(told["date"], told["severity"], strict=True))
    rows = [
        f"| {day.day} {day:%B} | {km:.1f} | {words(mornings[day.date()].next_run_km)} "
        f"| {severities.get(day, '')} |"
        for day, km in zip(ran["local_date"], ran["distance_km"], strict=True)
    ]
    page = PAGE.read_text("utf-8")
    assert "\n".join(rows) in page, "\n".join(rows)


def test_a_return_sets_every_limit_after_the_rest(mornings: dict[dt.date, Plan]) -> None:
    back = [mornings[day] for day in DAYS if day >= dt.date(2026, 2, 6)]
    assert {(p.next_run_set_by, p.this_week_set_by) for p in back} <= {
        ("return", "return"),
        ("week", "return"),
    }
    assert "Pain last began at 2.5 km" in " ".join(mornings[dt.date(2026, 2, 9)].reasons)
