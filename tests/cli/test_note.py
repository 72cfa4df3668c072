"""Notes, shoes and the scores read on import, as their user meets them."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kneeload.diary.notes import KINDS
from tests.cli.invoking import invoke

RUNS = """date,time,distance_km,duration_min,name,note,shoe
2026-03-10,07:30,8,48,Easy,"L knee 3/10 after, knee high 3 sets",Old pair
2026-03-14,07:30,12,70,Knie 2,3x10 squats,
"""


@pytest.fixture
def kneeload(tmp_path: Path) -> Callable[..., Result]:
    return partial(invoke, "--log", tmp_path / "log.db", "--as-of", "2026-03-20")


def notes(kneeload: Callable[..., Result]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(kneeload("note", "list", "--json").stdout)
    return found


def test_an_injury_lasts_until_its_end_is_noted(kneeload: Callable[..., Result]) -> None:
    words = ("patellofemoral pain", "--knee", "left", "--date", "2026-02-01")
    assert kneeload("note", "injury", *words).exit_code == 0
    (injury,) = notes(kneeload)
    assert (injury["subject"], injury["until"], injury["text"]) == (
        "left",
        None,
        "patellofemoral pain",
    )
    kneeload("note", "edit", injury["entry_id"], "--until", "2026-03-10")
    assert notes(kneeload)[0]["until"] == "2026-03-10"
    assert "38 days" in kneeload("note", "list").output
    kneeload("undo")
    assert notes(kneeload)[0]["until"] is None
    kneeload("note", "remove", injury["entry_id"])
    assert notes(kneeload) == []
    kneeload("undo")
    assert len(notes(kneeload)) == 1


def test_an_injury_is_open_until_it_is_closed(kneeload: Callable[..., Result]) -> None:
    kneeload("note", "injury", "fell on ice", "--knee", "left", "--trauma", "--date", "2025-12-30")
    (injury,) = notes(kneeload)
    assert injury["trauma"] is True
    told = "Open: injury (left, fell on ice) since 30 December 2025. When it is over: kneeload note"
    assert f"{told} injury {injury['entry_id']} --until DATE" in kneeload("note").output
    closed = kneeload("note", "injury", injury["entry_id"], "--until", "2026-03-10")
    assert closed.exit_code == 0
    (injury,) = notes(kneeload)
    assert (injury["until"], injury["text"]) == ("2026-03-10", "fell on ice")
    assert "Open" not in kneeload("note").output
    kneeload("undo")
    assert "Open" in kneeload("note").output


@pytest.mark.parametrize("words", [("d99",), ("d1",)])
def test_only_an_injury_is_closed(kneeload: Callable[..., Result], words: tuple[str, ...]) -> None:
    kneeload("note", "symptom", "swelling")
    result = kneeload("note", "injury", *words, "--until", "2026-03-10")
    assert result.exit_code in {1, 2}
    assert len(notes(kneeload)) == 1


def test_an_open_red_flag_is_shown_until_it_is_assessed(kneeload: Callable[..., Result]) -> None:
    kneeload("note", "symptom", "swelling", "--date", "2026-03-15")
    assert "Open: a swollen knee on 15 March." in kneeload("note", "list").output
    kneeload("note", "assessed")
    assert "Open" not in kneeload("note", "list").output


@pytest.mark.parametrize(
    ("moment", "km", "code"),
    [("during", 12, 0), ("during", 12.1, 0), ("during", 12.2, 1), ("rest", 30, 0)],
)
def test_pain_cannot_begin_beyond_the_end_of_its_run(
    kneeload: Callable[..., Result], tmp_path: Path, moment: str, km: float, code: int
) -> None:
    (tmp_path / "runs.csv").write_text(RUNS)
    kneeload("import", tmp_path / "runs.csv")
    score = ("pain", "add", 3, "--date", "2026-03-14", "--moment", moment)
    result = kneeload(*score, "--onset-km", km)
    assert result.exit_code == code
    if code:
        assert "12.2 km: the run of 14 March 2026 was 12.0 km long" in result.stderr


def test_an_impossible_edit_is_refused_as_well(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "runs.csv").write_text(RUNS)
    kneeload("import", tmp_path / "runs.csv")
    table = tmp_path / "pain.csv"
    table.write_text("local_date,score,moment,onset_km\n2026-03-14,3,during,15\n")
    first = kneeload("pain", "import", table)
    assert "Warning: pain cannot begin at 15.0 km" in first.stderr
    again = kneeload("pain", "import", table)
    assert "Logged 0 scores; 1 already in the log." in again.output
    listed = json.loads(kneeload("pain", "list", "--json").stdout)
    (entered,) = [score for score in listed if score["origin"] == "imported"]
    assert entered["onset_km"] is None
    assert kneeload("pain", "edit", entered["pain_id"], "--onset-km", 14).exit_code == 1
    assert kneeload("pain", "edit", entered["pain_id"], "--onset-km", 11).exit_code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("after_surgery", "The plan gives no numbers: ask whoever treats your knee."),
        ("Kreuzband-OP", "If it was not an operation: kneeload settings set condition other"),
        ("runner's knee", "Your own words are kept as well."),
        ("kneecap", "Set condition to kneecap."),
        ("", "Reset condition to the default."),
    ],
)
def test_what_a_condition_means_is_said(
    kneeload: Callable[..., Result], text: str, told: str
) -> None:
    assert told in kneeload("settings", "set", "condition", text).output


@pytest.mark.parametrize(("answer", "condition"), [("y", "after_surgery"), ("n", "other")])
def test_an_operation_is_asked_back_at_a_terminal(
    kneeload: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    condition: str,
) -> None:
    monkeypatch.setattr("kneeload.cli.settings.at_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: answer == "y")
    kneeload("settings", "set", "condition", "knee scope, arthroscopy")
    shown = json.loads(kneeload("settings", "--json").stdout)
    assert shown["condition"] == condition
    assert shown["condition_note"] == "knee scope, arthroscopy"


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        (("sleep", "7,5"), 7.5, ""),
        (("sleep", "7.5", "woke", "twice"), 7.5, "woke twice"),
        (("sleep", "7.5h"), 7.5, ""),
        (("sleep", "--value", "8"), 8, ""),
        (("strength", "30min", "squats"), 30, "squats"),
        (("strength",), None, ""),
        (("strength", "30", "squats"), 30, "squats"),
        (("strength", "squats"), None, "squats"),
        (("strength", "squats", "--value", "20"), 20, "squats"),
        (("tried", "2", "insoles"), None, "2 insoles"),
    ],
)
def test_a_number_that_comes_first_is_the_value(
    kneeload: Callable[..., Result], words: tuple[str, ...], value: float | None, text: str
) -> None:
    assert kneeload("note", *words).exit_code == 0
    (said,) = notes(kneeload)
    assert (said["kind"], said["value"], said["text"]) == (words[0], value, text)


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("sleep", "24.5", "sleep is a number of hours from 0 to 24, not 24.5"),
        ("strength", "1441", "1441"),
    ],
)
def test_an_edited_number_has_the_bounds_of_its_kind(
    kneeload: Callable[..., Result], kind: str, value: str, told: str
) -> None:
    kneeload("note", kind, "20")
    result = kneeload("note", "edit", "d1", "--value", value)
    assert (result.exit_code, told in result.stderr) == (2, True)
    assert notes(kneeload)[0]["value"] == 20
    assert kneeload("note", "edit", "d1", "--value", "24").exit_code == 0
    assert notes(kneeload)[0]["value"] == 24


@pytest.mark.parametrize("edit", [("--until", "2026-02-27"), ("--date", "2026-03-11")])
def test_an_edited_injury_ends_no_earlier_than_it_begins(
    kneeload: Callable[..., Result], edit: tuple[str, ...]
) -> None:
    kneeload("note", "injury", "x", "--date", "2026-03-01", "--until", "2026-03-10")
    result = kneeload("note", "edit", "d1", *edit)
    assert (result.exit_code, "is before" in result.stderr) == (2, True)
    assert "10 days" in kneeload("note", "list").output


def test_an_edited_symptom_stays_one(kneeload: Callable[..., Result]) -> None:
    kneeload("note", "symptom", "giving", "way")
    kneeload("note", "edit", "d1", "--knee", "left")
    assert [(n["subject"], n["text"]) for n in notes(kneeload)] == [("giving_way", "left")]
    kneeload("note", "edit", "d1", "--text", "locked")
    assert [(n["subject"], n["text"]) for n in notes(kneeload)] == [("locked", "left")]
    assert kneeload("note", "edit", "d1", "--text", "sadness").exit_code == 2


def test_a_symptom_brings_its_advice_and_must_be_a_known_one(
    kneeload: Callable[..., Result],
) -> None:
    assert "See a doctor today." in kneeload("note", "symptom", "locked").output
    assert "See " in kneeload("note", "symptom", "giving", "way").output
    assert kneeload("note", "symptom", "sadness").exit_code == 2
    assert [n["subject"] for n in notes(kneeload)] == ["locked", "giving_way"]


def test_every_kind_of_note_is_taken_and_listed(kneeload: Callable[..., Result]) -> None:
    options = {"limits": ("--run-km", 5), "goal": ("race", "--km", 5, "--date", "2026-10-04")}
    for kind in KINDS:
        words = options.get(kind, ("swelling" if kind == "symptom" else "words",))
        assert kneeload("note", kind, *words).exit_code == 0
    assert {n["kind"] for n in notes(kneeload)} == set(KINDS)
    text = kneeload("note", "list").output
    assert all(kind in text for kind in KINDS)
    assert kneeload("note", "list", "--csv").output.startswith("entry_id,local_date,kind,subject")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("note", "edit", "d99", "--text", "x"), 1),
        (("note", "edit", "d99"), 2),
        (("note", "remove", "d99"), 1),
        (("note", "injury", "x", "--date", "2026-03-01", "--until", "2026-02-01"), 2),
        (("note", "dream"), 2),
        (("note", "sleep"), 2),
        (("note", "tried"), 2),
        (("note", "symptom"), 2),
        (("why", "2026-13", "knee"), 2),
        (("why", "2026-W12", "holiday"), 2),
    ],
)
def test_a_mistake_has_its_code_and_notes_nothing(
    kneeload: Callable[..., Result], words: tuple[str, ...], code: int
) -> None:
    assert kneeload(*words).exit_code == code
    assert notes(kneeload) == []


def test_import_lists_what_it_read_and_a_rejection_holds(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    table = tmp_path / "runs.csv"
    table.write_text(RUNS, encoding="utf-8")
    output = kneeload("import", table).output
    assert "2 scores read from notes; reject one with `kneeload pain remove ID`" in output
    assert "read from notes" not in kneeload("import", table).output
    first, second = json.loads(kneeload("pain", "list", "--json").stdout)
    assert (first["score"], first["knee"], first["moment"]) == (3, "left", "after")
    assert (first["origin"], second["origin"]) == ("parsed", "parsed")
    assert kneeload("pain", "remove", first["pain_id"][:14]).exit_code == 0
    assert kneeload("rebuild").exit_code == 0
    assert len(json.loads(kneeload("pain", "list", "--json").stdout)) == 1


def test_undo_names_what_it_takes_back(kneeload: Callable[..., Result]) -> None:
    kneeload("note", "strength", "30", "--date", "2026-03-14")
    kneeload("note", "edit", "d1", "--value", "45")
    assert undone(kneeload) == "Undone: restored the strength note of 14 March."
    kneeload("note", "remove", "d1")
    assert undone(kneeload) == "Undone: brought back the strength note of 14 March."
    kneeload("note", "note", "new desk chair", "--date", "2026-03-15")
    assert undone(kneeload) == "Undone: removed the note of 15 March."
    assert undone(kneeload) == "Undone: removed the strength note of 14 March."
    kneeload("pain", "add", "3", "--date", "2026-03-16")
    kneeload("pain", "edit", "p5", "--score", "5")
    kneeload("undo")
    assert undone(kneeload) == "Undone: removed the score of 3 on 16 March."


def undone(kneeload: Callable[..., Result]) -> str:
    line, way_back = kneeload("undo").output.splitlines()
    assert way_back == "`kneeload redo` brings it back."
    return str(line)


def test_shoes_come_from_the_runs_and_from_notes(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    assert "kneeload note shoe" in kneeload("shoes").output
    table = tmp_path / "runs.csv"
    table.write_text(RUNS, encoding="utf-8")
    kneeload("import", table)
    kneeload("note", "shoe", "New", "pair", "--date", "2026-03-12")
    new, old = json.loads(kneeload("shoes", "--json").stdout)
    assert (new["shoe"], new["distance_km"], new["first_day"]) == ("New pair", 12, "2026-03-12")
    assert (old["shoe"], old["distance_km"], old["reminder_km"]) == ("Old pair", 8, None)
    assert "no study has shown a limit" in kneeload("shoes").output
