"""What discovery hands to the decoders: one activity's bytes, or why there is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Origin:
    """What another log knew of a document that it exported: `path`, `file` and assumed sport."""

    path: str
    file: str
    sport: str


@dataclass(frozen=True)
class Document:
    """The bytes that one or more sessions are decoded from, as the log keeps them.

    Decoding is a pure function of a document, so that every derived number can be computed again.

    Parameters
    ----------
    path
        Where it was found, as given; inside an archive ``archive.zip!inner/name.fit``.
    file
        The file seen that it counts under: `path` itself, or the table a row came from.
    kind
        The decoder's name: ``fit``, ``gpx``, ``tcx``, or a row of an export.
    content
        The bytes, unpacked; a row of a table as JSON.
    companion
        JSON of what an export says beside the file (name, note, gear, perceived exertion).
    origin
        What the log keeps instead of `path` and `file`, where it comes out of another log.
    """

    path: str
    kind: str
    content: bytes
    file: str = ""
    companion: bytes = b""
    origin: Origin | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal; the companion does not count."""
        return hashlib.sha256(self.content).hexdigest()


Verdict = Literal["skipped", "failed", "warning", "unchanged"]


@dataclass(frozen=True)
class Refusal:
    """A file that gives no activity, and the reason in one line."""

    path: str
    verdict: Verdict
    reason: str


Found = Document | Refusal
