"""What the tests of pages ask of a real browser."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page


def heard_on(page: Page) -> list[str]:
    """Return a list that fills with what the page says on the console or asks of the network."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    return heard


def assert_never_wider(page: Page) -> None:
    """Fail where a page, all of it unfolded, is wider than a screen."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (360, 390, 680, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def violations(browser: Browser, file: Path, width: int, scheme: str) -> list[str]:
    """Return what axe finds on a page; the test skips visibly where there is no axe."""
    axe = os.environ.get("KNEELOAD_AXE")
    if not axe:
        pytest.skip("KNEELOAD_AXE names no axe.min.js")
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate(Path(axe).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [violation["id"] for violation in found["violations"]]
