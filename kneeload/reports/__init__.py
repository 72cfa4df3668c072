"""One week as a Report, written as a page, Markdown, JSON or terminal output."""

from __future__ import annotations

from kneeload.reports.builder import build
from kneeload.reports.model import Report
from kneeload.reports.render.json_report import as_json
from kneeload.reports.render.terminal import status_lines

__all__ = ["Report", "as_json", "build", "status_lines"]
