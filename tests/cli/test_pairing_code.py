"""The QR code that `serve --phone` prints, drawn as a terminal draws it and read by a decoder."""

import re
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest
from zxingcpp import read_barcodes

from kneeload.arrays import Ints
from kneeload.cli import serve
from tests.serve.asking import PHONE

TERMINALS = {"dark": (200, 30), "light": (60, 255)}
"""Grey of text and of background where a program sets no colour."""
GREYS = {"231": 255, "232": 8}
HALVES = {" ": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
"""Whether a character's upper and lower half are in the colour of the text."""
QUIET = 4


class Terminal(StringIO):
    """Keeps what a terminal would get, colours included."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines of the code as a terminal gets them."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    code = SimpleNamespace(new_code=lambda: "Yb3-_q9ZkT0dWmE5rXvA1g")
    serve._show_code(SimpleNamespace(pairing=code), PHONE)  # type: ignore[arg-type]
    lines = terminal.getvalue().splitlines()
    return [line for line in lines if set("\u2580\u2584\u2588") & set(line)]


def drawn(line: str, text: int, background: int) -> Ints:
    """Return a line as greys, two rows of one point for each half of a character."""
    upper_and_lower = []
    colours = {"38": text, "48": background}
    for styled, plain in re.findall(r"\x1b\[([\d;]+)m|(.)", line):
        if plain:
            ink = colours["38"], colours["48"]
            upper_and_lower.append([ink[not half] for half in HALVES[plain]])
        elif styled == "0":
            colours = {"38": text, "48": background}
        else:
            which, _, grey = styled.split(";")
            colours[which] = GREYS[grey]
    return np.array(upper_and_lower).T


@pytest.mark.parametrize("terminal", TERMINALS)
def test_a_phone_reads_the_code(printed: list[str], terminal: str) -> None:
    """Without trying it inverted, which not every phone does."""
    modules = np.vstack([drawn(line, *TERMINALS[terminal]) for line in printed])
    picture = np.kron(modules, np.ones((9, 8))).astype(np.uint8)  # a line is a bit too high
    screen = np.pad(picture, 80, constant_values=TERMINALS[terminal][1])
    (code,) = read_barcodes(screen, try_invert=False)
    assert code.text == "http://192.168.7.5:8421/pair?code=Yb3-_q9ZkT0dWmE5rXvA1g"
    square = modules[: modules.shape[1]]  # below an odd last row, half a line is left
    within = np.ones_like(square[QUIET:-QUIET, QUIET:-QUIET], bool)
    assert set(square[~np.pad(within, QUIET)]) == {255}
    assert len(printed) <= 24
    assert len(square) <= 80
