"""`kneeload pain` alone: asks only for what is missing, a key per answer, at any width."""

import datetime as dt
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kneeload.cli.app import App
from kneeload.cli.last_days import LastDays
from tests.cli.invoking import invoke

pty = pytest.importorskip("pty")  # a pseudo-terminal is Unix's

RUNS = """date,time,distance_km,duration_min,name,note
{rows}
"""
MONDAY = dt.date(2026, 3, 9)  # three running weeks lie before it
PROGRAM = [sys.executable, "-c", "from kneeload.cli import main; main()"]
SECONDS_PER_KEY = 1.0  # look, think, press: hunting with one finger (typists need 0.2)


def log_of(
    tmp_path: Path, days: Sequence[dt.date], km: float = 8, *, remembered: bool = True
) -> Path:
    """Return a log with one run at 07:30 on each of the days, knee and site asked for before."""
    table, log = tmp_path / "runs.csv", tmp_path / "log.db"
    rows = "\n".join(f"{day},07:30,{km},{km * 6},Run," for day in days)
    table.write_text(RUNS.format(rows=rows), encoding="utf-8")
    done = invoke("--log", log, "import", table)
    assert done.exit_code == 0, done.output
    for key, value in {"knee": "left", "site": "front"}.items() if remembered else ():
        invoke("--log", log, "settings", "set", key, value)
    return log


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def piped(log: Path, today: dt.date, text: str) -> str:
    done = invoke("--log", log, "--as-of", today, "pain", typed=text)
    assert done.exit_code == 0, done.output
    return done.output


def listed(log: Path, command: str = "pain") -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(
        invoke("--log", log, "--as-of", "2026-12-31", command, "list", "--json").stdout
    )
    return records


def scores(log: Path) -> list[tuple[str, str, int]]:
    return [(p["local_date"], p["moment"], p["score"]) for p in listed(log)]


def test_a_pipe_answers_line_by_line(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)])
    output = piped(log, day(1), "2\n\n10\n0\n")
    assert scores(log) == [
        ("2026-03-09", "during", 10),
        ("2026-03-09", "after", 0),
        ("2026-03-10", "next_morning", 2),
    ]
    assert "Logged 3 scores." in output
    assert len({p["run_id"] for p in listed(log)}) == 1


@pytest.mark.parametrize("wrong", ["44", "foo", "11", "3.5", "-1", "03"])
def test_a_pipe_ends_at_what_is_no_score(tmp_path: Path, wrong: str) -> None:
    log = log_of(tmp_path, [day(0)])
    done = invoke("--log", log, "--as-of", day(0), "pain", typed=f"{wrong}\n5\n")
    assert done.exit_code == 1
    assert done.stderr == f"Error: {wrong!r} is not a score from 0 to 10\n"
    assert "Nothing logged." in done.stdout
    assert scores(log) == []


def test_what_was_answered_before_a_wrong_line_stays(tmp_path: Path) -> None:
    log = easier_week(tmp_path)
    done = invoke("--log", log, "--as-of", day(0), "pain", typed="\n10\n\n4\nholiday\n")
    assert (done.exit_code, done.stderr) == (1, "Error: 'holiday' is not a score from 0 to 10\n")
    assert "Logged 2 scores." in done.stdout
    assert [score for *_, score in scores(log)] == [10, 4]
    assert listed(log, "note") == []


def test_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)])
    first = piped(log, day(0), "0\n3\n1\n")
    assert "this morning" not in first
    second = piped(log, day(1), "2\n")
    assert "before" not in second
    assert "this morning" in second
    assert "Nothing is missing" in piped(log, day(1), "")


def test_escape_stops_and_what_was_answered_is_kept(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)])
    assert "Logged 1 score." in piped(log, day(0), "4\n\x1b\n5\n")
    assert scores(log) == [("2026-03-09", "before", 4)]
    assert "Nothing logged." in piped(log, day(0), "\x1b")


@pytest.mark.parametrize(("clock", "asked"), [("09:17", False), ("09:19", True)])
def test_the_score_after_is_asked_for_an_hour_after_the_end(
    tmp_path: Path, clock: str, asked: bool
) -> None:
    path = log_of(tmp_path, [day(0)])  # from 07:30 to 08:18
    now = dt.datetime.fromisoformat(f"{day(0)}T{clock}:00+00:00")
    with App(path, day(0)).open() as log:
        ((_, questions),) = LastDays.of(log.since(day(-7)), day(0), now).lacking()
    texts = [question.text for question in questions]
    assert ("an hour or two after" in texts) is asked
    assert {"before", "worst during"} <= set(texts)


@pytest.mark.parametrize("ten", ["t", "T", "+", "10"])
def test_ten_has_keys_of_its_own(tmp_path: Path, ten: str) -> None:
    log = log_of(tmp_path, [day(0)])
    assert "before? 10" in piped(log, day(0), f"{ten}\n")
    assert scores(log) == [("2026-03-09", "before", 10)]


def test_an_open_red_flag_comes_first(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)])
    words = ["--log", str(log), "--as-of", str(day(0))]
    invoke(*words, "note", "symptom", "locked")
    first, *_ = piped(log, day(0), "").splitlines()
    assert first.startswith("A locked knee on 9 March. See a doctor today.")
    invoke(*words, "note", "assessed")
    assert "locked" not in piped(log, day(0), "")


def test_one_undo_takes_the_answers_back(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)])
    piped(log, day(0), "0\n3\n1\n")
    invoke("--log", log, "undo")
    assert scores(log) == []


def test_the_knee_is_of_the_settings_or_the_last_score(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0), day(2)])
    invoke("--log", log, "settings", "set", "knee", "")
    invoke("--log", log, "--as-of", day(0), "pain", "add", "1", "--knee", "left")
    piped(log, day(2), "1\n\x1b\n")
    assert [p["knee"] for p in listed(log)] == ["left", "left"]
    invoke("--log", log, "settings", "set", "knee", "right")
    piped(log, day(2), "1\n")
    assert [p["knee"] for p in listed(log)][-1] == "right"


def test_a_score_that_names_no_knee_is_of_the_usual_one(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)], remembered=False)

    def add(*words: str) -> str:
        return invoke("--log", log, "--as-of", day(0), "pain", "add", *words).output

    assert add("2").startswith(f"Logged p1 for {day(0)}, knee unsure, during (your 8.0 km")
    assert ", next morning (no run" in add("3", "--knee", "left", "--moment", "next_morning")
    assert ", left knee, after (your" in add("1", "--moment", "after")
    assert ", knee unsure, before (your" in add("1", "--moment", "before", "--knee", "unsure")
    assert ", both knees, during (your" in add("1", "--knee", "both")
    assert ", both knees, during (your" in add("1", "--symptom", "swelling")
    invoke("--log", log, "settings", "set", "knee", "right")
    assert ", right knee, during (your" in add("1")
    found = [p["knee"] for p in sorted(listed(log), key=lambda p: int(p["pain_id"][1:]))]
    assert found == ["unsure", "left", "left", "unsure", "both", "both", "right"]


def test_a_day_away_from_running_asks_for_the_knee_at_rest(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(-20)])
    assert "at rest?" in piped(log, day(0), "1\n")
    assert scores(log) == [("2026-03-09", "rest", 1)]
    assert "Nothing is missing" in piped(log, day(0), "")


def easier_week(tmp_path: Path) -> Path:
    """Three weeks of four runs, then one of two, then a Monday's; only that has no score."""
    usual = [day(7 * week + n) for week in (-4, -3, -2) for n in (0, 2, 4, 6)]
    return log_of(tmp_path, [*usual, day(-7), day(-3), day(0)])


def quiet_before(log: Path) -> Path:
    """Return the log of an easier week after its last day brought scores for all of it."""
    piped(log, day(-1), "w\n\x1b\n")
    return log


def test_an_easier_week_is_asked_about_once(tmp_path: Path) -> None:
    log = quiet_before(easier_week(tmp_path))
    shown = piped(log, day(0), "\n\n\nk\n")
    assert "2026-W10 was lighter than usual:\n16 km, reference 32 km" in shown
    (answer,) = listed(log, "note")
    assert (answer["kind"], answer["subject"], answer["text"]) == ("why", "2026-W10", "knee")
    assert "lighter" not in piped(log, day(0), "\n\n\n")


def test_why_answers_too_and_its_last_word_counts(tmp_path: Path) -> None:
    log = easier_week(tmp_path)
    for reason in ("knee", "planned"):
        assert invoke("--log", log, "--as-of", day(0), "why", "2026-W10", reason).exit_code == 0
    assert [n["text"] for n in listed(log, "note")] == ["knee", "planned"]
    assert "lighter" not in piped(log, day(0), "\n" * 12)
    assert invoke("--log", log, "--as-of", day(0), "why", "2026-W12", "knee").exit_code == 2


def test_a_gap_is_asked_about_and_its_weeks_are_not(tmp_path: Path) -> None:
    usual = [day(7 * week + n) for week in (-6, -5, -4, -3) for n in (0, 2, 4, 6)]
    log = log_of(tmp_path, [*usual, day(0)])
    output = piped(log, day(0), "\n\n\nh\n")
    assert "No run for 14 days, up to 8 March" in output
    assert "lighter" not in output
    (answer,) = listed(log, "note")
    assert (answer["kind"], answer["local_date"], answer["until"], answer["text"]) == (
        "gap",
        "2026-02-23",
        "2026-03-08",
        "holiday",
    )
    assert "No run for" not in piped(log, day(0), "")


def at_terminal(log: Path, today: dt.date, keys: str, columns: int) -> str:
    """Return what a terminal of that width showed; a key per prompt."""
    import fcntl
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    words = [*PROGRAM, "--log", log, "--as-of", str(today), "pain"]
    process = subprocess.Popen(
        list(map(str, words)), stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    shown, left = "", list(keys)
    while chunk := read(leader):
        shown += chunk
        if shown.endswith("? "):
            wait_for_reader(leader)
            os.write(leader, (left.pop(0) if left else "\x1b").encode())
    os.close(leader)
    assert process.wait(30) == 0, shown
    assert not left, shown
    return shown


def wait_for_reader(terminal: int) -> None:
    """Wait until the prompt takes single keys; what comes before that is thrown away."""
    import termios

    until = time.monotonic() + 30
    while termios.tcgetattr(terminal)[3] & termios.ICANON and time.monotonic() < until:
        time.sleep(0.002)


def read(descriptor: int) -> str:
    """Return what the terminal shows next, nothing when the program has gone or hangs."""
    if not select.select([descriptor], [], [], 30)[0]:
        return ""
    try:
        return os.read(descriptor, 4096).decode()
    except OSError:  # how Linux says that the other end is closed
        return ""


@pytest.mark.parametrize("columns", [40, 80])
def test_a_week_of_diary_takes_less_than_a_minute_of_typing(tmp_path: Path, columns: int) -> None:
    log = quiet_before(easier_week(tmp_path))
    table = tmp_path / "week.csv"
    rows = "\n".join(f"{day(n)},07:30,8,48,Run," for n in (2, 4, 6))
    table.write_text(RUNS.format(rows=rows), encoding="utf-8")
    invoke("--log", log, "import", table)
    running = {0: "031k", 1: "2", 2: "0t1", 3: "1", 4: "02\r", 5: "1\r", 6: "120"}
    pressed, text = 0, ""
    for number, keys in running.items():
        text += at_terminal(log, day(number), keys, columns)
        pressed += len(keys)
    assert max(len(line.strip("\r")) for line in text.split("\n")) <= columns
    assert len([s for s in scores(log) if s[0] >= str(day(0))]) == 14
    assert ("2026-03-11", "during", 10) in scores(log)
    commands = 7 * len("kneeload pain\r") * 0.2
    assert pressed * SECONDS_PER_KEY + commands < 60


@pytest.mark.parametrize(("key", "code"), [("\x1b", 0), ("\x03", 130)])
def test_a_terminal_can_be_left(tmp_path: Path, key: str, code: int) -> None:
    log = log_of(tmp_path, [day(0)])
    leader, follower = pty.openpty()
    words = [*PROGRAM, "--log", log, "--as-of", str(day(0)), "pain"]
    process = subprocess.Popen(
        list(map(str, words)), stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    shown = ""
    for typed in ("4", "\x1b[A", key):  # a score, an arrow that means nothing, the way out
        while not shown.endswith("? ") and (chunk := read(leader)):
            shown += chunk
        assert shown.endswith("? "), "the program has gone, or hangs"
        time.sleep(0.05)  # after the arrow no new prompt tells that the reader is back
        wait_for_reader(leader)
        os.write(leader, typed.encode())
        shown = "? " if typed == "\x1b[A" else ""
    while read(leader):
        pass
    os.close(leader)
    assert process.wait(30) == code
    assert scores(log) == [("2026-03-09", "before", 4)]


# A week in one sitting --------------------------------------------------------------------------

WEEK = [day(-5), day(-3), day(-1), day(0)]


def test_a_week_is_asked_run_by_run_newest_first(tmp_path: Path) -> None:
    log = log_of(tmp_path, WEEK)
    shown = piped(log, day(0), "\n" * 30)
    asked = [line for line in shown.splitlines() if line.startswith("Run of")]
    assert [line.split(",")[0] for line in asked] == [
        f"Run of {d:%a} {d.day} March" for d in WEEK[::-1]
    ]
    assert shown.index("this morning?") < shown.index("the next morning?")


def test_knee_and_site_are_asked_for_once_and_remembered(tmp_path: Path) -> None:
    log = log_of(tmp_path, [day(0)], remembered=False)
    shown = piped(log, day(0), "r\n0\n3\nf\n1\n")
    assert shown.index("Which knee?") < shown.index("before?")
    assert shown.index("worst during? 3") < shown.index("where? f") < shown.index("two after?")
    assert [(p["knee"], p["site"]) for p in listed(log)] == [
        ("right", "unsure"),
        ("right", "front"),
        ("right", "front"),
    ]
    again = piped(log, day(1), "4\n")
    assert "Which knee?" not in again
    assert "where?" not in again


def test_one_key_says_that_a_week_was_free_of_pain(tmp_path: Path) -> None:
    log = log_of(tmp_path, WEEK)
    shown = piped(log, day(0), "w\n")
    assert all(f"  Run of {d:%a} {d.day} March, 8.0 km\n" in shown for d in WEEK)
    assert {score for *_, score in scores(log)} == {0}
    assert {p["origin"] for p in listed(log)} == {"entered"}
    assert len(scores(log)) == 4 * 4 - 1  # this morning's run has no next morning yet
    invoke("--log", log, "undo")
    assert scores(log) == []


def test_a_week_with_pain_is_not_offered_as_free_of_it(tmp_path: Path) -> None:
    log = log_of(tmp_path, WEEK)
    invoke("--log", log, "--as-of", day(-1), "pain", "add", "2")
    assert "no pain all" not in piped(log, day(0), "")


def test_two_runs_on_a_day_share_one_next_morning(tmp_path: Path) -> None:
    log, table = log_of(tmp_path, [day(0)]), tmp_path / "evening.csv"
    table.write_text(RUNS.format(rows=f"{day(0)},18:00,5,30,Run,"), encoding="utf-8")
    invoke("--log", log, "import", table)
    shown = piped(log, day(1), "\n" * 12)
    assert "Run of Mon 9 March, 2 of 2, 5.0 km\n  this morning?" in shown
    assert "Run of Mon 9 March, 1 of 2, 8.0 km\n  before?" in shown
    assert shown.count("morning?") == 1


@pytest.mark.parametrize(("key", "origin"), [("y", ["entered"]), ("n", [])])
def test_a_score_from_a_note_counts_after_one_key(
    tmp_path: Path, key: str, origin: list[str]
) -> None:
    log, table = log_of(tmp_path, [day(-60)]), tmp_path / "runs.csv"
    table.write_text(RUNS.format(rows=f"{day(-30)},07:30,8,48,L knee 4 after,"), encoding="utf-8")
    invoke("--log", log, "import", table)
    assert "4 left, after: (y)es (n)o" in piped(log, day(0), f"{key}\n")
    assert [p["origin"] for p in listed(log)] == origin
    assert "(y)es" not in piped(log, day(0), "")


def test_a_window_that_is_closed_loses_nothing(tmp_path: Path) -> None:
    """Four runs on a Sunday: the terminal is closed after five answers."""
    import signal

    log = log_of(tmp_path, WEEK)
    leader, follower = pty.openpty()
    words = [*PROGRAM, "--log", log, "--as-of", str(day(0)), "pain"]
    process = subprocess.Popen(
        list(map(str, words)), stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    shown, left = "", list("\r12345")
    while left and (chunk := read(leader)):
        shown += chunk
        if shown.endswith("? "):
            wait_for_reader(leader)
            os.write(leader, left.pop(0).encode())
            shown += "\n"
    while not shown.endswith("? ") and (chunk := read(leader)):
        shown += chunk
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    os.close(leader)
    assert sorted(score for *_, score in scores(log)) == [1, 2, 3, 4, 5]
