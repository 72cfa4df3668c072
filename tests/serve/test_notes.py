"""Notes in the browser: added, corrected, removed, and each of these taken back by its name."""

import re
from typing import Any

import pytest

from kneeload.cli.note import note as commands
from kneeload.diary.notes import KINDS, addition
from kneeload.serve.serving import Serving
from tests.serve.asking import Browser, hidden

TODAY = "2026-03-29"
SENT: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "strength": ({"value": "", "text": "squats"}, {}),
    "sleep": ({"value": "7,5"}, {"value": 7.5}),
    "tried": ({"text": "taping", "subject": "left"}, {}),
    "shoe": ({"text": "Peg", "local_date": "2026-03-01"}, {}),
    "injury": ({"text": "a sprain", "trauma": "yes"}, {"trauma": True}),
    "symptom": ({"subject": "locked", "text": "right"}, {}),
    "assessed": ({}, {}),
    "question": ({"text": "Hills?"}, {}),
    "note": ({"text": "x", "until": "2026-04-02"}, {}),
    "limits": ({"run_km": "6", "no_downhill": "yes"}, {"run_km": 6.0, "no_downhill": True}),
    "goal": ({"text": "race", "value": "21.1", "until": "2026-10-04"}, {"value": 21.1}),
}
"""What a form sends, and as what it is kept where that is not the same."""


def kept(served: Serving, page: str) -> dict[str, Any]:
    """Return what the journal keeps of the note whose page that is."""
    with served.open() as log:
        fields = log.note(page.rpartition("/")[2])
    return {name: fields[name] for name in fields if fields[name] is not None}


def added(desk: Browser, kind: str, **sent: str) -> str:
    """Add a note as its form sends it; return its page."""
    answer = desk.send(f"/note/{kind}", {"local_date": TODAY} | sent, f"/note/{kind}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def as_shown(text: str) -> dict[str, str]:
    """Return what a browser sends of a form that nobody touched."""
    sent = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)"', text))
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', text, re.DOTALL):
        values = re.findall(r'value="(\w*)"( selected)?', options)
        sent[name] = next((value for value, chosen in values if chosen), values[0][0])
    return sent | dict.fromkeys(re.findall(r'name="(\w+)" value="yes" checked', text), "yes")


def count(served: Serving) -> int:
    with served.open() as log:
        return len(log.diary())


def test_the_kinds_are_those_of_the_command_line(desk: Browser) -> None:
    assert set(KINDS) == set(SENT) == set(commands.commands) - {"list", "edit", "remove"}
    text = desk.get("/note").text
    assert all(f'href="/note/{kind}"' in text for kind in KINDS)
    assert desk.get("/note/dream").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_note_is_kept_as_the_command_line_keeps_it(
    desk: Browser, served: Serving, kind: str
) -> None:
    sent, read = SENT[kind]
    note = kept(served, added(desk, kind, **sent))
    note.pop("entered_at")
    filled = {name: text for name, text in sent.items() if text}
    assert note == {"kind": kind, "local_date": TODAY} | filled | read


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("sleep", {}),
        ("sleep", {"value": "25"}),
        ("sleep", {"value": "long"}),
        ("tried", {"text": "x", "subject": "third"}),
        ("symptom", {"subject": "itching"}),
        ("symptom", {"text": "left"}),
        ("note", {"text": "x", "local_date": "2026-03-30"}),
        ("note", {"text": "x", "local_date": "yesterday"}),
        ("note", {"text": "x", "until": "2026-03-28"}),
        ("limits", {"until": "2026-05-01"}),
        ("limits", {"run_km": "0"}),
        ("goal", {"text": "race", "value": "21", "until": TODAY}),
    ],
)
def test_what_a_note_cannot_be_is_not_stored(
    desk: Browser, served: Serving, kind: str, sent: dict[str, str]
) -> None:
    before = count(served)
    answer = desk.send(f"/note/{kind}", sent, f"/note/{kind}")
    assert answer.status_code == 422
    for value in ("third", "itching", "yesterday", "long", "25", "2026-03-2"):
        assert value not in answer.text
    assert count(served) == before


def test_a_double_tap_stores_one_note(desk: Browser, served: Serving) -> None:
    before, data = count(served), desk.fields("/note/question") | {"text": "Hills?"}
    first, second = desk.post("/note/question", data), desk.post("/note/question", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(served) == before + 1


def test_a_change_sets_what_was_changed_and_takes_out_what_was_emptied(
    desk: Browser, served: Serving
) -> None:
    page = added(desk, "injury", text="a sprain", until=TODAY, trauma="yes", subject="left")
    form = page.replace("/pain/", "/diary/")
    text = desk.get(form).text
    assert f'name="until" value="{TODAY}"' in text
    sent = {"text": "a sprain", "subject": "right", "until": "", "local_date": TODAY}
    assert desk.send(form, sent, form).headers["Location"] == page
    with served.open() as log:
        (change,) = log.history(1)[0].changes
    assert change.payload == {"subject": "right", "until": None, "trauma": None}
    refused = desk.send(form, {"until": "2026-03-01", "trauma": "yes"}, form)
    assert refused.status_code == 422
    assert "the last day is before the first" in refused.text.lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "sleep", "value": 1.0, "text": "two\nlines  "},
        {"kind": "strength", "value": 0.0},
        {"kind": "tried", "text": "tape", "subject": "unsure"},
        {"kind": "goal", "text": "race", "value": 21.0975, "until": "2026-10-04"},
        {"kind": "injury", "text": "x", "trauma": True},
    ],
)
def test_a_form_that_is_saved_as_it_came_changes_nothing(
    desk: Browser, served: Serving, fields: dict[str, Any]
) -> None:
    with served.open() as log:
        log.set("units", "mi")
        (name,) = log.record([addition({"local_date": TODAY} | fields)], served.clock())
    text = desk.get(f"/diary/{name}").text
    sent = as_shown(text)
    assert sent.keys() >= {"text"}
    before = kept(served, f"/{name}")
    assert desk.send(f"/diary/{name}", sent, f"/diary/{name}").status_code == 303
    assert kept(served, f"/{name}") == before


def test_what_was_done_is_undone_by_its_name(desk: Browser, served: Serving) -> None:
    page = added(desk, "sleep", value="7")
    form, name = page.replace("/pain/", "/diary/"), "the note “sleep” on 29 March 2026"
    assert f"Undo {name}<" in desk.get(page).text
    desk.send(form, {"value": "8"}, form)
    assert f"Undo the change to {name}<" in desk.get(page).text
    desk.send(f"{page}/undo", {}, page)
    assert kept(served, page)["value"] == 7
    removed = desk.send(form, {"remove": "yes"}, form).headers["Location"]
    assert f"Undo the removal of {name}<" in desk.get(removed).text
    before = count(served)
    added(desk, "question", text="Hills?")  # something else in between does not matter
    desk.send(f"{page}/undo", {}, page)
    assert (kept(served, page)["value"], count(served)) == (7, before + 2)
    desk.send(f"{page}/undo", {}, page)
    assert "Not in the diary" in desk.get(page).text
    assert "Undo" not in desk.get(page).text


def test_a_score_that_was_changed_or_removed_comes_back(desk: Browser, served: Serving) -> None:
    page = desk.send("/pain", {"score": "2", "moment": "rest"}).headers["Location"]
    form, pain_id = page.replace("/pain/", "/diary/"), page.rpartition("/")[2]
    for sent, undo in (({"score": "5"}, "the change to"), ({"remove": "yes"}, "the removal of")):
        desk.send(form, sent, form)
        assert f"Undo {undo} the score of" in desk.get(page).text
        desk.send(f"{page}/undo", {}, page)
        with served.open() as log:
            assert log.pain().set_index("pain_id").loc[pain_id, "score"] == 2


def test_an_undo_on_an_old_page_takes_nothing_newer_back(desk: Browser, served: Serving) -> None:
    page = added(desk, "sleep", value="7")
    form, batch = page.replace("/pain/", "/diary/"), hidden(desk.get(page).text, "batch")
    desk.send(form, {"value": "8"}, form)
    assert desk.send(f"{page}/undo", {"batch": batch}, page).status_code == 422
    assert kept(served, page)["value"] == 8
    with served.open() as log:
        log.edit_note(page.rpartition("/")[2], {"value": 9}, served.clock())
    assert desk.send(f"{page}/undo", {}, page).status_code == 422
    assert kept(served, page)["value"] == 9


def test_a_runner_of_miles_enters_and_sees_miles(desk: Browser, served: Serving) -> None:
    with served.open() as log:
        log.set("units", "mi")
    page = added(desk, "limits", run_km="6,2")
    assert kept(served, page)["run_km"] == pytest.approx(6.2 * 1.609344)
    assert "6.2\N{NO-BREAK SPACE}mi a run" in desk.get("/diary").text
    form = page.replace("/pain/", "/diary/")
    assert 'name="run_km" value="6.2"' in desk.get(form).text
    desk.send(form, {"run_km": "6.2", "week_km": "20"}, form)
    with served.open() as log:
        assert set(log.history(1)[0].changes[0].payload) == {"week_km"}
    assert desk.send(form, {"run_km": "far"}, form).status_code == 422


def test_a_phone_adds_a_note_and_takes_its_own_back_alone(
    phone: Browser, desk: Browser, served: Serving
) -> None:
    before = count(served)
    own = added(phone, "tried", text="taping")
    others = added(desk, "tried", text="ice")
    batch = hidden(desk.get(others).text, "batch")
    assert "Undo" not in phone.get(others).text
    for sent in ({}, {"batch": batch}):
        assert phone.send(f"{others}/undo", sent).status_code == 403
    assert phone.get(own.replace("/pain/", "/diary/")).status_code == 403
    assert phone.send(own.replace("/pain/", "/diary/"), {"text": "x"}).status_code == 403
    assert count(served) == before + 2
    assert phone.send(f"{own}/undo", {}, own).status_code == 303
    assert count(served) == before + 1


def test_an_answer_is_not_rewritten_but_can_be_removed(desk: Browser, served: Serving) -> None:
    answer = {"kind": "why", "local_date": TODAY, "subject": "2026-W12", "text": "knee"}
    with served.open() as log:
        (name,) = log.record([addition(answer)], served.clock())
    form = f"/diary/{name}"
    assert "Save" not in desk.get(form).text
    desk.send(form, {"text": "rewritten", "subject": "x"}, form)
    assert kept(served, form)["text"] == "knee"
    desk.send(form, {"remove": "yes"}, form)
    assert "Undo the removal of the note “why”" in desk.get(f"/pain/{name}").text
