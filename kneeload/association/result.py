"""The explanation as data: what `explain` returns and JSON shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from kneeload import formatting, notebook
from kneeload.association.backtest import Backtest
from kneeload.association.lags import Lag

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kneeload.association.pain_free import PainFree
    from kneeload.association.questions import Answer, Question
    from kneeload.association.selection import Selective


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What the diary holds, before anything is made of it.

    Parameters
    ----------
    runs, run_days, scored_days
        Runs, days with a run, days with a score.
    morning_share, zero_share
        Share of runs with a next-morning score; share of scores that are 0; ``None`` without any.
    longest_gap_days
        Most days in a row without a score, between the first and the last.
    """

    runs: int
    run_days: int
    scored_days: int
    morning_share: float | None
    zero_share: float | None
    longest_gap_days: int


@dataclass(frozen=True, kw_only=True)
class Onset:
    """A day on which pain set in, and the week before it beside the runner's own quiet weeks.

    Parameters
    ----------
    date, score
        The day and its worst score.
    week
        Sums of the seven days before: distance_km, descent_m, hard_min, knee_load.
    usual
        Means of the same on the referent days; ``None`` where there is none to compare with.
    """

    date: dt.date
    score: int
    week: dict[str, float | None]
    usual: dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class BeforeOnsets:
    """Onsets, each beside its own referents; `p` of distance, from ten onsets on.

    Where runs with a score differ from those without (`selective`), nothing is compared.
    """

    onsets: tuple[Onset, ...]
    difference_km: float | None
    p: float | None
    selective: Selective


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What one runner's diary says about load and pain, and what it cannot say.

    Parameters
    ----------
    primary
        The one question fixed in advance.
    secondary
        Six further questions, Holm's correction over them.
    backed_off
        Whether runs that began with more pain were shorter; ``None`` where it cannot be seen or
        is withheld.
    backing_off, why
        What that rests on; the runner's own reasons for easier weeks, counted.
    lags
        Load before pain and pain before load; empty where the primary verdict is withheld.
    before_onsets
        The week before each onset.
    pain_free
        How far runs went without pain, by month.
    rules, rules_14d, time_loss
        Every rule against the onsets within 7 and 14 days, and against injuries of at least 7 days.
    sentences
        All of it in words, the primary question first.
    """

    today: dt.date
    checks: Checks
    primary: Answer
    secondary: tuple[Question, ...]
    backed_off: bool | None
    backing_off: Answer
    why: dict[str, int]
    lags: tuple[Lag, ...]
    before_onsets: BeforeOnsets
    pain_free: PainFree
    rules: tuple[Backtest, ...]
    rules_14d: tuple[Backtest, ...]
    time_loss: tuple[Backtest, ...]
    sentences: tuple[str, ...] = ()

    def __repr__(self) -> str:
        summary = f"{self.primary.verdict}, {formatting.count(self.primary.pairs, 'pair')}"
        return f"<Explanation on {self.today}: {summary}>"

    def _repr_html_(self) -> str:
        """Show its sentences, in a notebook."""
        body = notebook.bullets("", self.sentences, most=len(self.sentences))
        return notebook.card("What your diary says", {}, body=body)

    def lags_frame(self) -> pd.DataFrame:
        """Return the lags as a frame: ``direction``, ``lag`` [d], ``rho``, ``days``."""
        return _frame(Lag, self.lags)

    def onsets_frame(self) -> pd.DataFrame:
        """Return the new spells of pain: ``date``, ``score``, the week before, a usual week.

        Columns ``week_`` hold the sums of the seven days before, ``usual_`` the means of the
        runner's quiet weeks: ``distance_km, descent_m, hard_min, knee_load``.
        """
        rows = [
            {"date": onset.date, "score": onset.score}
            | {f"week_{name}": value for name, value in onset.week.items()}
            | {f"usual_{name}": value for name, value in onset.usual.items()}
            for onset in self.before_onsets.onsets
        ]
        table = pd.DataFrame(rows or None, columns=None if rows else ["date", "score"])
        return table.astype({"date": "datetime64[us]"})

    def rules_frame(self, horizon_days: Literal[7, 14] = 7) -> pd.DataFrame:
        """Return every rule against the new spells of pain, a row each: fields of `Backtest`.

        Parameters
        ----------
        horizon_days
            How many days before the pain a flag counts as a warning [d].
        """
        return _frame(Backtest, self.rules if horizon_days == 7 else self.rules_14d)

    def as_json(self) -> dict[str, Any]:
        """Return the explanation in what JSON can hold; dates as ISO 8601."""
        plain = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return plain | {"selective": plain["primary"]["selective"]}


def _frame(kind: type[Lag | Backtest], rows: Iterable[Lag | Backtest]) -> pd.DataFrame:
    """Return a row for each dataclass, with its fields as columns; None becomes NaN."""
    columns = [field.name for field in fields(kind)]
    table = pd.DataFrame([asdict(row) for row in rows], columns=columns)
    unknown = [name for name in columns if table[name].isna().all()]
    return table.astype(dict.fromkeys(unknown, "float64"))


def _plain(value: object) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value
