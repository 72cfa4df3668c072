"""What was computed from the log, for as long as nobody writes to it."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock, RLock
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from kneeload.log.watching import Version, Watch

T = TypeVar("T")
MOST = 64


class Memo:
    """Values by name; all of them are forgotten once the log has changed."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._version: Version | None = None
        self._values: dict[Hashable, object] = {}
        self._makers: defaultdict[Hashable, RLock] = defaultdict(RLock)
        self._lock = Lock()

    def get(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return the value of that name, from `make` where the log is not as it was.

        The version is read before the log is: what is written meanwhile makes the value old, never
        wrong for long. Who asks for what another thread is making waits for that.
        """
        version = self._watch.version()
        with self._lock:
            if version != self._version or len(self._values) >= MOST:
                self._version, self._values = version, {}
            maker = self._makers[name]
        with maker:
            if name in (values := self._values) and version == self._version:
                return cast("T", values[name])
            value = make()
            with self._lock:
                if version == self._version:
                    self._values[name] = value
            return value

    def close(self) -> None:
        """Close the log that it watches."""
        self._watch.close()
