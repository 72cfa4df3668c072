"""The Report as JSON: metric values, dates as text, drawings by their words only."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kneeload.reports.report import Report


def as_json(report: Report) -> str:
    """Return `report` as one JSON object, the same text for the same report."""
    values = asdict(report)
    values["drawings"] = [
        {name: drawing[name] for name in ("key", "title", "text", "note")}
        for drawing in values["drawings"]
    ]
    return json.dumps(values, indent=2, default=str, ensure_ascii=False)
