"""The columns that `with_loads` adds behind those of `kneeload.frames.RUNS`."""

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
