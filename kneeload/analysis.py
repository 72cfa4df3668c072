"""Everything that follows from the log's frames on one day, gathered for status and report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kneeload import formatting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    import pandas as pd

    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog
    from kneeload.planning import Plan, PlanInputs
    from kneeload.planning.goal import Outlook
    from kneeload.settings import Settings


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
    zones, signs, run_limits, week_limits
        As `kneeload.rules.derived_frames` returns them; the limits are of the runs that count.
    plan_inputs
        What the plan rests on.
    """

    activities: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    weeks: pd.DataFrame
    zones: pd.DataFrame
    signs: pd.DataFrame
    run_limits: pd.DataFrame
    week_limits: pd.DataFrame
    flags: pd.DataFrame
    plan_inputs: PlanInputs
    plan: Plan
    settings: Settings
    today: dt.date

    def asked(self, run_km: float) -> Plan:
        """Return the plan with all that a run of `run_km` [km] today would break."""
        from kneeload.planning import would_flag

        return replace(self.plan, would_flag=would_flag(self.plan_inputs, run_km, self.flags))

    def outlooks(self) -> tuple[Outlook, ...]:
        """Return whether the limits reach each goal whose day has not passed, the next first."""
        from kneeload.planning.goal import goals, outlook

        return tuple(outlook(self.plan_inputs, goal) for goal in goals(self.diary, self.today))

    def __repr__(self) -> str:
        held = {"run": self.runs, "week": self.weeks, "score": self.pain, "flag": self.flags}
        counts = (formatting.count(len(frame), name) for name, frame in held.items())
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
    from kneeload.measures.baselines import is_running
    from kneeload.measures.load_ratios import at_week_ends
    from kneeload.planning import PlanInputs, planned
    from kneeload.rules import derived_frames, flags_of, installed_rules
    from kneeload.weeks import countable_runs, suspect_days, weeks_of

    activities = _until(activities, today)
    pain, diary = _until(conform(pain, PAIN), today), _until(conform(diary, DIARY), today)
    runs = activities.loc[is_running(activities)].reset_index(drop=True)
    counting = countable_runs(runs, also={*RUNS, "band_source"})
    weeks = weeks_of(counting, pain, suspect_days(runs), settings=settings, today=today)
    weeks = weeks.join(at_week_ends(counting, weeks["week_start"], today))
    frames: dict[str, Any] = {"weeks": weeks, "runs": counting, "diary": diary}
    frames |= derived_frames(weeks, counting, pain, diary, settings=settings, today=today)
    inputs = PlanInputs(
        **{name: frames[name] for name in ("weeks", "runs", "pain", "diary", "zones", "signs")},
        settings=settings,
        today=today,
    )
    flags = flags_of(
        frames,
        installed_rules().values(),
        settings=settings,
        today=today,
        acknowledged=acknowledged,
    )
    return Analysis(
        **frames | {"runs": runs},
        activities=activities,
        flags=flags,
        plan_inputs=inputs,
        plan=planned(inputs),
        settings=settings,
        today=today,
    )


def weeks_with_flags(analysis: Analysis) -> pd.DataFrame:
    """Return the weeks with ``flags``, their flags' ids joined by ``;``, behind the scores."""
    ids = analysis.flags.groupby("week")["flag_id"].agg(";".join)
    joined = analysis.weeks["week"].map(ids).astype("str").fillna("")
    weeks = analysis.weeks.copy()
    weeks.insert(list(weeks.columns).index("pain_scores") + 1, "flags", joined)
    return weeks


def weeks_with_limits(analysis: Analysis) -> pd.DataFrame:
    """Return the weeks with ``limit_km``, NaN without one, and ``by_guideline``.

    The limit is the return's where one lasted, a professional's where set, else the 10 %
    guideline; in the current week that of the plan.
    """
    import numpy as np

    frame, plan, weeks = analysis.week_limits, analysis.plan, analysis.weeks
    back = frame["return_km"].where(frame["replaces"])
    km = frame["own_km"].fillna(back).fillna(frame["usual_km"]).to_numpy(copy=True)
    guided = (frame["own_km"].isna() & back.isna()).to_numpy(copy=True)
    if len(weeks) and not weeks["complete"].iloc[-1]:
        km[-1] = np.nan if plan.this_week_km is None else plan.this_week_km
        guided[-1] = plan.this_week_set_by == "usual"
    return weeks.assign(limit_km=km, by_guideline=guided)


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


def plan_log(
    log: TrainingLog,
    *,
    today: dt.date,
    units: Units | None = None,
    run_km: float | None = None,
) -> Plan:
    """Return the plan of `analyse_log` alone; with `run_km` [km], what such a run would break.

    Without it no load and no flag is computed.
    """
    from kneeload.planning import plan
    from kneeload.weeks import weekly

    read = log.reading()
    settings = replace(read.settings, units=units or read.settings.units)
    runs = read.runs if run_km is None else read.activities
    weeks = weekly(runs, read.pain, settings=settings, today=today)
    log_frames = weeks, runs, read.pain, read.diary
    return plan(*log_frames, settings=settings, today=today, run_km=run_km)


def _until(frame: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    from kneeload.frames import upto

    return upto(frame, today).reset_index(drop=True)
