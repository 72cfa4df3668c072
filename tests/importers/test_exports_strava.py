"""Strava's account export: each trap of real exports by name, in small invented ones."""

import csv
import datetime as dt
import gzip
import io
import json
import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Found, Refusal
from kneeload.importers.exports import strava, strava_columns
from kneeload.model import Activity, Sport

HEADER = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade,Average Grade,"
    "Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence,Max Heart Rate,"
    "Average Heart Rate,Max Watts,Average Watts,Calories,Max Temperature,Average Temperature,"
    "Relative Effort,Total Work,Number of Runs,Uphill Time,Downhill Time,Other Time,"
    "Perceived Exertion,Type,Start Time,Commute,Media"
)
ENGLISH = HEADER.split(",")
AT = {
    "id": 0, "date": 1, "name": 2, "type": 3, "description": 4, "elapsed": 15, "km": 6, "note": 10,
    "gear": 11, "file": 12, "moving": 16, "metres": 17, "gain": 20, "loss": 21, "max_hr": 30,
    "hr": 31, "rpe": 43,
}  # fmt: skip
GERMAN = {english: german for german, english in strava_columns.GERMAN.items()}

RUN = {
    "id": "991", "date": "Sep 12, 2018, 3:02:23 PM", "name": "Evening", "type": "Run",
    "elapsed": "3700.0", "km": "9.44", "moving": "3600.0", "metres": "9440.1", "gain": "80.5",
    "hr": "151.0", "max_hr": "178.0", "rpe": "6.0",
}  # fmt: skip

TRACK = b"""<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="47.0" lon="8.0"><time>2018-09-12T15:02:23Z</time></trkpt>
<trkpt lat="47.001" lon="8.0"><time>2018-09-12T15:03:03Z</time></trkpt>
<trkpt lat="47.002" lon="8.0"><time>2018-09-12T15:03:43Z</time></trkpt>
</trkseg></trk></gpx>"""


def table(*rows: dict[str, str], header: list[str] = ENGLISH) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        cells = [""] * len(header)
        for key, value in row.items():
            cells[AT[key]] = value
        writer.writerow(cells)
    return text.getvalue().encode()


def export(folder: Path, rows: bytes, **files: bytes) -> Path:
    path = folder / "export_1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activities.csv", rows)
        archive.writestr("bikes.csv", "Bike Name,Bike Brand\n")
        archive.writestr("media/a.jpg", b"\xff\xd8\xff")
        for name, content in files.items():
            archive.writestr(f"activities/{name.replace('__', '.')}", content)
    return path


def found(path: Path) -> list[Found]:
    return list(discover([path]))


def documents(path: Path) -> list[Document]:
    return [each for each in found(path) if isinstance(each, Document)]


def manual(tmp_path: Path, content: bytes) -> Activity:
    (document,) = documents(export(tmp_path, content))
    assert document.kind == "strava_row"
    (activity,) = decode(document)
    return activity


def test_a_row_without_a_file_is_a_manual_run(tmp_path: Path) -> None:
    run = manual(tmp_path, table(RUN | {"note": "knee 2", "gear": "Shoes", "description": "easy"}))
    assert run.started_at == dt.datetime(2018, 9, 12, 15, 2, 23, tzinfo=dt.UTC)
    assert (run.sport, run.sport_inferred) == (Sport.RUNNING, False)
    assert (run.distance_m, run.distance_source) == (9440.1, "export")
    assert (run.timer_s, run.elapsed_s, run.ascent_m) == (3600, 3700, 80.5)
    assert (run.avg_hr_bpm, run.max_hr_bpm, run.rpe) == (151, 178, 6)
    assert (run.name, run.description, run.private_note, run.gear) == (
        "Evening", "easy", "knee 2", "Shoes",
    )  # fmt: skip
    assert run.utc_offset_s is None


def test_files_are_joined_by_filename_not_by_id(tmp_path: Path) -> None:
    rows = table(
        RUN | {"id": "1", "file": "activities/222.gpx.gz", "name": "Second"},
        RUN | {"id": "222", "file": "activities/1.gpx", "name": "First"},
    )
    path = export(tmp_path, rows, **{"222__gpx__gz": gzip.compress(TRACK), "1__gpx": TRACK})
    told = {d.path.rpartition("/")[2]: decode(d)[0].name for d in documents(path)}
    assert told == {"1.gpx": "First", "222.gpx.gz": "Second"}


def test_the_export_says_what_the_file_does_not(tmp_path: Path) -> None:
    rows = table(RUN | {"file": "activities/7.gpx", "type": "Trail Run", "note": "ok"})
    (document,) = documents(export(tmp_path, rows, **{"7__gpx": TRACK}))
    assert document.kind == "gpx"
    assert document.content == TRACK
    (run,) = decode(document)
    assert (run.sport, run.sport_inferred) == (Sport.TRAIL_RUNNING, False)
    assert (run.distance_m, run.distance_source) == (9440.1, "export")
    assert (run.timer_s, run.rpe, run.name, run.private_note) == (3600, 6, "Evening", "ok")
    assert len(run.samples) == 3


def test_an_unpacked_export_whose_files_were_unzipped_too(tmp_path: Path) -> None:
    """A Mac that unpacks the zip may take the .gz off as well."""
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities/7.gpx").write_bytes(TRACK)
    rows = table(RUN | {"file": "activities/7.gpx.gz"})
    (tmp_path / "activities.csv").write_bytes(rows)
    (document,) = documents(tmp_path)
    assert decode(document)[0].name == "Evening"


def test_files_that_no_row_names_are_read(tmp_path: Path) -> None:
    path = export(tmp_path, table(RUN), **{"8__gpx": TRACK})
    assert sorted(d.kind for d in documents(path)) == ["gpx", "strava_row"]


def test_a_row_whose_file_is_gone_counts_by_its_numbers(tmp_path: Path) -> None:
    assert manual(tmp_path, table(RUN | {"file": "activities/9.fit.gz"})).distance_m == 9440.1


def test_every_file_of_the_export_is_accounted_for(tmp_path: Path) -> None:
    rows = table(RUN | {"file": "activities/7.gpx"})
    seen = found(export(tmp_path, rows, **{"7__gpx": TRACK}))
    reasons = {e.path.partition("!")[2]: e.reason for e in seen if isinstance(e, Refusal)}
    assert reasons == {
        "activities.csv": "lists only activities that have files of their own",
        "bikes.csv": "is not an activity file",
        "media/a.jpg": "is not an activity file",
    }


def test_german_headers_and_decimal_commas(tmp_path: Path) -> None:
    header = [GERMAN.get(name, name) for name in ENGLISH]
    assert header[0] == "Aktivitäts-ID"
    row = RUN | {"date": "09.12.2022, 15:24:49", "type": "Lauf", "km": "9,44"}
    run = manual(tmp_path, table(row, header=header))
    assert run.started_at == dt.datetime(2022, 12, 9, 15, 24, 49, tzinfo=dt.UTC)
    assert (run.distance_m, run.sport, run.timer_s) == (9440.1, Sport.RUNNING, 3600)


def test_german_names_are_those_of_real_exports(corpus: Path) -> None:
    lines = (corpus / "strava_headers/german_names.tsv").read_text().splitlines()[1:]
    real = dict(line.split("\t") for line in lines)
    assert {german: real[german] for german in strava_columns.GERMAN} == strava_columns.GERMAN
    read = {english for english, _ in strava_columns._COLUMNS.values()}
    assert read == set(strava_columns.GERMAN.values())


def test_another_language_is_read_by_place(tmp_path: Path) -> None:
    header = [f"colonne {ENGLISH.index(name)}" for name in ENGLISH]
    run = manual(tmp_path, table(RUN | {"note": "genou 2"}, header=header))
    assert (run.distance_m, run.timer_s, run.rpe) == (9440.1, 3600, 6)
    assert (run.name, run.private_note) == ("Evening", "genou 2")


@pytest.mark.parametrize("width", [10, 77, 79, 80, 87, 99, 103])
def test_real_headers_of_every_age_and_their_places_agree(corpus: Path, width: int) -> None:
    text = (corpus / f"strava_headers/en_{width}_columns.csv").read_text()
    header = next(csv.reader(io.StringIO(text)))
    assert len(header) == width
    places = strava_columns.places(header)
    assert {"id", "date", "name", "type", "description", "elapsed_s", "gear", "file"} <= set(places)
    if width > 10:
        assert header.index("Distance") < places["distance_m"]
        nameless = [f"x{header.index(name)}" for name in header]
        by_place = strava_columns.places(nameless)
        assert by_place == {key: places[key] for key in by_place}
        assert set(places) - set(by_place) <= {"max_hr_bpm"}


def test_the_second_distance_is_metres_whatever_the_first_is(tmp_path: Path) -> None:
    """In an imperial account the first may be miles; nobody knows."""
    assert manual(tmp_path, table(RUN | {"km": "5.87"})).distance_m == 9440.1
    assert manual(tmp_path, table(RUN | {"metres": ""})).distance_m == 9440


def test_the_header_of_2018_gives_metres(tmp_path: Path) -> None:
    rows = (
        "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n"
        "5,2018-09-12 15:02:23,Old,Run,,3700,9440.1,false,Shoes,\n"
    )
    run = manual(tmp_path, rows.encode())
    assert (run.distance_m, run.elapsed_s, run.gear) == (9440.1, 3700, "Shoes")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sep 12, 2018, 3:02:23 PM", (2018, 9, 12, 15, 2, 23)),
        ("Sep 12, 2018, 3:02:23\u202fPM", (2018, 9, 12, 15, 2, 23)),
        ("Sep 12, 2018, 3:02:23\u00a0AM", (2018, 9, 12, 3, 2, 23)),
        ("Jan 1, 2026, 12:00:01 AM", (2026, 1, 1, 0, 0, 1)),
        ("Jan 1, 2026, 12:00:01 PM", (2026, 1, 1, 12, 0, 1)),
        ("20 Sep 2026, 14:12:12", (2026, 9, 20, 14, 12, 12)),
        ("20 Sept 2026, 14:12:12", (2026, 9, 20, 14, 12, 12)),
        ("09.12.2022, 15:24:49", (2022, 12, 9, 15, 24, 49)),
        ("2018-09-12 15:02:23", (2018, 9, 12, 15, 2, 23)),
    ],
)
def test_dates_in_every_form_seen_are_utc(
    text: str, instant: tuple[int, int, int, int, int, int]
) -> None:
    assert strava.instant(text) == dt.datetime(*instant, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["", "09/12/2022, 15:24:49", "Foo 1, 2026, 1:00:00 PM", "31.02.2022, 15:24:49", "soon"]
)
def test_a_date_that_could_mean_two_days_is_not_guessed(text: str) -> None:
    assert strava.instant(text) is None


def test_an_unreadable_date_is_a_warning_and_others_are_kept(tmp_path: Path) -> None:
    rows = table(RUN | {"date": "09/12/2022, 15:24:49"}, RUN)
    path = export(tmp_path, rows)
    assert len(documents(path)) == 1
    (warning,) = (e for e in found(path) if isinstance(e, Refusal) and e.verdict == "warning")
    assert warning.reason.startswith("row 2: date '09/12/2022, 15:24:49' is in an unknown format")


def test_newlines_and_backslash_quotes_do_not_shift_columns(tmp_path: Path) -> None:
    marked = table(RUN | {"description": "MARK", "name": "back\\slash"})
    raw = marked.replace(b"MARK", b'"line one\nline \\"two\\", and\n""three"""')
    run = manual(tmp_path, raw)
    assert run.description == 'line one\nline "two", and\n"three"'
    assert (run.distance_m, run.name) == (9440.1, "back\\slash")


def test_a_backslash_does_not_swallow_the_next_cell(tmp_path: Path) -> None:
    rows = table(RUN | {"name": "MARK"}).replace(b"MARK", b'"C:\\"')
    run = manual(tmp_path, rows)
    assert (run.name, run.distance_m) == ("C:\\", 9440.1)


def test_rows_of_other_widths_and_a_mark_are_read(tmp_path: Path) -> None:
    rows = b"\xef\xbb\xbf" + table(RUN).replace(b"Start Time,", b"Start Time,New One,")
    assert manual(tmp_path, rows).distance_m == 9440.1


def test_a_renamed_activity_is_the_same_run(tmp_path: Path) -> None:
    (before,) = documents(export(tmp_path, table(RUN)))
    (after,) = documents(export(tmp_path, table(RUN | {"name": "New", "gear": "Other", "rpe": ""})))
    assert before.digest == after.digest
    assert json.loads(after.companion)["name"] == "New"


def test_an_unknown_type_is_kept_as_other_and_warns(tmp_path: Path) -> None:
    run = manual(tmp_path, table(RUN | {"type": "Löpning"}))
    assert (run.sport, run.sport_inferred) == (Sport.OTHER, True)
    assert run.warnings == ("the sport 'Löpning' is not known",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 mars 2026 à 17:00:00", (3, 3, 17)),
        ("7 févr. 2026 à 06:30:00", (2, 7, 6)),
        ("1er août 2026, 06:30:00", (8, 1, 6)),
        ("14 juil. 2026 à 6h30", (7, 14, 6)),
        ("30 juin 2026 à 06:30:00", (6, 30, 6)),
        ("3 mar 2026, 17:00:00", (3, 3, 17)),
        ("3 de marzo de 2026, 17:00:00", (3, 3, 17)),
        ("3 ene. 2026 5:00:00 p. m.", (1, 3, 17)),
        ("12 dic 2026, 17:00:00", (12, 12, 17)),
        ("9 mag 2026, 17:00:00", (5, 9, 17)),
        ("9 giu 2026 alle 17:00:00", (6, 9, 17)),
        ("3 de fev. de 2026, 17:00:00", (2, 3, 17)),
        ("4 de out. de 2026 às 17:00", (10, 4, 17)),
        ("6 mrt. 2026 17:23:15", (3, 6, 17)),
        ("6 mei 2026 om 17:23", (5, 6, 17)),
        ("6. Dez. 2026, 17:23:15", (12, 6, 17)),
        ("2026/03/06 17:23:15", (3, 6, 17)),
        ("25/12/2026, 17:23:15", (12, 25, 17)),
    ],
)
def test_dates_of_other_languages(text: str, expected: tuple[int, int, int]) -> None:
    found = strava.instant(text)
    assert found is not None
    assert (found.month, found.day, found.hour) == expected


def test_day_and_month_are_told_apart_by_the_headers_language() -> None:
    assert strava.instant("03/04/2026, 17:00:00") is None
    assert strava.instant("03/04/2026, 17:00:00", day_first=True) == dt.datetime(
        2026, 4, 3, 17, tzinfo=dt.UTC
    )


SHORT = {
    "French": "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Distance,"
    "Nom du fichier,Temps écoulé,Durée de déplacement,Distance",
    "Spanish": "ID de actividad,Fecha de la actividad,Nombre de la actividad,Tipo de actividad,"
    "Distancia,Nombre de archivo,Tiempo transcurrido,Tiempo en movimiento,Distancia",
    "Italian": "ID attività,Data dell'attività,Nome dell'attività,Tipo di attività,Distanza,"
    "Nome file,Tempo trascorso,Tempo in movimento,Distanza",
    "Portuguese": "ID da atividade,Data da atividade,Nome da atividade,Tipo de atividade,"
    "Distância,Nome do arquivo,Tempo decorrido,Tempo de movimentação,Distância",
    "Dutch": "Activiteits-ID,Datum van activiteit,Naam van activiteit,Activiteitstype,Afstand,"
    "Bestandsnaam,Verstreken tijd,Beweegtijd,Afstand",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("language", SHORT)
def test_headers_of_other_languages(tmp_path: Path, language: str, form: Literal["NFC"]) -> None:
    header = unicodedata.normalize(form, SHORT[language].replace("'", "\u2019"))
    row = '1,"03/04/2026, 17:00:00",x,Trail Run,"9,44",,3700.0,3600.0,9440.1'
    run = manual(tmp_path, f"{header}\n{row}\n".encode())
    assert (run.distance_m, run.timer_s, run.elapsed_s) == (9440.1, 3600, 3700)
    assert (run.started_at.month, run.sport) == (4, Sport.TRAIL_RUNNING)


def test_columns_that_no_table_names_are_found_by_their_place(tmp_path: Path) -> None:
    header = [f"x{at}" for at in range(len(ENGLISH))]
    for one, other in ((5, 15), (6, 17)):
        header[other] = header[one]
    run = manual(tmp_path, table(RUN | {"date": "3 mars 2026, 17:00:00"}, header=header))
    assert (run.distance_m, run.avg_hr_bpm) == (9440.1, 151)


def test_files_are_joined_whatever_slash_and_form_names_them(tmp_path: Path) -> None:
    path = tmp_path / "export_1.zip"
    rows = table(RUN | {"file": "activities\\1é.gpx", "name": "One"})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activities.csv", rows)
        archive.writestr("activities\\1e\u0301.gpx", TRACK)
        archive.writestr("media\\", b"")
    (document,) = documents(path)
    assert decode(document)[0].name == "One"
