"""The numbers that rules, zones and the plan compare with: default, range, grade."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Grade = Literal["cohort", "trial", "laboratory", "convention", "assumption"]


@dataclass(frozen=True)
class Threshold:
    """One number a rule compares with.

    Parameters
    ----------
    default, cautious
        Value in the profile ``default``, and in ``cautious`` (after injury) where it differs.
    unit
        Of the number; empty for shares.
    meaning
        A sentence with a place for the number: ``{}`` with its unit, ``{number}`` without, or
        ``{share}`` in percent.
    low, high
        What the runner may set it to.
    grade
        What the number itself rests on.
    """

    default: float
    unit: str
    meaning: str
    low: float
    high: float
    grade: Grade = "assumption"
    cautious: float | None = None

    def sentence(self, value: float) -> str:
        """Return what the number decides, where it is `value`."""
        number, share = f"{value:g}", f"{100 * value:g} %"
        unit = "" if self.unit == "of 10" else self.unit
        if value == 1 and unit != "times":
            unit = unit.removesuffix("s")
        return self.meaning.format(f"{number} {unit}".strip(), number=number, share=share)


THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(
    {
        "ten_percent.note_pct": Threshold(
            10,
            "%",
            "A week gets a note if it is more than {} above its reference week",
            1,
            100,
            "convention",
        ),
        "ten_percent.warn_pct": Threshold(
            30,
            "%",
            "A week gets a warning if it is more than {} above its reference week",
            1,
            200,
            "convention",
        ),
        "ten_percent.alert_pct": Threshold(
            60, "%", "A week gets an alert if it is more than {} above its reference week", 1, 400
        ),
        "ten_percent.min_rise_km": Threshold(
            3, "km", "A rise of less than {} is not flagged", 0, 20
        ),
        "ten_percent.min_base_km": Threshold(
            5, "km", "There is no flag if you ran less than {} in the reference week", 0, 50
        ),
        "ten_percent.usual_weeks": Threshold(
            8,
            "weeks",
            "A week gets no warning or alert if you already ran that far in one of the {} before",
            0,
            52,
        ),
        "ten_percent.strict": Threshold(
            0,
            "",
            "0: each week is compared with its reference week. 1: each week is compared with the "
            "week before it, as in textbooks",
            0,
            1,
        ),
        "cutback_missing.share": Threshold(
            0.85,
            "of the reference week",
            "A cutback week is at most {share} of its reference week",
            0.6,
            0.9,
            "convention",
        ),
        "cutback_missing.weeks": Threshold(
            5,
            "weeks",
            "There is a flag after {} in a row without a cutback week",
            2,
            12,
            "convention",
            cautious=4,
        ),
        "cutback_missing.build_ratio": Threshold(
            1.05,
            "times",
            "Your distance counts as growing if the average of the last two weeks is more than {} "
            "that of the first two weeks since the last cutback",
            1,
            2,
        ),
        "cutback_missing.alert_weeks": Threshold(
            8,
            "weeks",
            "There is an alert after {} in a row without a cutback week, if your distance is "
            "growing",
            3,
            20,
        ),
        "long_run_spike.warn_ratio": Threshold(
            1.10,
            "times",
            "A run gets a warning if it is more than {} as long as your longest recent run",
            1,
            3,
            "cohort",
        ),
        "long_run_spike.alert_ratio": Threshold(
            2.00,
            "times",
            "A run gets an alert if it is more than {} as long as your longest recent run",
            1,
            5,
            "cohort",
        ),
        "long_run_spike.window_days": Threshold(
            30,
            "days",
            "A run is compared with recent runs: those of the {} before it",
            7,
            90,
            "cohort",
        ),
        "long_run_spike.min_km": Threshold(3, "km", "Runs of up to {} are not flagged", 0, 20),
        "long_run_spike.min_runs": Threshold(
            3,
            "runs",
            "Notes and warnings are given only if there are at least {} to compare with",
            1,
            10,
        ),
        "long_run_spike.recent_days": Threshold(
            7,
            "days",
            "Jumps within {} are added up, so that several small ones get a note too",
            1,
            21,
        ),
        "run_streak.min_days": Threshold(
            6, "days", "Up to {} of running in a row are never flagged", 2, 60
        ),
        "run_streak.percentile": Threshold(
            90,
            "%",
            "A streak gets a flag only if at least {} of your earlier streaks were shorter",
            50,
            100,
        ),
        "intensity_jump.points": Threshold(
            10,
            "percentage points",
            "A week gets a flag if its share of hard minutes is more than {} above that of the "
            "previous four weeks, and its distance rises as well",
            1,
            100,
            "convention",
        ),
        "intensity_jump.distance_pct": Threshold(
            10,
            "%",
            "The distance counts as rising if it is more than {} above that of the reference week",
            0,
            100,
            "convention",
        ),
        "descent_jump.ratio": Threshold(
            1.3,
            "times",
            "A week gets a flag if it has more than {} the descent of the hilliest of the previous "
            "four weeks",
            1,
            5,
        ),
        "descent_jump.min_rise_m": Threshold(
            150,
            "m",
            "A week gets a flag only if it has over {} more descent than the hilliest of the "
            "previous four weeks",
            0,
            2000,
        ),
        "monotony.limit": Threshold(
            2.0,
            "",
            "A week gets a flag if its monotony (the average daily load divided by the standard "
            "deviation of the daily loads) is above {}",
            1,
            10,
            "convention",
        ),
        "monotony.min_runs": Threshold(
            4, "runs", "Weeks with fewer than {} are not checked", 1, 14
        ),
        "return_from_break.gap_days": Threshold(
            10, "days", "A break is at least {} without a run", 3, 60
        ),
        "return_from_break.usual_ratio": Threshold(
            2,
            "times",
            "A gap counts as a break only if it is at least {} as long as your usual gap between "
            "runs",
            1,
            5,
        ),
        "return_from_break.single_run_days": Threshold(
            14,
            "days",
            "After a break of at least {}, each run has a limit too, not only the week",
            6,
            60,
        ),
        "return_from_break.min_days": Threshold(
            3,
            "days",
            "If you ran on fewer than {} in the 28 days before a break, there is too little "
            "history to set limits",
            1,
            28,
        ),
        "return_from_break.min_weekly_km": Threshold(
            3,
            "km",
            "If you averaged less than {} a week before a break, there is too little history to "
            "set limits",
            0,
            100,
        ),
        "return_from_break.warn_ratio": Threshold(
            1.3,
            "times",
            "A run or week gets a warning if it is more than {} its limit",
            1,
            5,
        ),
        "return_from_break.longest_min": Threshold(
            40,
            "min",
            "After more than 30 days off, each run may take at most {} during the return to "
            "running",
            10,
            120,
            "convention",
        ),
        "return_from_break.pain_first_share": Threshold(
            0.33,
            "",
            "The first run after pain may be at most {share} of your longest run before the pain",
            0.1,
            1,
        ),
        "return_from_break.pain_first_km": Threshold(
            3, "km", "The first run after pain may be at most {}", 1, 20
        ),
        "return_from_break.pain_step_ratio": Threshold(
            1.10,
            "times",
            "After pain, each run may be up to {} as long as your longest trouble-free run since "
            "the pain",
            1,
            2,
        ),
        "return_from_break.pain_step_km": Threshold(
            1,
            "km",
            "After pain, each run may also be up to {} longer than your longest trouble-free run "
            "since the pain",
            0,
            5,
        ),
        "return_from_break.pain_week_share": Threshold(
            0.5,
            "",
            "The first week after pain may be at most {share} of your weekly distance before the "
            "pain",
            0.1,
            1,
            "convention",
        ),
        "return_from_break.pain_week_ratio": Threshold(
            1.3,
            "times",
            "After pain, a week may be up to {} the largest trouble-free week of the previous four",
            1,
            2,
        ),
        "return_from_break.small_score": Threshold(
            3,
            "of 10",
            "Pain does not count as mild if you ever scored it above {}",
            0,
            5,
        ),
        "return_from_break.small_first_share": Threshold(
            0.5,
            "",
            "After mild pain, the first run may be at most {share} of your longest run before the "
            "pain",
            0.1,
            1,
        ),
        "return_from_break.small_step_ratio": Threshold(
            1.2,
            "times",
            "After mild pain, each run may be up to {} as long as your longest trouble-free run "
            "since the pain",
            1,
            2,
        ),
        "return_from_break.small_week_share": Threshold(
            0.75,
            "",
            "After mild pain, the first week may be at most {share} of your weekly distance before "
            "the pain",
            0.1,
            1,
        ),
        "return_from_break.small_quiet_weeks": Threshold(
            8,
            "weeks",
            "Pain does not count as mild if you had an amber or red rating in the {} before it "
            "began",
            0,
            52,
        ),
        "return_from_break.unscored_share": Threshold(
            0.8,
            "",
            "When looking for your longest trouble-free run, kneeload counts only {share} of the "
            "length of an unscored run",
            0,
            1,
        ),
        "return_from_break.unscored_days": Threshold(
            7,
            "days",
            "When looking for your longest trouble-free run, kneeload counts the whole length of "
            "an unscored run as soon as it is {} old",
            1,
            30,
        ),
        "return_from_break.amber_share": Threshold(
            0.8,
            "",
            "After an amber rating, earlier runs of your return to running count for only {share} "
            "of their distance",
            0,
            1,
        ),
        "return_from_break.done_share": Threshold(
            0.9,
            "",
            "A return to running is over once your longest run and your weekly distance are both "
            "back at {share} of what they were before the pain",
            0.5,
            1,
        ),
        "return_from_break.done_weeks": Threshold(
            12,
            "weeks",
            "After {} the limits for a return to running no longer apply if the last four weeks "
            "went well: you ran, and nothing was rated amber or red",
            4,
            52,
        ),
        "return_from_break.settled_score": Threshold(
            2,
            "of 10",
            "If your knee was rated red, you rest until you give a score of at most {}",
            0,
            5,
        ),
        "return_from_break.settled_days": Threshold(
            7,
            "days",
            "If your knee was rated red, you rest for no more than {} after your last high score",
            1,
            60,
        ),
        "return_from_break.settled_morning": Threshold(
            1,
            "of 10",
            "After a single painful day, the limits for a return to running apply only if the next "
            "morning's score is above {}",
            0,
            3,
        ),
        "plan.min_run_km": Threshold(
            3,
            "km",
            "The plan always allows a run of {}, except during pain, during a return to running, "
            "or if the week's limit leaves less than that",
            0,
            20,
        ),
        "plan.worthwhile_km": Threshold(
            1,
            "km",
            "If less than {} remains of the week's limit, the plan allows no more running that "
            "week",
            0,
            5,
        ),
        "plan.min_rise_km": Threshold(
            1,
            "km",
            "The usual limit lets every week grow by at least {}, even where 10 % is less",
            0,
            10,
        ),
        "plan.cutback_margin_km": Threshold(
            0.1,
            "km",
            "A cutback week must be below the average of the previous four weeks, by at least {}",
            0,
            5,
        ),
        "plan.amber_share": Threshold(
            0.8,
            "",
            "While the knee is rated amber, a run may be at most {share} of your average run",
            0.1,
            1,
        ),
        "plan.amber_days": Threshold(
            28, "days", "An amber spell ends after {} without amber", 7, 90
        ),
        "plan.silent_days": Threshold(
            8,
            "days",
            "If you ran in the last {} but gave no score in that time, no limit is increased",
            1,
            60,
        ),
        "plan.silent_weeks": Threshold(
            8,
            "weeks",
            "After {} without any score, kneeload increases limits again and no longer waits for "
            "scores",
            1,
            52,
        ),
        "pain_zone.green_max": Threshold(
            2, "of 10", "A score of up to {} is still green", 0, 5, "convention"
        ),
        "pain_zone.red_above": Threshold(
            5, "of 10", "A score above {} is red", 1, 9, "convention", cautious=4
        ),
        "pain_zone.morning_red_rise": Threshold(
            2,
            "points",
            "A rise of {} or more from before the run to the next morning is red",
            1,
            5,
            "convention",
        ),
        "pain_zone.settled_max": Threshold(
            1,
            "of 10",
            "A rise in pain after a run is ignored if the score is still {} or less",
            0,
            5,
        ),
        "pain_zone.before_days": Threshold(
            28,
            "days",
            "If the score before a run is missing, kneeload uses your usual one: the median of the "
            "last {}",
            1,
            366,
        ),
        "pain_zone.before_max": Threshold(
            2,
            "of 10",
            "If the score before a run is missing, kneeload guesses it, but never above {}, except "
            "after surgery or with osteoarthritis",
            0,
            10,
        ),
        "bands.hr_moderate_pct": Threshold(
            80,
            "% of hr_max",
            "Running with a heart rate above {number} % of your maximum counts as moderate",
            50,
            100,
            "convention",
        ),
        "bands.hr_hard_pct": Threshold(
            90,
            "% of hr_max",
            "Running with a heart rate above {number} % of your maximum counts as hard",
            50,
            110,
            "convention",
        ),
        "bands.pace_moderate_pct": Threshold(
            85,
            "% of the speed you can hold for an hour",
            "Running at more than {number} % of the speed you can hold for an hour counts as "
            "moderate",
            30,
            150,
            "convention",
        ),
        "bands.pace_hard_pct": Threshold(
            100,
            "% of the speed you can hold for an hour",
            "Running at more than {number} % of the speed you can hold for an hour counts as hard",
            30,
            200,
            "convention",
        ),
        "pain_zone.trend_rise": Threshold(
            2,
            "points",
            "Your pain is rated amber if the worst score rises over three runs in a row, by {} or "
            "more in total (a trend)",
            1,
            5,
            "convention",
        ),
        "pain_zone.trend_min": Threshold(
            3,
            "of 10",
            "Pain that rises over three runs in a row is rated amber only if one of the scores "
            "reaches {}",
            1,
            9,
            "convention",
        ),
    }
)
