"""Who is let in: the key of this start, its cookie, the host, the origin, the token."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kneeload.log.training_log import TrainingLog
from kneeload.serve.app import LISTENER, create_app
from kneeload.serve.serving import Serving
from tests.serve.asking import LOOPBACK, PHONE, Browser, bearing
from tests.serve.test_pages import PAGES

SCORE = {"score": "3", "knee": "left", "moment": "rest"}
STATIC = ("/static/serve.css", "/static/serve.js")


def scores(log_path: Path) -> int:
    with TrainingLog(log_path) as log:
        return len(log.pain())


@pytest.mark.parametrize("path", [*PAGES, *STATIC, "/nothing"])
def test_without_the_cookie_nothing_is_shown(stranger: Callable[..., Browser], path: str) -> None:
    answer = stranger().get(path)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_write_without_the_cookie_is_refused(
    stranger: Callable[..., Browser], desk: Browser, sample_log: Path
) -> None:
    before = scores(sample_log)
    fields = desk.fields("/pain")
    assert stranger().post("/pain", fields | SCORE).status_code == 403
    assert scores(sample_log) == before


def test_the_key_is_exchanged_for_a_cookie_of_this_port(
    stranger: Callable[..., Browser], served: Serving
) -> None:
    answer = stranger().get(f"/?key={served.sessions.key}")
    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert cookie.startswith("kneeload_8421=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert served.sessions.key not in cookie


@pytest.mark.parametrize("key", ["", "wrong", "secret-1", "é"])
def test_another_key_opens_nothing(stranger: Callable[..., Browser], key: str) -> None:
    browser = stranger()
    assert browser.get("/", query_string={"key": key}).status_code == 403
    assert browser.get("/").status_code == 403


def test_each_start_has_a_key_of_its_own(sample_log: Path, desk: Browser) -> None:
    from kneeload.serve.serving import serving
    from tests.serve.asking import Clock

    other = serving(sample_log, clock=Clock(), secrets=lambda size: f"other-{size}")
    assert bearing(create_app(other), LOOPBACK, desk).get("/").status_code == 403
    assert bearing(desk.client.application, LOOPBACK, desk).get("/diary").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8421",
        "kneeload.local:8421",
        "127.0.0.1",
        "127.0.0.1:8422",
        "127.0.0.2:8421",
        "127.0.0.1.nip.io:8421",
        "192.168.7.5:8421",
        "evil.example:8421",
        "127.0.0.1:8421, 127.0.0.1:8421",
        "[::1]:8421",
        "",
    ],
)
def test_only_the_bound_address_is_a_host(desk: Browser, host: str) -> None:
    assert desk.get("/diary", headers={"Host": host}).status_code == 403


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-For": "192.168.7.20",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "443",
    "Forwarded": "for=192.168.7.20;host=evil.example;proto=https",
    "X-Original-URL": "/settings",
    "X-HTTP-Method-Override": "POST",
}


def test_forwarding_headers_change_nothing(
    desk: Browser, stranger: Callable[..., Browser], served: Serving
) -> None:
    plain = desk.get("/diary")
    forwarded = desk.get("/diary", headers=FORWARDED)
    assert forwarded.text == plain.text
    answer = stranger().get(f"/?key={served.sessions.key}", headers=FORWARDED)
    assert answer.headers["Location"] == "/"
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_a_forwarded_host_does_not_stand_in_for_the_host(desk: Browser) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1:8421"}
    assert desk.get("/diary", headers=headers).status_code == 403


def test_a_request_of_no_listener_is_refused(served: Serving) -> None:
    client = create_app(served).test_client()
    assert client.get(f"/?key={served.sessions.key}").status_code == 403
    spoofed = {f"HTTP_{LISTENER.upper()}": "loopback"}
    assert client.get("/", environ_overrides=spoofed).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(desk: Browser, method: str) -> None:
    assert desk.ask(method, "/pain").status_code == 405


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "http://127.0.0.1:8421"}, 303),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8422"}, 403),
        ({"Origin": "https://127.0.0.1:8421"}, 403),
        ({"Origin": "http://localhost:8421"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": ""}, 403),
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_a_write_comes_from_a_page_of_our_own(
    desk: Browser, sample_log: Path, headers: dict[str, str], code: int
) -> None:
    before = scores(sample_log)
    answer = desk.ask("POST", "/pain", data=desk.fields("/pain") | SCORE, headers=headers)
    assert answer.status_code == code
    assert scores(sample_log) == before + (code == 303)


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_a_write_needs_the_token(desk: Browser, sample_log: Path, token: str | None) -> None:
    before = scores(sample_log)
    data = desk.fields("/pain") | SCORE | {"token": token}
    sent = {name: value for name, value in data.items() if value is not None}
    assert desk.post("/pain", sent).status_code == 403
    assert scores(sample_log) == before


def test_a_token_is_good_for_its_own_session_alone(
    browser_in: Callable[[], Browser], sample_log: Path
) -> None:
    one, other = browser_in(), browser_in()
    before = scores(sample_log)
    assert other.post("/pain", one.fields("/pain") | SCORE).status_code == 403
    assert scores(sample_log) == before


def test_a_write_needs_an_entry_id(desk: Browser) -> None:
    data = desk.fields("/pain") | SCORE
    for entry in ("", "x" * 65):
        assert desk.post("/pain", data | {"entry": entry}).status_code == 400


def test_a_double_tap_stores_one_score(desk: Browser, sample_log: Path) -> None:
    before, data = scores(sample_log), desk.fields("/pain") | SCORE
    first, second = desk.post("/pain", data), desk.post("/pain", data)
    assert first.headers["Location"] == second.headers["Location"]
    assert scores(sample_log) == before + 1


def test_what_was_refused_may_be_sent_again(desk: Browser, sample_log: Path) -> None:
    before, data = scores(sample_log), desk.fields("/pain") | SCORE
    assert desk.post("/pain", data | {"score": "11"}).status_code == 422
    assert desk.post("/pain", data).status_code == 303
    assert scores(sample_log) == before + 1


@pytest.mark.parametrize("path", [*PAGES, *STATIC, "/pain/p1", "/diary/p1", "/nothing"])
def test_looking_never_writes(desk: Browser, sample_log: Path, path: str) -> None:
    before = hashlib.sha256(sample_log.read_bytes()).digest()
    desk.get(path)
    desk.ask("HEAD", path)
    assert hashlib.sha256(sample_log.read_bytes()).digest() == before
    assert not sample_log.with_name("log.db-wal").exists() or not (
        sample_log.with_name("log.db-wal").stat().st_size
    )


@pytest.mark.parametrize("path", ["/pain/p1/undo", "/phones", "/review"])
def test_an_address_that_writes_is_none_to_get(desk: Browser, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == (200 if path == "/review" else 405)


def test_the_phone_listener_knows_no_key(stranger: Callable[..., Browser], served: Serving) -> None:
    assert stranger(PHONE).get(f"/?key={served.sessions.key}").status_code == 403


def test_a_session_is_good_at_its_own_listener_alone(desk: Browser, phone: Browser) -> None:
    app = desk.client.application
    for browser, other in ((desk, PHONE), (phone, LOOPBACK)):
        assert bearing(app, other, browser).get("/diary").status_code == 403
        assert bearing(app, browser.listener, browser).get("/diary").status_code == 200
