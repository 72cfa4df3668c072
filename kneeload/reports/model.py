"""What a weekly report says, as plain values: tests look at these, pages only render them.

Values are metric and missing ones are None or ""; sentences already speak the runner's units.
Nothing here holds a file's path or a position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.formatting import Units
    from kneeload.model import Severity


LineKind = Literal["red_flag", "knee", "onset", "pain_free", "load", "flags", "goal", "next"]
Colour = Literal["", "amber", "red"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of the first lines: its name, its sentence, and the colour of what it tells."""

    kind: LineKind
    label: str
    text: str
    colour: Colour = ""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Part of the opening sentence, and the key of the picture that shows it, empty for none."""

    text: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One stretch of a rule firing: what happened, how often before, what it rests on.

    Parameters
    ----------
    rule, title
        The rule's id, and its name in words.
    severity
        The heaviest of the episode within the report's week.
    message
        What happened, with observed value and limit.
    since
        Since when it lasts, empty where it began this week.
    fired_before, scored, followed
        Earlier episodes of the rule for this runner; those with a score in the 7 days after their
        first flag; those with one of 3 or more.
    by_chance
        How many of them that would have been by chance.
    before
        The same in words.
    evidence, grade, source
        What it rests on in a sentence, the grade of that, and a link.
    acknowledged
        Whether the runner has seen it.
    """

    rule: str
    title: str
    severity: Severity
    message: str
    since: str
    fired_before: int
    scored: int
    followed: int
    by_chance: float
    before: str
    evidence: str
    grade: str
    source: str
    acknowledged: bool
    flag_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An episode that ended before the report's week, in one line."""

    date: dt.date
    title: str
    severity: Severity
    message: str


@dataclass(frozen=True, kw_only=True)
class WeekLimit:
    """The limit of a week [km], what is run of it [km], and what set it, as in a plan."""

    week_start: dt.date
    km: float
    run_km: float
    set_by: str = "usual"


@dataclass(frozen=True, kw_only=True)
class Next:
    """What comes next: the next run's limit [km], None where there is no number, and why."""

    next_run_km: float | None
    limits: tuple[WeekLimit, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run of the week; `remark` holds its name and what is odd about it."""

    run_id: str
    date: dt.date
    distance_km: float | None
    moving_s: float | None
    avg_hr_bpm: float | None
    descent_m: float | None
    rpe: float | None
    knee_load_km: float | None
    remark: str
    suspect: bool


@dataclass(frozen=True, kw_only=True)
class PainRow:
    """The scores of one knee around one run, or of one day; None where there is none.

    Parameters
    ----------
    date
        The day of the run they speak of.
    other
        The highest score of a moment that is not one of the four.
    onset
        Where in the run pain began, in words.
    """

    date: dt.date
    knee: str
    site: str
    before: int | None
    during: int | None
    after: int | None
    next_morning: int | None
    other: int | None
    onset: str
    note: str


@dataclass(frozen=True, kw_only=True)
class WeekRow:
    """One week behind the main chart, for those who read tables."""

    start: dt.date
    complete: bool
    runs: int
    distance_km: float
    limit_km: float | None
    longest_run_km: float | None
    cutback: bool
    pain_max: float | None
    pain_scores: int


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart with its words; where it has two sizes, the page shows the one that fits."""

    key: str
    title: str
    text: str
    note: str
    narrow: str
    wide: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number with the name that other systems give it."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """Load as other systems show it: numbers, what they rest on, what studies of runners found."""

    figures: tuple[Figure, ...]
    rests: str
    found: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One rule held against the onsets of pain, beside chance; counts, never a probability.

    The 95 % interval of the share of onsets with a flag before is there from ten onsets on.
    """

    title: str
    onsets: int
    warned: int
    expected: float | None
    flags: int
    followed: int
    followed_expected: float | None
    flags_per_4_weeks: float
    lead_days: float | None
    interval: tuple[float, float] | None

    @property
    def hits(self) -> str:
        """The onsets with its flag before, and the interval of their share."""
        counts = f"{self.warned} of {self.onsets}"
        if self.interval is None:
            return counts
        low, high = (100 * bound for bound in self.interval)
        return f"{counts} ({low:.0f} to {high:.0f} %)"


@dataclass(frozen=True, kw_only=True)
class LoadAndPain:
    """What the whole diary says of load and pain, in sentences.

    Parameters
    ----------
    primary
        The one question fixed in advance, or what is missing for it.
    reading
        How to read its numbers, empty where it has none.
    data
        What it rests on.
    others, further_heading, further
        What else was looked at; the secondary questions, corrected for multiple testing.
    rules_intro, rules
        What the rules are held against, and each rule; empty before the first onset.
    """

    primary: str
    reading: str
    data: str
    others: tuple[str, ...]
    further_heading: str
    further: tuple[str, ...]
    rules_intro: str
    rules: tuple[Warned, ...]
    drawing: Drawing | None


@dataclass(frozen=True, kw_only=True)
class GoalWeek:
    """One week on the way to a goal: its limit, and that of its longest run [km]."""

    start: dt.date
    week_km: float | None
    longest_km: float | None


@dataclass(frozen=True, kw_only=True)
class GoalPart:
    """One goal: what it is, whether the limits reach it in words, and the weeks up to there."""

    title: str
    text: str
    reached: bool
    weeks: tuple[GoalWeek, ...]


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A designed empty state: what is not there yet and the commands that change it."""

    title: str
    text: str
    commands: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """One week as the page, the terminal and the JSON tell it.

    Parameters
    ----------
    week
        Label YYYY-Www, empty where the log holds nothing.
    title
        The week's headline, one sentence with its numbers.
    days
        The week's dates in words.
    complete
        False while the week runs; its numbers are "so far" then.
    lines
        The first lines in their fixed order.
    age
        How long ago the week ended, where it lies back.
    story
        How the newest spell of pain began and went, clause by clause; empty where there is none.
    """

    week: str
    days: str
    today: dt.date
    units: Units
    complete: bool
    title: str
    lines: tuple[Line, ...]
    age: str = ""
    story: tuple[Clause, ...] = ()
    red_flags: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    episodes: tuple[Episode, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    next: Next | None = None
    goals: tuple[GoalPart, ...] = ()
    load_and_pain: LoadAndPain | None = None
    context: Context | None = None
    runs: tuple[RunRow, ...] = ()
    pain: tuple[PainRow, ...] = ()
    weeks: tuple[WeekRow, ...] = ()
    besides: str = ""
    notes: tuple[str, ...] = ()

    @property
    def nothing_fired(self) -> str:
        """What stands in the place of episodes, where there are none."""
        from kneeload.rules.red_flags import NOTHING_FOUND

        return next((line.text for line in self.lines if line.kind == "flags"), NOTHING_FOUND)

    def __repr__(self) -> str:
        return f"<Report {self.week or 'of an empty log'}: {self.title}>"

    def _repr_html_(self) -> str:
        """Show the page itself, in a notebook, in a frame of its own."""
        from kneeload import notebook
        from kneeload.reports.render.html import render

        return notebook.page(f"Weekly report, {self.days}", render(self))
