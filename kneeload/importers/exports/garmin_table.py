"""Garmin Connect's ``Activities.csv``: the list of activities that its web page exports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.importers import containers, csv_rows, json_rows
from kneeload.importers.document import Document, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells

decode = json_rows.decode

_NAMES = {
    "type": ("Activity Type", "Aktivitätstyp", "Type d'activité", "Tipo de actividad",
             "Tipo di attività", "Tipo attività", "Tipo de atividade", "Activiteittype",
             "Type activiteit"),
    "date": ("Date", "Datum", "Fecha", "Data"),
    "name": ("Title", "Titel", "Titre", "Título", "Titolo"),
    "distance": ("Distance", "Distanz", "Distancia", "Distanza", "Distância", "Afstand"),
    "time": ("Time", "Zeit", "Durée", "Heure", "Tiempo", "Tempo", "Ora", "Tijd"),
    "elapsed": ("Elapsed Time", "Verstrichene Zeit", "Temps écoulé", "Tiempo transcurrido",
                "Tempo trascorso", "Tempo decorrido", "Verstreken tijd"),
    "hr": ("Avg HR", "Ø Herzfrequenz", "Durchschn. HF", "Fréquence cardiaque moyenne",
           "FC moyenne", "Frecuencia cardiaca media", "FC Media", "FC média", "Gem. HS"),
    "max_hr": ("Max HR", "Maximale Herzfrequenz", "Max. HF", "Fréquence cardiaque maximale",
               "FC máxima", "FC Max", "FC máx.", "Max. HS"),
    "cadence": ("Avg Run Cadence", "Ø Schrittfrequenz (Laufen)"),
    "stride": ("Avg Stride Length", "Ø Schrittlänge"),
}  # fmt: skip
_COLUMNS = {name.casefold(): key for key, names in _NAMES.items() for name in names}
_NEEDED = frozenset({"type", "date", "name", "distance", "time"})
_UNITS_M = (1000.0, 1000 * formatting.KM_PER_MILE, 1.0)
_FASTEST_MPS = 12.0
_STRIDE_SLACK = 0.25


def is_header(header: list[str]) -> bool:
    """Return whether these are the columns of Garmin Connect's list of activities."""
    return frozenset(_keys(header)) >= _NEEDED


def read(member: Member, chunks: Iterator[bytes], _: Container) -> Iterator[Document | Refusal]:
    """Yield a document for each row: totals only, the table names neither zone nor unit."""
    table = csv_rows.rows(containers.whole(chunks))
    keys = _keys(next(table, []))
    listed = [
        (at, dict(zip(keys, row, strict=False))) for at, row in enumerate(table, 2) if any(row)
    ]
    thousands = any("." in cells.get("distance", "") for _, cells in listed)
    for at, cells in listed:
        yield _document(member.path, cells, at, "," if thousands else "")
    if not listed:
        yield Refusal(member.path, "skipped", "lists no activity")


def _keys(header: list[str]) -> list[str]:
    """Return what each column holds; the first of a name counts."""
    keys = [_COLUMNS.get(name.casefold(), "") for name in header]
    return [key if keys.index(key) == at else "" for at, key in enumerate(keys)]


def _document(path: str, cells: Cells, at: int, thousands: str) -> Document | Refusal:
    """Keep the local time as if it were UTC, so that the date stays."""
    try:
        local = dt.datetime.fromisoformat(cells.get("date", "")).replace(tzinfo=dt.UTC)
    except ValueError:
        return Refusal(path, "warning", f"row {at}: date {cells.get('date', '')!r} cannot be read")
    seconds = json_rows.clock_seconds(cells.get("time", ""))
    numbers = {key: json_rows.positive(_bare(cells, key, thousands)) for key in ("hr", "max_hr")}
    fields = {
        "started_at": json_rows.instant(local),
        "utc_offset_s": 0,
        "sport": cells.get("type"),
        "distance_m": _metres(cells, seconds, thousands),
        "timer_s": seconds,
        "elapsed_s": json_rows.clock_seconds(cells.get("elapsed", "")),
        "avg_hr_bpm": numbers["hr"],
        "max_hr_bpm": numbers["max_hr"],
    }
    content = json_rows.packed(fields)
    return Document(
        path, "garmin_row", content, path, json_rows.packed({"name": cells.get("name")})
    )


def _metres(cells: Cells, seconds: float | None, thousands: str) -> float | None:
    """Return the distance [m]: kilometres, unless steps say miles or the speed says metres."""
    number = json_rows.positive(_bare(cells, "distance", thousands))
    if not number:
        return None
    cadence = json_rows.positive(_bare(cells, "cadence", thousands))
    stride = json_rows.positive(_bare(cells, "stride", thousands))
    if seconds and cadence and stride:
        stepped = cadence * seconds / 60 * stride
        near = (u for u in _UNITS_M if abs(number * u / stepped - 1) < _STRIDE_SLACK)
        unit = next(near, _UNITS_M[0])
    else:
        unit = next(
            u for u in _UNITS_M if not seconds or number * u / seconds <= _FASTEST_MPS or u == 1
        )
    return round(number * unit, 3)


def _bare(cells: Cells, key: str, thousands: str) -> str:
    return cells.get(key, "").replace(thousands, "") if thousands else cells.get(key, "")
