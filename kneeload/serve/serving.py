"""What the pages share: where the log is, which day it is, who is in, and what may be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kneeload.log.training_log import TrainingLog
from kneeload.log.watching import Watch
from kneeload.serve.looking import Look
from kneeload.serve.memo import Memo
from kneeload.serve.once import Once
from kneeload.serve.pairing import Pairing
from kneeload.serve.phones import Phones
from kneeload.serve.sessions import Sessions
from kneeload.serve.uploads import Uploads

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from kneeload.serve.sessions import Secrets
    from kneeload.settings import Settings


@dataclass(frozen=True, kw_only=True, eq=False)
class Serving:
    """Everything that outlives a request; `serving` makes one.

    Parameters
    ----------
    stirred
        Set after each write, so that the newest week is made anew before somebody asks for it.
    """

    log_path: Path
    clock: Callable[[], dt.datetime]
    machine_zone: str
    as_of: dt.date | None
    sessions: Sessions
    pairing: Pairing
    uploads: Uploads
    memo: Memo
    once: Once = field(default_factory=Once)
    stirred: Event = field(default_factory=Event)

    def open(self) -> TrainingLog:
        """Open the log afresh; a missing one is empty, and made by the first thing to keep."""
        return TrainingLog(self.log_path, machine_zone=self.machine_zone, create_lazily=True)

    def look(self) -> TrainingLog:
        """Open the log for a page that only shows it."""
        return Look(self.log_path, machine_zone=self.machine_zone, memo=self.memo)

    def today(self, settings: Settings) -> dt.date:
        """Return the day that stands in for today, else today in the runner's zone, now."""
        zone = ZoneInfo(settings.time_zone or self.machine_zone)
        return self.as_of or self.clock().astimezone(zone).date()


def serving(
    log_path: Path,
    *,
    clock: Callable[[], dt.datetime],
    secrets: Secrets,
    machine_zone: str = "UTC",
    as_of: dt.date | None = None,
) -> Serving:
    """Return what the pages of one log share.

    Parameters
    ----------
    clock
        Returns the present instant.
    secrets
        Returns a text drawn from that many random bytes.
    """
    return Serving(
        log_path=log_path,
        clock=clock,
        machine_zone=machine_zone,
        as_of=as_of,
        sessions=Sessions(secrets, Phones(log_path, clock)),
        pairing=Pairing(clock, secrets),
        uploads=Uploads(log_path),
        memo=Memo(Watch(log_path)),
    )
