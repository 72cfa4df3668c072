"""Lists, as SQLite and JSON give them, to frames of the right dtypes in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.errors import FrameError
from kneeload.frames import DATE, TEXT, UTC, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[list[Any]], Any]


def framed(columns: Mapping[str, list[Any]], spec: Spec) -> pd.DataFrame:
    """Return `columns` as a frame, in their order and of the dtypes of `spec`.

    Parameters
    ----------
    columns
        Equally long lists; instants and dates in ISO 8601, ``None`` where nothing is known.

    Raises
    ------
    FrameError
        If a column cannot be read as its dtype; the message names it.
    """
    read = {name: _read(name, values, spec[name].dtype) for name, values in columns.items()}
    return pd.DataFrame(read, copy=False)


def _read(name: str, values: list[Any], dtype: str) -> Any:
    try:
        return _READERS[dtype](values) if dtype in _READERS else np.array(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise FrameError(f"column {name} cannot be read as {dtype}: {error}") from error


def _texts(values: list[Any]) -> Any:
    return pd.array(["" if value is None else value for value in values], dtype="str")


def _dates(values: list[Any]) -> Any:
    return pd.to_datetime(values, format="%Y-%m-%d").as_unit("us")


def _instants(values: list[Any]) -> Any:
    return pd.to_datetime(values, format="ISO8601", utc=True).as_unit("us")


def _answers(values: list[Any]) -> Any:
    return pd.array(values, dtype="boolean")


_READERS: dict[str, Reader] = {TEXT: _texts, DATE: _dates, UTC: _instants, "boolean": _answers}
