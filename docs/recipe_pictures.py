"""The pictures of the recipes: drawn as HTML from the pages' own lines, kept as small PNG files."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
HOW_TO, FOLDER = HERE / "how-to", HERE / "pictures"
WIDTH, COLOURS = 400, 64
FENCE = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)

STYLE = """
body { margin: 0; padding: 16px; width: 368px; background: #fff; color: #1d2733;
  font: 15px/1.35 "Liberation Sans", Arial, sans-serif }
.card { border: 1px solid #cdd5de; border-radius: 12px; padding: 10px 14px; background: #f7f9fb }
.card b { display: block } .card + .card { margin-top: 22px; position: relative }
.card + .card::before { content: ""; position: absolute; left: 50%; top: -22px; height: 22px;
  border-left: 2px solid #8a97a6 }
var { font-style: normal; background: #dbe9fb; color: #114a8a; border-radius: 6px; padding: 0 6px }
.phone { width: 260px; margin: 0 auto; border: 3px solid #39434f; border-radius: 30px;
  overflow: hidden; background: #fff }
.bar { padding: 8px 18px 4px; font-size: 12px; color: #5b6673 }
h1 { font-size: 16px; margin: 4px 18px 8px }
.rows div { padding: 7px 18px; border-top: 1px solid #e3e8ee }
.rows .on { background: #dbe9fb; color: #114a8a; font-weight: bold }
.note { padding: 0 18px 24px; overflow-wrap: anywhere }
.home { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px; padding: 12px 18px 18px }
.home i { height: 40px; border-radius: 11px; background: #e3e8ee }
.widget { grid-column: span 2; height: 40px; border-radius: 11px; background: #114a8a; color: #fff;
  display: grid; place-items: center; font-weight: bold; font-size: 14px }
.keys { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; padding: 0 18px 18px }
.keys span { padding: 6px 0; border-radius: 9px; background: #eef2f6; text-align: center }
.keys .on { background: #114a8a; color: #fff }
h2 { font-size: 13px; margin: 0 0 4px; color: #5b6673; font-weight: normal }
pre { margin: 0 0 14px; padding: 10px 12px; border-radius: 10px; background: #f1f4f7;
  font: 12px/1.55 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere }
pre.shell { background: #1d2733; color: #e8edf3; margin-bottom: 0 }
"""


def lines(page: str, index: int) -> list[str]:
    """Return the lines of a page's text block, counted from 0."""
    found = FENCE.findall((HOW_TO / f"{page}.md").read_text(encoding="utf-8"))[index]
    return str(found).splitlines()


def cards(*steps: tuple[str, str]) -> str:
    """Return one card below the other: what a step is called, and what it holds (HTML)."""
    return "".join(f'<div class="card"><b>{name}</b>{text}</div>' for name, text in steps)


def phone(title: str, inside: str) -> str:
    """Return a phone's screen."""
    return f'<div class="phone"><div class="bar">7:31</div><h1>{title}</h1>{inside}</div>'


def numbers(chosen: int, kind: str, tag: str) -> str:
    """Return 0 to 10 to choose from, one of them chosen."""
    marks = (' class="on"' if n == chosen else "" for n in range(11))
    items = "".join(f"<{tag}{mark}>{n}</{tag}>" for n, mark in enumerate(marks))
    return f'<div class="{kind}">{items}</div>'


def file(name: str, content: list[str]) -> str:
    """Return a text file as an editor shows it."""
    return f"<h2>{name}</h2><pre>{escape(chr(10).join(content))}</pre>"


def shell(*content: str) -> str:
    """Return what a terminal shows."""
    return f'<h2>on your computer</h2><pre class="shell">{escape(chr(10).join(content))}</pre>'


def short(listed: list[str]) -> list[str]:
    """Return lines of ``pain list`` without the id, the site and the origin."""
    return ["  ".join(line.split()[1:5]) for line in listed]


def pictures() -> dict[str, str]:
    """Return the body of each picture, by its name."""
    export = lines("android", 0)
    return {
        "iphone-shortcut": cards(
            ("List", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"),
            ("Choose from List", "Prompt: How is the left knee?"),
            ("Format Date", "<var>Current Date</var> as ISO 8601, with time"),
            (
                "Append to Text File",
                "<var>Formatted Date</var> L <var>Chosen Item</var><br>"
                "to Shortcuts/knee.txt, Make New Line on",
            ),
        ),
        "iphone-choose": phone("How is the left knee?", numbers(3, "rows", "div")),
        "iphone-result": file("Shortcuts/knee.txt", lines("iphone", 0))
        + shell(
            "$ kneeload pain list", "Pain inbox: 3 new scores.", "...", *short(lines("iphone", 1))
        ),
        "android-track-and-graph": phone(
            "",
            '<div class="home"><i></i><i></i><i></i><i></i><span class="widget">Left knee +</span>'
            "<i></i><i></i></div><h1>Left knee</h1>" + numbers(3, "keys", "span"),
        )
        + "<br>"
        + file("TrackAndGraph.csv", export)
        + shell("$ kneeload status", *lines("android", 1), "..."),
        "android-automate": cards(
            ("Flow beginning", "Knee"),
            ("Dialog choice", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, into <var>selected</var>"),
            (
                "File write",
                "<var>now, iso8601</var> L <var>selected[0]</var> and a line end<br>"
                "to knee.txt, Append on",
            ),
        ),
        "notes-app": phone(
            "knee", f'<div class="note">{"<br><br>".join(lines("notes-app", 0))}</div>'
        ),
        "garmin": cards(
            ("Garmin's client", "gc-personal activity-download 123456789"),
            ("Your folder", "~/garmin/123456789.zip"),
            ("kneeload update", "Read 1 file: 1 new activity, 0 already in the log."),
        ),
    }


def draw(browser: Browser) -> None:
    """Draw each picture, as high as what it shows."""
    FOLDER.mkdir(exist_ok=True)
    view = browser.new_page(
        viewport={"width": WIDTH, "height": 100}, device_scale_factor=1.25, color_scheme="light"
    )
    for name, body in pictures().items():
        view.set_content(f"<style>{STYLE}</style>{body}")
        keep(view.screenshot(full_page=True), FOLDER / f"{name}.png")
    view.close()


def keep(screenshot: bytes, path: Path) -> None:
    """Write a screenshot with few colours: a third of its bytes, and nothing to see of it."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image.quantize(COLOURS, kmeans=2).save(path, optimize=True)
