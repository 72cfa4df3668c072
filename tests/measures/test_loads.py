"""One method for the whole log, estimates for what lacks it, and time in bands."""

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kneeload.frames import MEASURED, RUNS, conform, empty
from kneeload.measures.baselines import references
from kneeload.measures.intensity import banister_per_min, edwards_per_min, heart_rate_reserve
from kneeload.measures.loads import bridged, with_loads
from kneeload.settings import DEFAULTS, Settings
from tests.measures.building import blob, log, samples

Row = tuple[dict[str, Any], bytes]
KNOWN = Settings(hr_max=190, hr_rest=50, threshold_pace=250)
HOUR: dict[str, Any] = {"distance_km": 10.8, "moving_s": 3600.0}
PLAIN = blob(samples(3600))
BANISTER_140 = 60 * float(banister_per_min(90 / 140))


def beating(bpm: float, seconds: int = 3600) -> bytes:
    return blob(samples(seconds, hr_bpm=bpm))


def loads(*rows: Row, settings: Settings = KNOWN, **common: Any) -> pd.DataFrame:
    frame = log(*(HOUR | row for row, _ in rows), **common)
    return with_loads(frame, [content for _, content in rows], settings)


def test_banister_by_default_where_heart_rate_covers() -> None:
    runs = loads(({}, beating(140)))
    assert runs["load"].tolist() == pytest.approx([BANISTER_140])
    assert runs["load_method"].tolist() == ["banister"]


def test_women_have_their_own_weights() -> None:
    runs = loads(({}, beating(140)), settings=replace(KNOWN, sex="female"))
    reserve = heart_rate_reserve(140, 50, 190)
    assert runs["load"][0] == pytest.approx(60 * 0.86 * reserve * np.exp(1.67 * reserve))


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("banister", BANISTER_140),
        ("edwards", 60 * float(edwards_per_min(100 * 140 / 190))),
        ("srpe", 240.0),
        ("rtss", 100 * (3.0 / 4.0) ** 2),
    ],
)
def test_the_setting_chooses_the_method(method: Any, expected: float) -> None:
    runs = loads(({"rpe": 4.0}, beating(140)), settings=replace(KNOWN, load_method=method))
    assert runs["load"][0] == pytest.approx(expected, rel=0.001)
    assert runs["load_method"][0] == method


def test_without_heart_rate_exertion_counts_and_else_pace() -> None:
    assert loads(({"rpe": 4.0}, PLAIN), ({"rpe": 6.0}, PLAIN))["load"].tolist() == [240, 360]
    assert loads(({}, PLAIN), ({}, PLAIN))["load_method"].tolist() == ["rtss", "rtss"]


def test_the_method_is_that_of_the_recent_weeks() -> None:
    """Heart rate came late: 8 of the last 10 hours have it."""
    rows: list[Row] = [({"rpe": 4.0}, PLAIN)] * 30 + [({}, PLAIN)] * 2 + [({}, beating(140))] * 8
    runs = loads(*rows)
    recent = pd.date_range("2026-06-01", periods=10, freq="D")
    old = pd.date_range("2025-06-01", periods=30, freq="D")
    frame = runs[list(RUNS)].assign(local_date=old.append(recent).astype("datetime64[us]"))
    again = with_loads(frame, [content for _, content in rows], KNOWN)
    assert set(again["load_method"]) == {"banister", "~banister"}


def test_the_method_that_covers_most_where_none_covers_enough() -> None:
    rows: list[Row] = [({"rpe": 4.0}, b"")] * 7 + [({}, beating(140))] * 3
    assert loads(*rows)["load_method"].tolist() == ["srpe"] * 7 + ["~srpe"] * 3


def test_gaps_are_estimated_from_mean_heart_rate_first() -> None:
    rows: list[Row] = [({}, beating(140))] * 5 + [({"avg_hr_bpm": 140.0, "rpe": 9.0}, b"")]
    runs = loads(*rows)
    assert runs["load"].iloc[-1] == pytest.approx(BANISTER_140)
    assert runs["load_method"].iloc[-1] == "~banister"


def test_gaps_are_estimated_by_the_runners_own_relation() -> None:
    """Three runs with both methods: banister is a constant share of 240 RPE minutes."""
    rows: list[Row] = [({"rpe": 4.0}, beating(140))] * 12 + [({"rpe": 8.0}, b"")]
    runs = loads(*rows, settings=replace(KNOWN, threshold_pace=None))
    assert runs["load"].iloc[-1] == pytest.approx(2 * BANISTER_140)


def test_two_runs_with_both_are_too_few_for_a_relation() -> None:
    rows: list[Row] = [({"rpe": 4.0}, beating(140))] * 2 + [({}, beating(140))] * 9
    runs = loads(*rows, ({"rpe": 8.0, "distance_km": np.nan}, b""))
    assert runs["load"].iloc[-1] == pytest.approx(BANISTER_140)


def test_gaps_with_nothing_else_take_the_load_of_a_minute() -> None:
    rows: list[Row] = [({}, beating(140))] * 9 + [
        ({"distance_km": np.nan, "moving_s": 1800.0}, b"")
    ]
    runs = loads(*rows)
    assert runs["load"].iloc[-1] == pytest.approx(BANISTER_140 / 2)
    assert runs["load_method"].iloc[-1] == "~banister"


def test_other_sports_are_measured_but_never_estimated() -> None:
    ride: dict[str, Any] = {"sport": "cycling"}
    runs = loads(*[({}, beating(140))] * 3, (ride, beating(140)), (ride, b""))
    assert runs["load_method"].tolist() == ["banister"] * 4 + [""]
    assert np.isnan(runs["load"].iloc[-1])


def test_a_run_without_any_time_has_no_load() -> None:
    runs = loads(({}, beating(140)), ({"moving_s": np.nan}, b""))
    assert np.isnan(runs["load"].iloc[-1])
    assert runs["load_method"].iloc[-1] == ""


def test_heart_rate_for_half_of_the_time_is_not_enough() -> None:
    half = blob(samples(3600, hr_bpm=np.where(np.arange(3601) < 1800, 140.0, np.nan)))
    runs = loads(*[({}, beating(140))] * 9, ({}, half))
    assert runs["load_method"].iloc[-1] == "~banister"
    assert runs["heart_share"].iloc[-1] == pytest.approx(0.5, abs=0.01)


def test_small_holes_of_heart_rate_are_filled_with_the_rest() -> None:
    most = blob(samples(3600, hr_bpm=np.where(np.arange(3601) < 3240, 140.0, np.nan)))
    runs = loads(({}, most))
    assert runs["load"][0] == pytest.approx(BANISTER_140, rel=0.001)
    assert runs["load_method"][0] == "banister"


def test_bands_of_heart_rate() -> None:
    """80 and 90 % of 190 are 152 and 171; edges belong to the band above."""
    rates = np.repeat([140.0, 151.0, 152.0, 170.0, 171.0, 180.0], 600)
    runs = loads(({}, blob(samples(3599, hr_bpm=rates))))
    assert runs[["easy_min", "moderate_min", "hard_min"]].iloc[0].tolist() == pytest.approx(
        [20, 20, 20], abs=0.02
    )
    assert (runs["band_source"][0], runs["band_share"][0]) == ("heart", pytest.approx(1, abs=1e-3))


def test_zones_of_heart_rate() -> None:
    """60, 70, 80 and 90 % of 190 are 114, 133, 152 and 171."""
    rates = np.repeat([113.0, 114.0, 133.0, 152.0, 171.0, 190.0], 600)
    runs = loads(({}, blob(samples(3599, hr_bpm=rates))), ({}, PLAIN))
    zones = runs[[f"zone_{i}_min" for i in range(1, 6)]]
    assert zones.iloc[0].tolist() == pytest.approx([10, 10, 10, 10, 20], abs=0.02)
    assert zones.iloc[1].isna().all()


def test_bands_of_pace_where_there_is_no_heart_rate() -> None:
    """Threshold 4 m/s: moderate from 3.4, hard from 4.0."""
    speed = np.repeat([3.0, 3.6, 4.2], 1200)
    frame = samples(3599).assign(distance_m=np.cumsum(speed))
    runs = loads(({}, blob(frame)))
    assert runs[["easy_min", "moderate_min", "hard_min"]].iloc[0].tolist() == pytest.approx(
        [20, 20, 20], abs=0.2
    )
    assert runs["band_source"][0] == "pace"


def test_bands_follow_pace_where_heart_rate_covers_little() -> None:
    rates = np.where(np.arange(3601) < 2700, 140.0, np.nan)
    assert loads(({}, blob(samples(3600, hr_bpm=rates))))["band_source"][0] == "pace"


def test_bands_follow_heart_rate_where_no_pace_is_known() -> None:
    rates = np.where(np.arange(3601) < 2700, 140.0, np.nan)
    indoors = samples(3600, speed=0.0, hr_bpm=rates)
    runs = loads(({}, blob(indoors)))
    assert runs["band_source"][0] == "heart"
    assert runs["easy_min"][0] == pytest.approx(45.5, abs=0.1)
    assert runs["band_share"][0] == pytest.approx(0.76, abs=0.01)


def test_cut_offs_are_settings() -> None:
    cut = replace(KNOWN, thresholds={"bands.hr_hard_pct": 70.0, "bands.hr_moderate_pct": 60.0})
    assert loads(({}, beating(140)), settings=cut)["hard_min"][0] == pytest.approx(60)


def test_a_run_of_totals_has_no_bands() -> None:
    runs = loads(({}, beating(140)), ({}, b""))
    assert runs[["easy_min", "moderate_min", "hard_min"]].iloc[-1].isna().all()
    assert runs["band_source"].iloc[-1] == ""


def test_an_empty_log() -> None:
    runs = with_loads(empty(RUNS), [], DEFAULTS)
    assert runs.empty
    assert set(runs.columns) == {*RUNS, *MEASURED}


def test_every_column_is_described_and_has_its_dtype() -> None:
    runs = loads(({"rpe": 4.0}, beating(140)), ({}, b""))
    assert set(runs.columns) == {*RUNS, *MEASURED}
    again = conform(runs, RUNS | MEASURED)
    pd.testing.assert_frame_equal(again, runs[list(again.columns)])


def test_the_index_and_further_columns_stay() -> None:
    frame = log(HOUR, HOUR).assign(profile=[PLAIN, PLAIN]).set_axis([7, 3])
    runs = with_loads(frame, [PLAIN, PLAIN], KNOWN)
    assert runs.index.tolist() == [7, 3]
    assert "profile" in runs.columns


def known(settings: Settings = DEFAULTS, **columns: Any) -> Any:
    rows = pd.DataFrame(columns).to_dict("records")
    frame = log(*({"moving_s": 3600.0, **{str(k): v for k, v in row.items()}} for row in rows))
    values = frame.assign(
        hr_peak_bpm=columns.get("hr_peak_bpm", np.nan), ngp_mps=columns.get("ngp_mps", np.nan)
    )
    return references(values, settings)


@pytest.mark.parametrize(
    ("settings", "peaks", "expected"),
    [
        (Settings(hr_max=187), [195.0], (187, "setting")),
        (Settings(birth_year=1986), [190.0, 192.0, 187.0], (192, "observed")),
        (Settings(birth_year=1986), [175.0], (180, "tanaka")),
        (Settings(birth_year=1986), [175.1] * 3, (175.1, "observed")),
        (Settings(birth_year=1986), [220.0], (180, "tanaka")),
        (DEFAULTS, [160.0], (208 - 0.7 * 45.8, "assumed")),
        (DEFAULTS, [185.0] * 3, (185, "observed")),
        (DEFAULTS, [203.0, 185.0, 184.0, 180.0], (185, "observed")),
        (DEFAULTS, [185.0, 185.0], (208 - 0.7 * 45.8, "assumed")),
        (DEFAULTS, [185.0, 179.9, 179.0], (208 - 0.7 * 45.8, "assumed")),
        (DEFAULTS, [np.nan], (208 - 0.7 * 45.8, "assumed")),
    ],
)
def test_maximal_heart_rate(
    settings: Settings, peaks: list[float], expected: tuple[float, str]
) -> None:
    result = known(settings, hr_peak_bpm=peaks)
    assert (result.hr_max, result.hr_max_source) == (pytest.approx(expected[0]), expected[1])


def test_two_runs_of_24_months_confirm_the_maximum() -> None:
    """One cadence lock at 200 a month ago sets nothing; four runs at 190 and 188 do."""
    frame = log(*[{"moving_s": 3600.0}] * 6)
    frame = frame.assign(hr_peak_bpm=[190.0, 190.0, 188.0, 187.0, 186.0, 200.0], ngp_mps=np.nan)
    days = ["2024-01-02", "2024-01-03", "2025-05-03", "2025-05-04", "2025-05-05", "2026-01-01"]
    frame["local_date"] = pd.to_datetime(days)
    found = references(frame, DEFAULTS)
    assert (found.hr_max, found.hr_max_date) == (190, dt.date(2024, 1, 3))
    fewer = references(frame.assign(suspect=[False, True, False, False, False, False]), DEFAULTS)
    assert (fewer.hr_max, fewer.hr_max_date) == (188, dt.date(2025, 5, 3))


def test_the_bridge_between_methods_is_that_of_the_year_around() -> None:
    """The ratio of pace load to heart load falls from 2 to 1 over the years."""
    day = np.arange(0, 4000, 10)
    ratio = np.linspace(2.0, 1.0, len(day))
    load = np.where(np.arange(len(day)) % 4 == 0, np.nan, 100 * ratio)
    other = np.full(len(day), 100.0)
    estimate = bridged(day, load, other, other, 3)
    gaps = np.isnan(load)
    assert estimate[gaps] == pytest.approx(100 * ratio[gaps], rel=0.03)
    assert np.isnan(estimate[~gaps]).all()


def test_the_nearest_twenty_stand_in_for_a_thin_year() -> None:
    day = np.concatenate([np.arange(0, 400, 10), [3000]])
    load = np.append(np.where(np.arange(40) < 20, 100.0, 200.0), np.nan)
    assert bridged(day, load, np.full(41, 100.0), load, 3)[-1] == 200


def test_resting_heart_rate() -> None:
    assert (known(hr_peak_bpm=[185.0]).hr_rest, known(hr_peak_bpm=[185.0]).hr_rest_source) == (
        60,
        "assumed",
    )
    assert known(Settings(hr_rest=48), hr_peak_bpm=[185.0]).hr_rest_source == "setting"


def test_threshold_speed() -> None:
    assert known(Settings(threshold_pace=250), ngp_mps=[3.0]).threshold_mps == 4
    observed = known(ngp_mps=[3.0, 3.4, 3.2])
    assert (observed.threshold_mps, observed.threshold_source) == (3.4, "observed")
    assert known(hr_peak_bpm=[185.0]).threshold_source == ""


def test_too_short_or_too_long_efforts_tell_no_threshold() -> None:
    assert known(moving_s=[10_801.0], ngp_mps=[5.0]).threshold_source == ""
    assert known(moving_s=[1199.0], ngp_mps=[5.0]).threshold_source == ""
    assert known(moving_s=[1200.0], ngp_mps=[5.0]).threshold_mps == pytest.approx(
        5 * 3 ** (1 / 1.06 - 1)
    )
