"""The neutral form that both readers of FIT give: a table of numbers for each kind of message."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Table: TypeAlias = dict[str, Numbers]
Tables: TypeAlias = dict[str, Table]
Row: TypeAlias = dict[str, float]


def merged(tables: Tables) -> Tables:
    """Return `tables` with the enhanced record fields merged into the plain ones, and winning."""
    if "record" not in tables:
        return tables
    record = dict(tables["record"])
    for name in ("speed", "altitude"):
        enhanced = record.pop(f"enhanced_{name}", None)
        if enhanced is not None:
            plain = record.get(name, enhanced)
            record[name] = np.where(np.isnan(enhanced), plain, enhanced)
    return tables | {"record": record}


def rows(tables: Tables, message: str) -> list[Row]:
    """Return the messages of one kind as dicts that lack what was not measured."""
    table = tables.get(message, {})
    columns = [values.tolist() for values in table.values()]
    return [
        {name: value for name, value in zip(table, row, strict=True) if not math.isnan(value)}
        for row in zip(*columns, strict=True)
    ]
