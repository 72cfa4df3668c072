"""The pages over a log of the samples, and browsers that ask for them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kneeload.serve.app import create_app
from kneeload.serve.serving import Serving, serving
from tests.serve.asking import LOOPBACK, PHONE, Browser, Clock, numbered_secrets


@pytest.fixture
def clock() -> Clock:
    """Return the clock that the server reads."""
    return Clock()


@pytest.fixture
def served(sample_log: Path, clock: Clock) -> Iterator[Serving]:
    """Return what the pages over a log of the samples share."""
    shared = serving(sample_log, clock=clock, secrets=numbered_secrets())
    yield shared
    shared.memo.close()


@pytest.fixture
def stranger(served: Serving) -> Callable[..., Browser]:
    """Return a browser that has not come in."""
    app = create_app(served)
    return lambda listener=LOOPBACK, **more: Browser(app.test_client(), listener, **more)


@pytest.fixture
def browser_in(stranger: Callable[..., Browser], served: Serving) -> Callable[[], Browser]:
    """Return a browser that opened the printed address."""

    def enter() -> Browser:
        browser = stranger()
        assert browser.get(f"/?key={served.sessions.key}").status_code == 303
        return browser

    return enter


@pytest.fixture
def desk(browser_in: Callable[[], Browser]) -> Browser:
    """Return one browser that came in."""
    return browser_in()


@pytest.fixture
def phone(stranger: Callable[..., Browser], served: Serving) -> Browser:
    """Return a phone that was paired."""
    browser = stranger(PHONE)
    code = served.pairing.new_code()
    assert browser.post("/pair", {"code": code}).status_code == 303
    return browser
