"""The Report as JSON: metric values, dates as text, drawings by their words only."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kneeload.reports.model import Report


def as_json(report: Report) -> str:
    """Return `report` as one JSON object, the same text for the same report."""
    values = asdict(report, dict_factory=_without_svg)
    return json.dumps(values, indent=2, default=str, ensure_ascii=False)


def _without_svg(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in fields if name not in {"wide", "narrow"}}
