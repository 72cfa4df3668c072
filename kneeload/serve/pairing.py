"""Letting a phone in: a code that is good once, for ten minutes, and only when it is posted."""

from __future__ import annotations

import datetime as dt
from threading import Lock
from typing import TYPE_CHECKING

from kneeload.serve.sessions import same

if TYPE_CHECKING:
    from collections.abc import Callable

    from kneeload.serve.sessions import Secrets

CODE_BYTES = 16
LASTS = dt.timedelta(minutes=10)


class Pairing:
    """The one code that is open, if any; a new one ends the one before."""

    def __init__(self, clock: Callable[[], dt.datetime], secrets: Secrets) -> None:
        self._clock = clock
        self._secrets = secrets
        self._code, self._ends_at = "", clock()
        self._lock = Lock()

    def new_code(self) -> str:
        """Open a new code of 128 bits and return it."""
        with self._lock:
            self._code, self._ends_at = self._secrets(CODE_BYTES), self._clock() + LASTS
            return self._code

    def redeem(self, code: str) -> bool:
        """Whether the code was open; it is not any more."""
        with self._lock:
            is_open = bool(self._code) and self._clock() < self._ends_at
            if not is_open or not same(code, self._code):
                return False
            self._code = ""
            return True
