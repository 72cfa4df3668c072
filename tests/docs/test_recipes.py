"""What a phone would append, as its recipe shows it, read by kneeload as the recipe says."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from kneeload.samples import samples_folder
from tests.cli.invoking import LAST_DAY, invoke
from tests.docs.pages import TOP, blocks, tokens

HOW_TO = TOP / "docs" / "how-to"
MOST_BYTES = 60_000
RECIPES = [
    ("iphone", "knee.txt", 0, 1),
    ("android", "TrackAndGraph.csv", 0, 1),
    ("android", "knee.txt", 3, 4),
    ("notes-app", "knee.md", 0, 1),
]
"""A page, the file that its phone writes, and which of its text blocks are that and the answer."""


def text_block(page: str, index: int) -> str:
    return [b.text for b in blocks(HOW_TO / f"{page}.md") if b.language == "text"][index]


def answers(log: Path, name: str, content: str) -> list[str]:
    """Return what ``pain list`` prints once an inbox holds a file that has been quiet for long."""
    inbox = log.parent / "inbox"
    inbox.mkdir()
    (inbox / name).write_text(content, encoding="utf-8")
    an_hour_ago = time.time() - 3600
    os.utime(inbox / name, (an_hour_ago, an_hour_ago))
    invoke("--log", log, "settings", "set", "pain_inbox", inbox)
    listed = invoke("--log", log, "--as-of", LAST_DAY, "pain", "list")
    return [*listed.stderr.splitlines(), *listed.stdout.splitlines()]


@pytest.mark.parametrize(("page", "name", "written", "shown"), RECIPES)
def test_the_lines_of_a_page_are_read_as_it_says(
    sample_log: Path, page: str, name: str, written: int, shown: int
) -> None:
    said = text_block(page, shown).splitlines()
    printed = answers(sample_log, name, text_block(page, written))
    assert len(said) >= 2
    assert [line for line in said if line not in printed] == []


def test_the_page_of_the_iphone_says_what_status_begins_with(sample_log: Path) -> None:
    page = (HOW_TO / "iphone.md").read_text(encoding="utf-8")
    assert f"`{answers(sample_log, 'knee.txt', text_block('iphone', 0))[0]}`" in page


def test_every_line_of_the_inbox_page_is_read(sample_log: Path) -> None:
    first, *others = answers(sample_log, "knee.txt", text_block("pain-inbox", 0))
    assert first == "Pain inbox: 6 new scores."
    assert not any(line.startswith("knee.txt") for line in others)


def test_a_line_without_its_end_waits_a_minute_only(sample_log: Path) -> None:
    lines = text_block("iphone", 0).rstrip("\n")
    assert answers(sample_log, "knee.txt", lines)[0] == "Pain inbox: 3 new scores."


def test_a_zip_that_garmins_client_left_is_imported(tmp_path: Path) -> None:
    """The client saves the original file of an activity in a zip of its own."""
    run = next((samples_folder() / "2026").glob("*.fit"))
    folder, log = tmp_path / "garmin", tmp_path / "log.db"
    folder.mkdir()
    with zipfile.ZipFile(folder / "123456789.zip", "w") as archive:
        archive.write(run, "123456789_ACTIVITY.fit")
    report = tmp_path / "week.html"
    invoke("--log", log, "settings", "add", "import_folders", folder)
    first = invoke("--log", log, "--as-of", LAST_DAY, "update", "-o", report)
    again = invoke("--log", log, "--as-of", LAST_DAY, "update", "-o", report)
    assert "1 new activity, 0 already in the log" in first.output
    assert "0 new activities, 1 already in the log" in again.output


@pytest.mark.parametrize("page", sorted({"garmin", *(page for page, *_ in RECIPES)}))
def test_pictures_are_small_and_described(page: str) -> None:
    path = HOW_TO / f"{page}.md"
    images = [token for token in tokens(path) if token.type == "image"]
    assert images
    for image in images:
        assert len(image.content) > 40
        assert (path.parent / str(image.attrGet("src"))).stat().st_size < MOST_BYTES
