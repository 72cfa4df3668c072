"""The public API as a user's program writes it: it must type-check, and is never run."""

import datetime as dt

import pandas as pd
from matplotlib.figure import Figure

import kneeload
from kneeload.answers import Log
from kneeload.association import Explanation
from kneeload.charts.interactive import Interactive
from kneeload.model import Activity
from kneeload.planning import Plan
from kneeload.reports import Report


def use(*values: object) -> None:
    """Take values that are only of interest to the type checker."""


def answers(log: Log) -> None:
    tables: list[pd.DataFrame] = [log.runs(), log.runs(scores=True), log.weeks(), log.pain()]
    tables += [log.activities(), log.diary(), log.markers(), log.flags(), log.flags("mi")]
    tables += [log.streams("3f2a"), log.streams(["3f2a"]), log.streams(since=dt.date(2026, 1, 1))]
    plan: Plan = log.plan(run_km=18.0)
    km: float | None = plan.next_run_km or plan.this_week_km or plan.next_week_km
    reasons: tuple[str, ...] = plan.reasons
    explanation: Explanation = log.explain()
    tables += [explanation.lags_frame(), explanation.onsets_frame(), explanation.rules_frame(14)]
    report: Report = log.report("2026-W04")
    chart: Interactive = log.chart()
    new: int = log.import_pain("scores.csv").new + log.ingest("runs").new
    today: dt.date = log.today
    run: Activity = log.activity("3f2a")
    use(tables, km, reasons, report, chart, new, today, run)


def frames_of_my_own(runs: pd.DataFrame, pain: pd.DataFrame) -> None:
    weeks: pd.DataFrame = kneeload.weekly(runs, pain)
    flags: pd.DataFrame = kneeload.check(weeks, runs, pain)
    plan: Plan = kneeload.plan(weeks, runs, pain, run_km=18.0)
    figure: Figure = kneeload.charts.load_and_pain(weeks, pain, flags)
    second: Figure = kneeload.charts.single_runs(weeks, runs, pain)
    usual: Figure | None = kneeload.charts.beside_usual(weeks, runs)
    mine = kneeload.Settings(units="mi", week_start="sunday")
    explanation: Explanation = kneeload.explain(
        runs, pain, flags, weeks, runs, settings=mine, today=dt.date(2026, 4, 1)
    )
    use(kneeload.show(flags), plan, figure, second, usual, explanation)


def files() -> None:
    with kneeload.open_log() as log, kneeload.open_log("a.db", as_of="2026-03-29") as other:
        answers(log)
        answers(other)
    for run in kneeload.read_activities("runs", progress=kneeload.progress_bar("runs")):
        inside: pd.DataFrame = kneeload.streams(run)
        force: float = kneeload.peak_force_bw(inside["speed_mps"]).max()
        use(force, kneeload.samples_folder())
