"""Reading the two tables: formats, dates, and one line about what is wrong with them."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from kneeload.cohort.tables import Layout, read_injuries, read_runs
from kneeload.errors import FrameError

RUNS = "runner,local_date,distance_km,moving_s\n007,2026-01-02,10.5,3600\nb,2026-01-03,5,\n"


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_stay_text_and_what_was_not_measured_stays_empty(tmp_path: Path) -> None:
    runs = read_runs(_file(tmp_path, RUNS))
    assert runs["runner"].tolist() == ["007", "b"]
    assert runs["moving_s"].isna().tolist() == [False, True]
    assert runs["local_date"].tolist() == [pd.Timestamp("2026-01-02"), pd.Timestamp("2026-01-03")]


@pytest.mark.usefixtures("parquet")
def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    runs = read_runs(_file(tmp_path, RUNS))
    runs.to_parquet(tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(read_runs(tmp_path / "table.parquet"), runs)


def test_an_instant_gives_the_date_it_shows(tmp_path: Path) -> None:
    text = "runner,started_at,distance_km\na,2026-01-02T23:30:00+05:00,10\n"
    runs = read_runs(_file(tmp_path, text))
    assert runs["local_date"][0] == pd.Timestamp("2026-01-02")
    assert runs["started_at"][0] == pd.Timestamp("2026-01-02T18:30", tz="UTC")


def test_other_columns_are_left(tmp_path: Path) -> None:
    runs = read_runs(_file(tmp_path, "runner,local_date,distance_km,name,x\na,2026-01-02,1,N,1\n"))
    assert list(runs.columns) == ["runner", "local_date", "distance_km", "name"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("athlete,local_date,distance_km\na,2026-01-02,1\n", "lacks runner; it has athlete"),
        ("runner,distance_km\na,1\n", "lacks local_date"),
        ("runner,local_date,distance_km\na,02.01.2026,1\n", "not a date like 2026-03-14 in row 2"),
        ("runner,local_date,distance_km\na,,1\n", "local_date: no date in row 2"),
        ("runner,local_date,distance_km\n,2026-01-02,1\n", "runner: no runner in row 2"),
        ("runner,local_date,distance_km\na,2026-01-02,x\n", "distance_km cannot be read"),
        (
            "runner,local_date,distance_km\na,2026-01-02,1\na,2026-01-02,-1\nb,2026-01-02,\n",
            "distance_km: not 0 to 500 in row 3 and 1 more",
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_its_row(tmp_path: Path, text: str, reason: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(FrameError) as refusal:
        read_runs(path)
    message = str(refusal.value)
    assert reason in message
    assert message.startswith(str(path))
    assert "\n" not in message


def test_injuries_have_a_date_and_perhaps_an_end(tmp_path: Path) -> None:
    found = read_injuries(_file(tmp_path, "runner,date,site,until\na,2026-01-02,knee,\n"))
    assert found["site"].tolist() == ["knee"]
    assert found["until"].isna().all()


def test_an_injury_is_not_over_before_it_began(tmp_path: Path) -> None:
    path = _file(tmp_path, "runner,date,until\na,2026-01-02,2026-01-01\n")
    with pytest.raises(FrameError, match="over before it began in row 2"):
        read_injuries(path)


@pytest.mark.usefixtures("parquet")
@pytest.mark.parametrize("name", ["table.csv", "table.parquet"])
def test_what_is_no_table_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(FrameError, match="no such file"):
        read_runs(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(FrameError, match="cannot be read as a table"):
        read_runs(tmp_path / name)


def test_columns_and_dates_of_other_names_and_forms(tmp_path: Path) -> None:
    layout = Layout(
        runner="athlete_id", local_date="day", distance_km="km", date="hurt", site="where",
        date_format="%d/%m/%Y",
    )  # fmt: skip
    runs = read_runs(_file(tmp_path, "athlete_id,day,km\n007,03/12/2026,8\n"), layout=layout)
    assert runs[["runner", "distance_km"]].to_numpy().tolist() == [["007", 8.0]]
    assert runs["local_date"].dt.date.tolist() == [dt.date(2026, 12, 3)]
    text = "athlete_id,hurt,where\n007,04/12/2026,left knee\n"
    hurt = read_injuries(_file(tmp_path, text), layout=layout)
    assert hurt["site"].tolist() == ["left knee"]
    assert hurt["date"].dt.date.tolist() == [dt.date(2026, 12, 4)]


def test_a_date_of_another_form_is_named(tmp_path: Path) -> None:
    path = _file(tmp_path, "runner,local_date,distance_km\na,2026-01-02,8\n")
    with pytest.raises(FrameError, match="local_date: not a date like 14/03/2026 in row 2"):
        read_runs(path, layout=Layout(date_format="%d/%m/%Y"))
