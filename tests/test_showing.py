"""What values show of themselves in a notebook: one line as text, a little safe HTML."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kneeload
from kneeload import frames, notebook
from kneeload.analysis import analyse_log
from kneeload.errors import EntryError, FrameError
from kneeload.ingest.measure import ImportSummary
from kneeload.log.training_log import TrainingLog
from kneeload.model import Activity, Sport
from kneeload.planning import Plan
from kneeload.reports.api import explain_analysis, report
from kneeload.reports.physio_sheet import physio
from kneeload.reports.render.html import render
from kneeload.rules.notebook_view import MOST

HOSTILE = "<script>alert(\"1\")</script> & 'x'"
TODAY = dt.date(2026, 3, 29)
KINDS = ("activity", "log", "import", "flags", "plan", "report", "physio", "explanation")


class Tags(HTMLParser):
    """Collects tags and attributes, and what was opened and never closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def html_of(value: Any) -> str:
    return str(value._repr_html_())


@pytest.fixture(scope="module")
def log(imported_samples: Path) -> Iterator[TrainingLog]:
    with TrainingLog(imported_samples) as opened:
        yield opened


@pytest.fixture(scope="module")
def values(log: TrainingLog) -> dict[str, Any]:
    known = analyse_log(log, today=TODAY)
    return {
        "activity": log.activity(known.runs["run_id"].iloc[-1]),
        "log": log,
        "import": ImportSummary(read=3, new=2, failed=[{"path": "a.fit", "reason": HOSTILE}]),
        "flags": kneeload.show(known.flags),
        "plan": known.plan,
        "report": report(log),
        "physio": physio(known),
        "explanation": explain_analysis(known),
        "analysis": known,
        "settings": known.settings,
    }


@pytest.mark.parametrize("kind", [*KINDS, "analysis"])
def test_as_text_it_is_one_short_line(values: dict[str, Any], kind: str) -> None:
    text = repr(values[kind])
    assert "\n" not in text
    assert len(text) <= 120
    assert text.startswith("<")


@pytest.mark.parametrize("kind", KINDS)
def test_its_html_runs_and_fetches_nothing(values: dict[str, Any], kind: str) -> None:
    parsed = Tags(html_of(values[kind]))
    assert not parsed.open
    assert parsed.tags <= {
        *("div", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "iframe"),
    }
    assert parsed.attributes <= {"style", "scope", "title", "srcdoc", "sandbox"}


@pytest.mark.parametrize("kind", KINDS)
def test_its_text_and_ground_are_the_notebook_s_own(values: dict[str, Any], kind: str) -> None:
    """So that it can be read in a dark theme as in a light one."""
    styles = ";".join(re.findall(r'style="([^"]*)"', html_of(values[kind])))
    properties = {name for name, _ in re.findall(r"([a-z-]+):([^;\"]+)", styles)}
    assert "color" not in properties
    assert set(re.findall(r"background:([^;]+)", styles)) <= {"none"}


@pytest.mark.parametrize("tone", notebook._TONES.values())
@pytest.mark.parametrize("ground", ["#ffffff", "#111111", "#1e1e1e"])
def test_the_colours_of_severities_stand_out_on_light_and_dark(tone: str, ground: str) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1 for what is no text."""
    light, dark = sorted((_luminance(tone), _luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


# What each shows -------------------------------------------------------------------------------


def test_no_activity_shows_where_it_was(log: TrainingLog) -> None:
    for name in log.runs()["run_id"].iloc[::20]:
        activity = log.activity(name)
        shown = html_of(activity) + repr(activity)
        for column in ("latitude", "longitude"):
            degrees = activity.samples[column].dropna().unique()
            assert not any(f"{value:.2f}" in shown for value in degrees)


def test_an_activity_shows_its_totals_on_the_runner_s_own_clock() -> None:
    activity = Activity(
        sport=Sport.TRAIL_RUNNING,
        started_at=dt.datetime(2026, 3, 14, 23, 30, tzinfo=dt.UTC),
        samples=frames.empty(frames.SAMPLES),
        utc_offset_s=3600,
        distance_m=12_400,
        timer_s=3720,
        private_note="left knee 3/10",
        warnings=("records out of order were sorted by time",),
    )
    shown = html_of(activity)
    assert "Trail running, 15 March 2026, 00:30" in shown
    expected = ("12.4 km", "1:02:00", "5:00/km", "totals only")
    assert [text for text in expected if text not in shown] == []
    assert "out of order" in shown
    assert "left knee" not in shown
    assert "Heart rate" not in shown
    assert repr(activity) == (
        "<Activity trail running 2026-03-14 23:30 UTC, 12.4 km, 1:02:00, 0 records>"
    )
    assert "UTC" in html_of(replace(activity, utc_offset_s=None))
    assert "15 March 2026<" in html_of(replace(activity, clock_known=False))


def test_an_activity_without_totals_shows_those_of_its_records() -> None:
    times = pd.to_datetime(["2026-03-14 08:00", "2026-03-14 08:10"], utc=True)
    samples = pd.DataFrame({"time": times, "distance_m": [0.0, 2000.0], "hr_bpm": [120.0, np.nan]})
    shown = html_of(Activity(sport=Sport.RUNNING, started_at=times[0], samples=samples))
    assert [text for text in ("2.0 km", "10:00", "5:00/km") if text not in shown] == []
    assert "2 records of distance and heart rate" in shown


@given(text=st.text())
def test_any_text_is_escaped(text: str) -> None:
    card = notebook.card(text, {text: text}, body=notebook.bullets(text, [text]), note=text)
    table = notebook.table(text, [text], [(text, [text])])
    for html in (card, table, notebook.page(text, text), notebook.bar(text, 1, 2)):
        assert Tags(html).tags <= {
            *("div", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "iframe"),
            *("label", "progress"),
        }


def test_a_log_shows_counts_span_and_last_import_but_no_folder(log: TrainingLog) -> None:
    shown = html_of(log)
    expected = ("107", "1 September 2025", "29 March 2026", "248", "1 April 2026, 12:00 UTC")
    assert [text for text in expected if text not in shown] == []
    assert str(log.path.parent) not in shown + repr(log)
    assert repr(log) == "<TrainingLog log.db: 110 activities, 2025-09-01 to 2026-03-29>"


def test_an_empty_log_and_a_closed_one_show_themselves(tmp_path: Path) -> None:
    with TrainingLog(tmp_path / "new.db") as log:
        assert repr(log) == "<TrainingLog new.db: 0 activities>"
        assert "Runs" in html_of(log)
        assert "Last import" not in html_of(log)
    assert repr(log) == "<TrainingLog new.db, closed>"
    assert "closed" in html_of(log)


def test_an_import_shows_what_failed_and_why() -> None:
    many = [{"path": f"/home/robin/a.zip!b/{n}.fit", "reason": HOSTILE} for n in range(40)]
    summary = ImportSummary(read=2, new=1, known=1, failed=many)
    assert repr(summary) == (
        "<ImportSummary 2 files read, 1 new activity, 1 activity already in the log,"
        " 40 files failed>"
    )
    shown = html_of(summary)
    assert "<script" not in shown
    assert HOSTILE in unescape(shown)
    assert "a.zip!b/0.fit: " in shown
    assert "robin" not in shown
    assert "and 28 more" in shown
    assert repr(ImportSummary()) == "<ImportSummary 0 files read>"


def test_a_plan_shows_limits_reasons_and_what_a_run_would_flag() -> None:
    plan = Plan(
        next_run_km=17.6,
        this_week_km=39.6,
        next_week_km=None,
        reasons=("As long again, no longer.",),
        would_flag=("long_run_spike",),
    )
    shown = html_of(plan)
    expected = ("up to 17.6 km", "no number", "As long again", "long run spike", "promises")
    assert [text for text in expected if text not in shown] == []
    assert "It goes against" not in html_of(replace(plan, would_flag=()))
    miles = replace(plan, units="mi")
    assert "up to 10.9 mi" in html_of(miles)
    assert (
        repr(miles) == "<Plan next run up to 10.9 mi, this week up to 24.6 mi, next week no number>"
    )


def test_a_plan_is_in_the_units_of_its_settings() -> None:
    runs = pd.DataFrame({"local_date": pd.date_range("2026-03-02", periods=12, freq="3D")})
    runs = runs.assign(distance_km=10.0)
    settings = kneeload.Settings(units="mi")
    plan = kneeload.plan(kneeload.weekly(runs, settings=settings), runs, settings=settings)
    assert "up to 15.4 mi" in html_of(plan)
    assert " km" not in html_of(plan)


def test_flags_show_their_messages_in_full(values: dict[str, Any]) -> None:
    flags = values["flags"].frame
    shown = unescape(html_of(values["flags"]))
    assert all(message in shown for message in flags["message"])
    assert shown.count("border-left:3px") == len(flags)
    assert repr(kneeload.show(flags)) == "<15 flags: 3 alerts, 9 warnings, 3 notes>"
    assert kneeload.show(flags).frame is flags


def test_flags_of_unknown_rules_and_answered_ones_are_told() -> None:
    flag = pd.DataFrame(
        {
            "date": [pd.Timestamp("2026-03-14")],
            "rule": ["my_rule"],
            "severity": ["note"],
            "message": [HOSTILE],
            "evidence": ["assumption"],
            "acknowledged": [True],
        }
    )
    shown = html_of(kneeload.show(flag))
    assert all(text in shown for text in ("my rule: ", "note, acknowledged", "14 March 2026"))
    assert "<script" not in shown


def test_no_flag_is_no_safety_check_and_thousands_are_cut() -> None:
    none = frames.empty(frames.FLAGS)
    assert "not a safety check" in html_of(kneeload.show(none))
    assert repr(kneeload.show(none)) == "<0 flags>"
    one = none.reindex([0]).assign(date=pd.Timestamp("2026-03-14"), rule="monotony", message="m")
    one = one.assign(severity="warn", evidence="convention", acknowledged=False)
    shown = html_of(kneeload.show(pd.concat([one] * (MOST + 23))))
    assert shown.count("border-left:3px") == MOST
    assert "23 further flags not shown" in shown


def test_only_flags_can_be_shown_as_flags() -> None:
    with pytest.raises(FrameError, match="flags frame lacks rule, severity"):
        kneeload.show(pd.DataFrame({"date": []}))


def test_a_report_shows_its_own_page_where_nothing_may_run(values: dict[str, Any]) -> None:
    shown = html_of(values["report"])
    (page,) = re.findall(r'srcdoc="([^"]*)"', shown)
    assert unescape(page) == render(values["report"])
    assert ' sandbox=""' in shown
    assert repr(values["report"]).startswith("<Report 2026-W13: ")


def test_the_report_of_a_past_week_and_of_an_empty_log(log: TrainingLog, tmp_path: Path) -> None:
    past = report(log, "2026-W04")
    assert past.week == "2026-W04"
    assert past.today == dt.date(2026, 1, 26)
    assert past.load_and_pain is None
    assert report(log, today=dt.date(2026, 1, 25)).week == "2026-W04"
    with pytest.raises(EntryError, match="had not begun"):
        report(log, "2027-W01")
    with TrainingLog(tmp_path / "new.db") as empty:
        assert "Nothing to show yet" in html_of(report(empty))


def test_settings_do_not_print_where_one_lives() -> None:
    home = kneeload.Settings(home="47.05,8.31", units="mi")
    assert "47.05" not in repr(home)
    assert "units='mi'" in repr(home)


# Progress --------------------------------------------------------------------------------------


def test_a_bar_counts_files_in_a_notebook_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = kneeload.samples_folder() / "2026"
    read, ingested = kneeload.progress_bar(samples), kneeload.progress_bar(samples)
    kneeload.read_activities(samples, progress=read)
    with TrainingLog(tmp_path / "new.db") as log:
        log.ingest([samples], now=dt.datetime(2026, 4, 1, tzinfo=dt.UTC), progress=ingested, jobs=1)
    files = sum(path.is_file() for path in samples.rglob("*"))
    assert (read.done, read.total) == (files, files) == (ingested.done, ingested.total)
    assert 'value="41" max="41"' in html_of(read)
    assert capsys.readouterr() == ("", "")


def test_in_a_notebook_a_bar_is_shown_once_and_then_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[str] = []
    handle = SimpleNamespace(update=lambda bar: shown.append(repr(bar)))
    ipython = SimpleNamespace(
        get_ipython=lambda: SimpleNamespace(kernel=None),
        display=SimpleNamespace(display=lambda **_: handle),
    )
    monkeypatch.setitem(__import__("sys").modules, "IPython", ipython)
    for name in range(400):
        (tmp_path / f"{name}.fit").touch()
    bar = kneeload.progress_bar(tmp_path)
    for _ in range(400):
        bar(1)
    assert shown[0] == "1 of 400 files"
    assert shown[-1] == "400 of 400 files"
    assert len(shown) == 101


def test_a_bar_for_no_files_is_no_division_by_zero() -> None:
    bar = kneeload.progress_bar()
    bar(0)
    assert 'value="0" max="1"' in html_of(bar)
