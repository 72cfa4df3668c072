"""The week in the terminal: at most 25 lines of 80 columns, whatever the log holds."""

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.reports.render.terminal import printable
from tests import story


def _status(**changes: pd.DataFrame) -> list[str]:
    return reports.status_lines(reports.build(story.analysis(**changes), drawings=False))


def test_the_week_at_a_glance() -> None:
    lines = _status()
    assert lines[0] == "16\u201322 March 2026: 24.1 km so far, left knee up to 4/10"
    assert (
        lines[2] == "Left knee    Worst pain 4/10 during the run, 2 the next morning (1 before the"
    )
    assert any("Keep your next run to 6.2 km" in line for line in lines)
    assert lines[-1] == "kneeload does not diagnose."


def test_flags_are_told_with_their_severity() -> None:
    text = " ".join(" ".join(_status()).split())
    assert "[warning] Left knee: worst 4/10 during" in text


def test_nothing_fired() -> None:
    assert any(
        line.endswith("No rule fired; that is not a safety check.")
        for line in _status(flags=frames.empty(frames.FLAGS))
    )


@pytest.mark.parametrize("count", [0, 1, 10, 40])
def test_never_more_than_25_lines_of_80_columns(count: int) -> None:
    rows = [story.flag(f"rule_{n}", 23, "warn", "It fired, " * 12) for n in range(count)]
    flags = frames.conform(pd.DataFrame(rows), frames.FLAGS) if rows else frames.empty(frames.FLAGS)
    lines = _status(flags=flags)
    assert len(lines) <= 25
    assert max(len(line) for line in lines) <= 80
    assert lines[2].startswith("Left knee")
    assert lines[-1] == "kneeload does not diagnose."


def test_an_empty_log_names_the_command() -> None:
    lines = _status(
        activities=frames.empty(frames.RUNS),
        runs=frames.empty(frames.RUNS),
        pain=frames.empty(frames.PAIN),
        weeks=frames.empty(frames.WEEKS),
        flags=frames.empty(frames.FLAGS),
    )
    assert any("kneeload import FOLDER" in line for line in lines)


def test_a_terminal_never_gets_control_characters() -> None:
    assert printable("a\x1b[31mb\x07\u202e") == "a [31mb  "


def test_escape_sequences_in_a_message_are_harmless() -> None:
    flags = frames.conform(
        pd.DataFrame([story.flag("x", 23, "warn", "\x1b]0;owned\x07 fired")]), frames.FLAGS
    )
    assert "\x1b" not in "".join(_status(flags=flags))


@pytest.mark.parametrize("width", [40, 60])
def test_a_narrow_terminal_gets_narrow_lines_and_nothing_less(width: int) -> None:
    report = reports.build(story.analysis(), drawings=False)
    wide, narrow = reports.status_lines(report), reports.status_lines(report, width)
    assert max(map(len, narrow)) <= width
    assert " ".join(" ".join(narrow).split()) == " ".join(" ".join(wide).split())
