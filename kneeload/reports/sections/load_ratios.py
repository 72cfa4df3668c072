"""The week's load as other systems show it: context only, with where its numbers came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.frames import CONTEXT
from kneeload.measures.baselines import references
from kneeload.reports.model import Context, Figure

if TYPE_CHECKING:
    from kneeload.measures.baselines import References
    from kneeload.reports.week_view import Scope

FOUND = (
    "In the larger studies, runners whose last week was much harder than the month before had no "
    "more injuries than others. In the largest study they had fewer. The band from 0.8 to 1.3 that "
    "other systems show comes from team sports. kneeload has a rule for only one number in this "
    "table: monotony, how alike the days of a week are."
)
SOURCE = "https://doi.org/10.1136/bjsports-2024-109380"
# The name that other systems use, and how many decimals tell anything.
_NAMES = {
    "acute": ("Acute load (daily average of the last 7 days)", 0),
    "chronic": ("Chronic load (daily average of the last 28 days)", 0),
    "acwr_coupled": (
        "Acute:chronic workload ratio (ACWR), coupled: the last 7 days divided by the last 28",
        2,
    ),
    "acwr_uncoupled": ("ACWR, uncoupled: the last 7 days divided by the 21 before", 2),
    "acwr_ewma": ("ACWR, exponentially weighted: recent days count more", 2),
    "monotony": ("Monotony (how alike the days are, after C. Foster)", 1),
    "strain": ("Strain (the week’s load multiplied by its monotony, after C. Foster)", 0),
    "fitness": ("Fitness (load that fades over 42 days)", 0),
    "fatigue": ("Fatigue (load that fades over 7 days)", 0),
    "form": ("Form (fitness minus fatigue, both from the day before)", 0),
}
_METHODS = {
    "banister": "heart rate (Banister’s method)",
    "edwards": "heart rate zones (Edwards’ method)",
    "srpe": "perceived exertion times minutes",
    "rtss": "pace (running stress score, rTSS)",
}
_SOURCES = {
    "setting": "from your settings",
    "observed": "two other runs within 24 months came close to it",
    "tanaka": "estimated from your age",
    "assumed": "assumed",
}


def context(scope: Scope) -> Context | None:
    """Return the week's load as other systems show it; None where no load was measured."""
    week = scope.week
    if week is None or not set(CONTEXT) <= set(week):
        return None
    figures = tuple(
        Figure(name=name, value=formatting.number(week[column], digits))
        for column, (name, digits) in _NAMES.items()
        if formatting.is_finite(week[column])
    )
    if not figures:
        return None
    return Context(figures=figures, rests=_rests(scope), found=FOUND, source=SOURCE)


def _rests(scope: Scope) -> str:
    """Return what the load was computed from, and what intensity was measured against."""
    methods = dict.fromkeys(run["load_method"].removeprefix("~") for run in scope.counted_runs)
    by = formatting.join(_METHODS.get(method, formatting.humanise(method)) for method in methods)
    parts = [
        f"the load is worked out from {by}" if by else "",
        _estimated(scope),
        *_measured_against(scope),
    ]
    return " ".join(formatting.sentence(part) for part in parts if part)


def _estimated(scope: Scope) -> str:
    """Return how much of the week's load was estimated, empty where all was measured."""
    share = scope.week["load_estimated_share"] if scope.week else None
    if share is None or not share > 0:
        return ""
    return f"{formatting.percent(share)} of this week's load is estimated"


def _measured_against(scope: Scope) -> tuple[str, ...]:
    activities = scope.analysis.activities
    if not {"hr_peak_bpm", "ngp_mps"} <= set(activities.columns):
        return ()
    used = references(activities, scope.settings)
    hr_max = f"the maximum heart rate is {used.hr_max:.0f}{_set_on(used)}"
    return (
        f"{hr_max} ({_SOURCES[used.hr_max_source]})",
        f"the resting heart rate is {used.hr_rest:.0f} ({_SOURCES[used.hr_rest_source]})",
        _threshold(used, scope),
    )


def _set_on(used: References) -> str:
    """Name the run that set the maximal heart rate, so that a faulty one can be looked at."""
    return (
        f", from the run of {formatting.day_and_year(used.hr_max_date)}" if used.hr_max_date else ""
    )


def _threshold(used: References, scope: Scope) -> str:
    if not used.threshold_source:
        return ""
    is_set = used.threshold_source == "setting"
    pace = formatting.pace(1000 / used.threshold_mps, 1.0, scope.units)
    where = "from your settings" if is_set else "from your best run of the last twelve months"
    return f"the threshold pace, which you can hold for about an hour, is {pace} ({where})"
