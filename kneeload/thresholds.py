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
            10, "%", "rise over the reference week that gets a note", 1, 100, "convention"
        ),
        "ten_percent.warn_pct": Threshold(
            30, "%", "rise that gets a warning", 1, 200, "convention"
        ),
        "ten_percent.alert_pct": Threshold(60, "%", "rise that gets an alert", 1, 400),
        "ten_percent.min_rise_km": Threshold(3, "km", "smaller rises are not flagged", 0, 20),
        "ten_percent.min_base_km": Threshold(
            5, "km", "with a smaller reference week there is no flag", 0, 50
        ),
        "ten_percent.usual_weeks": Threshold(
            8,
            "weeks",
            "a week no larger than the largest of this many before gets at most a note",
            0,
            52,
        ),
        "ten_percent.strict": Threshold(
            0,
            "",
            "1: the textbook form, always against the previous week; 0: kneeload's form",
            0,
            1,
        ),
        "cutback_missing.share": Threshold(
            0.85, "of reference", "a week at or below this is a cutback", 0.6, 0.9, "convention"
        ),
        "cutback_missing.weeks": Threshold(
            5,
            "weeks",
            "in a row without a cutback raise a flag",
            2,
            12,
            "convention",
            cautious=4,
        ),
        "cutback_missing.build_ratio": Threshold(
            1.05,
            "times",
            "the mean of the first two weeks; if the last two average more, volume is building",
            1,
            2,
        ),
        "cutback_missing.alert_weeks": Threshold(
            8, "weeks", "building for this long gets an alert", 3, 20
        ),
        "long_run_spike.warn_ratio": Threshold(
            1.10,
            "times",
            "the longest run of the window; a longer run gets a warning",
            1,
            3,
            "cohort",
        ),
        "long_run_spike.alert_ratio": Threshold(
            2.00,
            "times",
            "the longest run of the window; a longer run gets an alert",
            1,
            5,
            "cohort",
        ),
        "long_run_spike.window_days": Threshold(
            30, "days", "window before each run", 7, 90, "cohort"
        ),
        "long_run_spike.min_km": Threshold(3, "km", "shorter runs are not flagged", 0, 20),
        "long_run_spike.min_runs": Threshold(
            3, "runs", "needed in the window; with fewer there are only alerts", 1, 10
        ),
        "long_run_spike.recent_days": Threshold(
            7,
            "days",
            "a long run is also compared with runs older than this; a rise over those gets a note",
            1,
            21,
        ),
        "run_streak.min_days": Threshold(6, "days", "of running in a row are never flagged", 2, 60),
        "run_streak.percentile": Threshold(
            90,
            "%",
            "of your own streaks are no longer than the limit, if that is above six days",
            50,
            100,
        ),
        "intensity_jump.points": Threshold(
            10,
            "points",
            "rise in the share of hard minutes over the four weeks before",
            1,
            100,
            "convention",
        ),
        "intensity_jump.distance_pct": Threshold(
            10, "%", "rise over the reference week in the same week", 0, 100, "convention"
        ),
        "descent_jump.ratio": Threshold(
            1.3, "times", "the most descent of the four weeks before", 1, 5
        ),
        "descent_jump.min_rise_m": Threshold(150, "m", "smaller rises are not flagged", 0, 2000),
        "monotony.limit": Threshold(
            2.0, "", "mean of a week's daily loads divided by their spread", 1, 10, "convention"
        ),
        "monotony.min_runs": Threshold(4, "runs", "weeks with fewer runs are not checked", 1, 14),
        "return_from_break.gap_days": Threshold(
            10, "days", "without a run count as a break", 3, 60
        ),
        "return_from_break.usual_ratio": Threshold(
            2, "times", "your usual gap between runs, which a break must also exceed", 1, 5
        ),
        "return_from_break.single_run_days": Threshold(
            14, "days", "a break this long limits single runs too", 6, 60
        ),
        "return_from_break.min_days": Threshold(
            3,
            "days",
            "with a run in the 28 days before a break; with fewer there is too little history",
            1,
            28,
        ),
        "return_from_break.min_weekly_km": Threshold(
            3, "km", "a week before a break; with less there is too little history", 0, 100
        ),
        "return_from_break.warn_ratio": Threshold(
            1.3, "times", "the limit of a return; above this, a warning", 1, 5
        ),
        "return_from_break.longest_min": Threshold(
            40, "min", "longest run after more than 30 days off", 10, 120, "convention"
        ),
        "return_from_break.pain_first_share": Threshold(
            0.33, "of your longest run before the pain", "first run after pain", 0.1, 1
        ),
        "return_from_break.pain_first_km": Threshold(
            3, "km", "first run after pain, at most", 1, 20
        ),
        "return_from_break.pain_step_ratio": Threshold(
            1.10,
            "times",
            "your longest run without trouble since the pain: limit of the next run",
            1,
            2,
        ),
        "return_from_break.pain_step_km": Threshold(
            1,
            "km",
            "the next run may always be this much longer than your longest run without trouble",
            0,
            5,
        ),
        "return_from_break.pain_week_share": Threshold(
            0.5, "of your week before the pain", "first week after pain", 0.1, 1, "convention"
        ),
        "return_from_break.pain_week_ratio": Threshold(
            1.3,
            "times",
            "the largest of the last four weeks without trouble: limit of the next week",
            1,
            2,
        ),
        "return_from_break.small_score": Threshold(
            3,
            "of 10",
            "highest score after which a return may be a short one (one mild flare-up)",
            0,
            5,
        ),
        "return_from_break.small_first_share": Threshold(
            0.5, "of your longest run before the pain", "first run of a short return", 0.1, 1
        ),
        "return_from_break.small_step_ratio": Threshold(
            1.2,
            "times",
            "the same in a return after one mild flare-up",
            1,
            2,
        ),
        "return_from_break.small_week_share": Threshold(
            0.75, "of your week before the pain", "first week of a short return", 0.1, 1
        ),
        "return_from_break.small_quiet_weeks": Threshold(
            8, "weeks", "without amber or red beforehand allow a short return", 0, 52
        ),
        "return_from_break.unscored_share": Threshold(
            0.8, "of its length", "counted for a run without scores, after pain", 0, 1
        ),
        "return_from_break.unscored_days": Threshold(
            7, "days", "after which a run without scores counts in full", 1, 30
        ),
        "return_from_break.amber_share": Threshold(
            0.8, "of their length", "counted for runs before an amber one, after pain", 0, 1
        ),
        "return_from_break.done_share": Threshold(
            0.9,
            "of your longest run and week before the pain",
            "reaching this ends the return after pain",
            0.5,
            1,
        ),
        "return_from_break.done_weeks": Threshold(
            12, "weeks", "after which a return ends anyway, if the last four were quiet", 4, 52
        ),
        "return_from_break.settled_score": Threshold(
            2, "of 10", "a later score this low ends the rest after red pain", 0, 5
        ),
        "return_from_break.settled_days": Threshold(
            7, "days", "without a higher score end that rest too", 1, 60
        ),
        "return_from_break.settled_morning": Threshold(
            1,
            "of 10",
            "one new painful day starts no return if the next morning's score is this low",
            0,
            3,
        ),
        "plan.min_run_km": Threshold(
            3, "km", "lowest limit of a run, unless pain or a return sets it", 0, 20
        ),
        "plan.worthwhile_km": Threshold(
            1,
            "km",
            "if less than this is left of the week's limit, the plan says no more running this "
            "week",
            0,
            5,
        ),
        "plan.min_rise_km": Threshold(
            1, "km", "a week may always exceed its reference by this much", 0, 10
        ),
        "plan.cutback_margin_km": Threshold(
            0.1, "km", "below the mean of four weeks, when a cutback is due", 0, 5
        ),
        "plan.amber_share": Threshold(
            0.8, "of your average run", "limit of a run while the knee is amber", 0.1, 1
        ),
        "plan.amber_days": Threshold(28, "days", "without amber end an amber spell", 7, 90),
        "plan.silent_days": Threshold(
            8, "days", "with a run but without a score, after which no limit rises", 1, 60
        ),
        "plan.silent_weeks": Threshold(
            8, "weeks", "without any score, after which kneeload expects none", 1, 52
        ),
        "pain_zone.green_max": Threshold(
            2, "of 10", "highest score that is still green", 0, 5, "convention"
        ),
        "pain_zone.red_above": Threshold(
            5, "of 10", "scores above this are red", 1, 9, "convention", cautious=4
        ),
        "pain_zone.morning_red_rise": Threshold(
            2, "points", "a rise this large by the next morning is red", 1, 5, "convention"
        ),
        "pain_zone.settled_max": Threshold(
            1, "of 10", "a score this low after a run never counts as a rise", 0, 5
        ),
        "pain_zone.before_days": Threshold(
            28, "days", "whose median replaces a missing score before a run", 1, 366
        ),
        "pain_zone.before_max": Threshold(
            2,
            "of 10",
            "highest such replacement, except after surgery or with osteoarthritis",
            0,
            10,
        ),
        "bands.hr_moderate_pct": Threshold(
            80,
            "% of hr_max",
            "heart rate above which minutes count as moderate",
            50,
            100,
            "convention",
        ),
        "bands.hr_hard_pct": Threshold(
            90, "% of hr_max", "heart rate above which minutes count as hard", 50, 110, "convention"
        ),
        "bands.pace_moderate_pct": Threshold(
            85,
            "% of your one-hour speed",
            "speed above which minutes count as moderate",
            30,
            150,
            "convention",
        ),
        "bands.pace_hard_pct": Threshold(
            100,
            "% of your one-hour speed",
            "speed above which minutes count as hard",
            30,
            200,
            "convention",
        ),
        "pain_zone.trend_rise": Threshold(
            2,
            "points",
            "rise of the worst scores over three runs that is a trend",
            1,
            5,
            "convention",
        ),
        "pain_zone.trend_min": Threshold(
            3, "of 10", "a trend counts from this worst score on", 1, 9, "convention"
        ),
    }
)
