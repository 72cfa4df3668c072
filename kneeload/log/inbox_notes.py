"""What a runner is told of the inbox: lines that cannot be read, wait, or say different things."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kneeload.diary.inbox import Occurrence
from kneeload.diary.inbox_scores import counts, entries_of, unreadable
from kneeload.diary.lines import stamp_of
from kneeload.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kneeload.log.inbox_files import File
    from kneeload.log.training_log import TrainingLog

    Lines = Mapping[str, Mapping[str, Any]]


def notes_on(log: TrainingLog, files: Sequence[File]) -> Iterator[str]:
    """Yield a sentence for each line that its writer should look at."""
    lines = journal.active(log.state(), "line")
    if not lines:
        return
    for place, text, name in _places(files, lines):
        line = lines[name]
        if reason := unreadable(text):
            yield f"{place} {reason}. Correct the line, or dismiss it: kneeload pain remove {name}"
        elif line.get("held"):
            yield f"{place}: dated more than a day ahead; it waits until then."
        elif line.get("kept"):
            yield (
                f"{place}: changed after you edited its score in kneeload; the score in kneeload "
                f"counts. To stop this note: kneeload pain remove {name}"
            )
    yield from _contradictions(lines)


def _places(files: Sequence[File], lines: Lines) -> Iterator[tuple[str, str, str]]:
    """Yield each standing line once: where it is, its text, its id."""
    placed: set[str] = set()
    for file in files:
        for line in file.lines:
            name = Occurrence(line.text).name
            if name in lines and name not in placed:
                placed.add(name)
                yield f"{PurePath(file.path).name}, line {line.number}", line.text, name


def _contradictions(lines: Lines) -> Iterator[str]:
    """Yield a sentence for two lines of one time that give one knee and moment two scores."""
    moments: dict[object, list[str]] = {}
    for name, line in lines.items():
        stamp = stamp_of(line["text"]) if counts(line) else None
        if stamp and stamp[0].clock:
            moments.setdefault(stamp[0], []).append(name)
    for names in moments.values():
        if len(names) > 1:
            yield from _contradicting(names, lines)


def _contradicting(names: Sequence[str], lines: Lines) -> Iterator[str]:
    scores: dict[tuple[str, str], dict[int, str]] = {}
    for name in names:
        for entry, fields in entries_of(name, lines[name], {}).items():
            key = (fields["knee"], fields["moment"])
            scores.setdefault(key, {}).setdefault(fields["score"], entry)
    for by_score in scores.values():
        if len(by_score) > 1:
            text = lines[next(iter(by_score.values())).partition(".")[0]]["text"]
            ids = ", ".join(f"{entry} ({score}/10)" for score, entry in by_score.items())
            yield (
                f"'{text[:40]}': different scores for the same time: {ids}. Remove the wrong one: "
                "kneeload pain remove ID"
            )
