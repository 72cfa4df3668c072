"""Pain entries and their CSV: checked on the way in, whole on the way out."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.cli.output import as_csv
from kneeload.diary.frames import pain_frame
from kneeload.diary.pain_csv import identity, read_pain
from kneeload.diary.validation import payload, validated_entry
from kneeload.errors import EntryError
from kneeload.frames import PAIN
from kneeload.log.score_tables import import_pain
from kneeload.log.training_log import TrainingLog
from kneeload.model import PainEntry
from tests.strategies import pain_entries

AT = dt.datetime(2026, 3, 15, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TrainingLog]:
    with TrainingLog(tmp_path / "log.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"score": 3}, "needs a local_date"),
        ({"local_date": "2026-03-14"}, "needs a score"),
        ({"local_date": "14.3.2026", "score": 3}, "a date like 2026-03-14"),
        ({"local_date": "2026-02-30", "score": 3}, "a date like 2026-03-14"),
        ({"local_date": "2026-03-14", "score": 11}, "whole number from 0 to 10"),
        ({"local_date": "2026-03-14", "score": "2.5"}, "whole number from 0 to 10"),
        ({"local_date": "2026-03-14", "score": "nan"}, "whole number from 0 to 10"),
        ({"local_date": "2026-03-14", "score": 3, "knee": "middle"}, "one of left, right"),
        ({"local_date": "2026-03-14", "score": 3, "onset_km": -1}, "between 0 and 300"),
        ({"local_date": "2026-03-14", "score": 3, "painkillers": "some"}, "true or false"),
        ({"local_date": "2026-03-14", "score": 3, "mood": "low"}, "has no mood"),
    ],
)
def test_an_entry_that_makes_no_sense_says_why(said: dict[str, Any], hint: str) -> None:
    with pytest.raises(EntryError, match=hint):
        validated_entry(said)


def test_zero_is_a_score_and_an_empty_cell_is_none() -> None:
    cells = {"local_date": "2026-03-14", "score": "0", "onset_km": "", "painkillers": "no"}
    entry = validated_entry(cells)
    assert (entry.score, entry.onset_km, entry.painkillers) == (0, None, False)


@given(st.lists(pain_entries, max_size=8))
def test_csv_out_and_in_loses_nothing(said: list[PainEntry]) -> None:
    state = {
        "pain": {
            f"p{i}": payload(entry) | {"entered_at": AT.isoformat()} for i, entry in enumerate(said)
        }
    }
    runs = pd.DataFrame({"started_at": [], "local_date": [], "run_id": [], "sport": []})
    text = as_csv(pain_frame(state["pain"], runs))
    assert text.splitlines()[0] == ",".join(PAIN)
    assert sorted(map(repr, read_pain(text))) == sorted(map(repr, said))


def test_a_formula_is_shielded_outside_and_bare_inside(log: TrainingLog) -> None:
    import_pain(log, 'local_date,score,note\n2026-03-14,3,"=cmd|calc"\n', AT)
    text = as_csv(log.pain())
    assert ",'=cmd|calc," in text
    assert import_pain(log, text, AT) == (0, 1)


def test_a_table_twice_adds_nothing_and_equal_rows_both_count(log: TrainingLog) -> None:
    text = "local_date,score\n2026-03-14,3\n2026-03-14,3\n2026-03-15,1\n"
    assert import_pain(log, text, AT) == (3, 0)
    assert import_pain(log, text, AT) == (0, 3)
    assert import_pain(log, text + "2026-03-14,3\n", AT) == (1, 3)
    assert len(log.pain()) == 4
    assert set(log.pain()["origin"]) == {"imported"}


def test_a_removed_score_does_not_come_back(log: TrainingLog) -> None:
    text = "local_date,score\n2026-03-14,3\n"
    import_pain(log, text, AT)
    log.remove_pain(log.pain()["pain_id"][0], AT)
    assert import_pain(log, text, AT) == (0, 1)
    assert log.pain().empty


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("date,pain\n2026-03-14,3\n", "missing columns: local_date, score"),
        ("local_date,score,mood\n2026-03-14,3,low\n", "unknown columns: mood"),
        ("local_date,score\n2026-03-14,3\n2026-03-15,12\n", "row 3: score"),
        ("local_date,score\n2026-03-14,3,left\n", "row 2 has more cells"),
        ("", "missing columns: local_date, score"),
    ],
)
def test_a_bad_table_names_its_row_and_logs_nothing(log: TrainingLog, text: str, hint: str) -> None:
    with pytest.raises(EntryError, match=hint):
        import_pain(log, text, AT)
    assert log.pain().empty


def test_a_byte_order_mark_and_missing_cells_do_not_matter(log: TrainingLog) -> None:
    assert import_pain(log, "\ufefflocal_date,score,note\n2026-03-14,3\n", AT) == (1, 0)
    assert log.pain()["note"].tolist() == [""]


def test_how_a_score_came_in_does_not_make_it_another() -> None:
    entry = validated_entry({"local_date": "2026-03-14", "score": 3})
    assert identity(entry) == identity(validated_entry(payload(entry) | {"origin": "imported"}))
    assert identity(entry) != identity(validated_entry(payload(entry) | {"moment": "after"}))


def test_an_edit_keeps_what_it_does_not_name(log: TrainingLog) -> None:
    entry = validated_entry({"local_date": "2026-03-14", "score": 3, "knee": "left"})
    (name,) = log.add_pain([entry], AT)
    log.edit_pain(name, {"score": 5, "note": "stairs"}, AT)
    (row,) = log.pain().to_dict("records")
    assert (row["score"], row["knee"], row["note"]) == (5, "left", "stairs")
    with pytest.raises(EntryError, match="0 to 10"):
        log.edit_pain(name, {"score": 50}, AT)
    log.undo()
    assert log.pain()["score"].tolist() == [3]


def test_each_score_finds_the_run_it_looks_back_on() -> None:
    days = pd.to_datetime(["2026-03-13", "2026-03-14", "2026-03-14", "2026-03-14"])
    runs = pd.DataFrame(
        {
            "run_id": ["friday", "morning", "evening", "weights"],
            "sport": ["running", "running", "trail_running", "strength"],
            "local_date": days.astype("datetime64[us]"),
            "started_at": days.tz_localize("UTC") + pd.to_timedelta([8, 7, 18, 20], unit="h"),
        }
    )
    said = {
        "p1": {"local_date": "2026-03-14", "moment": "during"},
        "p2": {"local_date": "2026-03-14", "moment": "next_morning"},
        "p3": {"local_date": "2026-03-14", "moment": "after", "run_id": "morning"},
        "p4": {"local_date": "2026-03-14", "moment": "rest"},
        "p5": {"local_date": "2026-03-16", "moment": "during"},
    }
    state = {
        "pain": {
            key: payload(validated_entry({"score": 1} | fields)) | {"entered_at": AT.isoformat()}
            for key, fields in said.items()
        }
    }
    frame = pain_frame(state["pain"], runs)
    found = dict(zip(frame["pain_id"], frame["run_id"], strict=True))
    assert found == {"p1": "evening", "p2": "friday", "p3": "morning", "p4": "", "p5": ""}
