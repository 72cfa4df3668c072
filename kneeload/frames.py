"""The frames that flow through kneeload: their columns, dtypes and units, and one check.

Everything that names a column takes it from here: code, CSV, documentation, `describe`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from kneeload.errors import FrameError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column: its pandas dtype, its unit (empty where it has none) and what it means."""

    dtype: str
    unit: str
    meaning: str


Spec = dict[str, Column]

TEXT = "str"
UTC = "datetime64[us, UTC]"
DATE = "datetime64[us]"
NUMBER = "float64"

_SLOPES = {
    "level": "slopes count nothing",
    "down": "downhill counts twice the default",
    "up": "uphill counts less",
    "slopes": "downhill counts twice the default and uphill less",
}

_DECIMALS = 3  # a metre of a kilometre

PLANNED = "planned"
"""The ``run_id`` of a run that is only asked about."""

SAMPLES: Spec = {
    "time": Column(UTC, "", "instant of the record"),
    "latitude": Column(NUMBER, "deg", "WGS 84, north positive"),
    "longitude": Column(NUMBER, "deg", "WGS 84, east positive"),
    "distance_m": Column(NUMBER, "m", "distance since the start as the device counts it"),
    "speed_mps": Column(NUMBER, "m/s", "speed as the device gives it"),
    "altitude_m": Column(NUMBER, "m", "altitude above sea level"),
    "hr_bpm": Column(NUMBER, "1/min", "heart rate as recorded, artefacts included"),
    "cadence_spm": Column(
        NUMBER, "1/min", "steps of both feet; empty for sports on wheels or water"
    ),
    "segment": Column("int64", "", "rises by one where the recording was paused or has a gap"),
}

STREAMS: Spec = {
    "clock_s": Column(NUMBER, "s", "time since the start, pauses left out"),
    "distance_m": Column(
        NUMBER, "m", "distance since the start, taken from the device, its speed or the track"
    ),
    "speed_mps": Column(NUMBER, "m/s", "speed over 10 s"),
    "altitude_m": Column(NUMBER, "m", "altitude, smoothed over 25 s"),
    "grade": Column(NUMBER, "m/m", "slope, uphill positive; empty where it is unknown"),
    "hr_bpm": Column(NUMBER, "1/min", "heart rate without artefacts"),
    "cadence_spm": Column(NUMBER, "1/min", "steps of both feet"),
    "moving": Column("bool", "", "not standing: at least 0.5 m/s, or no speed known"),
}

RUNS: Spec = {
    "run_id": Column(TEXT, "", "the same in every log: content hash and session index"),
    "started_at": Column(UTC, "", "start of the session"),
    "local_date": Column(DATE, "", "the runner's calendar date at the start, decided at import"),
    "sport": Column(TEXT, "", "a value of `Sport`"),
    "distance_km": Column(NUMBER, "km", "distance; `distance_source` says who measured it"),
    "moving_s": Column(NUMBER, "s", "timer time minus the time spent standing still"),
    "elapsed_s": Column(NUMBER, "s", "from start to end, pauses included"),
    "ascent_m": Column(NUMBER, "m", "climbed, noise smoothed away"),
    "descent_m": Column(NUMBER, "m", "descended, noise smoothed away"),
    "avg_hr_bpm": Column(NUMBER, "1/min", "mean heart rate without artefacts"),
    "avg_cadence_spm": Column(NUMBER, "1/min", "mean steps per minute of both feet while moving"),
    "load": Column(NUMBER, "load_method", "training load by the log's method"),
    "load_method": Column(
        TEXT,
        "",
        "banister, edwards, srpe, rtss, or a method from a package; `~` before an estimate",
    ),
    "knee_load": Column(
        NUMBER,
        "km",
        "knee load (m = 1), as the equivalent in kilometres of your own usual flat running",
    ),
    "rpe": Column(NUMBER, "0-10", "perceived exertion, CR-10"),
    "suspect": Column("bool", "", "not counted until you review it"),
    "source": Column(TEXT, "", "the path it was read from, as given"),
    "suspect_reason": Column(TEXT, "", "why it is suspect"),
    "distance_source": Column(TEXT, "", "device, laps, export, track, manual or edited"),
    "clock_known": Column("bool", "", "false if the time is unknown and noon is assumed"),
    "sport_inferred": Column(
        "bool", "", "the file named no sport; the sport was inferred from the speeds"
    ),
    "name": Column(TEXT, "", "title of the activity"),
    "note": Column(TEXT, "", "the runner's note"),
    "shoe": Column(TEXT, "", "shoe or gear"),
    "easy_min": Column(NUMBER, "min", "time in the easy band"),
    "moderate_min": Column(NUMBER, "min", "time in the moderate band"),
    "hard_min": Column(NUMBER, "min", "time in the hard band"),
    "device_distance_km": Column(
        NUMBER, "km", "what the device measured, if it was corrected; otherwise empty"
    ),
    "workout_feel": Column(
        NUMBER, "0-100", "how the run felt, as given on the watch: 0 very weak, 100 very strong"
    ),
}

STORED: Spec = {
    "max_hr_bpm": Column(NUMBER, "1/min", "highest heart rate without artefacts"),
    "device": Column(TEXT, "", "what recorded it, as the file says"),
    "description": Column(TEXT, "", "what the runner wrote for others"),
    "private_note": Column(TEXT, "", "what the runner wrote only for themselves"),
    "warnings": Column(TEXT, "", "oddities found in the file, a JSON list"),
    "watch_pain": Column(TEXT, "", "pain that the watch recorded, a JSON list"),
    "kind": Column(TEXT, "", "source format: fit, gpx, tcx, or a row of an export"),
    "moved_from_s": Column(NUMBER, "s", "from the start to the first movement"),
    "moved_until_s": Column(NUMBER, "s", "from the start to the last movement"),
    "utc_offset_s": Column(NUMBER, "s", "local time minus UTC at the start"),
}
"""Behind `RUNS` where they come from a log."""

MEASURED: Spec = {
    "hr_peak_bpm": Column(NUMBER, "1/min", "highest 30-s median of the heart rate"),
    "ngp_mps": Column(NUMBER, "m/s", "normalised grade-adjusted speed"),
    "heart_share": Column(NUMBER, "", "share of the moving time with heart rate"),
    "band_source": Column(TEXT, "", "where the bands come from: heart, pace or nothing"),
    "band_share": Column(NUMBER, "", "share of the moving time that the bands cover"),
    "zone_1_min": Column(NUMBER, "min", "time below 60 % of HRmax"),
    "zone_2_min": Column(NUMBER, "min", "time from 60 to 70 % of HRmax"),
    "zone_3_min": Column(NUMBER, "min", "time from 70 to 80 % of HRmax"),
    "zone_4_min": Column(NUMBER, "min", "time from 80 to 90 % of HRmax"),
    "zone_5_min": Column(NUMBER, "min", "time from 90 % of HRmax up"),
    "knee_load_m4": Column(NUMBER, "km", "knee load with m = 4"),
    "knee_impulse": Column(NUMBER, "km", "knee load, impulse form"),
    "knee_share": Column(
        NUMBER, "", "share of the distance for which the model had data; 0: the load is estimated"
    ),
    "cadence_share": Column(NUMBER, "", "share of it with cadence"),
    "grade_share": Column(NUMBER, "", "share of it with a slope"),
    "walking_min": Column(NUMBER, "min", "time walking, by cadence, otherwise by speed"),
    "steps": Column(NUMBER, "", "steps of both feet while moving"),
    "fast_km": Column(NUMBER, "km", "faster than 1.15 x the runner's usual speed"),
    "usual_mps": Column(NUMBER, "m/s", "the runner's usual speed on the flat, at that time"),
    "usual_cadence_spm": Column(NUMBER, "1/min", "the runner's own cadence at that speed"),
    "knee_relative": Column(
        NUMBER, "", "knee load divided by the mean knee load of a run in the previous 28 days"
    ),
    **{
        f"{form}_{slope}": Column(NUMBER, "km", f"{form}, {weight}")
        for slope, weight in _SLOPES.items()
        for form in ("knee_load", "knee_load_m4", "knee_impulse")
    },
}
"""Behind `RUNS` and `STORED` where loads were computed: `TrainingLog.runs`."""

PAIN: Spec = {
    "pain_id": Column(TEXT, "", "the entry's id"),
    "local_date": Column(DATE, "", "the day of the score"),
    "knee": Column(TEXT, "", "left, right, both or unsure"),
    "site": Column(TEXT, "", "where on the knee"),
    "moment": Column(TEXT, "", "before, during, after, next_morning, rest or unsure"),
    "score": Column("int64", "0-10", "numeric pain rating scale (NPRS)"),
    "onset_km": Column(NUMBER, "km", "distance into the run at which pain began"),
    "onset_min": Column(NUMBER, "min", "time into the run at which pain began"),
    "provoked_by": Column(TEXT, "", "what provoked it, joined by ;"),
    "eased_by": Column(TEXT, "", "what eased it, joined by ;"),
    "painkillers": Column("boolean", "", "painkillers before the run; empty where unknown"),
    "run_id": Column(TEXT, "", "the run it rates, empty where none"),
    "origin": Column(TEXT, "", "entered, imported, phone, marker, watch, or parsed from a note"),
    "note": Column(TEXT, "", "free text"),
    "entered_at": Column(UTC, "", "when it was logged"),
    "run_date": Column(DATE, "", "the day of the run it rates, otherwise its own day"),
}

WEEKS: Spec = {
    "week": Column(
        TEXT, "", "ISO label YYYY-Www; a week that starts on Sunday has the label of its fourth day"
    ),
    "week_start": Column(DATE, "", "first day of the week"),
    "complete": Column("bool", "", "false for the current week"),
    "runs": Column("int64", "", "running sessions, 0 in an empty week"),
    "distance_km": Column(NUMBER, "km", "running distance, 0 in an empty week"),
    "moving_h": Column(NUMBER, "h", "moving time"),
    "longest_run_km": Column(NUMBER, "km", "longest single run"),
    "rest_days": Column("int64", "d", "days without a run, up to today"),
    "descent_m": Column(NUMBER, "m", "metres descended"),
    "load": Column(NUMBER, "load_method", "sum of the runs' load"),
    "easy_min": Column(NUMBER, "min", "time in the easy band"),
    "moderate_min": Column(NUMBER, "min", "time in the moderate band"),
    "hard_min": Column(NUMBER, "min", "time in the hard band"),
    "knee_load": Column(NUMBER, "km", "sum of the runs' knee load"),
    "reference_km": Column(NUMBER, "km", "distance of the reference week that rules compare with"),
    "cutback": Column("bool", "", "complete and at most 85 % of the reference"),
    "pain_max": Column(NUMBER, "0-10", "highest score, empty where none was logged"),
    "pain_mean": Column(NUMBER, "0-10", "mean score, empty where none was logged"),
    "pain_scores": Column("int64", "", "number of scores"),
    "provisional_cutback": Column(
        "bool", "", "the current week would be a cutback if it ended now"
    ),
    "suspect_runs": Column("int64", "", "runs left out because they are suspect"),
    "unmeasured_runs": Column(
        "int64", "", "runs of unknown distance; if there is one, the week's distance is a minimum"
    ),
    "load_estimated_share": Column(NUMBER, "", "share of the load that is estimated, not measured"),
}

CONTEXT: Spec = {
    "acute": Column(NUMBER, "load_method", "mean daily load of 7 days, at the week's end"),
    "chronic": Column(NUMBER, "load_method", "mean daily load of 28 days"),
    "acwr_coupled": Column(
        NUMBER, "", "the last 7 days divided by the last 28, which include them; context only"
    ),
    "acwr_uncoupled": Column(
        NUMBER, "", "the last 7 days divided by the 21 before them; context only"
    ),
    "acwr_ewma": Column(NUMBER, "", "ratio of exponentially weighted means; context only"),
    "monotony": Column(NUMBER, "", "mean of 7 days divided by their standard deviation (Foster)"),
    "strain": Column(NUMBER, "load_method", "load of 7 days times monotony (Foster)"),
    "fitness": Column(NUMBER, "load_method", "load, fading over 42 days; context only"),
    "fatigue": Column(NUMBER, "load_method", "load, fading over 7 days; context only"),
    "form": Column(NUMBER, "load_method", "fitness minus fatigue, both from the day before"),
}
"""Behind `WEEKS` in an analysis of the whole log; context for a reader, no rule looks at it."""

FLAGS: Spec = {
    "flag_id": Column(TEXT, "", "the same each time it is computed"),
    "rule": Column(TEXT, "", "rule id"),
    "week": Column(TEXT, "", "the week it belongs to"),
    "date": Column(DATE, "", "the run's date, or the day the limit was crossed, or the last day"),
    "severity": Column(TEXT, "", "note, warn or alert"),
    "value": Column(NUMBER, "unit", "what was observed"),
    "limit": Column(NUMBER, "unit", "what it was compared with"),
    "unit": Column(TEXT, "", "unit of value and limit"),
    "evidence": Column(TEXT, "", "grade of the evidence"),
    "message": Column(TEXT, "", "what happened, with its numbers"),
    "acknowledged": Column("bool", "", "acknowledged by the runner"),
    "run_id": Column(TEXT, "", "the run it is about; empty if it is about a week"),
    "episode": Column("int64", "", "number of the rule's episode, from 1"),
    "missing": Column(TEXT, "", "what could not be compared"),
}

DIARY: Spec = {
    "entry_id": Column(TEXT, "", "the entry's id"),
    "local_date": Column(DATE, "", "the day of the note"),
    "kind": Column(
        TEXT,
        "",
        "symptom, assessed, strength, sleep, tried, shoe, injury, limits, why, gap, question, note",
    ),
    "subject": Column(TEXT, "", "which symptom, shoe, week or knee it is about"),
    "value": Column(
        NUMBER, "", "its number, if it has one: hours of sleep, minutes of strength training"
    ),
    "until": Column(DATE, "", "last day, if it went on for more than one"),
    "text": Column(TEXT, "", "free text, or the answer given"),
    "trauma": Column("boolean", "", "whether an injury came from a fall, blow or twist"),
    "run_km": Column(NUMBER, "km", "for limits: the longest run that a professional allows"),
    "week_km": Column(NUMBER, "km", "for limits: the largest week"),
    "week_percent": Column(
        NUMBER, "%", "for limits: allowed rise compared with the last week in which the runner ran"
    ),
    "no_downhill": Column("bool", "", "for limits: no running downhill"),
}


def empty(spec: Spec) -> pd.DataFrame:
    """Return a frame with the columns of `spec` and no rows."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=column.dtype) for name, column in spec.items()})


def conform(frame: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Return `frame` with the columns of `spec` first, in order and of the right dtype.

    Columns that `frame` lacks come out empty (numbers NaN, text ""); columns beyond the
    specification are kept behind it.

    Raises
    ------
    FrameError
        If a column cannot be read as its dtype; the message names it.
    """
    dtypes = dict(zip(frame.columns, frame.dtypes.tolist(), strict=True))
    made = {
        name: _column(frame, name, column)
        for name, column in spec.items()
        if name not in dtypes
        or dtypes[name] != _dtype(column.dtype)
        or (column.dtype == TEXT and frame[name].hasnans)
    }
    wanted, filled = [*spec, *(c for c in dtypes if c not in spec)], frame.assign(**made)
    return filled if list(filled.columns) == wanted else filled[wanted]


@cache
def _dtype(name: str) -> Any:
    from pandas.api.types import pandas_dtype

    return pandas_dtype(name)


def describe(spec: Spec) -> pd.DataFrame:
    """Return the specification itself as a frame: column, dtype, unit, meaning."""
    import pandas as pd

    rows = [(name, c.dtype, c.unit, c.meaning) for name, c in spec.items()]
    return pd.DataFrame(rows, columns=["column", "dtype", "unit", "meaning"])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values: None where missing, dates and instants as ISO 8601."""
    columns = {name: _plain(frame[name]) for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def upto(
    frame: pd.DataFrame, last: dt.date, since: dt.date | None = None, *, by: str = "local_date"
) -> pd.DataFrame:
    """Return the rows from `since` to `last`."""
    import pandas as pd

    inside = frame[by] <= pd.Timestamp(last)
    return frame[inside & (frame[by] >= pd.Timestamp(since))] if since else frame[inside]


def require(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Raise `FrameError` naming the columns that `frame` lacks."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise FrameError(f"the {what} frame lacks {', '.join(missing)}")


def _plain(values: pd.Series) -> list[Any]:
    kind = str(values.dtype)
    if kind.startswith("datetime64"):
        formatted = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if "UTC" in kind else "%Y-%m-%d")
    else:
        formatted = values.round(_DECIMALS) if kind == "float64" else values
    plain: list[Any] = formatted.astype("object").where(values.notna(), None).tolist()
    return plain


def _column(frame: pd.DataFrame, name: str, column: Column) -> pd.Series:
    if name not in frame.columns:
        return _blank(frame, column)
    values = frame[name]
    if values.dtype != _dtype(column.dtype):
        values = _cast(values, name, column)
    return values.fillna("") if column.dtype == TEXT else values


def _cast(values: pd.Series, name: str, column: Column) -> pd.Series:
    try:
        return values.astype(_dtype(column.dtype))
    except (TypeError, ValueError) as error:
        raise FrameError(f"column {name} cannot be read as {column.dtype}: {error}") from error


_BLANKS: dict[str, object] = {TEXT: "", "bool": False, "int64": 0, NUMBER: float("nan")}


def _blank(frame: pd.DataFrame, column: Column) -> pd.Series:
    import pandas as pd

    blank = _BLANKS.get(column.dtype, pd.NaT if "datetime" in column.dtype else pd.NA)
    return pd.Series(blank, index=frame.index, dtype=column.dtype)
