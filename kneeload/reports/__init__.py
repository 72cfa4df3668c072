"""One week as a Report, and that as a page, as Markdown, as JSON and as lines of a terminal."""

from __future__ import annotations

from kneeload.reports.composing import build
from kneeload.reports.data import as_json
from kneeload.reports.report import Report
from kneeload.reports.terminal import status_lines

__all__ = ["Report", "as_json", "build", "status_lines"]
