"""The layout of Lövdal's two tables, on invented rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kneeload.cohort import page
from kneeload.cohort.exposures import STATES
from kneeload.cohort.lovdal import evaluate_lovdal, read_lovdal
from kneeload.errors import FrameError

DAY_COLUMNS = ("nr. sessions", "total km", "km Z3-4", "perceived exertion")
WEEK_COLUMNS = ("nr. sessions", "nr. rest days", "total kms", "max km one day")


def _named(columns: tuple[str, ...], times: int) -> list[str]:
    return [f"{name}.{i}" if i else name for i in range(times) for name in columns]


def _table(tmp_path: Path, columns: list[str], rows: list[dict[str, float]]) -> Path:
    path = tmp_path / "timeseries.csv"
    filled = [dict.fromkeys(columns, 0.0) | {"Athlete ID": 0, "injury": 0} | row for row in rows]
    pd.DataFrame(filled).to_csv(path, index=False)
    return path


def _week(last: float, one: float, two: float, **more: float) -> dict[str, float]:
    return {"total kms": last, "total kms.1": one, "total kms.2": two} | more


def _states(path: Path, name: str) -> list[str]:
    return [STATES[state] for state in read_lovdal(path).state[name]]


def test_the_week_files_first_week_is_the_last_one(tmp_path: Path) -> None:
    rows = [_week(50, 40, 60), _week(50, 0, 60), _week(90, 40, 40), _week(0, 0, 0)]
    path = _table(tmp_path, _named(WEEK_COLUMNS, 3), rows)
    expected = ["small", "no_reference", "large", "no_reference"]
    assert _states(path, "week_to_week") == expected
    assert _states(path, "acwr_7_14") == ["reference", "moderate", "large", "no_reference"]


def test_the_longest_day_stands_in_for_the_session_spike(tmp_path: Path) -> None:
    days = {"max km one day": 22.0, "max km one day.1": 15.0, "max km one day.2": 20.0}
    path = _table(tmp_path, _named(WEEK_COLUMNS, 3), [days, days | {"max km one day": 22.1}])
    assert _states(path, "longest_day") == ["reference", "small"]


def test_the_day_file_tells_days_much_alike(tmp_path: Path) -> None:
    def days(*km: float) -> dict[str, float]:
        return {f"total km.{i}" if i else "total km": value for i, value in enumerate(km)}

    rows = [days(10, 10, 10, 10, 10, 11, 9), days(0, 20, 0, 5, 0, 20, 5), days(10, 0, 0, 0, 9, 0)]
    path = _table(tmp_path, _named(DAY_COLUMNS, 7), rows)
    assert _states(path, "monotony_7d") == ["small", "reference", "no_reference"]


def test_rates_and_ratios_are_those_of_the_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    totals = rng.lognormal(4, 0.4, (2000, 3)).round(1)
    risk = np.where(totals[:, 0] > 2 * totals[:, 1], 0.2, 0.05)
    rows = [
        _week(*km, **{"Athlete ID": i % 40, "injury": float(rng.random() < p)})
        for i, (km, p) in enumerate(zip(totals, risk, strict=True))
    ]
    path = _table(tmp_path, _named(WEEK_COLUMNS, 3), rows)
    results = evaluate_lovdal(read_lovdal(path))
    found = results.set_index(["section", "subject", "state", "measure"])["value"]
    frame = pd.DataFrame(rows)
    ratio = frame["total kms"] / frame["total kms.1"]
    large = frame.loc[ratio > 2, "injury"]
    assert found["rates", "week_to_week", "large", "sessions"] == len(large)
    rate = found["rates", "week_to_week", "large", "per_1000_sessions"]
    assert rate == pytest.approx(1000 * large.mean())
    assert 2 < found["hazards", "week_to_week", "large", "hazard_ratio"] < 9
    text = page.render(results)
    assert "Each row of the table" in text
    assert "The rules as warnings" not in text


def test_another_table_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FrameError, match=r"other\.csv frame lacks Athlete ID, injury"):
        read_lovdal(path)
    path.write_text("Athlete ID,injury\n1,0\n")
    with pytest.raises(FrameError, match="lacks total kms"):
        read_lovdal(path)
