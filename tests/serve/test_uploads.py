"""What comes in: how much, from where, how many at a time, and under which name it lies."""

import io
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from kneeload.samples import samples_folder
from kneeload.serve.security import BODY_BYTES
from kneeload.serve.serving import Serving
from kneeload.serve.uploads import SPARE_BYTES, Uploads
from tests.modes import is_private
from tests.serve.asking import Browser, hidden
from tests.serve.running import asked, entered, running, running_both

RUN = next(samples_folder().glob("2026/*.fit"))
EMPTY = b"<gpx></gpx>"


def sent(browser: Browser, *files: tuple[bytes, str], **more: Any) -> Any:
    """Send files with the form of the page, whatever it shows now."""
    fields = browser.fields("/pain")
    return browser.post(
        "/import", fields | {"files": [(io.BytesIO(content), name) for content, name in files]},
        content_type="multipart/form-data", **more,
    )  # fmt: skip


@pytest.fixture
def empty_log(served: Serving) -> Path:
    """Take the samples out of the log: there is no file."""
    served.log_path.unlink()
    return served.log_path


def test_a_dropped_run_is_imported(desk: Browser, served: Serving, empty_log: Path) -> None:
    assert sent(desk, (RUN.read_bytes(), RUN.name)).status_code == 303
    served.uploads.wait()
    with served.open() as log:
        assert len(log.runs()) == 1
    page = desk.get("/import").text
    assert "Read 1 file: 1 new, 0 already in the log." in page
    assert is_private(empty_log)


@pytest.mark.parametrize(
    "name",
    ["../../evil.fit", "/etc/cron.d/evil", "C:\\evil.fit", ".hidden", "a\x00b.fit", "é" * 300],
)
def test_a_name_is_never_a_path(
    desk: Browser,
    served: Serving,
    empty_log: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = Event()

    def stored(job: Any) -> None:
        held.set()

    start = served.uploads.start
    paths: list[str] = []

    def spied(names: dict[str, str], _: Any) -> None:
        paths.extend(names)
        assert [is_private(Path(name)) for name in names] == [True]
        start(names, stored)

    monkeypatch.setattr(served.uploads, "start", spied)
    assert sent(desk, (EMPTY, name)).status_code == 303
    served.uploads.wait()
    assert paths == [str(served.uploads.folder / "upload-1")]
    assert is_private(served.uploads.folder)
    assert list(served.uploads.folder.iterdir()) == []
    assert empty_log.parent == served.uploads.folder.parent


def test_a_script_in_a_name_is_text(desk: Browser, served: Serving, empty_log: Path) -> None:
    sent(desk, (b"nothing of ours", "<script>alert(1)</script>.fit"))
    served.uploads.wait()
    page = desk.get("/import").text
    assert "<script>alert" not in page
    assert "script&gt;.fit" in page
    assert str(empty_log.parent) not in page


def test_one_import_at_a_time(desk: Browser, served: Serving) -> None:
    waits = Event()

    def work(_: object) -> None:
        waits.wait(30)

    served.uploads.start({}, work)
    try:
        assert sent(desk, (EMPTY, "a.gpx")).status_code == 409
        assert served.uploads.reserve(object(), 1, lambda _: 1 << 50)
    finally:
        waits.set()
    served.uploads.wait()
    assert sent(desk, (EMPTY, "a.gpx")).status_code == 303
    served.uploads.wait()


def test_a_place_is_held_while_its_sender_lives(tmp_path: Path) -> None:
    class Sender:
        pass

    uploads = Uploads(tmp_path / "log.db")
    sender, room = Sender(), lambda _: 1 << 50
    assert uploads.reserve(sender, 10, room) == ""
    assert "Another import" in uploads.reserve(Sender(), 10, room)
    del sender
    assert uploads.reserve(Sender(), 10, room) == ""


def test_the_free_space_is_looked_at_first(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "log.db")
    for free, problem in ((SPARE_BYTES + 2000, ""), (SPARE_BYTES + 1999, "not enough free space")):
        said = Uploads(tmp_path / "log.db").reserve(uploads, 1000, lambda _, free=free: free)  # type: ignore[misc]
        assert problem in said
        assert bool(problem) == bool(said)


def test_what_is_refused_leaves_no_file(desk: Browser, served: Serving) -> None:
    answer = desk.post(
        "/import",
        {"token": "wrong", "entry": "x", "files": [(io.BytesIO(EMPTY), "a.gpx")]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 403
    assert list(served.uploads.folder.iterdir()) == []


def test_an_import_that_fails_says_so_and_leaves_no_file(
    desk: Browser, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kneeload.errors import LogError
    from kneeload.log.training_log import TrainingLog

    def fail(*_: object, **__: object) -> None:
        raise LogError("/home/runner/log.db: the disk is full")

    monkeypatch.setattr(TrainingLog, "ingest", fail)
    sent(desk, (EMPTY, "a.gpx"))
    served.uploads.wait()
    page = desk.get("/import").text
    assert "Everything imported so far has been saved" in page
    assert "/home/runner" not in page
    assert list(served.uploads.folder.iterdir()) == []


def test_while_it_runs_the_page_shows_progress(desk: Browser, served: Serving) -> None:
    waits = Event()

    def work(job: Any) -> None:
        job.total, job.done = 8, 3
        waits.wait(30)

    served.uploads.start({}, work)
    try:
        answer = desk.get("/import")
    finally:
        waits.set()
    assert "3 of 8 files" in answer.text
    assert '<progress aria-labelledby="state" value="3" max="8">' in answer.text
    assert answer.headers["Refresh"] == "2"


def test_a_form_has_at_most_64_kb(desk: Browser) -> None:
    data = desk.fields("/pain") | {"score": "1", "note": "x" * BODY_BYTES}
    assert desk.post("/pain", data).status_code == 413


@pytest.mark.parametrize("path", ["/pain", "/settings", "/import/", "/nothing"])
def test_a_long_body_is_not_even_read(served: Serving, path: str) -> None:
    with running(served) as desk:
        code, _, text = asked(desk, "POST", path, b"", Content_Length=str(BODY_BYTES + 1))
    assert code == 413
    assert "At most 64 kB" in text


def test_a_body_of_no_length_is_refused(served: Serving) -> None:
    with running(served) as desk:
        assert asked(desk, "POST", "/import", b"", Transfer_Encoding="chunked")[0] == 411


def test_a_phone_sends_no_long_body_anywhere(served: Serving) -> None:
    with running_both(served) as (_, phone):
        for path in ("/import", "/pain"):
            assert asked(phone, "POST", path, b"", Content_Length=str(BODY_BYTES + 1))[0] == 413


def test_an_upload_that_the_disk_cannot_hold_is_not_read(served: Serving) -> None:
    with running(served) as desk:
        code, _, text = asked(desk, "POST", "/import", b"", Content_Length=str(1 << 39))
    assert code == 503
    assert "not enough free space" in text


def test_a_long_upload_lies_beside_the_log_while_it_comes_in(
    served: Serving, empty_log: Path
) -> None:
    with running(served) as desk:
        cookie = entered(desk, served)
        page = asked(desk, "GET", "/import", Cookie=cookie)[2]
        parts = [(name, hidden(page, name)) for name in ("token", "entry")]
        body = b"".join(
            f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
            for n, v in parts
        )
        head = '--B\r\nContent-Disposition: form-data; name="files"; filename="r.fit"\r\n\r\n'
        padding = '--B\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
        body += head.encode() + RUN.read_bytes() + b"\r\n" + padding.encode()
        body += b"x" * (2 << 20) + b"\r\n--B--\r\n"
        code, headers, _ = asked(
            desk, "POST", "/import", body, Cookie=cookie, Origin=desk.origin,
            Content_Type="multipart/form-data; boundary=B",
        )  # fmt: skip
        assert (code, headers["Location"]) == (303, "/import")
        served.uploads.wait()
        with served.open() as log:
            assert len(log.runs()) == 1
    assert not served.uploads.folder.exists()
