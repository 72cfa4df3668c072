"""Write the pictures of README and documentation: python docs/screenshots.py."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import recipe_pictures
from playwright.sync_api import Browser, Route, sync_playwright

from kneeload import reports, samples_folder
from kneeload.analysis import analyse
from kneeload.log.score_tables import import_pain
from kneeload.log.training_log import TrainingLog
from kneeload.reports.render import html

HERE = Path(__file__).parent
LAST_DAY = dt.date(2026, 3, 29)
NOW = dt.datetime(2026, 3, 30, 8, tzinfo=dt.UTC)
WEEK, SIZE = "2026-W05", {"width": 1040, "height": 1560}


def page(log: TrainingLog, week: str) -> str:
    """Return a past week's page as it stood when the week was over."""
    from kneeload.calendar import parse_week

    over = min(parse_week(week) + dt.timedelta(days=7), LAST_DAY)
    frames = [
        frame[frame["local_date"].dt.date < over]
        for frame in (log.activities(), log.pain(), log.diary())
    ]
    return html.render(reports.build(analyse(*frames, settings=log.settings, today=over), week))


def picture_of_form(browser: Browser, log: TrainingLog) -> None:
    """Keep the form for a score, as a phone shows it with two taps made."""
    from kneeload.serve.app import LISTENER, create_app
    from kneeload.serve.security import Listener
    from kneeload.serve.serving import serving

    shared = serving(log.path, clock=lambda: NOW, secrets=str, as_of=LAST_DAY)
    client, listener = create_app(shared).test_client(), Listener(host="127.0.0.1", port=8421)
    view = browser.new_page(viewport={"width": 390, "height": 760})

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(listener.origin)
        given = client.get(path, base_url=listener.origin, environ_overrides={LISTENER: listener})
        route.fulfill(body=given.data, content_type=given.content_type)

    client.get(
        f"/?key={shared.sessions.key}",
        base_url=listener.origin,
        environ_overrides={LISTENER: listener},
    )
    view.route("**/*", answer)
    view.goto(f"{listener.origin}/pain")
    view.locator('#knees svg[data-knee="left"] [data-site="below_kneecap"]').click()
    view.locator('label.key:has(input[name="score"][value="3"])').click()
    recipe_pictures.keep(view.screenshot(), HERE / "serve.png")


def main() -> None:
    """Draw the upper part of a week's page on the samples, the form, and the recipes."""
    samples = samples_folder()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        with TrainingLog(Path(scratch) / "log.db") as log:
            log.ingest([samples], now=NOW)
            import_pain(log, (samples / "knee_pain.csv").read_text(encoding="utf-8"), NOW)
            view = browser.new_page(viewport=SIZE)
            view.set_content(page(log, WEEK))
            recipe_pictures.keep(view.screenshot(), HERE / "report.png")
            picture_of_form(browser, log)
        recipe_pictures.draw(browser)
        browser.close()


if __name__ == "__main__":
    main()
