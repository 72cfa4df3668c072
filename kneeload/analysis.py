"""Everything that follows from the log's frames on one day, gathered for status and report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kneeload import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    import pandas as pd

    from kneeload.log.training_log import TrainingLog
    from kneeload.planning import Plan
    from kneeload.settings import Settings, Units


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """The frames, flags and plan as they stand on `today`; nothing later is in them.

    Parameters
    ----------
    activities
        All sports, columns of `kneeload.frames.RUNS`; duplicates and removed runs left out.
    runs
        The running ones among them.
    pain, diary, weeks, flags
        Frames of the same names in `kneeload.frames`; behind those of `weeks` what
        `kneeload.frames.CONTEXT` describes.
    zones, signs
        As `kneeload.rules.judged` returns them.
    """

    activities: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    weeks: pd.DataFrame
    zones: pd.DataFrame
    signs: pd.DataFrame
    flags: pd.DataFrame
    plan: Plan
    settings: Settings
    today: dt.date

    def __repr__(self) -> str:
        held = {"run": self.runs, "week": self.weeks, "score": self.pain, "flag": self.flags}
        counts = (words.count(len(frame), name) for name, frame in held.items())
        return f"<Analysis on {self.today}: {', '.join(counts)}>"


def analyse(
    activities: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    settings: Settings,
    today: dt.date,
    acknowledged: Collection[str] = frozenset(),
) -> Analysis:
    """Return what the log's frames add up to on `today`; everything later is left out.

    Parameters
    ----------
    activities
        All sports, columns of `kneeload.frames.RUNS`, loads filled in.
    pain, diary
        Frames of the same names in `kneeload.frames`.
    acknowledged
        Ids of the flags that the runner has answered.
    """
    from kneeload.frames import DIARY, PAIN, RUNS, conform
    from kneeload.measures.context import at_week_ends
    from kneeload.measures.references import is_running
    from kneeload.planning import Known, planned
    from kneeload.rules import flags_of, installed_rules, judged
    from kneeload.weeks import counted, suspects, weeks_of

    activities = _until(activities, today)
    pain, diary = _until(conform(pain, PAIN), today), _until(conform(diary, DIARY), today)
    runs = activities.loc[is_running(activities)].reset_index(drop=True)
    own = counted(runs, also={*RUNS, "band_source"})
    weeks = weeks_of(own, pain, suspects(runs), settings=settings, today=today)
    weeks = weeks.join(at_week_ends(own, weeks["week_start"], today))
    known: dict[str, Any] = {"weeks": weeks, "runs": own, "pain": pain}
    known |= judged(own, pain, diary, settings)
    flags = flags_of(
        {**known, "diary": diary},
        installed_rules().values(),
        settings=settings,
        acknowledged=acknowledged,
    )
    return Analysis(
        **known | {"runs": runs},
        activities=activities,
        diary=diary,
        flags=flags,
        plan=planned(Known(**known, settings=settings, today=today)),
        settings=settings,
        today=today,
    )


def analyse_log(
    log: TrainingLog,
    *,
    today: dt.date,
    through: dt.date | None = None,
    units: Units | None = None,
) -> Analysis:
    """Return what the log adds up to on `today`; with `through`, as when that day was over.

    The messages of flags and plan speak `units`, by default the runner's.
    """
    last = through or today
    settings = log.settings
    return analyse(
        *(_until(frame, last) for frame in (log.activities(), log.pain(), log.diary())),
        settings=replace(settings, units=units or settings.units),
        today=min(today, last + timedelta(days=1)) if through else today,
        acknowledged=frozenset(log.acknowledged()),
    )


def _until(frame: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    import pandas as pd

    return frame.loc[frame["local_date"] <= pd.Timestamp(today)].reset_index(drop=True)
