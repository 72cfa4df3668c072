"""Settings: read back as written, refused with what is allowed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.errors import SettingError
from kneeload.settings import DEFAULTS, KEYS, Settings, as_text, changed, from_text
from kneeload.thresholds import THRESHOLDS


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("units", "MI", "mi"),
        ("week_start", "sunday", "sunday"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("sex", "female", "female"),
        ("birth_year", "1979", 1979),
        ("hr_max", "187.5", 187.5),
        ("threshold_pace", "4:30", 270.0),
        ("threshold_pace", "4:30/km", 270.0),
        ("threshold_pace", "7:14.52/mi", 270.0),
        ("home", "47.05, 8.31", "47.05,8.31"),
        ("import_folders", "~/garmin\n/mnt/watch\n", ("~/garmin", "/mnt/watch")),
        ("condition", "osteoarthritis", "osteoarthritis"),
        ("condition", "Kreuzband-OP 2019", "after_surgery"),
        ("load_method", "srpe", "srpe"),
    ],
)
def test_a_setting_takes_its_own_kind_of_value(key: str, text: str, value: object) -> None:
    settings = changed(DEFAULTS, key, text)
    got = getattr(settings, key)
    assert got == (pytest.approx(value, abs=0.01) if isinstance(value, float) else value)
    again = from_text(as_text(settings))
    assert getattr(again, key) == (pytest.approx(got, abs=1e-6) if isinstance(got, float) else got)
    assert changed(settings, key, "") == DEFAULTS


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("unit", "mi", "kneeload settings"),
        ("units", "furlong", "one of km, mi"),
        ("birth_year", "79", "between 1900 and 2100"),
        ("hr_max", "fast", "must be a number"),
        ("time_zone", "Mars/Olympus", "Europe/Berlin"),
        ("time_zone", "../../etc/passwd", "Europe/Berlin"),
        ("threshold_pace", "fast", "4:30/km"),
        ("threshold_pace", "4:30/furlong", "4:30/km"),
        ("threshold_pace", "0:30", "4:30/km"),
        ("home", "here", "47.05"),
        ("home", "95,8", "47.05"),
        ("cutback_missing.share", "0.95", "between 0.6 and 0.9"),
        ("long_run_spike.warn_ratio", "nan", "between"),
    ],
)
def test_a_wrong_value_says_what_is_right(key: str, text: str, hint: str) -> None:
    with pytest.raises(SettingError, match=hint):
        changed(DEFAULTS, key, text)


def test_every_default_lies_within_what_may_be_set() -> None:
    for name, known in THRESHOLDS.items():
        assert known.low <= known.default <= known.high, name
        assert known.cautious is None or known.low <= known.cautious <= known.high, name


def test_the_published_numbers() -> None:
    published = {
        "long_run_spike.warn_ratio": 1.10,
        "long_run_spike.alert_ratio": 2.00,
        "long_run_spike.window_days": 30,
        "ten_percent.note_pct": 10,
        "cutback_missing.share": 0.85,
        "cutback_missing.weeks": 5,
        "monotony.limit": 2.0,
    }
    assert {name: DEFAULTS.threshold(name) for name in published} == published


def test_the_cautious_profile_is_stricter_and_own_numbers_win() -> None:
    cautious = changed(DEFAULTS, "profile", "cautious")
    assert cautious.threshold("cutback_missing.weeks") == 4
    own = changed(cautious, "cutback_missing.weeks", "6")
    assert own.threshold("cutback_missing.weeks") == 6
    assert changed(own, "cutback_missing.weeks", "") == cautious


@given(st.sampled_from(sorted(THRESHOLDS)), st.floats(0, 1))
def test_thresholds_survive_the_log(name: str, share: float) -> None:
    known = THRESHOLDS[name]
    text = f"{known.low + share * (known.high - known.low):g}"
    settings = changed(DEFAULTS, name, text)
    assert from_text(as_text(settings)) == settings
    assert settings.threshold(name) == float(text)


def test_settings_are_values() -> None:
    assert replace(DEFAULTS, units="mi") != DEFAULTS == Settings()
    assert "thresholds" not in KEYS


@pytest.mark.parametrize("name", sorted(set(THRESHOLDS) - {"ten_percent.strict"}))
def test_a_threshold_is_told_with_its_number(name: str) -> None:
    known = THRESHOLDS[name]
    low, high = (known.sentence(value) for value in (known.low, known.high))
    assert low != high
    assert not {"{", "}"} & {*low, *high}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("cutback_missing.weeks", 1, "after 1 week in a row"),
        ("cutback_missing.share", 0.85, "at most 85 % of"),
        ("long_run_spike.alert_ratio", 1, "more than 1 times as long"),
        ("pain_zone.red_above", 4, "above 4 is red"),
        ("bands.hr_hard_pct", 92.5, "above 92.5 % of your maximum"),
    ],
)
def test_its_number_bears_its_unit(name: str, value: float, told: str) -> None:
    assert told in THRESHOLDS[name].sentence(value)
