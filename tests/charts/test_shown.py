"""Charts are figures that users change and save, and that notebooks show on white."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kneeload import charts
from kneeload.charts.figure import SHARP, Chart
from tests import story

DRAWN: dict[str, Callable[[], object]] = {
    "load_and_pain": lambda: charts.load_and_pain(story.weeks(), story.pain(), story.flags()),
    "single_runs": lambda: charts.single_runs(story.weeks(), story.runs(), story.pain()),
    "beside_usual": lambda: charts.beside_usual(story.weeks(), story.runs()),
}


@pytest.fixture(params=DRAWN)
def chart(request: pytest.FixtureRequest) -> Chart:
    figure = DRAWN[request.param]()
    assert isinstance(figure, Chart)
    return figure


def pixels(content: bytes) -> np.ndarray:
    with Image.open(BytesIO(content)) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_changed_title_is_in_what_is_saved(chart: Chart, tmp_path: Path, ending: str) -> None:
    before, after = tmp_path / f"before.{ending}", tmp_path / f"after.{ending}"
    chart.savefig(before)
    chart.axes[0].set_title("A winter of mine", loc="right")
    chart.savefig(after)
    assert before.stat().st_size != after.stat().st_size
    if ending == "svg":
        text = after.read_text(encoding="utf-8")
        assert text.count("A winter of mine") == 1


def test_axes_and_size_can_be_changed(chart: Chart) -> None:
    chart.axes[0].set_ylim(0, 99)
    chart.set_size_inches(12, 8)
    content, size = chart._repr_png_()
    assert chart.axes[0].get_ylim() == (0, 99)
    height, width, _ = pixels(content).shape
    assert size == {"width": width // SHARP, "height": height // SHARP}
    assert size["width"] == pytest.approx(12 * chart.dpi, rel=0.1)


def test_what_is_added_above_a_chart_is_shown(chart: Chart) -> None:
    _, before = chart._repr_png_()
    chart.suptitle("A winter of mine", y=1.1)
    _, after = chart._repr_png_()
    assert after["height"] > before["height"] + 10


def test_its_ground_is_opaque_and_light(
    chart: Chart,
) -> None:
    shown = pixels(chart._repr_png_()[0])
    corners = shown[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners >= 250).all()
    assert (shown[..., 3] == 255).all()
    assert (shown[..., :3] < 100).all(axis=2).any()


def test_a_kernel_shows_it_without_pyplot() -> None:
    """Jupyter draws a plain figure only once pyplot is imported; a chart brings its own image."""
    script = """
import sys
from IPython.core.interactiveshell import InteractiveShell
from kneeload.charts.figure import Chart
shell = InteractiveShell.instance()
shown, _ = shell.display_formatter.format(Chart(figsize=(2, 1)))
assert "matplotlib.pyplot" not in sys.modules
assert shown["image/png"].startswith(b"\\x89PNG"), shown
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
