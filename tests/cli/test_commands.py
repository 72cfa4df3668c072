"""The command line as its users meet it: columns, exit codes, empty states, undo."""

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from kneeload.cli import program
from kneeload.samples import samples_folder
from tests.cli.invoking import LAST_DAY, every_command, invoke
from tests.fresh import printed
from tests.modes import is_private

SAMPLES = samples_folder()

RUNS = (
    "run_id,started_at,local_date,sport,distance_km,moving_s,elapsed_s,ascent_m,descent_m,"
    "avg_hr_bpm,avg_cadence_spm,load,load_method,knee_load,rpe,suspect,source"
)
WEEKS = (
    "week,week_start,complete,runs,distance_km,moving_h,longest_run_km,rest_days,descent_m,load,"
    "easy_min,moderate_min,hard_min,knee_load,reference_km,cutback,pain_max,pain_mean,pain_scores,"
    "flags"
)
FLAGS = "flag_id,rule,week,date,severity,value,limit,unit,evidence,message,acknowledged"
RULES = {
    "ten_percent",
    "cutback_missing",
    "long_run_spike",
    "intensity_jump",
    "descent_jump",
    "monotony",
    "run_streak",
    "return_from_break",
    "pain_zone",
    "red_flag",
}
PAIN = (
    "pain_id,local_date,knee,site,moment,score,onset_km,onset_min,provoked_by,eased_by,painkillers,"
    "run_id,origin,note,entered_at"
)


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize("path", every_command(program), ids=" ".join)
def test_every_command_has_help_with_an_example_of_itself(path: tuple[str, ...]) -> None:
    result = invoke(*path, "--help")
    assert result.exit_code == 0
    _, found, example = result.output.rpartition("Example")
    assert found
    assert f"kneeload {' '.join(path)}" in " ".join(example.split())


def test_help_loads_neither_pandas_nor_matplotlib() -> None:
    code = (
        "import sys\nfrom kneeload.cli import program\n"
        "try: program(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    assert printed(code)[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "columns"),
    [(("runs",), RUNS), (("weeks",), WEEKS), (("flags",), FLAGS), (("pain", "list"), PAIN)],
)
def test_csv_and_json_have_the_same_fixed_columns_and_rows(
    kneeload: Callable[..., Result], words: tuple[str, ...], columns: str
) -> None:
    table = kneeload(*words, "--csv")
    assert table.stdout.splitlines()[0].startswith(columns)
    cells = rows(table)
    records = json.loads(kneeload(*words, "--json").stdout)
    assert [list(row) for row in cells] == [list(record) for record in records]
    assert cells
    for row, record in zip(cells, records, strict=True):
        assert {name: as_cell(value) for name, value in record.items()} == row


def as_cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_an_empty_week_is_zero_and_unmeasured_is_empty(
    kneeload: Callable[..., Result],
) -> None:
    weeks = {row["week"]: row for row in rows(kneeload("weeks", "--csv"))}
    holiday = weeks["2026-W06"]
    assert (holiday["runs"], holiday["distance_km"]) == ("0", "0.0")
    assert holiday["longest_run_km"] == ""
    assert holiday["complete"] == "true"
    assert weeks["2026-W13"]["complete"] == "false"
    unscored = [row for row in weeks.values() if row["pain_scores"] == "0"]
    assert all(row["pain_max"] == row["pain_mean"] == "" for row in unscored)


def test_as_of_hides_what_comes_later(sample_log: Path) -> None:
    def at(day: str, *words: str) -> list[dict[str, str]]:
        return rows(invoke("--log", sample_log, "--as-of", day, *words, "--csv"))

    assert max(row["local_date"] for row in at("2026-01-15", "runs")) <= "2026-01-15"
    assert max(row["local_date"] for row in at("2026-01-15", "pain", "list")) <= "2026-01-15"
    weeks = at("2026-01-15", "weeks")
    assert (weeks[-1]["week"], weeks[-1]["complete"]) == ("2026-W03", "false")
    assert at("2026-01-18", "weeks")[-1]["complete"] == "false"
    assert at("2026-01-19", "weeks")[-2]["complete"] == "true"


def test_the_weeks_name_their_flags(kneeload: Callable[..., Result]) -> None:
    flags = rows(kneeload("flags", "--csv"))
    weeks = {row["week"]: row["flags"].split(";") for row in rows(kneeload("weeks", "--csv"))}
    for flag in flags:
        assert flag["flag_id"] in weeks[flag["week"]]
    spikes = [f for f in flags if f["rule"] == "long_run_spike" and f["week"] == "2026-W04"]
    (spike,) = spikes
    assert (spike["value"], spike["unit"], spike["severity"]) == ("24.04", "km", "warn")
    assert float(spike["limit"]) == pytest.approx(1.10 * 16.04, abs=0.005)
    missing = [f for f in flags if f["rule"] == "cutback_missing"]
    assert missing
    assert all("2025-W" in f["week"] or "2026-W0" in f["week"] for f in missing)


@pytest.mark.parametrize("noun", ["weeks", "runs", "flags"])
def test_a_list_ends_with_the_newest_and_says_how_to_see_all(
    kneeload: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, noun: str
) -> None:
    def text(*options: str) -> list[str]:
        told = kneeload(noun, *options).stdout.partition("\n\n")[0].splitlines()
        return told if noun != "flags" else told[::2]

    monkeypatch.setattr("kneeload.cli.excerpts.LAST_WEEKS", 13)
    everything = text("--all")
    *shown, last = text()
    left = len(everything) - len(shown)
    noun_left = noun.removesuffix("s") if left == 1 else noun
    assert last == f"({left} earlier {noun_left}: kneeload {noun} --all)"
    assert shown[-1] == everything[-1]
    assert text("--since", "2000-01-01") == everything
    # Fewer rows may need narrower columns.
    assert text("--last", "2")[-1].split() == everything[-1].split()
    assert len(rows(kneeload(noun, "--csv", "--last", "2"))) == 2
    days = [
        row.get("local_date") or row.get("date") or row["week_start"]
        for row in everyone(kneeload, noun)
    ]
    assert days == sorted(days)


def everyone(kneeload: Callable[..., Result], noun: str) -> list[dict[str, Any]]:
    whole: list[dict[str, Any]] = json.loads(kneeload(noun, "--json").stdout)
    assert len(rows(kneeload(noun, "--csv"))) == len(whole)
    return whole


def test_a_long_stretch_without_runs_is_one_line(sample_log: Path) -> None:
    told = invoke("--log", sample_log, "--as-of", "2027-03-29", "weeks").stdout.splitlines()
    weeks = told[1 : told.index("")]
    assert weeks[-4].split()[0] == "2026-W14"  # without a run, but with a score
    assert weeks[-3].split()[:3] == ["2026-W15", "6", "Apr"]
    assert weeks[-3].endswith(" 51 weeks without runs")
    assert weeks[-2].endswith("so far")
    assert weeks[-1] == "(3 earlier weeks: kneeload weeks --all)"


def test_rules_say_how_often_they_came_up(kneeload: Callable[..., Result]) -> None:
    said = kneeload("rules").stdout
    assert "long_run_spike  (came up once)" in said
    assert "red_flag  (never came up)" in said
    assert "1 times" not in said.replace("1.1 times", "")


def test_runs_leave_out_other_sports_unless_asked(kneeload: Callable[..., Result]) -> None:
    running = rows(kneeload("runs", "--csv"))
    everything = rows(kneeload("runs", "--all-sports", "--csv"))
    assert "cycling" not in {row["sport"] for row in running}
    assert len(everything) - len(running) == 2
    since = rows(kneeload("runs", "--since", "2026-03-01", "--csv"))
    assert since
    assert min(row["local_date"] for row in since) >= "2026-03-01"


def test_a_run_is_edited_removed_and_brought_back(kneeload: Callable[..., Result]) -> None:
    run = rows(kneeload("runs", "--csv"))[-1]
    assert "undo" in kneeload("runs", "edit", run["run_id"], "--rpe", "7", "--note", "hot").output
    assert rows(kneeload("runs", "--csv"))[-1]["rpe"] == "7.0"
    kneeload("runs", "remove", run["run_id"][:6])
    assert run["run_id"] not in {row["run_id"] for row in rows(kneeload("runs", "--csv"))}
    kneeload("undo")
    kneeload("undo")
    assert rows(kneeload("runs", "--csv"))[-1] == run


def test_a_distance_is_corrected_in_miles(kneeload: Callable[..., Result]) -> None:
    run = rows(kneeload("runs", "--csv"))[-1]["run_id"]
    assert kneeload("runs", "edit", run, "--distance-mi", "10").exit_code == 0
    assert rows(kneeload("runs", "--csv"))[-1]["distance_km"] == "16.093"
    both = kneeload("runs", "edit", run, "--distance-mi", "10", "--distance-km", "9")
    assert (both.exit_code, "use either --distance-km or --distance-mi" in both.stderr) == (2, True)


def test_pain_is_added_with_defaults_edited_and_removed(kneeload: Callable[..., Result]) -> None:
    kneeload("settings", "set", "knee", "left")
    before = len(rows(kneeload("pain", "list", "--csv")))
    added = kneeload("pain", "add", "3", "--note", "stairs", "--onset-mi", "2")
    assert added.exit_code == 0, added.output
    new = [r for r in rows(kneeload("pain", "list", "--csv")) if r["note"] == "stairs"][-1]
    assert (new["score"], new["knee"], new["local_date"]) == ("3", "left", LAST_DAY)
    assert float(new["onset_km"]) == pytest.approx(3.219, abs=0.001)
    assert new["pain_id"] in added.output
    kneeload("pain", "edit", new["pain_id"], "--score", "5", "--site", "outer")
    edited = {r["pain_id"]: r for r in rows(kneeload("pain", "list", "--csv"))}[new["pain_id"]]
    assert (edited["score"], edited["site"], edited["note"]) == ("5", "outer", "stairs")
    kneeload("pain", "remove", new["pain_id"])
    assert len(rows(kneeload("pain", "list", "--csv"))) == before
    kneeload("undo")
    assert len(rows(kneeload("pain", "list", "--csv"))) == before + 1


def test_a_score_says_which_run_it_belongs_to(kneeload: Callable[..., Result]) -> None:
    morning = kneeload(
        "pain", "add", "3/10", "--knee", "l", "--moment", "morning", "--date", "28.3."
    )
    assert "2026-03-28, left knee, next morning (your 4.4 km on Fri 27 March)." in morning.output
    none = kneeload("pain", "add", "1", "--moment", "next_morning", "--date", "2026-02-04")
    assert "next morning (no run on the day before)." in none.output


def test_a_second_score_for_the_same_moment_is_added(kneeload: Callable[..., Result]) -> None:
    before = len(rows(kneeload("pain", "list", "--csv")))
    for _ in range(2):
        words = ("pain", "add", "3", "--knee", "left", "--moment", "after")
        assert kneeload(*words).exit_code == 0
    assert len(rows(kneeload("pain", "list", "--csv"))) == before + 2


def test_a_red_flag_is_not_acknowledged_away(kneeload: Callable[..., Result]) -> None:
    said = kneeload("pain", "add", "--symptom", "locked")
    assert "See a doctor today." in said.output
    (flag,) = [f for f in rows(kneeload("flags", "--csv")) if f["rule"] == "red_flag"]
    refused = kneeload("flags", "ack", flag["flag_id"], "--note", "fine")
    assert (refused.exit_code, "assessed" in refused.stderr) == (1, True)
    assert json.loads(kneeload("plan", "--json").stdout)["next_run_km"] is None
    kneeload("note", "assessed", "physio")
    assert json.loads(kneeload("plan", "--json").stdout)["next_run_km"] is not None


def test_a_flag_is_acknowledged_with_a_note(kneeload: Callable[..., Result]) -> None:
    flag = next(f for f in rows(kneeload("flags", "--csv")) if f["rule"] == "ten_percent")
    assert kneeload("flags", "ack", flag["flag_id"], "--note", "holiday").exit_code == 0
    after = {f["flag_id"]: f for f in rows(kneeload("flags", "--csv"))}
    assert after[flag["flag_id"]]["acknowledged"] == "true"
    assert kneeload("flags", "ack", "nonsense", "--note", "x").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("runs", "edit", "ffffffff", "--rpe", "3"), 1),
        (("runs", "edit", "ffffffff"), 2),
        (("pain", "add", "11"), 2),
        (("pain", "add"), 2),
        (("pain", "add", "3", "--symptom", "sadness"), 2),
        (("pain", "remove", "p999999"), 1),
        (("pain", "import", "nowhere.csv"), 1),
        (("settings", "set", "units", "furlong"), 2),
        (("flags", "--week", "2026-13"), 2),
        (("flags", "--week", "2026-W54"), 2),
        (("report", "--week", "soon"), 2),
        (("import", "nowhere"), 1),
        (("frobnicate",), 2),
        (("weeks", "--csv", "--json"), 2),
    ],
)
def test_a_mistake_costs_one_line_and_its_code(
    kneeload: Callable[..., Result], words: tuple[str, ...], code: int
) -> None:
    result = kneeload(*words)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    error = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert len(error) == 1


def test_import_says_in_json_what_became_of_every_file(empty: Callable[..., Result]) -> None:
    first = json.loads(empty("import", SAMPLES, "--json").stdout)
    lists = ["duplicates", "skipped", "failed", "warnings"]
    assert set(first) == {"read", "new", "known", "pain", *lists}
    assert first["known"] == 0
    assert set(first["duplicates"][0]) == {"path", "of", "reason"}
    assert set(first["failed"][0]) == {"path", "reason"}
    assert any("november.zip!" in row["source"] for row in rows(empty("runs", "--csv")))
    second = json.loads(empty("import", SAMPLES, "--json").stdout)
    assert second["known"] == first["new"] + len(first["duplicates"])
    assert (second["new"], second["read"]) == (0, first["read"])


def test_import_fails_when_nothing_could_be_read(
    empty: Callable[..., Result], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"")
    assert empty("import", broken).exit_code == 1
    good = next(SAMPLES.rglob("*-run.fit"))
    assert empty("import", broken, good).exit_code == 0
    assert empty("import", broken, good, "--strict").exit_code == 1


def test_empty_states_say_what_to_do_next(empty: Callable[..., Result], tmp_path: Path) -> None:
    assert "kneeload import" in empty("runs").output
    assert "kneeload import" in empty("weeks").output
    assert "kneeload pain add" in empty("pain", "list").output
    assert "not a safety check" in empty("flags").output
    assert "kneeload import" in empty("status").output
    page = tmp_path / "empty.html"
    assert empty("report", "-o", page).exit_code == 0
    assert "kneeload import" in page.read_text()
    assert json.loads(empty("weeks", "--json").stdout) == []
    assert empty("undo").stdout.strip() == "Nothing to undo."


def test_the_report_is_private_and_speaks_of_the_week_asked_for(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        page = tmp_path / "week.html"
        result = kneeload("report", "--week", "2026-W04", "-o", page)
    finally:
        os.umask(before)
    assert result.output.strip() == str(page)
    assert is_private(page)
    text = page.read_text(encoding="utf-8")
    assert "55.6" in text
    assert str(SAMPLES) not in text
    assert "<script" not in text
    assert [p.name for p in tmp_path.glob(".*part")] == []


def test_status_fits_a_terminal(kneeload: Callable[..., Result]) -> None:
    lines = kneeload("status").output.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    assert json.loads(kneeload("status", "--json").stdout)


def test_plan_has_its_numbers_and_says_what_a_run_would_flag(
    kneeload: Callable[..., Result],
) -> None:
    plain = json.loads(kneeload("plan", "--json").stdout)
    assert {"next_run_km", "this_week_km", "next_week_km", "reasons"} <= set(plain)
    assert all(isinstance(reason, str) for reason in plain["reasons"])
    long = json.loads(kneeload("plan", "--json", "--run", "25").stdout)
    assert "long_run_spike" in long["would_flag"]
    text = kneeload("plan", "--run", "25").output
    assert "you can run" not in text.lower()
    assert "safe" not in text.lower()


def test_settings_show_every_key_and_take_a_default_back(kneeload: Callable[..., Result]) -> None:
    assert kneeload("settings", "set", "units", "mi").exit_code == 0
    assert json.loads(kneeload("settings", "--json").stdout)["units"] == "mi"
    assert " mi" in kneeload("weeks").output
    kneeload("settings", "set", "units", "")
    assert json.loads(kneeload("settings", "show", "--json").stdout)["units"] == "km"
    assert "long_run_spike.warn_ratio" in kneeload("settings").output


@pytest.mark.parametrize(
    ("units", "typed", "seconds", "shown"),
    [
        ("mi", "7:15", 270.3, "7:15/mi"),
        ("mi", "4:30/km", 270, "7:15/mi"),
        ("km", "4:30", 270, "4:30/km"),
    ],
)
def test_a_pace_is_of_the_runners_unit_unless_it_names_one(
    kneeload: Callable[..., Result], units: str, typed: str, seconds: float, shown: str
) -> None:
    kneeload("settings", "set", "units", units)
    assert kneeload("settings", "set", "threshold_pace", typed).exit_code == 0
    said = json.loads(kneeload("settings", "--json").stdout)["threshold_pace"]
    assert said == pytest.approx(seconds, abs=0.05)
    assert any(
        line.split() == ["threshold_pace", shown]
        for line in kneeload("settings").output.splitlines()
    )


def test_rules_print_the_catalogue_with_its_evidence(kneeload: Callable[..., Result]) -> None:
    rules = json.loads(kneeload("rules", "--json").stdout)
    assert {rule["rule"] for rule in rules} == RULES
    assert all(rule["summary"] and rule["checks"] for rule in rules)
    assert kneeload("rules").exit_code == 0


def test_rebuild_and_duplicates(kneeload: Callable[..., Result]) -> None:
    weeks = kneeload("weeks", "--csv").stdout
    assert kneeload("rebuild").exit_code == 0
    assert kneeload("weeks", "--csv").stdout == weeks
    (copy,) = json.loads(kneeload("duplicates", "--json").stdout)
    assert kneeload("duplicates", "--keep", copy["run_id"]).exit_code == 0
    (other,) = json.loads(kneeload("duplicates", "--json").stdout)
    assert (other["run_id"], other["of"]) == (copy["of"], copy["run_id"])
    kneeload("undo")
    assert json.loads(kneeload("duplicates", "--json").stdout) == [copy]


def test_names_cannot_steer_the_terminal(kneeload: Callable[..., Result]) -> None:
    run = rows(kneeload("runs", "--csv"))[-1]["run_id"]
    kneeload("runs", "edit", run, "--note", "=1+1")
    kneeload("pain", "add", "1", "--note", "\x1b[2J\x07boo")
    assert "\x1b" not in kneeload("pain", "list").output
    assert "'=1+1" in kneeload("runs", "--csv").stdout


def test_demo_writes_the_samples_report(tmp_path: Path) -> None:
    page = tmp_path / "demo.html"
    result = invoke("demo", "-o", page)
    assert result.exit_code == 0, result.output
    assert str(page) in result.output
    assert "25.0 km" in result.output
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_pipe_that_knows_no_dash_is_written_to(
    sample_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows gives a pipe the code page of its country."""
    monkeypatch.setenv("PYTHONIOENCODING", "cp850")
    words = ["kneeload", "--log", str(sample_log), "--as-of", LAST_DAY, "status"]
    lines = printed(f"import sys, kneeload.cli as c; sys.argv = {words!r}; c.main()")
    assert "23?29 March 2026" in "\n".join(lines)
