"""Pain zones per run and knee, and their flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kneeload.rules.pain import zones
from kneeload.settings import DEFAULTS, Settings
from tests.diaries import diary
from tests.rules.test_distance import flags_of

if TYPE_CHECKING:
    import pandas as pd

RUN = "2026-03-14 10 km"
SETTLED = "\n2026-03-15 knee 0 next_morning"


def judged(text: str, settings: Settings = DEFAULTS) -> pd.DataFrame:
    book = diary(text)
    return zones(book.runs, book.pain, settings)


@pytest.mark.parametrize(
    ("scores", "morning", "zone"),
    [
        ("knee 0 before, knee 2", "knee 0 next_morning", "green"),
        ("knee 1 before, knee 2, knee 1 after", "knee 1 next_morning", "green"),
        ("knee 0 before, knee 2", "", "unknown"),  # no next morning yet: never green
        ("knee 0 before", "knee 0 next_morning", "unknown"),  # nothing during or after
        ("knee 0 before, knee 3", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 5", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 6", "knee 0 next_morning", "red"),
        ("knee 1 before, knee 2", "knee 2 next_morning", "amber"),
        ("knee 1 before, knee 2", "knee 3 next_morning", "red"),
        ("knee 0 before, knee 2, knee 1 after", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 1, painkillers", "knee 0 next_morning", "amber"),
        ("knee 4", "", "amber"),  # amber needs no next morning
        ("knee 6", "", "red"),
        ("knee 2", "knee 0 next_morning", "green"),  # nothing is left: no "before" needed
        ("knee 2", "knee 1 next_morning", "unknown"),  # nothing to compare the morning with
        ("knee 2", "knee 3 next_morning", "amber"),
        ("knee 2 unsure", "", "unknown"),
        ("knee 6 rest", "", "red"),
    ],
)
def test_the_zone_of_a_run(scores: str, morning: str, zone: str) -> None:
    found = judged(f"{RUN}, {scores}\n2026-03-15 {morning}")
    assert found["zone"].tolist() == [zone]
    assert (found["reasons"] != "").tolist() == [zone != "green"]


def test_knees_are_judged_apart_and_both_counts_for_each() -> None:
    found = judged(f"{RUN}, left knee 4, both knee 1 before\n2026-03-15 both knee 1 next_morning")
    by_knee = found.set_index("knee")
    assert by_knee["zone"].to_dict() == {"left": "amber", "right": "unknown"}
    assert by_knee["before"].to_dict() == {"left": 1, "right": 1}


def test_an_unsure_knee_is_the_one_of_the_settings() -> None:
    assert judged(f"{RUN}, knee 4")["knee"].tolist() == ["unsure"]
    assert judged(f"{RUN}, knee 4", Settings(knee="right"))["knee"].tolist() == ["right"]
    assert judged(f"{RUN}, knee 4", Settings(knee="both"))["knee"].tolist() == ["left", "right"]


def test_a_day_without_a_run_is_judged_by_its_score() -> None:
    found = judged(
        f"{RUN}\n2026-03-18 knee 6 rest\n2026-03-20 knee 1\n2026-03-22 knee 2 next_morning"
    )
    assert found["zone"].tolist() == ["red", "green", "green"]
    assert found["run_id"].tolist() == ["", "", ""]
    assert found["local_date"].dt.day.tolist() == [18, 20, 22]


def test_a_score_with_a_run_of_its_own_belongs_to_it() -> None:
    book = diary("2026-03-14 08:00 10 km, knee 1\n2026-03-14 18:00 5 km")
    named = book.pain.assign(run_id="run0")
    assert zones(book.runs, named, DEFAULTS)["run_id"].tolist() == ["run0"]
    assert zones(book.runs, book.pain, DEFAULTS)["run_id"].tolist() == ["run1"]  # the day's last


USUAL = "2026-03-01 5 km, knee 4 before\n2026-03-03 5 km, knee 4 before\n"


def test_before_is_the_median_of_four_weeks_capped_at_two() -> None:
    text = f"{USUAL}{RUN}, knee 2\n2026-03-15 knee 3 next_morning"
    assert judged(text)["before"].tolist() == [4, 4, 2]
    assert judged(text)["zone"].iloc[-1] == "amber"
    known = judged(text, Settings(condition="osteoarthritis"))
    assert known["before"].tolist() == [4, 4, 4]
    later = judged(f"{USUAL}2026-04-01 5 km, knee 2")
    assert later["before"].isna().tolist() == [False, False, True]  # 28 days before 1 April


def test_trends_over_three_runs() -> None:
    rising = judged("2026-03-10 5 km, knee 1\n2026-03-12 5 km, knee 2\n2026-03-14 5 km, knee 3")
    assert "rose by 2 or more over three runs" in rising["reasons"].iloc[-1]
    lasting = judged("2026-03-10 5 km, knee 3\n2026-03-12 5 km, knee 3\n2026-03-14 5 km, knee 3")
    assert "on three runs in a row: consider seeing" in lasting["reasons"].iloc[-1]
    assert "on three runs" not in lasting["reasons"].iloc[-2]


def test_no_scores_no_zones() -> None:
    assert judged(RUN).empty


def test_amber_warns_and_red_alerts_once_a_day_and_knee() -> None:
    text = f"{RUN}, left knee 4, right knee 7, onset 6 km\n2026-03-14 right knee 4 rest"
    flags = flags_of(text)
    assert flags["flag_id"].tolist() == ["pain_zone-2026-03-14-left", "pain_zone-2026-03-14-right"]
    assert flags["severity"].tolist() == ["warn", "alert"]
    assert flags["value"].tolist() == [4, 7]
    assert flags["limit"].tolist() == [2, 5]
    assert flags["message"].iloc[1] == (
        "The right knee on 14 March is red: worst score 7 is above 5"
    )


def test_red_by_the_next_morning_names_that_limit() -> None:
    flags = flags_of(f"{RUN}, knee 1 before, knee 2\n2026-03-15 knee 3 next_morning")
    assert flags[["value", "limit"]].to_numpy().tolist() == [[3, 3]]
    # known on the 15th only; the id stays that of the run's day
    assert flags["date"].dt.day.tolist() == [15]
    assert flags["flag_id"].str.startswith("pain_zone-2026-03-14-").all()


def test_a_score_of_the_run_itself_decides_on_its_day() -> None:
    flags = flags_of(f"{RUN}, knee 1 before, knee 7\n2026-03-15 knee 8 next_morning")
    assert flags["date"].dt.day.tolist() == [14]
    amber_then_red = flags_of(f"{RUN}, knee 1 before, knee 4\n2026-03-15 knee 3 next_morning")
    assert amber_then_red["severity"].tolist() == ["alert"]
    assert amber_then_red["date"].dt.day.tolist() == [15]


def test_a_sundays_red_morning_belongs_to_mondays_week() -> None:
    flags = flags_of("2026-03-15 10 km, knee 0 before, knee 1\n2026-03-16 knee 5 next_morning")
    assert flags[["week", "severity"]].to_numpy().tolist() == [["2026-W12", "alert"]]


def test_with_the_profile_off_only_red_pain_speaks() -> None:
    text = f"{RUN}, left knee 4, right knee 7\n2026-03-10 5 km"
    flags = flags_of(text, settings=Settings(profile="off"))
    assert flags["flag_id"].tolist() == ["pain_zone-2026-03-14-right"]
