"""Every page answers, on a full log and on an empty one."""

import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import pytest

from kneeload.diary.validation import validated_entry
from kneeload.log.training_log import TrainingLog
from kneeload.rules.red_flags import ADVICE
from kneeload.serve.serving import Serving
from kneeload.thresholds import THRESHOLDS
from tests.importers.test_fit_pain import file, laps
from tests.serve.asking import Browser, Clock

PAGES = (
    *("/", "/pain", "/diary", "/note", "/note/limits", "/review", "/settings", "/import"),
    *("/index.html", "/years/2026.html", "/weeks/2026-W12.html", "/runs/58bad592041e.html"),
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers(desk: Browser, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert "<h1>" in answer.text


def links(text: str, path: str) -> set[str]:
    """Return the addresses of ours that a page leads to."""
    found = (urljoin(path, link) for link in re.findall(r'<a [^>]*?href="([^"#]*)', text))
    return {link for link in found if link.startswith("/")}


def test_every_link_leads_somewhere(desk: Browser) -> None:
    """From the newest week over years, weeks and runs, a page of each kind."""
    followed: dict[str, set[str]] = {}
    waiting = {"/"}
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop()
        kind = re.sub(r"[\dW-]+|(?<=runs/)\w+", "", path.partition("?")[0])
        kinds[kind] += 1
        followed[path] = set()
        if kinds[kind] > 4:
            continue
        answer = desk.get(path)
        if answer.status_code == 303:
            followed[path] = {answer.headers["Location"]}
        else:
            assert answer.status_code == 200, path
            followed[path] = links(answer.text, path)
        waiting |= followed[path] - followed.keys()
    assert {"/runs/.html", "/weeks/.html", "/years/.html", "/pain", "/diary/p"} <= set(kinds)


def test_a_run_names_its_source_alone_and_has_no_map(desk: Browser) -> None:
    text = desk.get("/runs/58bad592041e.html").text
    assert re.search(r"<li>Read from [^/\\<]+\.\w+</li>", text)
    assert not re.search(r"<img|<canvas|<iframe|-?\d+\.\d{4,}", text)
    assert 'href="/pain?run=58bad592041e"' in text


def test_the_form_chooses_the_run_that_was_looked_at(desk: Browser) -> None:
    text = desk.get("/pain?run=58bad592041e").text
    assert '<option value="58bad592041e" selected>' in text


@pytest.mark.parametrize(
    "path", ["/", "/pain", "/diary", "/note/goal", "/review", "/settings", "/import"]
)
def test_a_missing_log_is_an_empty_one_and_stays_missing(
    desk: Browser, served: Serving, path: str
) -> None:
    served.log_path.unlink()
    assert desk.get(path).status_code == 200
    assert not served.log_path.exists()


@pytest.mark.parametrize(
    "path",
    ["/weeks/2019-W01.html", "/weeks/x.html", "/years/1999.html", "/runs/x.html", "/x/"],
)
def test_what_is_not_there_is_not_found(desk: Browser, path: str) -> None:
    assert desk.get(path).status_code == 404


def test_today_is_asked_at_each_request(desk: Browser, clock: Clock) -> None:
    assert "as of Sun 29" in desk.get("/").text.replace("\u00a0", " ")
    clock.now += dt.timedelta(days=9)
    assert "as of Sun 29" not in desk.get("/").text.replace("\u00a0", " ")


def test_a_write_of_another_program_is_seen_at_once(desk: Browser, served: Serving) -> None:
    desk.get("/")
    with served.open() as log:
        entry = validated_entry({"local_date": "2026-03-29", "score": 9, "knee": "right"})
        log.add_pain([entry], served.clock())
    assert "9/10" in desk.get("/").text


LAST_RUN = "3ebf0fce8f4b"
DECISIONS: dict[str, Callable[[TrainingLog], object]] = {
    "drop": lambda log: len(log.runs()),
    "keep": lambda log: log.duplicates()["run_id"].tolist(),
    "sport": lambda log: len(log.runs()),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_carried_out_and_can_be_undone(
    desk: Browser, served: Serving, decision: str
) -> None:
    with served.open() as log:
        before = DECISIONS[decision](log)
        run_id = log.duplicates()["run_id"].iloc[0] if decision == "keep" else LAST_RUN
    data = {"decision": decision, "id": run_id, "sport": "cycling"}
    assert desk.send("/review", data).status_code == 303
    with served.open() as log:
        assert DECISIONS[decision](log) != before
        log.undo()
        assert DECISIONS[decision](log) == before


def test_a_score_read_from_a_note_is_confirmed_or_removed(desk: Browser, served: Serving) -> None:
    with served.open() as log:
        log.edit_run("58bad592041e", {"note": "left knee 4/10"}, served.clock())
        pain_id = log.pain().query("origin == 'parsed'")["pain_id"].iloc[-1]
    assert pain_id in desk.get("/review").text
    desk.send("/review", {"decision": "confirm", "id": pain_id})
    with served.open() as log:
        assert log.pain().set_index("pain_id").loc[pain_id, "origin"] == "entered"
    desk.send("/review", {"decision": "reject", "id": pain_id})
    with served.open() as log:
        assert pain_id not in set(log.pain()["pain_id"])


def test_a_doubtful_run_is_counted_once_it_is_accepted(desk: Browser, served: Serving) -> None:
    with closing(sqlite3.connect(served.log_path)) as database, database:
        database.execute(
            "UPDATE activity SET suspect_reason = 'faster than anybody' WHERE run_id = ?",
            (LAST_RUN,),
        )
    page = desk.get("/review").text
    assert "faster than anybody. It is not counted." in page
    desk.send("/review", {"decision": "accept", "id": LAST_RUN})
    with served.open() as log:
        assert not log.runs()["suspect"].any()


@pytest.mark.parametrize("data", [{"decision": "explode"}, {"decision": "sport", "sport": "chess"}])
def test_another_decision_is_refused(desk: Browser, data: dict[str, str]) -> None:
    assert desk.send("/review", data | {"id": "58bad592041e"}).status_code == 400


def test_settings_show_grades_and_are_set(desk: Browser, served: Serving) -> None:
    text = desk.get("/settings").text
    for name in THRESHOLDS:
        assert f'id="{name}"' in text
    assert text.count("From ") + text.count(" from ") >= len(THRESHOLDS)
    key = "ten_percent.warn_pct"
    answer = desk.send("/settings", {"key": key, "value": "25"}, page="/settings")
    assert answer.headers["Location"] == f"/settings#{key}"
    with served.open() as log:
        assert log.settings.threshold(key) == 25
    assert desk.send("/settings", {"key": key, "value": "9000"}).status_code == 422


def test_symptoms_are_logged_with_what_they_call_for(desk: Browser, served: Serving) -> None:
    answer = desk.send("/pain", {"score": "6", "symptom": ["swelling", "fever"], "knee": "left"})
    page = desk.get(answer.headers["Location"]).text
    assert "a swollen knee" in page
    assert ADVICE["same_day"].split(".")[0] in page
    desk.send(
        answer.headers["Location"].partition("?")[0] + "/undo",
        {"with": answer.headers["Location"].partition("with=")[2]},
    )
    with served.open() as log:
        assert "symptom" not in set(log.diary()["kind"])


def test_what_is_blank_means_the_usual(desk: Browser, served: Serving) -> None:
    """The names of the form are fixed: score, knee, moment, date, site, onset_km, note."""
    fields = {"score": "2", "moment": "next_morning", "date": "2026-03-28", "site": "outer"}
    answer = desk.send("/pain", fields | {"onset_km": "1,5", "note": "stairs"})
    with served.open() as log:
        row = log.pain().set_index("pain_id").loc[answer.headers["Location"].rpartition("/")[2]]
    assert (row["score"], row["knee"], row["site"], row["note"]) == (2, "left", "outer", "stairs")
    assert str(row["run_date"].date()) == "2026-03-27"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"score": "11"},
        {"score": "3.5"},
        {"score": "3", "date": "2026-03-30"},
        {"score": "3", "date": "yesterday"},
        {"score": "3", "moment": "next_morning", "run": "58bad592041e", "knee": "third"},
        {"score": "3", "moment": "during", "run": "58bad592041e", "onset_km": "99"},
        {"symptom": "itching"},
    ],
)
def test_what_the_diary_does_not_take_is_not_stored(
    desk: Browser, served: Serving, data: dict[str, str]
) -> None:
    with served.open() as log:
        before = len(log.pain()), len(log.diary())
    answer = desk.send("/pain", data)
    assert answer.status_code == 422
    assert "Not saved" in answer.text
    with served.open() as log:
        assert (len(log.pain()), len(log.diary())) == before


def test_an_entry_is_changed_and_what_stays_is_not_set(desk: Browser, served: Serving) -> None:
    logged = desk.send("/pain", {"score": "2", "moment": "rest", "note": "a"}).headers["Location"]
    pain_id = logged.rpartition("/")[2]
    desk.send(f"/diary/{pain_id}", {"score": "5", "moment": "rest", "note": "a", "knee": "left"})
    with served.open() as log:
        (change,) = log.history(1)[0].changes
        assert log.pain().set_index("pain_id").loc[pain_id, "score"] == 5
        assert change.verb == "edit"
    desk.send(f"/diary/{pain_id}", {"remove": "yes"})
    assert "Not in the diary" in desk.get(logged).text


def test_a_place_marked_on_the_watch_is_scored_in_the_diary(
    desk: Browser, served: Serving, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "run.fit").write_bytes(file(laps((200, 0), (205, 0))))
    with TrainingLog(served.log_path) as log:
        log.ingest([tmp_path / "run.fit"], now=clock())
        log.set("pain_marker", "double_lap")
        (name,) = log.markers()["pain_id"]
    text = desk.get("/diary").text
    assert "The missing score on 8 November 2024" in text
    assert "pain began at 0.6\N{NO-BREAK SPACE}km" in text
    form = {"knee": "left", "site": "front", "moment": "during", "local_date": "2024-11-08"}
    assert desk.send(f"/diary/{name}", form, f"/diary/{name}").status_code == 422
    assert desk.send(f"/diary/{name}", form | {"score": "4"}, f"/diary/{name}").status_code == 303
    with TrainingLog(served.log_path) as log:
        pain = log.pain().set_index("pain_id")
        assert pain.loc[name, ["score", "onset_km", "knee"]].tolist() == [4, 0.6, "left"]
        assert log.markers().empty
    assert "not scored yet" not in desk.get("/diary").text
