"""The reference reader: the same tables by fitparse, slowly; for forms the fast reader declines."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from fitparse import FitFile
from fitparse import records as fitparse_records
from fitparse.records import BASE_TYPE_BYTE, DevFieldDefinition

from kneeload.errors import FileRefused
from kneeload.importers.fit.profile import wanted_messages
from kneeload.importers.fit.tables import LARGEST, Row, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.importers.fit.tables import Table, Tables

_HEADER = struct.Struct("<BBHI4sH")


class _Untouched:
    """Leaves values as the file has them: numbers instead of dates."""

    def run_type_processor(self, field_data: Any) -> None:
        """Do nothing."""

    run_field_processor = run_unit_processor = run_message_processor = run_type_processor


def read(body: bytes) -> Tables:
    """Return the tables of the messages in `body`, which ends with a whole message.

    Raises
    ------
    FileRefused
        If fitparse cannot read it.
    """
    by_name: dict[str, list[Row]] = {}
    try:
        for number, message in _messages(body):
            by_name.setdefault(wanted_messages()[number].name, []).append(_row(message, number))
    except Exception as error:  # on damaged bytes fitparse raises anything
        raise FileRefused("is damaged, or in a format that fitparse cannot read") from error
    return merged({name: _table(rows) for name, rows in by_name.items()})


def _messages(body: bytes) -> Iterator[tuple[int, Any]]:
    # Descriptions of developer fields are global in fitparse: another file's would be used here.
    fitparse_records.DEV_TYPES.clear()
    header = _HEADER.pack(_HEADER.size, 0x20, 2132, len(body), b".FIT", 0)
    closed = io.BytesIO(header + body + b"\0\0")
    reader: Any = FitFile
    for message in reader(closed, check_crc=False, data_processor=_Untouched()):
        if message.mesg_num in wanted_messages():
            yield message.mesg_num, message


def _row(message: Any, number: int) -> Row:
    """Return a message's wanted fields; components of compressed fields yield to real ones."""
    fields = wanted_messages()[number].fields
    real, derived = Row(), Row()
    for data in message.fields:
        value = _number(data)
        if data.def_num in fields and value is not None:
            (derived if data.field_def is None else real)[fields[data.def_num].name] = value
    # fitparse cuts plain altitudes to 16 bits when it copies them to enhanced ones.
    copies = ("enhanced_altitude", "enhanced_speed")
    return {name: value for name, value in derived.items() if name not in copies} | real


def _number(data: Any) -> float | None:
    if isinstance(data.field_def, DevFieldDefinition) or data.base_type is BASE_TYPE_BYTE:
        return None
    value = data.raw_value if isinstance(data.value, str) else data.value
    first = next((v for v in value if v is not None), None) if isinstance(value, tuple) else value
    return float(first) if isinstance(first, int | float) and abs(first) < LARGEST else None


def _table(rows: list[Row]) -> Table:
    names = dict.fromkeys(key for row in rows for key in row)
    return {key: np.array([row.get(key, np.nan) for row in rows]) for key in names}
