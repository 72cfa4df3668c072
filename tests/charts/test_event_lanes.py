"""The strip of rules and events between load and pain."""

import pandas as pd

from kneeload import frames
from kneeload.charts.canvas import days
from kneeload.charts.event_lanes import _LOOKS, lane_key, lanes
from kneeload.charts.overview import MOMENTS
from tests import story


def _lanes() -> dict[str, list[str]]:
    found = lanes(story.weeks(), story.flags(), story.diary())
    return {lane.label: [mark.severity for mark in lane.marks] for lane in found}


def test_one_lane_for_each_rule_that_fired_and_none_for_pain() -> None:
    assert list(_lanes()) == [
        "cutback", "long run", "week’s rise", "no cutback", "shoes", "tried",
    ]  # fmt: skip


def test_marks_bear_the_severity_of_their_week() -> None:
    assert _lanes()["week’s rise"] == ["note", "note", "warn", "warn"]
    assert _lanes()["no cutback"] == ["note", "warn", "warn"]


def test_the_running_week_is_a_provisional_cutback() -> None:
    assert _lanes()["cutback"][-1] == "provisional"
    assert set(_lanes()["cutback"][:-1]) == {"cutback"}


def test_two_flags_of_a_week_share_the_heavier_mark() -> None:
    flags = pd.DataFrame(
        [
            story.flag("long_run_spike", 23, "alert", "Twice as far.", flag_id="a"),
            story.flag("long_run_spike", 23, "warn", "A little further.", flag_id="b"),
        ]
    )
    found = lanes(story.weeks(), frames.conform(flags, frames.FLAGS), frames.empty(frames.DIARY))
    lane = next(lane for lane in found if lane.label == "long run")
    assert [mark[1:] for mark in lane.marks] == [("alert", "A little further.; Twice as far.")]


def test_rules_of_other_packages_have_lanes_below() -> None:
    rules = ("very_hilly_weeks", "hilly", "ten_percent", "pain_zone")
    flags = pd.DataFrame([story.flag(rule, 23, "warn", "Much.") for rule in rules])
    found = lanes(story.weeks(), flags, story.diary().iloc[:0])
    assert [lane.label for lane in found] == ["cutback", "week’s rise", "hilly", "very hill…"]
    assert [mark.text for mark in found[-1].marks] == ["Much."]


def test_marks_stand_in_the_middle_of_their_week() -> None:
    lane = next(
        lane
        for lane in lanes(story.weeks(), story.flags(), story.diary())
        if lane.label == "week’s rise"
    )
    assert lane.marks[-1].day == days(story.weeks()["week_start"])[-1] + 3.5


def test_events_outside_the_weeks_shown_are_left_out() -> None:
    found = lanes(story.weeks().tail(2), story.flags(), story.diary())
    assert "shoes" not in [lane.label for lane in found]


def test_events_tell_their_subject() -> None:
    tried = next(
        lane for lane in lanes(story.weeks(), story.flags(), story.diary()) if lane.label == "tried"
    )
    assert [mark.text for mark in tried.marks] == ["2 March: taping"]


def test_no_mark_of_a_lane_is_one_of_a_score() -> None:
    looks = {look.marker for look in _LOOKS.values()}
    assert not looks & {marker for marker, _ in MOMENTS.values()}


def test_the_key_names_the_marks_that_are_there() -> None:
    found = lanes(story.weeks(), story.flags(), story.diary())
    assert [entry.label for entry in lane_key(found)] == [
        "note", "warning", "cutback week", "cutback so far", "noted",
    ]  # fmt: skip
    assert lane_key([]) == []
