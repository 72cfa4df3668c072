"""The columns that the measures add behind those of `frames.RUNS` and `frames.WEEKS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.frames import NUMBER, TEXT, Column

if TYPE_CHECKING:
    from kneeload.frames import Spec

MEASURED: Spec = {
    "hr_peak_bpm": Column(NUMBER, "1/min", "highest 30-s median of the heart rate"),
    "ngp_mps": Column(NUMBER, "m/s", "normalised grade-adjusted speed"),
    "heart_share": Column(NUMBER, "", "share of the moving time with heart rate"),
    "band_source": Column(TEXT, "", "what told the bands: heart, pace or nothing"),
    "band_share": Column(NUMBER, "", "share of the moving time that the bands cover"),
    "zone_1_min": Column(NUMBER, "min", "time below 60 % of HRmax"),
    "zone_2_min": Column(NUMBER, "min", "time from 60 to 70 % of HRmax"),
    "zone_3_min": Column(NUMBER, "min", "time from 70 to 80 % of HRmax"),
    "zone_4_min": Column(NUMBER, "min", "time from 80 to 90 % of HRmax"),
    "zone_5_min": Column(NUMBER, "min", "time from 90 % of HRmax up"),
    "knee_load_m4": Column(NUMBER, "km", "knee load index with m = 4"),
    "knee_impulse": Column(NUMBER, "km", "knee load, impulse form"),
    "knee_share": Column(NUMBER, "", "share of the distance that the model saw; 0: estimated"),
    "cadence_share": Column(NUMBER, "", "share of it with cadence"),
    "grade_share": Column(NUMBER, "", "share of it with a slope"),
    "walking_min": Column(NUMBER, "min", "time walking, by cadence, else by speed"),
    "steps": Column(NUMBER, "", "steps of both feet while moving"),
    "fast_km": Column(NUMBER, "km", "faster than 1.15 x the runner's usual speed"),
    "usual_mps": Column(NUMBER, "m/s", "the runner's usual speed on the flat, at that time"),
    "usual_cadence_spm": Column(NUMBER, "1/min", "the runner's own cadence at that speed"),
    "knee_relative": Column(NUMBER, "", "knee load over the mean run of the 28 days before"),
}
"""What `with_loads` adds to the runs."""

CONTEXT: Spec = {
    "acute": Column(NUMBER, "load_method", "mean daily load of 7 days, at the week's end"),
    "chronic": Column(NUMBER, "load_method", "mean daily load of 28 days"),
    "acwr_coupled": Column(NUMBER, "", "7 days over the 28 that hold them; context only"),
    "acwr_uncoupled": Column(NUMBER, "", "7 days over the 21 before them; context only"),
    "acwr_ewma": Column(NUMBER, "", "ratio of exponentially weighted means; context only"),
    "monotony": Column(NUMBER, "", "mean over standard deviation of 7 days (Foster)"),
    "strain": Column(NUMBER, "load_method", "load of 7 days times monotony (Foster)"),
    "fitness": Column(NUMBER, "load_method", "load fading by 42 days; context only"),
    "fatigue": Column(NUMBER, "load_method", "load fading by 7 days; context only"),
    "form": Column(NUMBER, "load_method", "fitness less fatigue of the day before"),
}
"""What `context.at_week_ends` adds to the weeks."""
