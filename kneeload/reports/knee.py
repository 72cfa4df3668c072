"""What the diary says of each knee in the report's week, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload import words
from kneeload.reports.report import Colour, Hint, Line, PainRow
from kneeload.reports.scope import NEXT_MORNING

if TYPE_CHECKING:
    from kneeload.reports.scope import Scope

KNEES = {"left": "Left knee", "right": "Right knee", "both": "Both knees", "unsure": "Knee"}
_COLOURS: dict[str, Colour] = {"amber": "amber", "red": "red"}
_ZONES = {
    "red": "red",
    "amber": "amber",
    "green": "green",
    "unknown": "zone unknown, as a score is missing",
}
_ONSETS_NAMED = 3
_FOUR = ("before", "during", "after", NEXT_MORNING)
_TELLING = ["during", "after", NEXT_MORNING, "rest", "unsure", "before"]

NO_SCORES = Hint(
    title="The knee is not scored yet",
    text="A score takes ten seconds: worst during the run, an hour or two after, and next morning.",
    commands=("kneeload pain", "kneeload pain add 2 --knee left --moment after"),
)


def knee_lines(scope: Scope) -> list[Line]:
    """Return a line for each knee scored in the week, the worst first, or one that says none is."""
    scores = scope.within(scope.pain)
    if scores.empty:
        return [Line(kind="knee", label="Knee", text=_unscored(scope))]
    worst = scores.groupby("knee")["score"].max()
    order = sorted(worst.index, key=lambda knee: (-worst[knee], list(KNEES).index(knee)))
    return [_line(scope, knee, scores[scores["knee"] == knee]) for knee in order]


def worst_score(scope: Scope) -> tuple[str, int] | None:
    """Return the knee in words and the score of the week's highest, None where none is scored."""
    scores = scope.within(scope.pain)
    if scores.empty:
        return None
    row = _highest(scores)
    return KNEES[row["knee"]], int(row["score"])


def _highest(scores: pd.DataFrame) -> pd.Series:
    """Return the highest score; of equal ones the newest, and the one that tells most."""
    rank = scores["moment"].map(_TELLING.index)
    ordered = scores.assign(rank=-rank).sort_values(["score", "local_date", "rank"], kind="stable")
    return ordered.iloc[-1]


def _unscored(scope: Scope) -> str:
    before = scope.pain["local_date"].max()
    last = "" if before is pd.NaT else f" The last score is of {words.day_and_year(before)}."
    return f"Not scored in this week{scope.so_far}; nothing is known about it.{last}"


def _line(scope: Scope, knee: str, scores: pd.DataFrame) -> Line:
    worst = _highest(scores)
    same_run = (scope.pain["knee"] == knee) & (scope.pain["run_date"] == worst["run_date"])
    beside = scope.pain[same_run].groupby("moment")["score"].max().drop(worst["moment"])
    zone = _zone(scope, knee)
    parts = [_worst(worst, beside), _scored(scope, knee), _ZONES[zone]]
    text = " ".join(words.sentence(part) for part in parts if part)
    return Line(kind="knee", label=KNEES[knee], text=text, colour=_COLOURS.get(zone, ""))


def _worst(worst: pd.Series, beside: pd.Series) -> str:
    """Return the worst score, with the next morning's and the one before of the same run."""
    moment = "" if worst["moment"] == "unsure" else f" {words.names(worst['moment'])}"
    morning = f", {beside[NEXT_MORNING]} next morning" if NEXT_MORNING in beside else ""
    before = f" (before: {beside['before']})" if "before" in beside else ""
    return f"worst {worst['score']}/10{moment}{morning}{before}"


def _scored(scope: Scope, knee: str) -> str:
    """Return how many of the week's runs have a score during or after."""
    runs = scope.within(scope.runs)
    if runs.empty:
        return ""
    felt = scope.pain[scope.pain["moment"].isin(["during", "after"]) & (scope.pain["knee"] == knee)]
    scored = int(runs["local_date"].isin(felt["run_date"]).sum())
    return f"scored {scored} of {words.count(len(runs), 'run')}"


def _zone(scope: Scope, knee: str) -> str:
    """Return the heaviest zone of the week's runs; green only where every run is."""
    own = scope.zones[scope.zones["knee"].isin(_meant(scope, knee))]
    ran = scope.within(scope.runs)["run_id"]
    if not ran.isin(own["run_id"]).all():
        own = own[own["zone"] != "green"]
    found = set(own["zone"])
    return next((zone for zone in ("red", "amber", "unknown", "green") if zone in found), "unknown")


def _meant(scope: Scope, knee: str) -> tuple[str, ...]:
    """Return the knees whose zones a stored name speaks of."""
    return {"both": ("left", "right"), "unsure": (scope.settings.knee,)}.get(knee, (knee,))


def onset_line(scope: Scope) -> Line | None:
    """Return where in the run pain began, this time and the last ones; None where never noted."""
    noted = scope.pain[scope.pain["onset_km"].notna() | scope.pain["onset_min"].notna()]
    newest = noted.sort_values(["run_date", "local_date"], kind="stable").iloc[::-1]
    if newest.empty:
        return None
    texts = [
        f"{onset(scope, row)} on {words.day(row['run_date'])}"
        for row in newest.head(_ONSETS_NAMED + 1).to_dict("records")
    ]
    fresh = newest["run_date"].iloc[0] >= pd.Timestamp(scope.first)
    earlier = f"; before that {words.listed(texts[1:])}" if texts[1:] else ""
    text = f"{'' if fresh else 'last noted '}{texts[0]}{earlier}"
    return Line(kind="onset", label="Pain began", text=words.sentence(text))


def onset(scope: Scope, row: dict[Any, Any]) -> str:
    """Return where in the run pain began, in words."""
    if words.known(row["onset_km"]):
        return f"at {words.distance(row['onset_km'], scope.units)}"
    return f"after {row['onset_min']:.0f} min" if words.known(row["onset_min"]) else ""


def pain_rows(scope: Scope) -> tuple[PainRow, ...]:
    """Return the week's scores, a row for each knee and run or day."""
    reaches = scope.pain["local_date"] >= pd.Timestamp(scope.first)
    entries = scope.pain[scope.pain["run_date"].isin(scope.pain.loc[reaches, "run_date"])]
    groups = entries.groupby(["run_date", "knee"], sort=True)
    return tuple(_row(scope, group) for _, group in groups)


def _row(scope: Scope, entries: pd.DataFrame) -> PainRow:
    highest = entries.groupby("moment")["score"].max().to_dict()
    others = [score for moment, score in highest.items() if moment not in _FOUR]
    return PainRow(
        date=entries["run_date"].iloc[0].date(),
        knee=entries["knee"].iloc[0],
        site=_joined(entries["site"], ", "),
        **{moment: highest.get(moment) for moment in _FOUR},
        other=max(others, default=None),
        onset=_joined(_onsets(scope, entries), ", "),
        note=_joined(entries["note"], "; "),
    )


def _onsets(scope: Scope, entries: pd.DataFrame) -> pd.Series:
    return pd.Series([onset(scope, row) for row in entries.to_dict("records")], dtype="str")


def _joined(texts: pd.Series, by: str) -> str:
    """Return the different texts that say something, in their order."""
    return by.join(words.names(t) for t in texts.unique() if t not in {"", "unsure"})
