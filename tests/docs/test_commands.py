"""Every command that a page shows works: run on the samples where it can be, else parsed."""

import os
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from kneeload.cli import program
from kneeload.log.training_log import TrainingLog
from kneeload.samples import samples_folder
from tests.cli.invoking import invoke
from tests.docs.pages import PAGES, TOP, asides, generated, lines, named, words

SAMPLES = samples_folder()
LAST_DAY = "2026-03-29"
FLAGS_FOUND = 3
STANDS_FOR = {
    "ID": "58bad592041e",
    "~/old_watch": str(SAMPLES / "2025"),
    "sample_activities": str(SAMPLES),
}
"""What a reader puts in, and what the tests put there."""

A_NOTE = "d7"
"""What pages write for the note made last."""

PARSED = {
    "demo": "imports all samples once more; tests/cli and `make demo` run it",
    "serve": "answers until it is ended; tests/cli/test_serve.py starts it",
    "simulate": "thousands of invented runners; tests/simulate runs it on few",
    "cohort": "tables of many runners, or of strangers; tests/cohort runs it on small ones",
}
"""Commands that are parsed and not run, and why."""

ELSEWHERE = (
    r'0 20 \* \* 0  "\$HOME/\.local/bin/kneeload" update .*',  # test_schedulers runs it
    r'schtasks /create /tn kneeload .* /tr "%USERPROFILE%.*kneeload\.exe update .*"',  # Windows
    r"python3 -m venv ~/kneeload",  # installing, which tests/packaging does
    r"~/kneeload/bin/pip install \.",
    r"py -m venv %USERPROFILE%\\kneeload",
    r"%USERPROFILE%\\kneeload\\Scripts\\pip install \.",
    r"git clone ADDRESS kneeload",
    r"cd kneeload",
    r"uvx --from \. kneeload demo",
    r"pipx run --spec \. kneeload demo",
)
"""Lines that speak of kneeload to another program."""


def own(page: Path) -> list[str]:
    return [line for line in lines(page) if line.startswith("kneeload ")]


WITH_COMMANDS = [page for page in PAGES if own(page)]


@pytest.fixture
def home(tmp_path: Path, imported_samples: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with a log of the samples and the files that pages speak of.

    Nothing is opened in a browser.
    """
    for name in ("log.db", "running.db"):
        shutil.copy(imported_samples, tmp_path / name)
    for name in ("Downloads/export_1234567.zip", "garmin/november.zip"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(SAMPLES / "2025" / "november.zip", tmp_path / name)
    shutil.copy(SAMPLES / "knee_pain.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):  # the second is Windows'
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("KNEELOAD_LOG", str(tmp_path / "log.db"))
    monkeypatch.setattr(click, "launch", lambda *_, **__: 0)
    return tmp_path


def newest_note(home: Path) -> str:
    with TrainingLog(home / "log.db") as log:
        return f"d{max(int(name[1:]) for name in log.diary()['entry_id'])}"


def run(line: str, home: Path) -> None:
    stands_for = STANDS_FOR | ({A_NOTE: newest_note(home)} if A_NOTE in words(line) else {})
    said = [stands_for.get(word, word).replace("~", str(home)) for word in words(line)]
    day = [] if "--as-of" in said else ["--as-of", LAST_DAY]
    done = invoke(*day, *said, typed="")
    assert done.exit_code in {0, FLAGS_FOUND if said[0] == "update" else 0}, (line, done.output)


def leaf(said: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that the words name and what follows its name."""
    command: click.Command = program
    rest = list(said)
    while (
        isinstance(command, click.Group)
        and rest
        and (below := command.get_command(click.Context(command), rest[0]))
    ):
        command = below
        del rest[0]
    return command, rest


def parse(said: list[str], monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Let click read the words, with every file there, and nothing be done."""
    command, rest = leaf(said)
    for word in rest:
        if re.fullmatch(r"[\w./-]+(\.(csv|db|html|parquet|pem|zip)|/\w+)", word):
            (home / word).parent.mkdir(parents=True, exist_ok=True)
            (home / word).touch()
    monkeypatch.setattr(command, "callback", lambda *_, **__: None)
    done = invoke(*said)
    assert done.exit_code == 0, (said, done.output)


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
def test_what_a_page_shows_works_in_its_order(
    page: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in own(page):
        if words(line)[0] in PARSED:
            parse(words(line), monkeypatch, home)
        else:
            run(line, home)


def examples(text: str) -> list[str]:
    """Return the command lines that a help shows at its end."""
    one = text.partition("Example: ")[2]
    several = text.partition("Examples:\n")[2] or text.partition("Start here:\n")[2]
    return several.partition("\n\n")[0].splitlines() or [" ".join(one.split())]


def test_examples_in_help_are_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the examples are in the home, whatever folder they name."""
    for text in dict(generated().helps(program, "kneeload")).values():
        for line in examples(text):
            parse([word.rpartition("/")[2] for word in words(line)], monkeypatch, home)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_line_speaks_of_kneeload_unseen(page: Path) -> None:
    others = [line for line in lines(page) if "kneeload" in line and line not in own(page)]
    assert [line for line in others if not any(re.fullmatch(p, line) for p in ELSEWHERE)] == []


def test_lines_elsewhere_are_still_there() -> None:
    text = [line for page in PAGES for line in lines(page)]
    assert [p for p in ELSEWHERE if not any(re.fullmatch(p, line) for line in text)] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_command_named_in_a_sentence_exists_with_its_options(page: Path) -> None:
    for aside in asides(page):
        if not re.match(r"kneeload [a-z]", aside):
            continue
        command, rest = leaf(words(aside))
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= known | {"--help"}, aside
        assert not isinstance(command, click.Group) or not rest or rest[0].startswith("-"), aside


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_targets_and_scripts_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.M)
    for line in [*lines(page), *asides(page)]:
        if line.startswith("make "):
            assert shlex.split(line)[1] in targets, line
        if script := re.match(r"python (\S+\.py)\b", line):
            assert (TOP / script[1]).is_file(), line


def test_the_sunday_routine_may_end_with_flags_found(home: Path) -> None:
    run("kneeload settings add import_folders ~/garmin", home)
    run(f"kneeload update -o {os.fspath(home / 'knee.html')}", home)
    assert (home / "knee.html").stat().st_size > 10_000
