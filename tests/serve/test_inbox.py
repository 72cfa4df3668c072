"""The pain inbox is read by a thread of its own, never by looking; then the week is made ready."""

import datetime as dt
from pathlib import Path
from threading import Event, current_thread

import pytest

from kneeload.analysis import Analysis, analyse_log
from kneeload.cli import serve
from kneeload.log.training_log import TrainingLog
from kneeload.serve.inbox import make_ready, read_inbox
from kneeload.serve.serving import Serving
from tests.serve.asking import Browser


def with_inbox(served: Serving, folder: Path) -> None:
    file = folder / "knee.txt"
    file.write_text("2026-03-28 07:00 left knee 7\n")
    with served.open() as log:
        log.set("pain_inbox", str(file))


def phone_scores(served: Serving) -> list[int]:
    with served.open() as log:
        scores: list[int] = log.pain().query("origin == 'phone'")["score"].tolist()
    return scores


def test_looking_does_not_read_the_inbox(desk: Browser, served: Serving, tmp_path: Path) -> None:
    with_inbox(served, tmp_path)
    for path in ("/", "/diary", "/pain"):
        desk.get(path)
    assert phone_scores(served) == []


def test_the_timer_reads_it(desk: Browser, served: Serving, tmp_path: Path) -> None:
    with_inbox(served, tmp_path)
    read_inbox(served)
    assert phone_scores(served) == [7]
    assert "the score of 7/10" in desk.get("/diary").text.lower()


def test_the_command_reads_it_in_a_thread_that_ends(served: Serving, tmp_path: Path) -> None:
    with_inbox(served, tmp_path)
    with serve._inbox(served):
        pass
    assert phone_scores(served) == [7]


def test_a_log_that_cannot_be_read_does_not_end_the_thread(served: Serving) -> None:
    served.log_path.write_bytes(b"no database" * 100)
    read_inbox(served)
    make_ready(served)


def test_the_newest_week_is_made_ready_after_a_write(
    desk: Browser, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not served.stirred.is_set()
    desk.send("/pain", {"score": "8", "moment": "rest"})
    assert served.stirred.is_set()
    make_ready(served)
    monkeypatch.setattr(
        "kneeload.serve.pages.report_pages._newest_report", None
    )  # it is not made again
    assert "8/10" in desk.get("/").text


def test_a_write_is_analysed_once_for_all_pages(
    desk: Browser, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by the thread, which a write wakes at once."""
    analysed: list[str] = []
    made = Event()

    def count(log: TrainingLog, *, today: dt.date) -> Analysis:
        analysed.append(current_thread().name)
        return analyse_log(log, today=today)

    def ready(served: Serving) -> None:
        make_ready(served)
        made.set()

    monkeypatch.setattr("kneeload.serve.pages.report_pages.analyse_log", count)
    monkeypatch.delattr("kneeload.reports.folder.Folder.analysis")
    monkeypatch.setattr("kneeload.serve.inbox.make_ready", ready)
    with serve._inbox(served):
        assert made.wait(30)
        made.clear()
        analysed.clear()
        desk.send("/pain", {"score": "8", "moment": "rest"})
        assert made.wait(30)
    assert "8/10" in desk.get("/").text
    assert desk.get("/years/2026.html").status_code == 200
    assert analysed == ["inbox"]
