"""Settings: every default is a published number or marked as a convention or an assumption."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from kneeload import formatting, plugins
from kneeload.conditions import Condition, read_condition
from kneeload.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.formatting import Units

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
            8, "days", "after which it counts whole", 1, 30
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

WeekStart = Literal["monday", "sunday"]
Profile = Literal["default", "cautious", "off"]
PainMarker = Literal["off", "double_lap"]
LoadMethod = Literal["auto", "banister", "edwards", "srpe", "rtss"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a runner can choose; kept in the log, so that a backup has it.

    Parameters
    ----------
    units
        km or mi, for display; stored and exported data are metric.
    week_start
        First day of the week: monday or sunday.
    time_zone
        Name such as Europe/Berlin, for files with neither an offset nor a position.
    sex
        female or male: which published TRIMP weights apply; empty takes the lower (male) ones.
    birth_year
        For an estimate of the highest heart rate, where none is set or observed.
    hr_max, hr_rest
        Heart rate, highest and at rest [1/min]; empty takes the observed, else an estimate.
    threshold_pace
        Pace you can hold for about an hour [s/km]; type ``4:30/km`` or ``7:15/mi``.
    home
        ``latitude,longitude``; only used to hide your home in exports.
    import_folders
        Folders that `kneeload update` reads.
    pain_inbox
        Text files, or folders of them, that a phone appends scores to.
    pain_marker
        What on the watch marks where pain began: ``double_lap``, two manual laps within ten
        seconds, or ``off``.
    profile
        ``default``, ``cautious`` after an injury, or ``off``: only red flags and red pain.
    knee
        The knee your scores are about, unless you name one.
    site
        Where on the knee it hurts by default; asked for once, with the first score above 0.
    condition
        What a professional called your complaint, from `kneeload.conditions.CONDITIONS`; with
        ``after_surgery`` the plan gives no limits.
    condition_note
        The words beside it.
    load_method
        Method behind the weekly load column; other packages may add methods.
    thresholds
        The runner's own values for keys of `THRESHOLDS`.

    Examples
    --------
    >>> import kneeload
    >>> mine = kneeload.Settings(units="mi", thresholds={"long_run_spike.warn_ratio": 1.2})
    >>> mine.threshold("long_run_spike.warn_ratio"), mine.threshold("ten_percent.note_pct")
    (1.2, 10)
    """

    units: Units = "km"
    week_start: WeekStart = "monday"
    time_zone: str | None = None
    sex: Literal["female", "male"] | None = None
    birth_year: int | None = None
    hr_max: float | None = None
    hr_rest: float | None = None
    threshold_pace: float | None = None
    home: str | None = field(default=None, repr=False)  # printed, it would tell where one lives
    import_folders: tuple[str, ...] = ()
    pain_inbox: tuple[str, ...] = ()
    pain_marker: PainMarker = "off"
    profile: Profile = "default"
    knee: Literal["left", "right", "both", "unsure"] = "unsure"
    site: str | None = None
    condition: Condition | None = None
    condition_note: str | None = None
    load_method: LoadMethod | str = "auto"
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def after_surgery(self) -> bool:
        """Whether the knee was operated on, so that limits are for who treats it."""
        return self.condition == "after_surgery"

    def threshold(self, name: str) -> float:
        """Return the value in force for a key of `THRESHOLDS`."""
        if name in self.thresholds:
            return self.thresholds[name]
        known = THRESHOLDS[name]
        if self.profile == "cautious" and known.cautious is not None:
            return known.cautious
        return known.default


DEFAULTS = Settings()

_CHOICES: dict[str, tuple[str, ...]] = {
    "units": ("km", "mi"),
    "week_start": ("monday", "sunday"),
    "sex": ("female", "male"),
    "profile": ("default", "cautious", "off"),
    "knee": ("left", "right", "both", "unsure"),
    "site": (
        *("front", "below_kneecap", "above_kneecap", "outer", "inner", "back", "whole", "unsure"),
    ),
    "pain_marker": get_args(PainMarker),
    "load_method": get_args(LoadMethod),
}
_RANGES: dict[str, tuple[float, float]] = {
    "birth_year": (1900, 2100),
    "hr_max": (100, 250),
    "hr_rest": (25, 120),
}
KEYS: tuple[str, ...] = tuple(f.name for f in fields(Settings) if f.name != "thresholds")


def changed(settings: Settings, key: str, text: str) -> Settings:
    """Return `settings` with `key` set to what `text` says; an empty text restores the default.

    Raises
    ------
    SettingError
        If the key is unknown or the value is not one it can take.
    """
    if key in THRESHOLDS:
        return _with_threshold(settings, key, text)
    if key not in KEYS:
        near = get_close_matches(key.lower(), (*KEYS, *THRESHOLDS), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise SettingError(f"there is no setting {key!r}; `kneeload settings` lists them{hint}")
    if key == "condition":
        return _with_condition(settings, text)
    if not text.strip():
        return replace(settings, **{key: getattr(DEFAULTS, key)})
    return replace(settings, **{key: _parsed(key, text.strip())})


def with_item(settings: Settings, key: str, value: str) -> Settings:
    """Return `settings` with `value` at the end of the list `key`; once, where it is there."""
    items = _items(settings, key)
    added: dict[str, Any] = {key: items if value in items else (*items, value)}
    return replace(settings, **added)


def without_item(settings: Settings, key: str, value: str) -> Settings:
    """Return `settings` with `value` taken out of the list `key`.

    Raises
    ------
    SettingError
        If the list has no such value.
    """
    items = _items(settings, key)
    if value not in items:
        listed = ", ".join(items) or "empty"
        raise SettingError(f"{value!r} is not in {key} ({listed})")
    left: dict[str, Any] = {key: tuple(item for item in items if item != value)}
    return replace(settings, **left)


def as_text(settings: Settings) -> dict[str, str]:
    """Return the settings that differ from the defaults as text that `changed` reads back."""
    own = {key: getattr(settings, key) for key in KEYS}
    texts = {k: _text(k, v) for k, v in own.items() if v != getattr(DEFAULTS, k)}
    return texts | {name: f"{value:g}" for name, value in settings.thresholds.items()}


def from_text(texts: Mapping[str, str]) -> Settings:
    """Return the settings that `as_text` wrote; a load method that is no more installed stays."""
    settings = DEFAULTS
    for key, text in sorted(texts.items()):  # the condition before its note
        kept = key == "load_method" and text.isidentifier()
        settings = replace(settings, load_method=text) if kept else changed(settings, key, text)
    return settings


def _items(settings: Settings, key: str) -> tuple[str, ...]:
    """Return the values of a setting that is a list."""
    lists = [name for name in KEYS if isinstance(getattr(DEFAULTS, name), tuple)]
    if key not in lists:
        raise SettingError(f"{key!r} is no list; add and drop are for {formatting.listed(lists)}")
    items: tuple[str, ...] = getattr(settings, key)
    return items


def _with_threshold(settings: Settings, name: str, text: str) -> Settings:
    others = {key: value for key, value in settings.thresholds.items() if key != name}
    if not text.strip():
        return replace(settings, thresholds=others)
    known = THRESHOLDS[name]
    value = _number(name, text, known.low, known.high)
    return replace(settings, thresholds=others | {name: value})


def _with_condition(settings: Settings, text: str) -> Settings:
    """Set the condition and the words beside it together: an old note fits no new condition."""
    condition, note = read_condition(text) if text.strip() else (None, "")
    return replace(settings, condition=condition, condition_note=note or None)


def _parsed(key: str, text: str) -> Any:
    if key in _CHOICES:
        return _choice(key, text)
    if key in _RANGES:
        number = _number(key, text, *_RANGES[key])
        return int(number) if key == "birth_year" else number
    parser = {
        "import_folders": _folders,
        "pain_inbox": _folders,
        "threshold_pace": _pace,
        "time_zone": _zone,
        "home": _position,
    }
    return parser[key](text) if key in parser else text


def _choice(key: str, text: str) -> str:
    choices = _CHOICES[key]
    if key == "load_method":
        choices += tuple(plugins.offered(plugins.LOAD_METHODS, choices))
    meant = formatting.matching(text, choices, formatting.UNIT_NAMES if key == "units" else None)
    if len(meant) != 1:
        raise SettingError(formatting.not_one_of(key, text, choices, meant))
    return meant[0]


def _number(key: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise SettingError(f"{key} is a number, not {text!r}") from None
    if not low <= value <= high:
        raise SettingError(f"{key} lies between {low:g} and {high:g}, not {value:g}")
    return value


def _folders(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _pace(text: str) -> float:
    """Read ``4:30`` or ``4:30/km`` or ``7:15/mi`` as seconds per kilometre."""
    clock, _, unit = text.replace(" ", "").partition("/")
    minutes, _, seconds = clock.partition(":")
    try:
        pace = int(minutes) * 60 + float(seconds or 0)
    except ValueError:
        raise SettingError(f"threshold_pace looks like 4:30/km, not {text!r}") from None
    if unit not in {"", "km", "mi"} or not 100 <= pace <= 1200:
        raise SettingError(f"threshold_pace looks like 4:30/km, not {text!r}")
    return pace / formatting.KM_PER_MILE if unit == "mi" else pace


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise SettingError(f"time_zone is a name like Europe/Berlin, not {text!r}") from None


def _position(text: str) -> str:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise SettingError(f"home looks like 47.05,8.31, not {text!r}") from None
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise SettingError(f"home looks like 47.05,8.31, not {text!r}")
    return f"{latitude:.10g},{longitude:.10g}"


def _text(key: str, value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    if key == "threshold_pace" and isinstance(value, float):
        return f"{int(value // 60)}:{value % 60:09.6f}"
    return f"{value:g}" if isinstance(value, float) else str(value)
