"""How a phone comes in, what it may do, and how it is shut out."""

import datetime as dt
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from kneeload.serve.pairing import CODE_BYTES, Pairing
from kneeload.serve.phones import Phones
from kneeload.serve.serving import Serving
from tests.modes import is_private
from tests.serve.asking import LOOPBACK, PHONE, START, Browser, Clock, bearing
from tests.serve.test_doors import SCORE, scores

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def test_a_code_has_128_bits(clock: Clock) -> None:
    sizes: list[int] = []

    def drawn(size: int) -> str:
        sizes.append(size)
        return secrets.token_urlsafe(size)

    pairing = Pairing(clock, drawn)
    codes = {pairing.new_code() for _ in range(100)}
    assert set(sizes) == {CODE_BYTES} == {16}
    assert len(codes) == 100


def test_a_code_is_good_once(stranger: Callable[..., Browser], served: Serving) -> None:
    code = served.pairing.new_code()
    assert stranger(PHONE).post("/pair", {"code": code}).status_code == 303
    assert stranger(PHONE).post("/pair", {"code": code}).status_code == 403


@pytest.mark.parametrize(
    ("after", "code"), [(10 * MINUTE, 403), (10 * MINUTE - dt.timedelta(seconds=1), 303)]
)
def test_a_code_is_good_for_ten_minutes(
    stranger: Callable[..., Browser],
    served: Serving,
    clock: Clock,
    after: dt.timedelta,
    code: int,
) -> None:
    opened = served.pairing.new_code()
    clock.now = START + after
    assert stranger(PHONE).post("/pair", {"code": opened}).status_code == code


def test_a_new_code_ends_the_one_before(stranger: Callable[..., Browser], served: Serving) -> None:
    old = served.pairing.new_code()
    served.pairing.new_code()
    assert stranger(PHONE).post("/pair", {"code": old}).status_code == 403


@pytest.mark.parametrize("code", ["", "wrong", "é"])
def test_another_code_pairs_nothing(
    stranger: Callable[..., Browser], served: Serving, code: str
) -> None:
    assert stranger(PHONE).post("/pair", {"code": code}).status_code == 403
    served.pairing.new_code()
    assert stranger(PHONE).post("/pair", {"code": code}).status_code == 403


def test_a_preview_spends_no_code(stranger: Callable[..., Browser], served: Serving) -> None:
    code = served.pairing.new_code()
    for _ in range(3):
        answer = stranger(PHONE).get(f"/pair?code={code}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert f'name="code" value="{code}"' in answer.text
    assert stranger(PHONE).post("/pair", {"code": code}).status_code == 303


def test_another_site_cannot_pair(stranger: Callable[..., Browser], served: Serving) -> None:
    code = served.pairing.new_code()
    answer = stranger(PHONE).post(
        "/pair", {"code": code}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    assert served.pairing.redeem(code)


def test_loopback_is_no_place_to_pair(desk: Browser, stranger: Callable[..., Browser]) -> None:
    assert stranger().get("/pair").status_code == 403
    assert stranger().post("/pair", {"code": "x"}).status_code == 403
    assert desk.get("/pair").status_code == 404


def test_a_session_is_stored_hashed_in_a_private_file(phone: Browser, sample_log: Path) -> None:
    cookie = phone.client.get_cookie("kneeload_8421", domain=PHONE.host)
    assert cookie is not None
    file = sample_log.with_name("log.db.phones")
    assert is_private(file)
    assert cookie.value not in file.read_text()
    assert [set(row) for row in json.loads(file.read_text())] == [{"name", "paired_at"}]


@pytest.mark.parametrize(("days", "code"), [(29, 200), (30, 403)])
def test_a_phone_is_let_in_for_thirty_days(
    phone: Browser, clock: Clock, days: int, code: int
) -> None:
    clock.now = START + days * DAY
    assert phone.get("/diary").status_code == code


def test_a_phone_stays_paired_over_a_new_start(
    phone: Browser, sample_log: Path, clock: Clock
) -> None:
    from kneeload.serve.app import create_app
    from kneeload.serve.serving import serving

    again = serving(sample_log, clock=clock, secrets=secrets.token_urlsafe)
    assert bearing(create_app(again), PHONE, phone).get("/diary").status_code == 200
    again.memo.close()


def test_phones_are_listed_and_can_be_shut_out(phone: Browser, desk: Browser) -> None:
    page = desk.get("/settings").text
    assert "Paired on 29 March" in page
    name = page.split('name="phone" value="', 1)[1].split('"', 1)[0]
    data = desk.fields("/settings") | {"phone": name}
    assert desk.post("/phones", data).status_code == 303
    assert phone.get("/diary").status_code == 403
    assert "No phone is paired" in desk.get("/settings").text


def test_a_broken_file_of_phones_lets_nobody_in(phone: Browser, sample_log: Path) -> None:
    for text in ("", "{", "[1]", '[{"name": "x"}]', '{"a": 1}', "null"):
        sample_log.with_name("log.db.phones").write_text(text)
        assert phone.get("/diary").status_code == 403


def test_another_process_shuts_a_phone_out(phone: Browser, sample_log: Path, clock: Clock) -> None:
    phones = Phones(sample_log, clock)
    phones.revoke(phones.listed()[0].name)
    assert phone.get("/diary").status_code == 403


@pytest.mark.parametrize("peer", ["192.168.8.20", "10.0.0.1", "127.0.0.1", "8.8.8.8", "", "::1"])
def test_peers_outside_the_network_are_refused(phone: Browser, peer: str) -> None:
    phone.peer = peer or "nobody"
    assert phone.get("/diary").status_code == 403
    assert phone.get("/pair").status_code == 403


def test_loopback_answers_loopback_alone(desk: Browser) -> None:
    desk.peer = "192.168.7.20"
    assert desk.get("/diary").status_code == 403


def test_a_phone_logs_and_takes_its_own_entry_back(phone: Browser, sample_log: Path) -> None:
    before = scores(sample_log)
    logged = phone.send("/pain", SCORE).headers["Location"]
    assert scores(sample_log) == before + 1
    answer = phone.send(f"{logged}/undo", {}, page=logged)
    assert answer.status_code == 303
    assert scores(sample_log) == before


def test_a_phone_takes_nothing_else_back(phone: Browser, desk: Browser, sample_log: Path) -> None:
    logged = desk.send("/pain", SCORE).headers["Location"]
    before = scores(sample_log)
    assert "Undo" not in phone.get(logged).text
    assert phone.send(f"{logged}/undo", {}).status_code == 403
    assert scores(sample_log) == before


@pytest.mark.parametrize("path", ["/review", "/settings", "/import", "/diary/p1"])
def test_a_phone_neither_edits_nor_uploads(phone: Browser, path: str) -> None:
    assert phone.get(path).status_code == 403
    assert phone.send(path, {"decision": "drop", "remove": "yes"}).status_code == 403
    assert f'href="{path}"' not in phone.get("/diary").text


def test_a_phone_shuts_no_phone_out(phone: Browser) -> None:
    assert phone.send("/phones", {"phone": "x"}).status_code == 403


def test_under_https_the_cookie_is_secure(served: Serving) -> None:
    from dataclasses import replace

    from kneeload.serve.app import create_app
    from tests.serve import asking

    secure = replace(PHONE, scheme="https")
    asking.PEERS[secure] = asking.PEERS[PHONE]
    browser = Browser(create_app(served).test_client(), secure)
    answer = browser.post("/pair", {"code": served.pairing.new_code()})
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    assert f"Max-Age={30 * 86400}" in answer.headers["Set-Cookie"].split("; ")
    assert LOOPBACK.scheme == "http"
