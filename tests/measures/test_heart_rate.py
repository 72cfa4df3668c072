"""Heart rate without artefacts: zeros, dropouts, jumps, and sensors that count steps."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.measures.heart_rate import Heart, clean_heart, peak_bpm
from kneeload.measures.summary import summarise
from tests.measures.building import run, samples, track_of


def heart(bpm: npt.ArrayLike, **columns: float) -> Heart:
    rates = np.asarray(bpm, dtype=float)
    return clean_heart(track_of(samples(rates.size - 1, hr_bpm=rates).assign(**columns)))


def steady(*pieces: tuple[float, int]) -> npt.NDArray[np.float64]:
    return np.concatenate([np.full(count, rate) for rate, count in pieces])


@pytest.mark.parametrize("artefact", [0.0, 29.0, 240.0, 255.0, float("nan")])
def test_what_no_heart_does_is_missing(artefact: float) -> None:
    rates = steady((150, 100), (artefact, 50), (150, 100))
    cleaned = heart(rates)
    assert np.isnan(cleaned.bpm[100:150]).all()
    assert (cleaned.mean_bpm, cleaned.max_bpm) == (150, 150)


@pytest.mark.parametrize("spike", [60.0, 120.0, 230.0])
def test_a_short_stretch_between_jumps_is_an_artefact(spike: float) -> None:
    cleaned = heart(steady((150, 100), (spike, 20), (150, 100)))
    assert np.isnan(cleaned.bpm[100:120]).all()
    assert cleaned.max_bpm == 150


def test_a_change_of_25_in_a_second_is_believed_and_26_is_not() -> None:
    assert heart(steady((150, 100), (175, 5), (150, 100))).max_bpm == 175
    assert heart(steady((150, 100), (176, 5), (150, 100))).max_bpm == 150


def test_a_jump_to_a_rate_that_lasts_is_believed() -> None:
    cleaned = heart(steady((90, 100), (150, 31), (150, 100)))
    assert np.isfinite(cleaned.bpm).all()


def test_fast_changes_over_longer_steps_are_no_jumps() -> None:
    frame = samples(600, every=10, hr_bpm=np.where(np.arange(61) % 2, 170.0, 120.0))
    assert np.isfinite(clean_heart(track_of(frame)).bpm).all()


def test_a_rate_equal_to_cadence_for_more_than_a_minute_is_cadence() -> None:
    rates = steady((150, 200), (172, 62), (150, 200))
    cleaned = heart(rates, cadence_spm=172.0)
    assert np.isnan(cleaned.bpm[200:262]).all()
    assert cleaned.locked_s == 62
    assert np.isfinite(
        heart(steady((150, 200), (172, 61), (150, 200)), cadence_spm=172.0).bpm
    ).all()


def test_cadence_lock_is_warned_of() -> None:
    frame = samples(1200, hr_bpm=steady((150, 600), (170, 601)), cadence_spm=171.0)
    summary = summarise(run(frame, avg_hr_bpm=160.0, max_hr_bpm=170.0))
    assert (summary.avg_hr_bpm, summary.max_hr_bpm) == (150, 150)
    assert summary.warnings == (
        "heart rate was equal to cadence for 10 min; those minutes have no heart rate",
    )


def test_the_mean_is_over_time_not_over_records() -> None:
    frame = samples(100, hr_bpm=140.0)
    frame = frame.iloc[[*range(51), 60, 70, 80, 90, 100]].reset_index(drop=True)
    frame.loc[51:, "hr_bpm"] = 160.0
    expected = (60 * 140 + 40 * 160) / 100
    assert clean_heart(track_of(frame)).mean_bpm == pytest.approx(expected)


def test_a_rate_stands_for_half_a_minute_at_most() -> None:
    frame = samples(400, hr_bpm=140.0).iloc[[0, 1, 2, 300, 301]].reset_index(drop=True)
    assert clean_heart(track_of(frame)).held_s.tolist() == [1, 1, 30, 1, 0]


def test_a_rate_on_every_tenth_record_covers_the_time_between() -> None:
    rates = np.where(np.arange(601) % 10, np.nan, 140.0)
    assert heart(rates).held_s.sum() == 600


def test_totals_stand_in_where_there_are_no_records() -> None:
    summary = summarise(run(avg_hr_bpm=151.0, max_hr_bpm=240.0))
    assert (summary.avg_hr_bpm, summary.max_hr_bpm) == (151, None)


def test_the_peak_is_the_highest_median_of_half_a_minute() -> None:
    assert peak_bpm(heart(steady((150, 100), (170, 40), (150, 100)))) == 170
    assert peak_bpm(heart(steady((150, 100), (170, 14), (150, 100)))) == 150
    assert peak_bpm(heart(steady((150, 100), (170, 15), (150, 100)))) == 170


def test_a_peak_after_a_leap_is_doubtful_for_two_minutes() -> None:
    assert peak_bpm(heart(steady((94, 200), (183, 100), (94, 100)))) == 94
    assert peak_bpm(heart(steady((94, 200), (119, 100), (94, 100)))) == 119, "25 is no leap"
    assert peak_bpm(heart(steady((94, 200), (183, 200)))) == 183


def test_a_peak_near_the_cadence_is_doubtful() -> None:
    climbing = np.concatenate([np.full(100, 150.0), np.linspace(150, 174, 100), np.full(60, 174.0)])
    assert peak_bpm(heart(climbing, cadence_spm=190.0)) == 174
    assert peak_bpm(heart(climbing, cadence_spm=176.0)) < 174


@pytest.mark.parametrize("rates", [np.full(30, 150.0), np.full(100, np.nan), np.full(1, 150.0)])
def test_too_little_heart_rate_has_no_peak(rates: npt.NDArray[np.float64]) -> None:
    assert np.isnan(peak_bpm(heart(rates)))


@given(st.lists(st.integers(100, 125), min_size=40, max_size=120))
def test_the_peak_equals_a_rolling_median(rates: list[int]) -> None:
    """Of an even number of values, half at x or above is the upper median."""
    windows = np.lib.stride_tricks.sliding_window_view(np.array(rates[:-1]), 30)
    expected = np.sort(windows, axis=1)[:, 15].max()
    assert peak_bpm(heart(rates)) == expected


@given(
    st.lists(st.tuples(st.integers(100, 125), st.sampled_from([1, 2, 7, 40])), max_size=80),
    st.data(),
)
def test_half_of_a_window_is_at_the_peak_or_above(
    records: list[tuple[int, int]], data: st.DataObject
) -> None:
    rates = np.array([rate for rate, _ in records], dtype=float)
    held_s = np.array([min(seconds, 30) for _, seconds in records], dtype=float)
    doubtful = np.array([data.draw(st.booleans()) for _ in records], dtype=bool)
    peak = peak_bpm(Heart(bpm=rates, doubtful=doubtful, held_s=held_s, locked_s=0.0))
    begins = np.concatenate(([0.0], np.cumsum(held_s)))

    def most_s(bpm: int) -> float:
        """Return the most time at so many beats or above of the records begun in 30 s."""
        counted = held_s * ((rates >= bpm) & ~doubtful)
        windows = [
            (begins[:-1] >= begin) & (begins[:-1] < begin + 30)
            for begin in begins
            if begin + 30 <= begins[-1]
        ]
        return max((float(counted[window].sum()) for window in windows), default=0.0)

    expected = [bpm for bpm in range(100, 126) if most_s(bpm) >= 15]
    assert expected == list(range(100, int(peak) + 1)) if expected else np.isnan(peak)


@given(st.lists(st.sampled_from([0.0, 90.0, 110.0, 116.0, 140.0]), min_size=2, max_size=200))
def test_the_two_minutes_after_a_leap_are_doubtful(rates: list[float]) -> None:
    cleaned = heart(rates, cadence_spm=200.0)
    known = [at for at, bpm in enumerate(cleaned.bpm) if np.isfinite(bpm)]
    leaps = [
        at
        for at in known
        if any(at - 10 <= back < at and cleaned.bpm[at] - cleaned.bpm[back] > 25 for back in known)
    ]
    expected = [any(leap - 10 <= at <= leap + 120 for leap in leaps) for at in range(len(rates))]
    assert cleaned.doubtful.tolist() == expected
