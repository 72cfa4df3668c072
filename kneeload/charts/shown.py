"""A figure that shows itself in a notebook, whether or not pyplot was ever imported."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure

SHARP = 2
"""Dots of the image for each pixel of its size on the page."""


class Chart(Figure):
    """A matplotlib figure, yours to change; the last expression of a cell shows it.

    Jupyter draws a plain figure only once pyplot has been imported.
    """

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the image, with all that was added around it, and its size on the page [px]."""
        image = BytesIO()
        self.savefig(image, format="png", dpi=SHARP * self.dpi, bbox_inches="tight")
        width, height = (int.from_bytes(image.getvalue()[at : at + 4]) for at in (16, 20))
        return image.getvalue(), {"width": width // SHARP, "height": height // SHARP}
