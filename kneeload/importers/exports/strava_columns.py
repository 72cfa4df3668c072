"""Which column of Strava's ``activities.csv`` holds what: by name and occurrence, else by place."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from types import MappingProxyType

OLD = ("id", "date", "name", "type", "description", "elapsed_time", "distance", "commute", "gear",
       "filename")  # fmt: skip
"""The header before July 2019; its distance is in metres."""

_ENGLISH = (
    "Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description",
    "Elapsed Time", "Distance", "Max Heart Rate", "Relative Effort", "Commute",
    "Activity Private Note", "Activity Gear", "Filename", "Athlete Weight", "Bike Weight",
    "Elapsed Time", "Moving Time", "Distance", "Max Speed", "Average Speed", "Elevation Gain",
    "Elevation Loss", "Elevation Low", "Elevation High", "Max Grade", "Average Grade",
    "Average Positive Grade", "Average Negative Grade", "Max Cadence", "Average Cadence",
    "Max Heart Rate", "Average Heart Rate", "Max Watts", "Average Watts", "Calories",
    "Max Temperature", "Average Temperature", "Relative Effort", "Total Work", "Number of Runs",
    "Uphill Time", "Downhill Time", "Other Time", "Perceived Exertion",
)  # fmt: skip
_ADDED = frozenset({7, 10})
"""Places of two columns that exports of 2019 to 2021 lack."""

GERMAN = MappingProxyType(
    {
        "Aktivitäts-ID": "Activity ID",
        "Aktivitätsdatum": "Activity Date",
        "Name der Aktivität": "Activity Name",
        "Aktivitätsart": "Activity Type",
        "Aktivitätsbeschreibung": "Activity Description",
        "Verstrichene Zeit": "Elapsed Time",
        "Distanz": "Distance",
        "Hinweis zur Privatsphäre für Aktivitäten": "Activity Private Note",
        "Aktivitätsausrüstung": "Activity Gear",
        "Dateiname": "Filename",
        "Bewegungszeit": "Moving Time",
        "Höhenzunahme": "Elevation Gain",
        "Höhenunterschied": "Elevation Loss",
        "Max. Herzfrequenz": "Max Heart Rate",
        "Durchschnittliche Herzfrequenz": "Average Heart Rate",
        "Gefühlte Anstrengung": "Perceived Exertion",
    }
)

_OTHERS = MappingProxyType(
    {
        "Activity ID": "ID de l'activité|ID de la actividad|ID de actividad|ID attività"
        "|ID dell'attività|ID da atividade|Activiteits-ID|Activiteit-ID|ID van activiteit",
        "Activity Date": "Date de l'activité|Fecha de la actividad|Fecha de actividad"
        "|Data dell'attività|Data attività|Data da atividade|Datum van activiteit",
        "Activity Name": "Nom de l'activité|Nombre de la actividad|Nombre de actividad"
        "|Nome dell'attività|Nome attività|Nome da atividade|Naam van activiteit|Naam activiteit",
        "Activity Type": "Type d'activité|Tipo de actividad|Tipo di attività|Tipo attività"
        "|Tipo de atividade|Activiteitstype|Type activiteit",
        "Activity Description": "Description de l'activité|Descripción de la actividad"
        "|Descrizione dell'attività|Descrição da atividade|Beschrijving van activiteit",
        "Elapsed Time": "Temps écoulé|Tiempo transcurrido|Tempo trascorso|Tempo decorrido"
        "|Verstreken tijd",
        "Distance": "Distancia|Distanza|Distância|Afstand",
        "Activity Private Note": "Note privée sur les activités|Nota privada de la actividad"
        "|Nota privata sull'attività|Nota privada da atividade|Privénotitie bij activiteit",
        "Activity Gear": "Matériel utilisé pour l'activité|Équipement de l'activité"
        "|Equipamiento de la actividad|Material de la actividad|Attrezzatura dell'attività"
        "|Attrezzatura attività|Equipamento da atividade|Uitrusting voor activiteit"
        "|Materiaal voor activiteit",
        "Filename": "Nom du fichier|Nom de fichier|Nombre de archivo|Nombre del archivo"
        "|Nome file|Nome del file|Nome do arquivo|Nome do ficheiro|Bestandsnaam",
        "Moving Time": "Durée de déplacement|Temps de déplacement|Tiempo en movimiento"
        "|Tempo in movimento|Tempo de movimentação|Tempo em movimento|Beweegtijd",
        "Elevation Gain": "Dénivelé positif|Desnivel positivo|Dislivello positivo"
        "|Aumento di quota|Ganho de elevação|Totale stijging|Hoogtewinst|Hoogtestijging",
        "Elevation Loss": "Dénivelé négatif|Desnivel negativo|Dislivello negativo"
        "|Perdita di quota|Perda de elevação|Totale daling|Hoogteverlies",
        "Max Heart Rate": "Fréquence cardiaque max.|Frecuencia cardíaca máxima"
        "|Ritmo cardíaco máximo|Frequenza cardiaca max|Frequenza cardiaca massima"
        "|Frequência cardíaca máxima|Max. hartslag|Maximale hartslag",
        "Average Heart Rate": "Fréquence cardiaque moyenne|Frecuencia cardíaca media"
        "|Frecuencia cardíaca promedio|Ritmo cardíaco medio|Frequenza cardiaca media"
        "|Frequência cardíaca média|Gemiddelde hartslag",
        "Perceived Exertion": "Effort perçu|Esfuerzo percibido|Sforzo percepito"
        "|Esforço percebido|Ervaren inspanning",
    }
)
"""French, Spanish, Italian, Portuguese and Dutch; what is missing here is found by its place."""

_TRANSLATED = MappingProxyType(
    {**GERMAN, **{name: to for to, names in _OTHERS.items() for name in names.split("|")}}
)

_COLUMNS = MappingProxyType(
    {
        "id": ("Activity ID", 0),
        "date": ("Activity Date", 0),
        "name": ("Activity Name", 0),
        "type": ("Activity Type", 0),
        "description": ("Activity Description", 0),
        "elapsed_s": ("Elapsed Time", -1),
        "km": ("Distance", 0),
        "distance_m": ("Distance", 1),
        "private_note": ("Activity Private Note", 0),
        "gear": ("Activity Gear", 0),
        "file": ("Filename", 0),
        "moving_s": ("Moving Time", 0),
        "ascent_m": ("Elevation Gain", 0),
        "descent_m": ("Elevation Loss", 0),
        "max_hr_bpm": ("Max Heart Rate", -1),
        "avg_hr_bpm": ("Average Heart Rate", 0),
        "rpe": ("Perceived Exertion", 0),
    }
)
"""What kneeload reads: its own name; Strava's English name and which of the equally named."""


def is_header(header: list[str]) -> bool:
    """Whether these are the columns of ``activities.csv``, in whatever language."""
    return tuple(header) == OLD or bool(_english(header))


def places(header: list[str]) -> dict[str, int]:
    """Return the index of each column that kneeload reads and `header` has."""
    if tuple(header) == OLD:
        names = {"elapsed_time": "elapsed_s", "distance": "distance_m", "filename": "file"}
        return {names.get(column, column): at for at, column in enumerate(OLD)}
    english = _english(header)
    by_key = {key: _nth(english, *column) for key, column in _COLUMNS.items()}
    return {key: at for key, at in by_key.items() if at is not None}


def is_english(header: list[str]) -> bool:
    """Return whether a header is Strava's in English, whose dates begin with month or day."""
    return "Activity ID" in header or tuple(header) == OLD


def _english(header: list[str]) -> list[str]:
    """Return the header in English; empty if it is not Strava's."""
    # one form for accented letters, one for apostrophes
    plain = [unicodedata.normalize("NFC", name).replace("\u2019", "'") for name in header]
    named = [_TRANSLATED.get(name, name) for name in plain]
    placed = _by_place(plain)
    if not {"Activity ID", "Filename"} <= set(named):
        return placed
    expected = {name for name, _ in _COLUMNS.values()}
    return [
        place if name not in expected and place not in named else name
        for name, place in zip_longest(named, placed, fillvalue="")
    ][: len(header)]


def _by_place(header: list[str]) -> list[str]:
    """English names by place: elapsed time and distance come twice, the same step apart."""
    new = list(_ENGLISH)
    older = [name for at, name in enumerate(_ENGLISH) if at not in _ADDED]
    for names, time, distance in ((new, 15, 17), (older, 13, 15)):
        twice = header[5:7] == [*header[time : time + 1], *header[distance : distance + 1]]
        if twice and len(header) >= len(names):
            return names
    return []


def _nth(header: list[str], name: str, occurrence: int) -> int | None:
    at = [i for i, column in enumerate(header) if column == name]
    return at[occurrence] if -len(at) <= occurrence < len(at) else None
