"""Shoes: kilometres, days, and the reminder by convention at its edges."""

import datetime as dt

import pandas as pd
import pytest

from kneeload.diary.shoes import shoes
from kneeload.frames import DIARY, RUNS, conform, empty

TODAY = dt.date(2026, 3, 31)


def runs(*rows: tuple[str, float | None, str]) -> pd.DataFrame:
    return conform(pd.DataFrame(list(rows), columns=["local_date", "distance_km", "shoe"]), RUNS)


def changed(*rows: tuple[str, str]) -> pd.DataFrame:
    return conform(pd.DataFrame(list(rows), columns=["local_date", "text"]), DIARY).assign(
        kind="shoe"
    )


def listed(runs: pd.DataFrame, diary: pd.DataFrame) -> list[tuple[str, int, float]]:
    found = shoes(runs, diary, TODAY)
    return list(zip(found["shoe"], found["runs"], found["distance_km"], strict=True))


def test_each_pair_has_its_runs_kilometres_and_days() -> None:
    known = runs(("2026-01-01", 10, "Old"), ("2026-03-01", 8, "New"), ("2026-01-20", None, "Old"))
    new, old = shoes(known, empty(DIARY), TODAY).to_dict("records")
    assert (new["shoe"], new["runs"], new["distance_km"], new["age_days"]) == ("New", 1, 8, 30)
    assert (old["shoe"], old["runs"], old["distance_km"]) == ("Old", 2, 10)
    assert (str(old["first_day"])[:10], str(old["last_day"])[:10]) == ("2026-01-01", "2026-01-20")


@pytest.mark.parametrize(
    ("km", "reminder"), [(499.99, None), (500, 500), (799.99, 500), (800, 800), (2000, 800)]
)
def test_reminders_come_at_500_and_800_km(km: float, reminder: float | None) -> None:
    found = shoes(runs(("2026-03-01", km, "Pair")), empty(DIARY), TODAY)["reminder_km"]
    assert found.dropna().tolist() == ([] if reminder is None else [reminder])


def test_a_noted_change_counts_for_runs_that_name_no_shoe() -> None:
    known = runs(
        ("2026-01-01", 5, ""),
        ("2026-02-01", 6, ""),
        ("2026-02-03", 7, "Spikes"),
        ("2026-03-01", 8, ""),
    )
    assert listed(known, changed(("2026-02-01", "Pegasus"))) == [
        ("Pegasus", 2, 14),
        ("Spikes", 1, 7),
    ]


def test_new_shoes_are_listed_before_their_first_run() -> None:
    assert listed(empty(RUNS), changed(("2026-03-30", "Fresh"))) == [("Fresh", 0, 0)]
    assert listed(empty(RUNS), empty(DIARY)) == []
