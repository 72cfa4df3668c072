"""A log in a notebook answers as the command line does, to the last flag and column."""

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kneeload
from kneeload import clock, frames
from kneeload.answers import Log
from kneeload.cli.output import as_csv
from kneeload.errors import EntryError
from kneeload.model import PainEntry
from kneeload.samples import samples_folder
from tests.cli.invoking import invoke

NOW = dt.datetime(2026, 3, 29, 18, tzinfo=dt.UTC)
AS_OF = "2026-03-29"
DAY = dt.date(2026, 3, 29)


@pytest.fixture(params=["monday", "sunday"])
def path(request: pytest.FixtureRequest, sample_log: Path) -> Path:
    """A log in miles, with an open red flag, whose weeks start on either day."""
    with kneeload.open_log(sample_log, AS_OF) as log:
        log.set("units", "miles")
        log.set("week_start", request.param)
        entry = PainEntry(local_date=DAY, knee="left", score=4, moment="rest")
        log.add_pain([entry], NOW)
    run(sample_log, "note", "injury", "--date", "2026-03-28", "knee")
    run(sample_log, "pain", "add", "5", "--knee", "left", "--symptom", "locked", "--date", AS_OF)
    return sample_log


@pytest.fixture(scope="module")
def log(imported_samples: Path) -> Iterator[Log]:
    with kneeload.open_log(imported_samples, AS_OF) as opened:
        yield opened


def run(path: Path, *words: str) -> str:
    done = invoke("--log", path, "--as-of", AS_OF, *words)
    assert done.exit_code in {0, 3}, done.output
    return done.stdout


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_weeks_and_flags_equal_the_command_line(path: Path) -> None:
    with kneeload.open_log(path, AS_OF) as log:
        weeks, flags = log.weeks(), log.flags()
    assert as_csv(weeks) == run(path, "weeks", "--csv")
    assert as_csv(flags) == run(path, "flags", "--csv")
    assert "red_flag" in set(flags.loc[~flags["acknowledged"], "rule"])
    assert "red_flag" in ";".join(weeks["flags"])


def test_the_recipe_of_the_readme_equals_the_command_line(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is printed there, on the day on which the reader sits."""
    from tests.docs.pages import PAGES, blocks

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "today", lambda _zone: DAY)
    shutil.copy(path, tmp_path / "running.db")
    names: dict[str, Any] = {}
    exec(next(b.text for b in blocks(PAGES[0]) if b.language == "python"), names)
    assert as_csv(names["weeks"]) == run(path, "weeks", "--csv")
    assert as_csv(names["flags"]) == run(path, "flags", "--csv")
    assert names["plan"].next_run_km == json.loads(run(path, "plan", "--json"))["next_run_km"]


def test_messages_can_speak_miles(path: Path) -> None:
    with kneeload.open_log(path, AS_OF) as log:
        messages = log.flags("mi")["message"]
    shown = run(path, "flags", "--all")
    assert all(message in shown for message in messages)
    assert any(" mi " in message for message in messages)


def test_plan_and_explanation_equal_the_command_line(path: Path) -> None:
    with kneeload.open_log(path, AS_OF) as log:
        plan, asked, explanation = log.plan(), log.plan(18), log.explain()
    said = json.loads(run(path, "plan", "--json", "--run", "18km"))
    assert list(asked.would_flag) == said["would_flag"]
    assert plan.next_run_km == said["next_run_km"]
    assert explanation.as_json() == json.loads(run(path, "pain", "explain", "--json"))


def test_the_report_equals_the_command_line(path: Path, tmp_path: Path) -> None:
    from kneeload.reports.render import html

    run(path, "report", "-o", str(tmp_path / "week.html"))
    with kneeload.open_log(path, AS_OF) as log:
        page = html.render(log.report())
    assert page == (tmp_path / "week.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", [-1, float("nan")])
def test_a_run_of_no_length_is_refused(log: Log, wrong: float) -> None:
    with pytest.raises(EntryError, match="give kilometres"):
        log.plan(wrong)


def test_later_days_are_invisible(imported_samples: Path, log: Log) -> None:
    day = dt.date(2026, 1, 31)
    with kneeload.open_log(imported_samples, as_of=day) as early:
        tables = (early.activities(), early.runs(), early.pain(), early.diary(), early.markers())
        assert all((table["local_date"] <= pd.Timestamp(day)).all() for table in tables)
        assert (early.flags()["date"] <= pd.Timestamp(day)).all()
        assert early.weeks()["week"].iloc[-1] == "2026-W05"
        assert 0 < len(early.runs()) < len(log.runs())
        assert (
            early.streams(since="2026-01-30").empty
            == (early.runs()["local_date"] < pd.Timestamp("2026-01-30")).all()
        )


def test_answers_follow_the_log_and_frames_are_copies(sample_log: Path) -> None:
    with kneeload.open_log(sample_log, AS_OF) as log:
        before = log.weeks()
        before.loc[:, "distance_km"] = 0.0
        assert log.weeks()["distance_km"].sum() > 0
        log.add_pain([PainEntry(local_date=DAY, knee="left", score=9, moment="rest")], NOW)
        assert log.weeks()["pain_max"].iloc[-1] == 9


def test_runs_carry_their_scores(log: Log) -> None:
    runs = log.runs(scores=True)
    longest = runs.iloc[int(runs["distance_km"].argmax())]
    assert longest["next_morning"] == 5
    pain = log.pain()
    rated = pain[(pain["moment"] == "during") & (pain["run_id"] != "")]
    worst = rated.groupby("run_id")["score"].max()
    own = runs.set_index("run_id")["during"].dropna()
    assert own.to_dict() == worst.to_dict()
    assert runs["before"].isna().any()
    assert list(log.runs().columns) == [
        c
        for c in runs.columns
        if c not in {"before", "during", "after", "next_morning", "onset_km"}
    ]


def test_streams_of_chosen_runs(log: Log) -> None:
    first, last = log.runs()["run_id"].iloc[[0, -1]]
    both = log.streams([first, last[:8]])
    assert both["run_id"].drop_duplicates().tolist() == [first, last]
    assert list(both.columns) == ["run_id", *frames.STREAMS]
    one = kneeload.streams(log.activity(first))
    pd.testing.assert_frame_equal(
        both.loc[both["run_id"] == first].drop(columns="run_id"), one, check_index_type=False
    )
    assert log.streams(first).equals(log.streams([first]))
    lately = log.runs().loc[lambda r: r["local_date"] >= "2026-03-27", "run_id"]
    assert set(log.streams(since=dt.date(2026, 3, 27))["run_id"]) == set(lately)
    assert list(log.streams(since="2026-03-30").columns) == ["run_id", *frames.STREAMS]


@pytest.mark.parametrize("words", [{}, {"run_ids": "a", "since": AS_OF}])
def test_streams_need_runs_or_a_day(log: Log, words: dict[str, str]) -> None:
    with pytest.raises(EntryError, match="name runs or a day"):
        log.streams(**words)


def test_a_folder_and_a_table_of_scores_come_in_by_one_line(tmp_path: Path) -> None:
    samples = samples_folder()
    with kneeload.open_log(tmp_path / "log.db", as_of=AS_OF) as log:
        assert log.ingest(samples / "platform").new == 1
        assert log.import_pain(samples / "knee_pain.csv")[:2] == (248, 0)
        assert log.import_pain(str(samples / "knee_pain.csv"))[:2] == (0, 248)
        bad = tmp_path / "bad.csv"
        bad.write_text("local_date,score\n2026-01-01,11\n", encoding="utf-8")
        with pytest.raises(EntryError, match=r"bad\.csv: row 2.*nothing was logged"):
            log.import_pain(bad)


def test_a_day_that_is_none_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="'yesterday' is not a date like 2026-03-29"):
        kneeload.open_log(tmp_path / "log.db", as_of="yesterday")


def test_today_is_the_runners_own(sample_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: late)
    with kneeload.open_log(sample_log) as log:
        log.set("time_zone", "Pacific/Auckland")
        assert log.today == DAY
        log.set("time_zone", "America/New_York")
        assert log.today == DAY - dt.timedelta(days=1)
    with kneeload.open_log(sample_log, as_of=dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC)) as log:
        assert log.today == dt.date(2026, 1, 2)


def test_the_explanation_has_frames(log: Log) -> None:
    explanation = log.explain()
    lags = explanation.lags_frame()
    assert len(lags) == len(explanation.lags) == 30
    assert lags.groupby("direction")["lag"].max().tolist() == [14, 14]
    assert lags["rho"].iloc[3] == explanation.lags[3].rho
    (onset,) = explanation.before_onsets.onsets
    (row,) = explanation.onsets_frame().to_dict("records")
    assert (row["date"].date(), row["score"]) == (onset.date, onset.score)
    assert row["week_distance_km"] == onset.week["distance_km"]
    assert row["usual_hard_min"] == onset.usual["hard_min"]
    week, fortnight = explanation.rules_frame(), explanation.rules_frame(14)
    assert week["rule"].tolist() == [test.rule for test in explanation.rules]
    assert week["expected"].tolist() == [test.expected for test in explanation.rules]
    assert fortnight["warned"].tolist() == [test.warned for test in explanation.rules_14d]
    assert week["hit_rate"].dtype == np.float64


def test_an_empty_log_answers_too(tmp_path: Path) -> None:
    with kneeload.open_log(tmp_path / "log.db", as_of=AS_OF) as log:
        assert log.weeks().empty
        assert "flags" in log.weeks()
        assert log.flags().empty
        assert log.plan().next_run_km is None
        assert log.runs(scores=True).empty
        explanation = log.explain()
        assert explanation.primary.verdict == "not_enough"
        assert list(explanation.onsets_frame().columns) == ["date", "score"]
        assert len(explanation.rules_frame()) == len(explanation.rules)
        assert log.report().week == ""
