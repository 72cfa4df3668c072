"""From an analysis to the Report of one week: which parts there are, and in which order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.calendar import first_day_of
from kneeload.reports.goals import goal_parts
from kneeload.reports.model import (
    Drawing,
    Episode,
    GoalPart,
    Hint,
    Line,
    LoadAndPain,
    Next,
    Report,
    WeekLimit,
)
from kneeload.reports.sections import flags, knee, load
from kneeload.reports.sections.load_ratios import context
from kneeload.reports.sections.story import clauses, story
from kneeload.reports.week_view import scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.analysis import Analysis
    from kneeload.association import Explanation
    from kneeload.reports.week_view import Scope

NOTHING_YET = Hint(
    title="How to begin",
    text="This log has no runs and no scores. Point kneeload at the files of your watch, or at an "
    "archive downloaded from a platform. Then log how the knee feels.",
    commands=("kneeload import FOLDER", "kneeload pain", "kneeload demo"),
)
NO_RUNS = Hint(
    title="No runs yet",
    text="This log holds scores but no runs to compare them with.",
    commands=("kneeload import FOLDER",),
)
FIRST_WEEK = Hint(
    title="The log’s first week",
    text="There is nothing to compare it with yet. A week is compared with earlier weeks, a long "
    "run with the previous 30 days. You can import older files at any time.",
    commands=("kneeload import FOLDER",),
)
SHOWN_WEEKS = 26


def build(
    analysis: Analysis,
    week: str | None = None,
    *,
    drawings: bool = True,
    explanation: Explanation | None = None,
) -> Report:
    """Return the report of one week.

    Parameters
    ----------
    analysis
        Everything the log's frames add up to; for a past week, on that week's last day.
    week
        Label YYYY-Www; by default the newest week that has a run or a score.
    drawings
        Whether to draw the charts; a terminal shows none and need not wait for them.
    explanation
        What the whole diary says of load and pain; it belongs on the newest week's report only.

    Raises
    ------
    EntryError
        If `week` is not a week, or has not begun.
    """
    chosen = scope(analysis, week)
    if chosen is None:
        return _empty(analysis)
    answer = _answer(chosen, explanation, drawn=drawings) if explanation else None
    # Goals are asked of the plan again and again: only where the newest week is told in full.
    aims = goal_parts(analysis) if explanation else ()
    return _report(chosen, _drawings(chosen) if drawings else (), answer, aims)


def _answer(week: Scope, explanation: Explanation, *, drawn: bool) -> LoadAndPain | None:
    from kneeload.reports.sections.association import load_and_pain

    return load_and_pain(explanation, week.units, drawn=drawn)


def _empty(analysis: Analysis) -> Report:
    return Report(
        week="",
        days="",
        today=analysis.today,
        units=analysis.settings.units,
        complete=False,
        title="Nothing to show yet",
        lines=(),
        hints=() if analysis.settings.import_folders else (NOTHING_YET,),
    )


def _report(
    week: Scope,
    drawings: tuple[Drawing, ...],
    answer: LoadAndPain | None,
    aims: tuple[GoalPart, ...],
) -> Report:
    episodes, red = flags.episodes(week), flags.open_signs(week)
    coming, spell = _next(week), story(week)
    return Report(
        week=week.label,
        days=formatting.date_range(week.first, week.last),
        today=week.analysis.today,
        units=week.units,
        complete=week.complete,
        title=_title(week, red),
        age=load.age(week),
        story=clauses(spell, week) if spell else (),
        lines=(
            *_lines(week, red, episodes, coming),
            *(Line(kind="goal", label="Goal", text=f"{aim.title}. {aim.text}") for aim in aims),
        ),
        red_flags=red,
        hints=_hints(week),
        drawings=drawings,
        episodes=episodes,
        earlier=flags.earlier(week, SHOWN_WEEKS),
        load_and_pain=answer,
        context=context(week),
        next=coming,
        goals=aims,
        runs=load.run_rows(week),
        pain=knee.pain_rows(week),
        weeks=load.week_rows(week, SHOWN_WEEKS),
        besides=load.besides(week),
        notes=load.data_notes(week),
    )


def _title(week: Scope, red: tuple[str, ...]) -> str:
    if red:
        return "A red flag is open"
    km = formatting.distance(load.week_km(week), week.units)
    ran = f"{km}{week.so_far}" if week.counted_runs else f"No runs{week.so_far}"
    worst = knee.worst_score(week)
    felt = "no knee scores" if worst is None else f"{worst[0].lower()} {reached(worst[1])}"
    return f"{ran}, {felt}"


def reached(score: int) -> str:
    """Return the worst score of several, in words."""
    return f"up to {score}/10" if score else "0/10"


def _lines(
    week: Scope, red: tuple[str, ...], episodes: tuple[Episode, ...], coming: Next
) -> list[Line]:
    onset = knee.onset_line(week)
    return [
        *(Line(kind="red_flag", label="Red flag", text=text, colour="red") for text in red),
        *knee.knee_lines(week),
        *([onset] if onset else []),
        *_pain_free_lines(week),
        load.load_line(week),
        flags.flags_line(week, episodes),
        Line(kind="next", label="Next", text=_next_words(week, coming)),
    ]


def _pain_free_lines(week: Scope) -> list[Line]:
    """Return how far half of the runs get without pain, where runs of the last months hurt."""
    from kneeload.association.pain_free import pain_free_sentence

    estimate = week.pain_free
    text = pain_free_sentence(estimate, week.units) if estimate else None
    return [Line(kind="pain_free", label="Without pain", text=text)] if text else []


def _next(week: Scope) -> Next:
    plan = week.analysis.plan
    # The first reason of a number is that number in words, which the report says itself.
    plan_reasons = plan.reasons if plan.next_run_km is None else plan.reasons[1:]
    reasons = (
        formatting.sentence(formatting.convert_km_in_text(reason, week.units))
        for reason in plan_reasons
    )
    return Next(
        next_run_km=formatting.none_if_nan(plan.next_run_km),
        limits=tuple(_limits(week)),
        reasons=tuple(reasons),
    )


def _limits(week: Scope) -> Iterator[WeekLimit]:
    """Yield the limits of today's week and the one after, where there is a number."""
    plan, today = week.analysis.plan, week.analysis.today
    this = first_day_of(today, week.settings.week_start)
    run_km = load.week_km(week) if this == week.first else 0.0
    if plan.this_week_km is not None:
        yield WeekLimit(
            week_start=this, km=plan.this_week_km, run_km=run_km, set_by=plan.this_week_set_by
        )
    if plan.next_week_km is not None:
        after = this + dt.timedelta(days=7)
        yield WeekLimit(
            week_start=after, km=plan.next_week_km, run_km=0.0, set_by=plan.next_week_set_by
        )


def _next_words(week: Scope, coming: Next) -> str:
    """Return the next run's limit, or that there is none, and the first reason."""
    reason = coming.reasons[0] if coming.reasons else ""
    if coming.next_run_km is None:
        return reason or "No number for the next run."
    headline = formatting.convert_km_in_text(week.analysis.plan.reasons[0], week.units)
    return f"{headline} {reason}".strip()


def _hints(week: Scope) -> tuple[Hint, ...]:
    # Somebody with folders set imports them by `kneeload update`.
    imports = not week.settings.import_folders
    candidates = [
        (imports and week.runs.empty, NO_RUNS),
        (imports and len(week.weeks) == 1 and not week.runs.empty, FIRST_WEEK),
        (week.pain.empty, knee.NO_SCORES),
    ]
    return tuple(hint for applies, hint in candidates if applies)


def _drawings(week: Scope) -> tuple[Drawing, ...]:
    """Return the charts of the report's week: the main one, then two side by side; or none."""
    from kneeload.charts import pain_free, usual_load
    from kneeload.reports.drawings import drawing, pictures

    if week.weeks.empty:
        return ()
    analysis = week.analysis
    charts = pictures(
        week.weeks, week.runs, week.pain, analysis.flags, analysis.diary, analysis.settings
    )
    if week.pain_free:
        charts.insert(1, pain_free.picture(week.pain_free, week.units))
    extra_notes = {usual_load.KEY: load.facts(week)}
    annotated = (
        replace(picture, note=f"{picture.note} {extra_notes.get(picture.key, '')}".strip())
        for picture in charts
    )
    whole = {charts[0].key, pain_free.KEY}
    return tuple(drawing(picture, half=picture.key not in whole) for picture in annotated)
