"""Pain zones per run and knee, and their flags."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.diary.attribution import assign_runs
from kneeload.frames import PAIN, conform
from kneeload.rules.pain_zones import worst_of_days, zones
from kneeload.settings import DEFAULTS, Settings
from tests.diaries import diary
from tests.rules.test_distance import flags_of
from tests.strategies import RUN_MOMENTS, profiles, scores_by_moment, usual_scores

RUN = "2026-03-14 10 km"
SETTLED = "\n2026-03-15 knee 0 next_morning"


def judged(text: str, settings: Settings = DEFAULTS) -> pd.DataFrame:
    book = diary(text)
    return zones(book.runs, assign_runs(book.pain, book.runs), settings)


@pytest.mark.parametrize(
    ("scores", "morning", "zone"),
    [
        ("knee 0 before, knee 2", "knee 0 next_morning", "green"),
        ("knee 1 before, knee 2, knee 1 after", "knee 1 next_morning", "green"),
        ("knee 2 before, knee 2, knee 2 after", "knee 2 next_morning", "green"),
        # the highest of before, during and after
        ("knee 0 before, knee 3", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 5", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 6", "knee 0 next_morning", "red"),
        ("knee 0 before, knee 0, knee 3 after", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 0, knee 6 after", "knee 0 next_morning", "red"),
        ("knee 3 before, knee 2", "knee 0 next_morning", "amber"),
        ("knee 5 before, knee 2", "knee 0 next_morning", "amber"),
        ("knee 8 before, knee 2", "knee 8 next_morning", "red"),
        # the next morning by itself
        ("knee 2", "knee 2 next_morning", "unknown"),
        ("knee 2", "knee 3 next_morning", "amber"),
        ("knee 2", "knee 5 next_morning", "amber"),
        ("knee 2", "knee 6 next_morning", "red"),
        ("knee 5 before, knee 5", "knee 6 next_morning", "red"),
        # and against the score before
        ("knee 0 before, knee 1", "knee 1 next_morning", "green"),  # within what a scale tells
        ("knee 0 before, knee 1", "knee 2 next_morning", "red"),
        ("knee 1 before, knee 2", "knee 2 next_morning", "amber"),
        ("knee 1 before, knee 2", "knee 3 next_morning", "red"),
        ("knee 2 before, knee 2", "knee 3 next_morning", "amber"),
        # not settled an hour or two after
        ("knee 0 before, knee 2, knee 1 after", "knee 0 next_morning", "green"),
        ("knee 0 before, knee 2, knee 2 after", "knee 0 next_morning", "amber"),
        ("knee 1 before, knee 2, knee 2 after", "knee 0 next_morning", "amber"),
        ("knee 2, knee 2 after", "knee 0 next_morning", "green"),  # nothing to compare it with
        # entries missing
        ("knee 0 before, knee 2", "", "unknown"),  # no next morning yet: never green
        ("knee 0 before", "knee 0 next_morning", "unknown"),  # nothing during or after
        ("knee 0 before", "knee 1 next_morning", "unknown"),
        ("knee 0 before", "knee 2 next_morning", "red"),
        ("", "knee 0 next_morning", "unknown"),
        ("", "knee 3 next_morning", "amber"),
        ("", "knee 6 next_morning", "red"),
        ("knee 3 before", "", "amber"),
        ("knee 6 before", "", "red"),
        ("knee 2 after", "knee 0 next_morning", "green"),
        ("knee 4", "", "amber"),  # amber needs no next morning
        ("knee 6", "", "red"),
        ("knee 2", "knee 0 next_morning", "green"),  # nothing is left: no "before" needed
        ("knee 2", "knee 1 next_morning", "unknown"),  # nothing to compare the morning with
        ("knee 0 before, knee 1, painkillers", "knee 0 next_morning", "amber"),
        ("knee 0 before, knee 6, painkillers", "knee 0 next_morning", "red"),
    ],
)
def test_the_zone_of_a_run(scores: str, morning: str, zone: str) -> None:
    found = judged(f"{RUN}, {scores}\n2026-03-15 {morning}")
    assert found["zone"].tolist() == [zone]
    assert found["day_zone"].tolist() == [zone]
    assert (found["reasons"] != "").tolist() == [zone != "green"]


@pytest.mark.parametrize(
    ("score", "zone", "day"),
    [(0, "green", "unknown"), (2, "green", "unknown"), (3, "amber", "amber"), (6, "red", "red")],
)
@pytest.mark.parametrize("moment", ["rest", "unsure"])
def test_a_score_at_rest_rates_the_day_and_not_its_run(
    moment: str, score: int, zone: str, day: str
) -> None:
    found = judged(f"{RUN}, knee {score} {moment}")
    assert found["run_id"].tolist() == [""]
    assert found["zone"].tolist() == [zone]
    assert found["day_zone"].tolist() == [day]  # the run itself has no score: never green


def test_a_day_is_as_bad_as_its_worst_run() -> None:
    book = diary("2026-03-14 18:00 5 km\n2026-03-14 08:00 9 km, knee 4\n2026-03-14 knee 1 rest")
    pain = book.pain.assign(run_id=["run1", ""])
    late = pain.iloc[:1].assign(run_id="run0", score=1)
    both = pd.concat([pain, late], ignore_index=True)
    found = zones(book.runs, assign_runs(both, book.runs), DEFAULTS)
    assert found["run_id"].tolist() == ["run1", "run0", ""]
    assert found["zone"].tolist() == ["amber", "unknown", "green"]
    assert found["day_zone"].tolist() == ["amber"] * 3
    assert worst_of_days(found)["run_id"].tolist() == ["run1"]


def test_a_day_with_a_run_that_nobody_scored_is_not_green() -> None:
    scored = f"2026-03-14 08:00 9 km\n{RUN.replace(' ', ' 18:00 ', 1)}, knee 1{SETTLED}"
    found = judged(scored)
    assert found["zone"].tolist() == ["green"]
    assert found["day_zone"].tolist() == ["unknown"]


@pytest.mark.parametrize(("knee", "limping"), [("left", ["left"]), ("", ["unsure"])])
def test_a_limp_makes_its_day_red(knee: str, limping: list[str]) -> None:
    book = diary(f"{RUN}, left knee 0 before, left knee 1{SETTLED}\n2026-03-14 symptom limp")
    noted = book.diary.assign(text=knee)
    found = zones(book.runs, assign_runs(book.pain, book.runs), DEFAULTS, noted)
    red = found[found["zone"] == "red"]
    assert red["knee"].tolist() == limping
    assert red["limp"].all()
    assert red["reasons"].tolist() == ["You limped"]
    elsewhere = zones(book.runs, assign_runs(book.pain, book.runs), Settings(knee="left"), noted)
    assert elsewhere.loc[elsewhere["knee"] == "left", "day_zone"].unique().tolist() == ["red"]


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
    named = assign_runs(book.pain.assign(run_id="run0"), book.runs)
    assert zones(book.runs, named, DEFAULTS)["run_id"].tolist() == ["run0"]


USUAL = "2026-03-01 5 km, knee 1 before\n2026-03-03 5 km, knee 2 before\n"


@pytest.mark.parametrize(
    ("scores", "morning", "zone"),
    [
        ("knee 1", "knee 1 next_morning", "green"),
        ("knee 1", "knee 2 next_morning", "amber"),
        ("knee 1", "knee 5 next_morning", "amber"),  # a stand-in makes amber at most
        ("knee 1, knee 1 after", "knee 0 next_morning", "green"),
        ("knee 1, knee 2 after", "knee 0 next_morning", "amber"),
        ("knee 2 before, knee 2", "knee 2 next_morning", "amber"),  # both judge
        ("knee 0 before, knee 1", "knee 2 next_morning", "red"),  # the score itself
    ],
)
def test_a_usual_score_stands_in_for_a_missing_one(scores: str, morning: str, zone: str) -> None:
    run = judged(f"{USUAL}{RUN}, {scores}\n2026-03-15 {morning}").iloc[-1]
    assert run["usual_before"] == 1.5
    assert run["zone"] == zone


def test_a_stand_in_is_told_as_one_and_never_as_a_score() -> None:
    text = f"{USUAL}{RUN}, knee 1\n2026-03-15 knee 2 next_morning"
    run = judged(text).iloc[-1]
    assert np.isnan(run["before"])
    assert run["reasons"] == (
        "The score the next morning was 2 (you usually score about 1.5 before a run; you gave no "
        "score this time)"
    )
    beside = judged(f"{text}\n2026-03-14 knee 2 before").iloc[-1]
    assert beside["reasons"] == (
        "The score the next morning was 2 (you usually score about 1.5 before a run)"
    )


@pytest.mark.parametrize(
    ("scores", "morning", "reasons"),
    [
        (
            "knee 4, knee 4 after",
            4,
            "The score the next morning was 4{usual}. "
            "The score an hour or two after the run was 4{usual}",
        ),
        (
            "knee 4, knee 3 after",
            0,
            "The score an hour or two after the run was 3{usual}. "
            "The worst score on the day itself was 4 (amber begins above 2)",
        ),
        (
            "knee 3 before, knee 3",
            4,
            "The score the next morning was 4 (it was 3 before the run). "
            "The worst score on the day itself was 3 (amber begins above 2)",
        ),
    ],
)
def test_each_score_is_told_once(scores: str, morning: int, reasons: str) -> None:
    before = "".join(f"2026-03-{day:02d} 5 km, knee 0 before, knee 0\n" for day in (4, 6, 8))
    run = judged(f"{before}{RUN}, {scores}\n2026-03-15 knee {morning} next_morning").iloc[-1]
    usual = " (you usually score about 0 before a run; you gave no score this time)"
    trend = (
        ". Your worst score rose by 2 or more over three runs. Consider seeing a physiotherapist"
    )
    assert run["reasons"] == reasons.format(usual=usual) + trend


def test_the_stand_in_is_the_median_of_four_weeks_capped_at_two() -> None:
    four = USUAL.replace("knee 1", "knee 4").replace("knee 2", "knee 4")
    assert judged(f"{four}{RUN}, knee 2")["usual_before"].iloc[-1] == 2
    for condition in ("osteoarthritis", "after_surgery"):
        uncapped = judged(f"{four}{RUN}, knee 2", Settings(condition=condition))
        assert uncapped["usual_before"].iloc[-1] == 4
    assert judged(f"{four}2026-03-29 5 km, knee 2")["usual_before"].iloc[-1] == 2
    assert judged(f"{four}2026-03-31 5 km, knee 2")["usual_before"].iloc[-1] == 2
    gone = judged(f"{four}2026-04-01 5 km, knee 2")  # 28 days before it is 4 March
    assert gone["usual_before"].isna().iloc[-1]


def test_trends_over_three_runs() -> None:
    rising = judged("2026-03-10 5 km, knee 1\n2026-03-12 5 km, knee 2\n2026-03-14 5 km, knee 3")
    assert "rose by 2 or more over three runs" in rising["reasons"].iloc[-1]
    lasting = judged("2026-03-10 5 km, knee 3\n2026-03-12 5 km, knee 3\n2026-03-14 5 km, knee 3")
    assert (
        "Three runs in a row had a score of 3 or more. Consider seeing"
        in lasting["reasons"].iloc[-1]
    )
    assert "Three runs in a row" not in lasting["reasons"].iloc[-2]


def test_three_scores_rise_only_where_none_of_them_falls() -> None:
    fallen = judged("2026-03-10 5 km, knee 1\n2026-03-12 5 km, knee 0\n2026-03-14 5 km, knee 3")
    assert "rose" not in fallen["reasons"].iloc[-1]


ORDER = {"green": 0, "amber": 1, "red": 2}
TWO_RUNS = diary("2026-03-11 5 km\n2026-03-14 10 km").runs
TWO_RUNNERS = pd.concat([TWO_RUNS.assign(runner=name) for name in "01"], ignore_index=True)


def zones_of(pair: list[dict[str, int | None]], usual: int | None, settings: Settings) -> list[str]:
    """Return the zones of runs with these scores, each three days after one scored before it."""
    rows = [
        (str(runner), day, moment, score)
        for runner, scores in enumerate(pair)
        for day, moment, score in [
            ("2026-03-11", "before", usual),
            *(("2026-03-14", moment, score) for moment, score in scores.items()),
        ]
    ]
    table = pd.DataFrame(rows, columns=["runner", "local_date", "moment", "score"]).dropna()
    run = np.where(table["local_date"] == "2026-03-14", "run1", "run0")
    pain = conform(table.assign(run_id=run).astype({"local_date": "datetime64[us]"}), PAIN)
    rated = zones(TWO_RUNNERS, assign_runs(pain, TWO_RUNNERS), settings)
    found = rated.set_index(["runner", "run_id"])["zone"]
    return [str(found.get((str(runner), "run1"), "unknown")) for runner in range(len(pair))]


def is_no_better(worse: str, than: str) -> bool:
    return "unknown" in {worse, than} or ORDER[worse] >= ORDER[than]


@given(scores_by_moment, st.sampled_from(RUN_MOMENTS), st.integers(0, 10), usual_scores, profiles)
def test_one_more_score_never_makes_a_zone_better(
    scores: dict[str, int | None],
    moment: str,
    score: int,
    usual: int | None,
    settings: Settings,
) -> None:
    without = {**scores, moment: None}
    zone, more = zones_of([without, {**scores, moment: score}], usual, settings)
    assert is_no_better(more, zone)
    assert not (more == "unknown" and zone in {"amber", "red"})


@given(
    scores_by_moment,
    st.sampled_from([("during",), ("after",), ("next_morning",), RUN_MOMENTS]),
    usual_scores,
    profiles,
)
def test_higher_scores_never_make_a_zone_better(
    scores: dict[str, int | None],
    raised: tuple[str, ...],
    usual: int | None,
    settings: Settings,
) -> None:
    higher = {
        m: score if score is None or m not in raised else min(10, score + 1)
        for m, score in scores.items()
    }
    assert is_no_better(*zones_of([higher, scores], usual, settings))


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
        "The right knee was rated red on 14 March. "
        "The worst score on the day itself was 7 (red begins above 5)"
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
