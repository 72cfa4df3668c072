"""Documents to rows of the log: decoded and measured on all cores, written in one place."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kneeload import formatting, notebook
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.decode import decode
from kneeload.importers.document import Document, Origin, Refusal
from kneeload.ingest.workers import pool
from kneeload.measures.account_totals import corrected
from kneeload.measures.localtime import date_of, local_time
from kneeload.measures.summary import summarise
from kneeload.model import Sport
from kneeload.store import originals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from kneeload.measures.summary import Summary
    from kneeload.model import Activity, WatchPain

TASK_BYTES = 1 << 19  # about three runs
IN_FLIGHT_PER_WORKER = 4  # tasks; bounds memory, whatever the archive's size


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the activity table; the fields are its columns, in order."""

    run_id: str
    digest: str
    session_index: int
    sport: str
    sport_inferred: int
    started_at: str
    clock_known: int
    utc_offset_s: int
    offset_source: str
    local_date: str
    distance_km: float | None
    distance_source: str
    moving_s: float | None
    elapsed_s: float | None
    ascent_m: float | None
    descent_m: float | None
    avg_hr_bpm: float | None
    max_hr_bpm: float | None
    avg_cadence_spm: float | None
    rpe: float | None
    name: str
    description: str
    private_note: str
    gear: str
    device: str
    suspect_reason: str
    warnings: str
    profile: bytes
    moved_from_s: float
    moved_until_s: float | None
    device_distance_km: float | None
    workout_feel: float | None
    watch_pain: str


ROW_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Row))


@dataclass(frozen=True)
class Context:
    """What turns an activity into a row beside the activity itself.

    Parameters
    ----------
    now
        The present instant; activities after it have a broken clock.
    zone, machine_zone
        IANA names: the runner's setting, and the last resort.
    sport
        What files that name no sport hold.
    """

    now: dt.datetime
    zone: str | None = None
    machine_zone: str = "UTC"
    sport: Sport | None = None


@dataclass(frozen=True)
class Source:
    """One row of the source table."""

    digest: str
    kind: str
    path: str
    file: str
    sport: str
    content: bytes
    companion: bytes


@dataclass(frozen=True)
class Measured:
    """A document's outcome: its row and those of its sessions, or why there is none.

    Parameters
    ----------
    path, file
        Where it was found now; `source` has where it was found first.
    """

    source: Source
    path: str
    file: str
    rows: tuple[Row, ...] = ()
    refusal: Refusal | None = None

    @property
    def warnings(self) -> list[Refusal]:
        """What was odd about its sessions."""
        texts = (w for row in self.rows for w in json.loads(row.warnings))
        return [Refusal(self.path, "warning", text) for text in dict.fromkeys(texts)]


@dataclass
class ImportSummary:
    """What became of the files seen; `read` + `skipped` + `failed` of them, the rest activities.

    `guessed` counts the new activities whose files name no sport, by what they were taken for.
    """

    read: int = 0
    new: int = 0
    known: int = 0
    duplicates: list[dict[str, str]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    guessed: dict[str, int] = field(default_factory=dict)
    pain: dict[str, int] = field(default_factory=lambda: {"new": 0, "known": 0})

    def __repr__(self) -> str:
        counts = (formatting.count(n, *names) for *names, n in self._counts)
        return f"<ImportSummary {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        """Show what became of the files, in a notebook; never the folders they lie in."""
        counts = {names.capitalize(): formatting.number(n) for _, names, n in self._counts}
        lists = {"Failed": self.failed, "Skipped": self.skipped, "Warnings": self.warnings}
        parts = (
            notebook.bullets(title, [f"{_bare(e['path'])}: {e['reason']}" for e in entries])
            for title, entries in lists.items()
        )
        return notebook.card("Import", counts, body="".join(parts))

    @property
    def _counts(self) -> list[tuple[str, str, int]]:
        """How many files and activities there were of each kind; kinds without any left out."""
        counts = [
            ("file read", "files read", self.read),
            ("new activity", "new activities", self.new),
            ("activity already in the log", "activities already in the log", self.known),
            ("duplicate", "duplicates", len(self.duplicates)),
            ("file skipped", "files skipped", len(self.skipped)),
            ("file failed", "files failed", len(self.failed)),
            ("new pain score", "new pain scores", self.pain["new"]),
        ]
        return [row for row in counts if row[2]] or counts[:1]

    def add(self, refusal: Refusal) -> None:
        """List a file, or a warning about one."""
        lists = {"skipped": self.skipped, "failed": self.failed, "warning": self.warnings}
        lists[refusal.verdict].append({"path": refusal.path, "reason": refusal.reason})


def _bare(path: str) -> str:
    """Return a file's name, and its place in an archive, without the folder on disk."""
    disk, bang, inner = path.partition("!")
    return f"{PurePath(disk).name}{bang}{inner}"


def measure(document: Document, context: Context) -> Measured:
    """Decode one document and measure its sessions; a file's faults come back as values."""
    origin = document.origin or Origin(
        document.path, document.file or document.path, context.sport or ""
    )
    outcome = Measured(_source(document, origin), document.path, document.file or document.path)
    try:
        activities = decode(document, Sport(origin.sport) if origin.sport else None)
        rows = tuple(_row(activity, outcome.source.digest, context) for activity in activities)
    except FileSkipped as skipped:
        return replace(outcome, refusal=Refusal(document.path, "skipped", str(skipped)))
    except FileRefused as refused:
        return replace(outcome, refusal=Refusal(document.path, "failed", str(refused)))
    return replace(outcome, rows=rows)


def measured(documents: Iterable[Document], context: Context, *, jobs: int) -> Iterator[Measured]:
    """Yield the outcomes of `documents` in their order, measured by `jobs` processes."""
    if jobs <= 1:
        yield from (measure(document, context) for document in documents)
        return
    with pool(jobs) as workers:
        waiting: deque[Future[list[Measured]]] = deque()
        for task in _tasks(documents):
            waiting.append(workers.submit(_measure_all, task, context))
            if len(waiting) >= jobs * IN_FLIGHT_PER_WORKER:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _tasks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Gather documents until they are worth the way to another process and back."""
    task: list[Document] = []
    size = 0
    for document in documents:
        task.append(document)
        size += len(document.content)
        if size >= TASK_BYTES:
            yield task
            task, size = [], 0
    if task:
        yield task


def _measure_all(task: list[Document], context: Context) -> list[Measured]:
    return [measure(document, context) for document in task]


def by_file(outcomes: Iterable[Measured]) -> Iterator[list[Measured]]:
    """Gather the outcomes that one file seen gave: it is stored whole or not at all."""
    for _, group in groupby(outcomes, key=lambda outcome: outcome.file):
        yield list(group)


def unpacked(source: Source) -> Document:
    """Return the document that `source` keeps."""
    content = originals.unpacked(source.content)
    origin = Origin(source.path, source.file, source.sport)
    return Document(source.path, source.kind, content, source.file, source.companion, origin)


def _source(document: Document, origin: Origin) -> Source:
    return Source(
        digest=document.digest,
        kind=document.kind,
        path=origin.path,
        file=origin.file,
        sport=origin.sport,
        content=originals.packed(document.content),
        companion=document.companion,
    )


def run_id(digest: str, session_index: int) -> str:
    """Return the id of a session: the same in every log, short enough to type."""
    return digest[:12] + (f"-{session_index}" if session_index else "")


def _row(activity: Activity, digest: str, context: Context) -> Row:
    summary = corrected(summarise(activity, context.now), activity)
    local = local_time(activity, context.zone, context.machine_zone)
    return Row(
        run_id=run_id(digest, activity.session_index),
        digest=digest,
        session_index=activity.session_index,
        sport=str(activity.sport),
        sport_inferred=int(activity.sport_inferred),
        started_at=activity.started_at.isoformat(timespec="microseconds"),
        clock_known=int(activity.clock_known),
        utc_offset_s=int(local.offset_s),
        offset_source=local.source,
        local_date=date_of(activity.started_at, local.offset_s).isoformat(),
        **_from_summary(summary),
        rpe=activity.rpe,
        workout_feel=activity.workout_feel,
        watch_pain=_as_json(activity.watch_pain),
        name=activity.name,
        description=activity.description,
        private_note=activity.private_note,
        gear=activity.gear,
        device=activity.device,
        warnings=json.dumps([*activity.warnings, *summary.warnings], ensure_ascii=False),
    )


def _as_json(marks: tuple[WatchPain, ...]) -> str:
    return json.dumps([asdict(mark) for mark in marks]) if marks else ""


_SUMMARY_COLUMNS = [
    "distance_km",
    "moving_s",
    "elapsed_s",
    "ascent_m",
    "descent_m",
    "avg_hr_bpm",
    "max_hr_bpm",
    "avg_cadence_spm",
    "suspect_reason",
    "profile",
    "moved_from_s",
    "moved_until_s",
    "device_distance_km",
]


def _from_summary(summary: Summary) -> dict[str, Any]:
    columns = {name: getattr(summary, name) for name in _SUMMARY_COLUMNS}
    return columns | {"distance_source": summary.distance_source or ""}
