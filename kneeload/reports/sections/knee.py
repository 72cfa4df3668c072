"""What the diary says of each knee in the report's week, in words."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.reports.model import Colour, Hint, Line, PainRow
from kneeload.reports.week_view import NEXT_MORNING, rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kneeload.reports.week_view import Row, Scope

_COLOURS: dict[str, Colour] = {"amber": "amber", "red": "red"}
_ZONES = {
    "red": "rated red",
    "amber": "rated amber",
    "green": "rated green",
    "unknown": "not rated green, amber or red yet, because a score is missing",
}
_MOMENTS = {
    "before": " before the run",
    "during": " during the run",
    "after": " after the run",
    NEXT_MORNING: " the next morning",
    "rest": " at rest",
}
_ONSETS_NAMED = 3
_FOUR = ("before", "during", "after", NEXT_MORNING)
_TELLING = ["during", "after", NEXT_MORNING, "rest", "unsure", "before"]

NO_SCORES = Hint(
    title="No knee scores yet",
    text="A score takes ten seconds. Give one for the worst pain during the run, one an hour or "
    "two after it, and one the next morning.",
    commands=("kneeload pain", "kneeload pain add 2 --knee left --moment after"),
)


def knee_lines(scope: Scope) -> list[Line]:
    """Return a line for each knee scored in the week, the worst first, or one that says none is."""
    if not scope.scores:
        return [Line(kind="knee", label="Knee", text=_unscored(scope))]
    of_knees = (
        [score for score in scope.scores if score["knee"] == knee] for knee in formatting.KNEES
    )
    worst = [_highest(scores) for scores in of_knees if scores]
    return [_line(scope, score) for score in sorted(worst, key=lambda score: -score["score"])]


def worst_score(scope: Scope) -> tuple[str, int] | None:
    """Return the knee in words and the score of the week's highest, None where none is scored."""
    if not scope.scores:
        return None
    worst = _highest(scope.scores)
    return formatting.KNEES[worst["knee"]], worst["score"]


def _highest(scores: list[Row]) -> Row:
    """Return the highest score; of equal ones the newest, and the one that tells most."""
    return sorted(scores, key=_telling)[-1]


def _telling(score: Row) -> tuple[int, dt.datetime, int]:
    return score["score"], score["local_date"], -_TELLING.index(score["moment"])


def _unscored(scope: Scope) -> str:
    before = scope.pain["local_date"].max()
    last = "" if scope.pain.empty else f" Last score: {formatting.day_and_year(before)}."
    return f"No scores {'in' if scope.complete else 'yet'} this week.{last}"


def _line(scope: Scope, worst: Row) -> Line:
    """Return the line of a knee whose worst score of the week is `worst`."""
    knee = worst["knee"]
    scores = [score for score in scope.related_scores if score["knee"] == knee]
    zone = _zone(scope, knee)
    parts = [_worst(worst, scores), _scored(scope, scores), _ZONES[zone]]
    text = " ".join(formatting.sentence(part) for part in parts if part)
    return Line(kind="knee", label=formatting.KNEES[knee], text=text, colour=_COLOURS.get(zone, ""))


def _worst(worst: Row, scores: list[Row]) -> str:
    """Return the worst score, with the next morning's and the one before of the same run."""
    by_moment = _by_moment(score for score in scores if score["run_date"] == worst["run_date"])
    del by_moment[worst["moment"]]
    moment = _MOMENTS.get(worst["moment"], "")
    morning = f", {by_moment[NEXT_MORNING]} the next morning" if NEXT_MORNING in by_moment else ""
    before = f" ({by_moment['before']} before the run)" if "before" in by_moment else ""
    return f"worst pain {worst['score']}/10{moment}{morning}{before}"


def _by_moment(scores: Iterable[Row]) -> dict[str, int]:
    """Return the highest score of each moment."""
    rising = sorted(scores, key=itemgetter("score"))
    return {score["moment"]: score["score"] for score in rising}


def _scored(scope: Scope, scores: list[Row]) -> str:
    """Return how many of the week's runs have a score during or after."""
    if not scope.counted_runs:
        return ""
    felt = {score["run_id"] for score in scores if score["moment"] in {"during", "after"}}
    scored = sum(run["run_id"] in felt for run in scope.counted_runs)
    return f"you gave scores for {scored} of {formatting.count(len(scope.counted_runs), 'run')}"


def _zone(scope: Scope, knee: str) -> str:
    """Return the worst zone of the week's runs and days; green only where every run is."""
    knee_zones = [zone for zone in scope.zones if zone["knee"] in _knees_of(scope, knee)]
    zones = {zone["day_zone"] for zone in knee_zones}
    if {run["run_id"] for run in scope.counted_runs} - {zone["run_id"] for zone in knee_zones}:
        zones -= {"green"}
    return next((zone for zone in ("red", "amber", "unknown", "green") if zone in zones), "unknown")


def _knees_of(scope: Scope, knee: str) -> tuple[str, ...]:
    """Return the knees whose zones a stored name speaks of."""
    return {"both": ("left", "right"), "unsure": (scope.settings.knee,)}.get(knee, (knee,))


def onset_line(scope: Scope) -> Line | None:
    """Return where in the run pain began, this time and the last ones; None where never noted."""
    newest = _onset_scores(scope)
    if not newest:
        return None
    today = scope.analysis.today
    texts = [
        f"{onset(scope, score)} on {formatting.day(score['run_date'], today)}" for score in newest
    ]
    return Line(kind="onset", label="Pain began", text=formatting.sentence(formatting.join(texts)))


def _onset_scores(scope: Scope) -> list[Row]:
    """Return the last scores that say where pain began, the newest first."""
    pain = scope.pain[["run_date", "local_date", "onset_km", "onset_min"]]
    ran, day, *began = (pain[name].to_numpy() for name in pain)
    with_onset = np.flatnonzero(~np.isnan(began).all(axis=0))
    newest = with_onset[np.lexsort((day[with_onset], ran[with_onset]))][::-1]
    return rows(pain, [*pain], newest[: _ONSETS_NAMED + 1])


def onset(scope: Scope, row: Row) -> str:
    """Return where in the run pain began, in words."""
    if formatting.is_finite(row["onset_km"]):
        return f"at {formatting.distance(row['onset_km'], scope.units)}"
    return f"after {row['onset_min']:.0f} min" if formatting.is_finite(row["onset_min"]) else ""


def pain_rows(scope: Scope) -> tuple[PainRow, ...]:
    """Return the week's scores, a row for each knee and run or day."""
    run_and_knee = itemgetter("run_date", "knee")
    groups = groupby(sorted(scope.related_scores, key=run_and_knee), run_and_knee)
    return tuple(_row(scope, list(scores)) for _, scores in groups)


def _row(scope: Scope, scores: list[Row]) -> PainRow:
    highest = _by_moment(scores)
    others = [score for moment, score in highest.items() if moment not in _FOUR]
    return PainRow(
        date=scores[0]["run_date"].date(),
        knee=scores[0]["knee"],
        site=_joined((score["site"] for score in scores), ", "),
        **{moment: highest.get(moment) for moment in _FOUR},
        other=max(others, default=None),
        onset=_joined((onset(scope, score) for score in scores), ", "),
        note=_joined((score["note"] for score in scores), "; "),
    )


def _joined(texts: Iterable[str], by: str) -> str:
    """Return the different texts that say something, in their order."""
    return by.join(formatting.humanise(t) for t in dict.fromkeys(texts) if t not in {"", "unsure"})
