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
    unit, meaning
        For `kneeload rules` and `kneeload settings`.
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


THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(
    {
        "ten_percent.note_pct": Threshold(
            10, "%", "rise over the reference week that is noted", 1, 100, "convention"
        ),
        "ten_percent.warn_pct": Threshold(30, "%", "rise that is warned of", 1, 200, "convention"),
        "ten_percent.alert_pct": Threshold(60, "%", "rise that is an alert", 1, 400),
        "ten_percent.min_rise_km": Threshold(3, "km", "smaller rises mean nothing", 0, 20),
        "ten_percent.min_base_km": Threshold(
            5, "km", "a smaller reference week is nothing to compare with", 0, 50
        ),
        "ten_percent.usual_weeks": Threshold(
            8,
            "weeks",
            "a week no larger than the largest of so many before is noted at most",
            0,
            52,
        ),
        "ten_percent.strict": Threshold(
            0, "", "1: the textbook form, last week as reference and no guard; 0: not", 0, 1
        ),
        "cutback_missing.share": Threshold(
            0.85, "of reference", "a week at most this large is a cutback", 0.6, 0.9, "convention"
        ),
        "cutback_missing.weeks": Threshold(
            5,
            "weeks",
            "in a row without a cutback, an easier week",
            2,
            12,
            "convention",
            cautious=4,
        ),
        "cutback_missing.build_ratio": Threshold(
            1.05, "times", "first two weeks, in the last two: volume is being built", 1, 2
        ),
        "cutback_missing.alert_weeks": Threshold(
            8, "weeks", "building for this long is an alert", 3, 20
        ),
        "long_run_spike.warn_ratio": Threshold(
            1.10, "times", "longest run of the days looked back: warned of", 1, 3, "cohort"
        ),
        "long_run_spike.alert_ratio": Threshold(
            2.00, "times", "longest run of the days looked back: an alert", 1, 5, "cohort"
        ),
        "long_run_spike.window_days": Threshold(30, "days", "looked back", 7, 90, "cohort"),
        "long_run_spike.min_km": Threshold(3, "km", "shorter runs are not judged", 0, 20),
        "long_run_spike.min_runs": Threshold(
            3, "runs", "in the days looked back; with fewer only an alert is given", 1, 10
        ),
        "long_run_spike.recent_days": Threshold(
            7, "days", "a run older than these counts for a rise in steps, which is noted", 1, 21
        ),
        "run_streak.min_days": Threshold(6, "days", "running in a row always allowed", 2, 60),
        "run_streak.percentile": Threshold(
            90, "%", "of the runner's own streaks, where that is more", 50, 100
        ),
        "intensity_jump.points": Threshold(
            10, "points", "rise of the share of hard minutes over four weeks", 1, 100, "convention"
        ),
        "intensity_jump.distance_pct": Threshold(
            10, "%", "rise over the reference week at the same time", 0, 100, "convention"
        ),
        "descent_jump.ratio": Threshold(1.3, "times", "most of four weeks", 1, 5),
        "descent_jump.min_rise_m": Threshold(150, "m", "smaller rises mean nothing", 0, 2000),
        "monotony.limit": Threshold(
            2.0, "", "mean of a week's daily loads over their spread", 1, 10, "convention"
        ),
        "monotony.min_runs": Threshold(4, "runs", "fewer runs are not judged", 1, 14),
        "return_from_break.gap_days": Threshold(
            10, "days", "without a run that make a break", 3, 60
        ),
        "return_from_break.usual_ratio": Threshold(
            2, "times", "usual days from run to run, which a break also exceeds", 1, 5
        ),
        "return_from_break.single_run_days": Threshold(
            14, "days", "breaks from which on single runs have a limit too", 6, 60
        ),
        "return_from_break.min_days": Threshold(
            3, "days", "with a run in the 28 before a break; fewer are too little history", 1, 28
        ),
        "return_from_break.min_weekly_km": Threshold(
            3, "km", "less a week before a break is too little history", 0, 100
        ),
        "return_from_break.warn_ratio": Threshold(1.3, "times", "limit: warned of", 1, 5),
        "return_from_break.longest_min": Threshold(
            40, "min", "longest run after more than 30 days without one", 10, 120, "convention"
        ),
        "return_from_break.pain_first_share": Threshold(
            0.33, "of the old longest", "first run after pain", 0.1, 1
        ),
        "return_from_break.pain_first_km": Threshold(
            3, "km", "first run after pain at most", 1, 20
        ),
        "return_from_break.pain_step_ratio": Threshold(
            1.10, "times", "longest run without trouble since: the next run", 1, 2
        ),
        "return_from_break.pain_step_km": Threshold(
            1, "km", "step of the next run, where that is more", 0, 5
        ),
        "return_from_break.pain_week_share": Threshold(
            0.5, "of the old week", "first week after pain", 0.1, 1, "convention"
        ),
        "return_from_break.pain_week_ratio": Threshold(
            1.3, "times", "largest of four weeks without trouble: the next week after pain", 1, 2
        ),
        "return_from_break.small_score": Threshold(
            3, "of 10", "highest score after which a return may be a short one", 0, 5
        ),
        "return_from_break.small_first_share": Threshold(
            0.5, "of the old longest", "first run of a short return", 0.1, 1
        ),
        "return_from_break.small_step_ratio": Threshold(
            1.2, "times", "longest run without trouble since: the next of a short return", 1, 2
        ),
        "return_from_break.small_week_share": Threshold(
            0.75, "of the old week", "first week of a short return", 0.1, 1
        ),
        "return_from_break.small_quiet_weeks": Threshold(
            8, "weeks", "without amber or red before, for a short return", 0, 52
        ),
        "return_from_break.unscored_share": Threshold(
            0.8, "of its length", "what a run without its scores counts for after pain", 0, 1
        ),
        "return_from_break.unscored_days": Threshold(
            7, "days", "later it counts whole, on the eighth day", 1, 30
        ),
        "return_from_break.amber_share": Threshold(
            0.8, "of their length", "what runs before an amber one count for after pain", 0, 1
        ),
        "return_from_break.done_share": Threshold(
            0.9,
            "of the old longest and week",
            "from which on the return after pain is over",
            0.5,
            1,
        ),
        "return_from_break.done_weeks": Threshold(
            12, "weeks", "after which it is over without that, the last four being quiet", 4, 52
        ),
        "return_from_break.settled_score": Threshold(
            2, "of 10", "later score that ends the rest after red pain", 0, 5
        ),
        "return_from_break.settled_days": Threshold(
            7, "days", "after the last higher score that end it too", 1, 60
        ),
        "return_from_break.settled_morning": Threshold(
            1, "of 10", "next morning with which new pain of one day makes no return", 0, 3
        ),
        "plan.min_run_km": Threshold(
            3, "km", "the limit of a run is never less, unless pain or a return sets it", 0, 20
        ),
        "plan.worthwhile_km": Threshold(
            1, "km", "left of a week, less is called nothing left", 0, 5
        ),
        "plan.min_rise_km": Threshold(
            1, "km", "a week may exceed its reference by, where 10 % is less", 0, 10
        ),
        "plan.cutback_margin_km": Threshold(
            0.1, "km", "below the mean of four weeks, where an easier week is due", 0, 5
        ),
        "plan.amber_share": Threshold(
            0.8, "of the mean run", "limit of a run while the knee is amber", 0.1, 1
        ),
        "plan.amber_days": Threshold(28, "days", "without amber that end an amber spell", 7, 90),
        "plan.silent_days": Threshold(
            8, "days", "with a run and without a score, after which nothing rises", 1, 60
        ),
        "plan.silent_weeks": Threshold(
            8, "weeks", "without any score, after which no score is expected", 1, 52
        ),
        "pain_zone.green_max": Threshold(
            2, "of 10", "highest score that is still green", 0, 5, "convention"
        ),
        "pain_zone.red_above": Threshold(
            5, "of 10", "scores above are red", 1, 9, "convention", cautious=4
        ),
        "pain_zone.morning_red_rise": Threshold(
            2, "points", "rise by the next morning that is red", 1, 5, "convention"
        ),
        "pain_zone.settled_max": Threshold(
            1, "of 10", "highest score after a run that is never a rise", 0, 5
        ),
        "pain_zone.before_days": Threshold(
            28, "days", "whose median stands in for a missing score before a run", 1, 366
        ),
        "pain_zone.before_max": Threshold(
            2, "of 10", "highest stand-in, unless after surgery or with osteoarthritis", 0, 10
        ),
        "bands.hr_moderate_pct": Threshold(
            80, "% of hr_max", "heart rate from which time is moderate", 50, 100, "convention"
        ),
        "bands.hr_hard_pct": Threshold(
            90, "% of hr_max", "heart rate from which time is hard", 50, 110, "convention"
        ),
        "bands.pace_moderate_pct": Threshold(
            85, "% of threshold", "speed from which time is moderate", 30, 150, "convention"
        ),
        "bands.pace_hard_pct": Threshold(
            100, "% of threshold", "speed from which time is hard", 30, 200, "convention"
        ),
        "pain_zone.trend_rise": Threshold(
            2, "points", "rise of the worst scores over three runs", 1, 5, "convention"
        ),
        "pain_zone.trend_min": Threshold(
            3, "of 10", "worst score from which on a trend counts", 1, 9, "convention"
        ),
    }
)
