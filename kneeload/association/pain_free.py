"""Pain-free distance: how far runs went without pain, or until it began, month by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.association.rank_correlation import Z_95
from kneeload.association.run_scores import counted_runs, counted_scores, scored_runs
from kneeload.association.survival import Observations, survival

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kneeload.association.survival import Curve
    from kneeload.formatting import Units

Ending = Literal["painless", "began", "somewhere"]
MONTH_DAYS = 30
MONTHS = 6
MIN_RUNS = 6


@dataclass(frozen=True, kw_only=True)
class RunToPain:
    """One run: how far it went [km], where pain began [km], and what its scores tell.

    Parameters
    ----------
    ending
        ``painless`` to its end, ``began`` at `km`, or ``somewhere`` within `km`.
    """

    date: dt.date
    km: float
    ending: Ending


@dataclass(frozen=True, kw_only=True)
class Month:
    """The pain-free distance of the 30 days up to and with `last`.

    Parameters
    ----------
    runs, with_pain
        Runs whose scores tell whether they hurt, and those that did.
    curve
        Share of runs still without pain, by kilometre; None below `MIN_RUNS`.
    median_km
        The kilometre that half of the runs reach without pain [km]; None below `MIN_RUNS`, where
        more than half stay without pain to their end, or where it lies between `between`.
    low, high
        Its 95 % interval [km]; None where the data set no such end.
    between
        Ends of the stretch [km] in which the median lies, where no noted kilometre tells more.
    longest_km
        The longest run without pain [km].
    """

    last: dt.date
    runs: int
    with_pain: int
    curve: Curve | None
    median_km: float | None
    low: float | None
    high: float | None
    between: tuple[float, float] | None
    longest_km: float | None


@dataclass(frozen=True, kw_only=True)
class PainFree:
    """Every run that tells something, by date, and the months, the newest first."""

    runs: tuple[RunToPain, ...]
    months: tuple[Month, ...]


def pain_free(scored: pd.DataFrame, today: dt.date) -> PainFree:
    """Return how far runs went without pain, by months of 30 days counted back from `today`.

    A run tells something by its "during" score, or by the kilometre at which pain began; without
    either it is left out, since missing is not zero. The event is the noted kilometre (at most the
    run's length; 0 is pain from the first step). A "during" score of 0 without a kilometre is a
    run censored at its length. A "during" score above 0 without a kilometre is an event known only
    to lie within the run, in (0, length]: see `kneeload.association.survival`.

    Parameters
    ----------
    scored
        As `kneeload.association.run_scores.scored_runs` returns them.
    today
        The last day of the newest month.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481, doi:10.1080/01621459.1958.10501452.
    Evidence grade: *convention* (the method); 30 days and 6 runs: *assumption*.
    """
    runs = tuple(_runs_to_pain(scored))
    if not runs:  # an empty log has no today to count back from
        return PainFree(runs=(), months=())
    months = (_month(runs, today - dt.timedelta(days=MONTH_DAYS * n)) for n in range(MONTHS))
    return PainFree(runs=runs, months=tuple(months))


def pain_free_lately(runs: pd.DataFrame, pain: pd.DataFrame, today: dt.date) -> PainFree | None:
    """Return the pain-free distance of the last months; None where no run in them hurt.

    Parameters
    ----------
    runs, pain
        Frames of the same names in `kneeload.frames`.
    """
    since = pd.Timestamp(today - dt.timedelta(days=MONTH_DAYS * MONTHS))
    recent = counted_runs(runs[runs["local_date"] > since], today)
    scores = counted_scores(pain[pain["local_date"] > since], today)
    result = pain_free(scored_runs(recent, scores), today)
    return result if any(run.ending != "painless" for run in result.runs) else None


def _runs_to_pain(scored: pd.DataFrame) -> Iterable[RunToPain]:
    columns = ("local_date", "distance_km", "during", "onset_km")
    for date, km, during, onset in zip(*(scored[name].tolist() for name in columns), strict=True):
        if onset >= 0:
            yield RunToPain(date=date.date(), km=min(onset, km), ending="began")
        elif during >= 0:
            yield RunToPain(date=date.date(), km=km, ending="somewhere" if during else "painless")


def _month(runs: tuple[RunToPain, ...], last: dt.date) -> Month:
    inside = [run for run in runs if 0 <= (last - run.date).days < MONTH_DAYS]
    curve = survival(_observations(inside)) if len(inside) >= MIN_RUNS else None
    median = curve.median() if curve else None
    low, high = curve.median_interval(Z_95) if curve else (None, None)
    exact = median is not None and median[0] == median[1]
    return Month(
        last=last,
        runs=len(inside),
        with_pain=sum(run.ending != "painless" for run in inside),
        curve=curve,
        median_km=median[1] if median and exact else None,
        low=low,
        high=high,
        between=None if exact else median,
        longest_km=max((run.km for run in inside if run.ending == "painless"), default=None),
    )


def _observations(runs: list[RunToPain]) -> Observations:
    km = {kind: np.array([r.km for r in runs if r.ending == kind]) for kind in get_args(Ending)}
    return Observations(events=km["began"], censored=km["painless"], within=km["somewhere"])


def pain_free_sentence(result: PainFree, units: Units) -> str | None:
    """Say how far half of the runs get without pain; ``None`` where no run ever hurt."""
    if all(run.ending == "painless" for run in result.runs):
        return None
    now, before = result.months[:2]
    if now.curve is None:
        return _not_enough(now)
    earlier = formatting.distance(before.median_km, units)
    return (
        _reach(now, units)
        if before.median_km is None
        else (
            f"{_reach(now, units)} In the {MONTH_DAYS} days before that, about half of your runs "
            f"would have hurt within {earlier} (an estimate)."
        )
    )


def _not_enough(now: Month) -> str:
    more = formatting.count(MIN_RUNS - now.runs, "more run")
    scored = formatting.count(now.runs, "run")
    return (
        f"Not enough data yet on how far you run without pain: in the last {MONTH_DAYS} days "
        f"{scored} {'has' if now.runs == 1 else 'have'} a score for pain during the run. Score "
        f"{more}, painless ones too, and note the kilometre where pain began."
    )


def _reach(now: Month, units: Units) -> str:
    if now.median_km is not None:
        return (
            f"Judging by the last {MONTH_DAYS} days, about half of your runs would hurt within "
            f"{formatting.distance(now.median_km, units)}."
        )
    if now.between is not None:
        return (
            f"Judging by the last {MONTH_DAYS} days, about half of your runs would hurt within "
            f"{formatting.distance(now.between[1], units)}. If you note the kilometre where pain "
            "begins, kneeload can work this out more exactly."
        )
    calm = now.runs - now.with_pain
    longest = f" The longest was {formatting.distance(now.longest_km, units)}." if calm else ""
    scored = f"{formatting.count(now.runs, 'scored run')} of the last {MONTH_DAYS} days"
    which = f"All {scored} were" if calm == now.runs > 1 else f"{calm} of your {scored} were"
    return f"{which} free of pain.{longest}"
