"""The pages in a real browser: two taps at any width, by keyboard, by touch, without scripts."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kneeload.diary.notes import addition
from kneeload.log.training_log import TrainingLog
from kneeload.samples import samples_folder
from kneeload.serve.security import Listener
from kneeload.serve.serving import Serving, serving
from tests.browsing import heard_on
from tests.serve.asking import Clock
from tests.serve.running import running, running_both

pytestmark = pytest.mark.browser
PAGES = (
    *("", "pain", "diary", "note", "note/injury", "note/limits", "review", "settings", "import"),
    *("index.html", "years/2026.html"),
    *("weeks/2026-W05.html", "runs/58bad592041e.html"),
)
WIDTHS = (360, 1280)


@pytest.fixture
def served(sample_log: Path) -> Serving:
    """Return the pages over the samples, on their last day, with secrets that are some."""
    return serving(sample_log, clock=Clock(), secrets=secrets.token_urlsafe)


@pytest.fixture
def desk(served: Serving) -> Iterator[Listener]:
    """Serve on this machine."""
    with running(served) as listener:
        yield listener


def entered(browser: Browser, desk: Listener, served: Serving, **how: Any) -> BrowserContext:
    """Return a browser window that opened the printed address."""
    how = {"viewport": {"width": 360, "height": 740}} | how
    context = browser.new_context(**how)
    page = context.new_page()
    page.goto(f"{desk.origin}/?key={served.sessions.key}")
    assert page.url == f"{desk.origin}/"
    page.close()
    return context


def newest(served: Serving) -> dict[str, Any]:
    """Return the score that was entered last, by hand; empty where none was."""
    with TrainingLog(served.log_path) as log:
        rows: list[Any] = log.pain().query("origin == 'entered'").to_dict("records")
    return max(rows, key=lambda row: int(row["pain_id"][1:]), default={})


def zone(page: Page, knee: str, site: str) -> Any:
    return page.locator(f'#knees svg[data-knee="{knee}"] [data-site="{site}"]')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_two_taps_and_send(
    browser: Browser, desk: Listener, served: Serving, width: int, scheme: Any
) -> None:
    size = {"width": width, "height": 740}
    context = entered(
        browser, desk, served, viewport=size, color_scheme=scheme, has_touch=width == 360
    )
    page = context.new_page()
    heard = heard_on(page)
    page.goto(f"{desk.origin}/pain")
    key = page.locator('label.key:has(input[name="score"][value="4"])')
    for target in (zone(page, "right", "inner"), key):
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 740  # in reach of a thumb, without scrolling
        (target.tap if width == 360 else target.click)()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/pain/p*")
    assert page.get_by_text(
        "The score of 4/10 for the right knee on 29 March 2026"
    ).first.is_visible()
    score = newest(served)
    assert (score["score"], score["knee"], score["site"]) == (4, "right", "inner")
    assert score["moment"] == "during"
    assert score["run_id"]
    assert all(h.startswith((desk.origin, "data:")) for h in heard)

    page.get_by_role("button", name="Undo the score of 4/10 for the right knee").click()
    page.get_by_role("heading", name="Not in the diary").wait_for()
    assert newest(served) == {}


def test_by_keyboard_alone(browser: Browser, desk: Listener, served: Serving) -> None:
    page = entered(browser, desk, served).new_page()
    page.goto(f"{desk.origin}/pain")
    names: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent")
        names.append(name)
        if name == "score":
            page.keyboard.press("Space")
            for _ in range(3):
                page.keyboard.press("ArrowRight")
        if name == "knee":
            page.keyboard.press("ArrowRight")
        if name == "Save":
            page.keyboard.press("Enter")
            break
    page.wait_for_url("**/pain/p*")
    score = newest(served)
    assert (score["score"], score["knee"]) == (3, "right")
    assert names.index("score") < names.index("knee") < names.index("moment")


def test_a_screen_reader_hears_every_choice(
    browser: Browser, desk: Listener, served: Serving
) -> None:
    page = entered(browser, desk, served).new_page()
    page.goto(f"{desk.origin}/pain")
    for group, choice in (
        ("Knee", "left"),
        ("Where it hurts", "below kneecap"),
        ("Score", "10"),
        ("When", "the next morning"),
    ):
        inside = page.get_by_role("group", name=group)
        assert inside.get_by_role("radio", name=choice, exact=True).count() == 1
    assert page.get_by_role("radio", name="left", exact=True).is_checked()
    assert page.locator("#knees").get_attribute("aria-hidden") == "true"


def test_a_tap_on_the_runs_line_says_where_pain_began(
    browser: Browser, desk: Listener, served: Serving
) -> None:
    page = entered(browser, desk, served, has_touch=True).new_page()
    page.goto(f"{desk.origin}/pain")
    page.locator('label.key:has(input[name="score"][value="2"])').tap()
    page.locator("summary").tap()
    line = page.locator("#line")
    box = line.bounding_box()
    assert box
    line.tap(position={"x": box["width"] / 2, "y": 20})
    half = float(line.get_attribute("data-length") or 0) / 2
    assert float(page.locator("#onset").input_value()) == pytest.approx(half, abs=0.1)
    page.get_by_role("button", name="Save").tap()
    page.wait_for_url("**/pain/p*")
    assert newest(served)["onset_km"] == pytest.approx(half, abs=0.1)


def test_without_scripts_the_forms_work(browser: Browser, desk: Listener, served: Serving) -> None:
    page = entered(browser, desk, served, java_script_enabled=False).new_page()
    page.goto(f"{desk.origin}/pain")
    assert not page.locator("#knees").is_visible()
    page.get_by_role("radio", name="5", exact=True).check()
    page.get_by_role("radio", name="outer", exact=True).check()
    page.get_by_role("button", name="Save").click()
    assert newest(served)["site"] == "outer"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="Not in the diary").wait_for()

    page.goto(f"{desk.origin}/settings")
    page.get_by_label("units", exact=True).fill("mi")
    page.get_by_role("button", name="Save units").click()
    with TrainingLog(served.log_path) as log:
        assert log.settings.units == "mi"

    page.goto(f"{desk.origin}/review")
    page.get_by_role("button", name="Count the other recording").first.click()
    assert page.url == f"{desk.origin}/review"

    page.goto(f"{desk.origin}/diary")
    page.get_by_role("link", name="Change").first.click()
    page.get_by_role("radio", name="6", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The score of 6/10").first.wait_for()

    page.goto(f"{desk.origin}/import")
    page.set_input_files("#files", next(samples_folder().glob("2026/*.fit")))
    page.get_by_role("button", name="Import", exact=True).click()
    served.uploads.wait()
    page.goto(f"{desk.origin}/import")
    assert page.get_by_text("0 new, 1 already in the log").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_is_added_by_keyboard_and_its_undo_names_it(
    browser: Browser, desk: Listener, served: Serving, *, scripts: bool
) -> None:
    page = entered(browser, desk, served, java_script_enabled=scripts).new_page()
    page.goto(f"{desk.origin}/diary")
    page.get_by_role("link", name="Add a note").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Injury").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Add a note: injury").wait_for()
    page.get_by_label("What it is").focus()
    page.keyboard.type("a sprain")
    page.keyboard.press("Tab")
    page.keyboard.type("left")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("checkbox", name="The injury came from a fall").is_checked()
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The note “injury” on 29 March 2026: a sprain, left").wait_for()
    with TrainingLog(served.log_path) as log:
        (note,) = log.diary().query("kind == 'injury'").to_dict("records")
    assert (note["text"], note["subject"], note["trauma"]) == ("a sprain", "left", True)

    page.goto(f"{desk.origin}/diary")
    page.get_by_role("link", name="Change the note “injury” on 29 March 2026").click()
    page.get_by_role("button", name="Remove the note “injury”").click()
    page.get_by_role("heading", name="Not in the diary").wait_for()
    page.get_by_role("button", name="Undo the removal of the note “injury” on 29 March").click()
    page.get_by_text("The note “injury” on 29 March 2026: a sprain, left").wait_for()
    page.get_by_role("button", name="Undo the note “injury” on 29 March 2026").click()
    page.get_by_role("heading", name="Not in the diary").wait_for()
    with TrainingLog(served.log_path) as log:
        assert "injury" not in set(log.diary()["kind"])


def test_files_are_imported_by_dropping_them(
    browser: Browser, desk: Listener, served: Serving
) -> None:
    served.log_path.unlink()
    page = entered(browser, desk, served).new_page()
    heard = heard_on(page)
    page.goto(f"{desk.origin}/import")
    file = next(samples_folder().glob("2026/*.fit"))
    page.evaluate(
        """([name, bytes]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([new Uint8Array(bytes)], name));
            const event = new DragEvent("drop", {dataTransfer: dropped, bubbles: true});
            document.getElementById("import").dispatchEvent(event);
        }""",
        [file.name, list(file.read_bytes())],
    )
    page.get_by_text("1 new, 0 already in the log").wait_for()
    with TrainingLog(served.log_path) as log:
        assert len(log.runs()) == 1
    assert all(h.startswith((desk.origin, "data:")) for h in heard)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_silent_and_fits_the_screen(
    browser: Browser, desk: Listener, served: Serving, width: int, scheme: Any
) -> None:
    axe = os.environ.get("KNEELOAD_AXE")
    script = Path(axe).read_text(encoding="utf-8") if axe else ""
    size = {"width": width, "height": 740}
    page = entered(browser, desk, served, viewport=size, color_scheme=scheme).new_page()
    heard = heard_on(page)
    with TrainingLog(served.log_path) as log:
        first = log.pain()["pain_id"].iloc[0]
        goal = {"kind": "goal", "local_date": "2026-03-29", "until": "2026-10-04"}
        (note,) = log.record([addition(goal | {"text": "race", "value": 21.1})], served.clock())
    page.goto(f"{desk.origin}/diary/{note}")
    page.get_by_label("Its distance").fill("42.2")
    page.get_by_role("button", name="Save").click()
    found = {}
    for path in (
        *PAGES,
        *(f"{place}/{name}" for place in ("pain", "diary") for name in (first, note)),
    ):
        page.goto(f"{desk.origin}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        if script:
            page.evaluate(script)
            found[path] = [v["id"] for v in page.evaluate("axe.run()")["violations"]]
    assert all(h.startswith((desk.origin, "data:")) for h in heard), heard
    if not axe:
        pytest.skip("KNEELOAD_AXE names no axe.min.js")
    assert found == {key: [] for key in found}


def test_another_site_gets_nothing(browser: Browser, desk: Listener, served: Serving) -> None:
    """A page of another origin, in the same browser, neither reads nor writes nor frames."""
    context = entered(browser, desk, served)
    page = context.new_page()
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(body="<!doctype html><p>evil", content_type="text/html"),
    )
    page.goto("http://evil.example/")
    read = page.evaluate(
        "url => fetch(url, {credentials: 'include'}).then(a => a.text(), e => 'refused')",
        f"{desk.origin}/diary",
    )
    assert read == "refused"
    page.evaluate(
        """url => new Promise(done => {
            const form = document.createElement("form");
            form.method = "post"; form.action = url + "/pain"; form.target = "hidden";
            form.innerHTML = '<input name="score" value="9"><input name="entry" value="x">';
            const frame = document.createElement("iframe");
            frame.name = "hidden"; frame.onload = () => done();
            document.body.append(frame, form); form.submit(); setTimeout(done, 2000);
        })""",
        desk.origin,
    )
    assert newest(served) == {}


def test_a_phone_pairs_by_a_button_and_logs(browser: Browser, served: Serving) -> None:
    with running_both(served) as (_, phone):
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        page = context.new_page()
        heard = heard_on(page)
        page.goto(f"{phone.origin}/pair?code={served.pairing.new_code()}")
        page.get_by_role("button", name="Pair this phone").tap()
        page.wait_for_url("**/pain")
        zone(page, "left", "front").tap()
        page.locator('label.key:has(input[name="score"][value="1"])').tap()
        page.get_by_role("button", name="Save").tap()
        page.wait_for_url("**/pain/p*")
        assert page.get_by_role("link", name="Settings").count() == 0
        assert page.get_by_role("button", name="Undo").is_visible()
        context.close()
    assert newest(served)["score"] == 1
    assert all(h.startswith((phone.origin, "data:")) for h in heard), heard
