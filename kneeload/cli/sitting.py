"""One sitting of `kneeload pain`: every answer is stored as it is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.last_days import (
    RECALLED_DAYS,
    LastDays,
    notes_to_review,
    quiet_week,
    where,
    which_knee,
)
from kneeload.cli.missing_entries import Question, day_questions
from kneeload.cli.output import TO_UNDO, width
from kneeload.frames import upto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.cli.app import App
    from kneeload.log.training_log import TrainingLog
    from kneeload.store.journal import Change


@dataclass
class Sitting:
    """What was answered so far; its entries are one batch, which one undo takes back.

    Parameters
    ----------
    knee, site
        What the scores mean; the site is empty until it was asked for.
    """

    app: App
    log: TrainingLog
    knee: str = "unsure"
    site: str = ""
    scores: int = 0
    others: int = 0
    quiet: bool = False
    _batch: int | None = None
    _last: dict[str, Any] = field(default_factory=dict)

    def questions(self) -> Iterator[Question]:
        """Yield what is missing; what takes long to find is found when it is its turn."""
        today = self.app.today(self.log.settings)
        read = self.log.since(today - dt.timedelta(days=RECALLED_DAYS + 2))
        days = LastDays.of(read, today, None if self.app.as_of else self.app.now)
        _remind(read, days)
        self.knee, self.site = days.usual_knee(), days.settings.site or ""
        lacking = days.lacking()
        yield from self._of_runs(days, lacking)
        analysis = self.app.analysis(self.log)
        yield from notes_to_review(analysis.pain)
        for question in day_questions(analysis):
            yield question
            if question.is_score:
                yield from self._where()

    def _of_runs(
        self, days: LastDays, lacking: list[tuple[Any, list[Question]]]
    ) -> Iterator[Question]:
        if lacking and self.knee == "unsure":
            yield which_knee()
        if offer := quiet_week(days, lacking):
            yield offer
        for question in (q for _, questions in lacking for q in questions if not self.quiet):
            yield question
            yield from self._where()

    def _where(self) -> Iterator[Question]:
        if self._last.get("score") and not self.site:
            yield where()
            self._settle_site()

    def _settle_site(self) -> None:
        """Keep a site that was not answered from being asked for twice in one sitting."""
        self.site = self.site or "unsure"

    def keep(self, question: Question, key: str) -> None:
        """Store an answer at once."""
        answer = question.keys[key]
        if question.kind in {"knee", "site"}:
            setattr(self, question.kind, answer)
            self.log.set(question.kind, answer)
            if question.kind == "site":
                self._record([self._with_site()])
            return
        changes = [self._completed(change) for change in question.answered(key)]
        ids = self._record(changes)
        self.quiet |= question.kind == "quiet"
        self.scores += len(changes) if question.kind != "reason" else 0
        self.others += question.kind == "reason"
        self._last = changes[-1].payload | {"name": ids[-1]}

    def _completed(self, change: Change) -> Change:
        """Return a score with the knee, and the site where it hurts, that were not named."""
        from dataclasses import replace

        if change.object != "pain" or change.verb == "remove":
            return change
        fields = dict(change.payload)
        if fields["knee"] == "unsure":
            fields["knee"] = self.knee
        if fields["site"] == "unsure" and fields["score"] and self.site:
            fields["site"] = self.site
        return replace(change, payload=fields)

    def _with_site(self) -> Change:
        """Return the last score with the site that was asked for because of it."""
        from kneeload.store.journal import Change

        fields = {key: value for key, value in self._last.items() if key != "name"}
        site = fields | {"site": self.site}
        return Change(verb="edit", object="pain", subject=self._last["name"], payload=site)

    def _record(self, changes: list[Change]) -> list[str]:
        ids = self.log.record(changes, self.app.now, batch=self._batch)
        self._batch = self.log.last_batch()
        return ids

    def close(self) -> None:
        """Say what was stored."""
        if not self.scores + self.others:
            click.echo("Nothing logged.")
            return
        counts = [formatting.count(self.scores, "score"), formatting.count(self.others, "reason")]
        stored = formatting.join(text for text in counts if not text.startswith("0"))
        click.echo(f"Logged {stored}.\n{TO_UNDO}")


def _remind(read: Any, days: LastDays) -> None:
    """Show the red flags that no assessment has answered."""
    from textwrap import fill

    from kneeload.rules.red_flags import advice, red_flags

    diary = upto(read.diary, days.today)
    signs = red_flags(diary, days.pain, days.settings, today=days.today)
    for sign in signs.loc[signs["open"]].to_dict("records"):
        what = formatting.sentence(
            f"{sign['words']} on {formatting.day(sign['local_date'], days.today)}"
        )
        click.echo(fill(f"{what} {advice(sign['urgency'])}", width()))
