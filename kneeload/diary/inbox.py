"""The pain inbox: which lines its files add to the diary, and which an edit replaces.

Phones append to text files, and a synced folder carries these over, whole or half, renamed, doubled
or older than before. So a line is its text, and the diary the union of all lines ever read.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kneeload.diary.lines import stamp_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kneeload.diary.lines import Line

    Files = Mapping[str, tuple[Line, ...]]


@dataclass(frozen=True)
class Occurrence:
    """A line as the diary counts it: a text, and for one without a clock time its how-manieth."""

    text: str
    nth: int = 1

    @property
    def name(self) -> str:
        """The line's id: the same in every log."""
        key = f"{self.text}\0{self.nth}".encode()
        return f"i{hashlib.sha256(key).hexdigest()[:10]}"


@dataclass(frozen=True)
class Memory:
    """What earlier readings left.

    Parameters
    ----------
    ever
        Ids of all lines ever read, also of those removed or undone since.
    standing
        Ids of the lines that count.
    touched
        Ids of the lines whose entries were edited or removed in kneeload.
    files
        The lines that each file held when it was last read, by path.
    """

    ever: Collection[str] = frozenset()
    standing: Collection[str] = frozenset()
    touched: Collection[str] = frozenset()
    files: Files = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """A line read for the first time; `replaces` an edited one, or stands back behind `kept`."""

    line: Occurrence
    replaces: str = ""
    kept: str = ""


def arrivals(memory: Memory, files: Files) -> list[Arrival]:
    """Return the lines in `files` that were never read before.

    Parameters
    ----------
    files
        The lines of every file that is there now, by path, less a last one that may yet grow.

    Returns
    -------
    list of Arrival
        The same text with a clock time arrives once; text with a date alone as often as it stands
        in the one file that has it most. Nothing is ever taken away but by a line that replaces
        another: a longer one that begins with a last line without its end, or the only one of the
        same date and time in the place of the only one that vanished.
    """
    new = [line for line in _counted(files) if line.name not in memory.ever]
    replaced = _grown(memory, files, new) | _edited(memory, files, new)
    return [_arrival(line, replaced.get(line, ""), memory) for line in new]


def _arrival(line: Occurrence, old: str, memory: Memory) -> Arrival:
    if not old:
        return Arrival(line)
    return Arrival(line, kept=old) if old in memory.touched else Arrival(line, replaces=old)


def _counted(files: Files) -> list[Occurrence]:
    """Return every line once for each time that it counts, in the files' order."""
    most: Counter[str] = Counter()
    for lines in files.values():
        most |= Counter(line.text for line in lines)
    return [
        Occurrence(text, nth)
        for text, count in most.items()
        for nth in range(1, (1 if _is_one_moment(text) else count) + 1)
    ]


def _is_one_moment(text: str) -> bool:
    """Whether equal texts are one entry: with a clock time, and where there is no date at all."""
    stamped = stamp_of(text)
    return stamped is None or stamped[0].clock is not None


def _grown(memory: Memory, files: Files, new: list[Occurrence]) -> dict[Occurrence, str]:
    """Return the new lines that begin with an unfinished one of before, and that one's id."""
    unfinished = {
        line.text for lines in memory.files.values() for line in lines[-1:] if not line.complete
    }
    finished = {line.text for lines in files.values() for line in lines if line.complete}
    return {
        line: old
        for line in new
        for text in sorted(unfinished - finished, key=len)
        if line.text.startswith(text) and line.text != text
        if (old := Occurrence(text).name) in memory.standing or old in memory.touched
    }


def _edited(memory: Memory, files: Files, new: list[Occurrence]) -> dict[Occurrence, str]:
    """Return the new lines that stand in the place of one that vanished, and that one's id."""
    replaced: dict[Occurrence, str] = {}
    for path, lines in files.items():
        before = Counter(line.text for line in memory.files.get(path, ()))
        now = Counter(line.text for line in lines)
        elsewhere = {line.text for other, some in files.items() if other != path for line in some}
        pairs = _pairs(before - now, now - before)
        for old, text in pairs.items():
            line = Occurrence(text, 1 if _is_one_moment(text) else now[text])
            name = Occurrence(old, 1 if _is_one_moment(old) else before[old]).name
            if (
                old not in elsewhere
                and line in new
                and (name in memory.standing or name in memory.touched)
            ):
                replaced[line] = name
    return replaced


def _pairs(vanished: Counter[str], came: Counter[str]) -> dict[str, str]:
    """Return for each vanished text the one of its date and time that came; empty in doubt."""
    old, fresh = _by_stamp(vanished), _by_stamp(came)
    if None in old or any(len(texts) > 1 or len(fresh.get(s, ())) != 1 for s, texts in old.items()):
        return {}
    return {texts[0]: fresh[stamp][0] for stamp, texts in old.items()}


def _by_stamp(texts: Counter[str]) -> dict[object, list[str]]:
    stamped: dict[object, list[str]] = {}
    for text in texts.elements():
        stamp = stamp_of(text)
        stamped.setdefault(stamp[0] if stamp else None, []).append(text)
    return stamped
