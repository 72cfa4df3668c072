"""One week as a Report, and that as a page, as Markdown, as JSON and as lines of a terminal."""

from __future__ import annotations

from kneeload.reports.composing import build
from kneeload.reports.render.json_report import as_json
from kneeload.reports.render.terminal import status_lines
from kneeload.reports.report import Report

__all__ = ["Report", "as_json", "build", "status_lines"]
