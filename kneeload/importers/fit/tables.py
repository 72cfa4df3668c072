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

# Floating point fields may hold anything; beyond 64 bits it is no measurement.
LARGEST = 2.0**64


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


def count(tables: Tables, message: str) -> int:
    """Return how many messages of one kind there are."""
    return next((len(values) for values in tables.get(message, {}).values()), 0)


def first(tables: Tables, message: str) -> Row:
    """Return the first message of one kind, without what was not measured."""
    table = tables.get(message, {})
    values = {name: float(column[0]) for name, column in table.items() if len(column)}
    return {name: value for name, value in values.items() if not math.isnan(value)}


def rows(tables: Tables, message: str) -> list[Row]:
    """Return the messages of one kind as dicts that lack what was not measured."""
    table = tables.get(message, {})
    columns = [values.tolist() for values in table.values()]
    return [
        {name: value for name, value in zip(table, row, strict=True) if not math.isnan(value)}
        for row in zip(*columns, strict=True)
    ]
