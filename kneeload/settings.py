"""Settings: every default is a published number or marked as a convention or an assumption."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args

from kneeload import formatting, plugins
from kneeload.conditions import Condition, read_condition
from kneeload.errors import SettingError
from kneeload.formatting import Knee, Site, Units
from kneeload.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        km or mi, for what kneeload shows. Stored and exported data are metric.
    week_start
        First day of the week: monday or sunday.
    time_zone
        Your time zone, such as Europe/Berlin, for files with neither a time zone nor a position.
    sex
        female or male. It decides which published factors are used to work out load from heart
        rate (as TRIMP). If it is empty, the lower factors are used, those for males.
    birth_year
        Your year of birth, to estimate your maximum heart rate if none is set or observed.
    hr_max
        Your maximum heart rate, in beats a minute. If it is empty, kneeload uses the maximum seen
        in your runs, otherwise an estimate from your age.
    hr_rest
        Your resting heart rate, in beats a minute. If it is empty, 60 is assumed.
    threshold_pace
        Pace you can hold for about an hour, such as ``4:30/km`` or ``7:15/mi``; a plain number
        means seconds per km.
    home
        Latitude and longitude of your home, such as 47.05,8.31; only used to hide it in exports.
    import_folders
        Folders that `kneeload update` reads.
    pain_inbox
        Text files to which your phone writes scores, or folders of such files.
    pain_marker
        With ``double_lap``, pressing the lap button twice within ten seconds marks where pain
        began. If it is ``off``, the lap button marks nothing.
    profile
        How strict the rules are: ``default``, ``cautious`` (after an injury) or ``off`` (only red
        flags and red pain are shown).
    knee
        The knee your scores are about, unless you name the other.
    site
        Where your knee usually hurts; kneeload asks once, with the first score above 0.
    condition
        What a professional called your complaint: none, osteoarthritis, after_surgery, meniscus,
        kneecap, tendon, iliotibial_band or other. After surgery the plan gives no numbers.
    condition_note
        Your own words for that complaint.
    load_method
        Method by which the load of a run is worked out; other packages can add methods.
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
    knee: Knee = "unsure"
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
        threshold = THRESHOLDS[name]
        if self.profile == "cautious" and threshold.cautious is not None:
            return threshold.cautious
        return threshold.default


DEFAULTS = Settings()

_CHOICES: dict[str, tuple[str, ...]] = {
    "units": get_args(Units),
    "week_start": get_args(WeekStart),
    "sex": ("female", "male"),
    "profile": get_args(Profile),
    "knee": get_args(Knee),
    "site": get_args(Site),
    "pain_marker": get_args(PainMarker),
    "load_method": get_args(LoadMethod),
}
_RANGES: dict[str, tuple[float, float]] = {
    "birth_year": (1900, 2100),
    "hr_max": (100, 250),
    "hr_rest": (25, 120),
}
KEYS: tuple[str, ...] = tuple(f.name for f in fields(Settings) if f.name != "thresholds")


def setting_meanings() -> dict[str, str]:
    """Return the settings and what they mean, as `Settings` documents them."""
    import inspect

    meanings = dict.fromkeys(KEYS, "")
    keys: list[str] = []
    for line in (inspect.getdoc(Settings) or "").splitlines():
        if line.startswith(" "):
            meanings.update((key, f"{meanings[key]} {line.strip()}".strip()) for key in keys)
        else:
            keys = [key for key in line.split(", ") if key in meanings]
    return {key: text.replace("`", "") for key, text in meanings.items()}


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
    remaining: dict[str, Any] = {key: tuple(item for item in items if item != value)}
    return replace(settings, **remaining)


def as_text(settings: Settings) -> dict[str, str]:
    """Return the settings that differ from the defaults as text that `changed` reads back."""
    values = {key: getattr(settings, key) for key in KEYS}
    texts = {k: _text(k, v) for k, v in values.items() if v != getattr(DEFAULTS, k)}
    return texts | {name: f"{value:g}" for name, value in settings.thresholds.items()}


def from_text(texts: Mapping[str, str]) -> Settings:
    """Return the settings that `as_text` wrote; a load method that is no more installed stays."""
    settings = DEFAULTS
    for key, text in sorted(texts.items()):  # the condition before its note
        if key == "load_method" and text.isidentifier():
            settings = replace(settings, load_method=text)
        else:
            settings = changed(settings, key, text)
    return settings


def _items(settings: Settings, key: str) -> tuple[str, ...]:
    """Return the values of a setting that is a list."""
    lists = [name for name in KEYS if isinstance(getattr(DEFAULTS, name), tuple)]
    if key not in lists:
        raise SettingError(f"{key!r} is not a list; add and drop are for {formatting.join(lists)}")
    items: tuple[str, ...] = getattr(settings, key)
    return items


def _with_threshold(settings: Settings, name: str, text: str) -> Settings:
    others = {key: value for key, value in settings.thresholds.items() if key != name}
    if not text.strip():
        return replace(settings, thresholds=others)
    limits = THRESHOLDS[name]
    value = _number(name, text, limits.low, limits.high)
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
        choices += tuple(plugins.available(plugins.LOAD_METHODS, choices))
    matches = formatting.matching(text, choices, formatting.UNIT_NAMES if key == "units" else None)
    if len(matches) != 1:
        raise SettingError(formatting.not_one_of(key, text, choices, matches))
    return matches[0]


def _number(key: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise SettingError(f"{key} must be a number, not {text!r}") from None
    if not low <= value <= high:
        raise SettingError(f"{key} must be between {low:g} and {high:g}, not {value:g}")
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
        raise SettingError(f"threshold_pace must look like 4:30/km, not {text!r}") from None
    if unit not in {"", "km", "mi"} or not 100 <= pace <= 1200:
        raise SettingError(f"threshold_pace must look like 4:30/km, not {text!r}")
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
        raise SettingError(f"home must look like 47.05,8.31, not {text!r}") from None
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise SettingError(f"home must look like 47.05,8.31, not {text!r}")
    return f"{latitude:.10g},{longitude:.10g}"


def _text(key: str, value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    if key == "threshold_pace" and isinstance(value, float):
        return f"{int(value // 60)}:{value % 60:09.6f}"
    return f"{value:g}" if isinstance(value, float) else str(value)
