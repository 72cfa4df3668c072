"""One action for one form, however often it is sent."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REMEMBERED = 10_000


class Once:
    """Remembers what came of each form; a second tap gets that, and does nothing."""

    def __init__(self) -> None:
        self._came: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = Lock()

    def act(self, session: str, entry: str, action: Callable[[], str]) -> str:
        """Return what came of the form, from `action` where it was not sent before.

        One at a time: the second of two taps waits for the first. What fails is not remembered.
        """
        name = (session, entry)
        with self._lock:
            if name not in self._came:
                self._came[name] = action()
                if len(self._came) > REMEMBERED:
                    self._came.popitem(last=False)
            return self._came[name]
