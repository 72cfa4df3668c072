"""What every answer bears, and what no answer tells."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kneeload.serve.rendering import static
from kneeload.serve.serving import Serving
from tests.serve.asking import Browser
from tests.serve.test_doors import STATIC
from tests.serve.test_pages import PAGES

EVERY = [*PAGES, *STATIC, "/nothing", "/pain/p1"]


def policy(answer_headers: dict[str, str]) -> dict[str, list[str]]:
    parts = (part.split() for part in answer_headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_bears_the_policy(desk: Browser, path: str) -> None:
    headers = dict(desk.get(path).headers)
    said = policy(headers)
    assert said["default-src"] == ["'none'"]
    assert said["script-src"] == ["'self'"]
    assert said["form-action"] == ["'self'"]
    assert said["base-uri"] == said["frame-ancestors"] == ["'none'"]
    assert said["style-src"] == ["'self'", "'unsafe-inline'"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_refusals_bear_it_too(stranger: Callable[..., Browser], desk: Browser) -> None:
    for answer in (stranger().get("/"), desk.ask("PUT", "/"), desk.post("/pain", {})):
        assert policy(dict(answer.headers))["default-src"] == ["'none'"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_policy_or_script_of_its_own(desk: Browser, path: str) -> None:
    text = desk.get(path).text
    assert "http-equiv" not in text
    assert re.findall(r"<script[^>]*>", text) == ['<script src="/static/serve.js" defer>']
    assert '<script src="/static/serve.js" defer></script>' in text
    assert not re.search(r"\son\w+=|javascript:|style>\s*@import", text)
    asked = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    links = [a for a in asked if a.startswith(("http", "//"))]
    assert all(link.startswith("https://doi.org/") for link in links)  # sources, to follow by hand
    assert not re.search(r'(?:src|action)="(?:http|//)', text)


def test_the_script_and_the_style_ask_nobody(desk: Browser) -> None:
    assert "http" not in static("serve.js")
    for word in ("eval", "innerHTML", "insertAdjacentHTML", "document.write"):
        assert word not in static("serve.js")
    assert not re.search(r"url\(|@import", desk.get("/static/serve.css").text)


@pytest.mark.parametrize("path", EVERY)
def test_no_answer_names_a_folder_of_this_machine(
    desk: Browser, served: Serving, path: str
) -> None:
    text = desk.get(path).text
    assert str(served.log_path.parent) not in text
    assert "sample_activities/" not in text


def test_no_page_shows_a_position_or_a_setting_that_is_a_path(
    desk: Browser, served: Serving
) -> None:
    with served.open() as log:
        log.set("home", "47.05,8.31")
        log.set("import_folders", "/home/runner/garmin")
    for path in PAGES:
        text = desk.get(path).text
        assert "47.05" not in text
        assert "/home/runner" not in text
    for key in ("home", "import_folders", "pain_inbox"):
        data = desk.fields("/settings") | {"key": key, "value": "/tmp"}
        assert desk.post("/settings", data).status_code == 400


SECRET = "/home/runner/secret-folder/7.25"


@pytest.mark.parametrize(
    "field", ["score", "knee", "site", "moment", "date", "onset_km", "onset_mi", "run", "symptom"]
)
def test_an_error_repeats_no_value(desk: Browser, field: str) -> None:
    data = {"score": "3", "moment": "during", "knee": "left"} | {field: SECRET}
    answer = desk.send("/pain", data)
    assert answer.status_code == 422
    assert "secret-folder" not in answer.text
    assert "7.25" not in answer.text


def test_a_bug_tells_the_page_nothing(
    desk: Browser,
    served: Serving,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("kneeload.serve.pages.diary.score_entry", fail)
    answer = desk.get("/diary")
    assert answer.status_code == 500
    assert "secret-folder" not in answer.text
    assert "Traceback" not in answer.text
    assert capsys.readouterr().err == "kneeload serve: RuntimeError\n"


def test_a_damaged_log_tells_the_page_no_path(
    desk: Browser, sample_log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample_log.write_bytes(b"no database at all" * 100)
    answer = desk.get("/diary")
    assert answer.status_code == 500
    assert sample_log.name not in answer.text
    assert capsys.readouterr().err == "kneeload serve: LogError\n"


def test_debug_cannot_be_turned_on(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    from kneeload.serve.app import create_app

    for name in ("FLASK_DEBUG", "KNEELOAD_DEBUG", "DEBUG", "WERKZEUG_DEBUG_PIN"):
        monkeypatch.setenv(name, "1")
    app = create_app(served)
    app.debug = True
    assert not app.debug
    assert not app.config["DEBUG"]
    assert not app.config["PROPAGATE_EXCEPTIONS"]
