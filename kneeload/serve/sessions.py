"""The key of this start, the sessions it opens, and the token that every form of theirs carries."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kneeload.serve.phones import Phones


KEY_BYTES = 32
ENTRY_BYTES = 16

Secrets = Callable[[int], str]
"""Returns a text for addresses that was drawn from that many random bytes."""


class Done(NamedTuple):
    """What a form did: to which entries, and in words that their names follow, if they stand."""

    ids: tuple[str, ...]
    what: str


@dataclass(eq=False)
class Session:
    """One browser that came in.

    Parameters
    ----------
    name
        SHA-256 of what its cookie holds.
    token
        What its forms carry; another site can make a browser send the cookie, but not this.
    done
        What it did and may take back, by the batch in the journal.
    """

    name: str
    token: str
    is_phone: bool
    done: dict[int, Done] = field(default_factory=dict)


class Sessions:
    """Everybody who may come in: browsers with the key of this start, phones that were paired."""

    def __init__(self, secrets: Secrets, phones: Phones) -> None:
        self.key = secrets(KEY_BYTES)
        self.phones = phones
        self._secrets = secrets
        self._forms_key = secrets(KEY_BYTES).encode()
        self._open: dict[str, Session] = {}
        self._lock = Lock()

    def enter(self, key: str) -> str | None:
        """Exchange the key of this start for what the cookie will hold; None for another key."""
        if not same(key, self.key):
            return None
        cookie = self._secrets(KEY_BYTES)
        with self._lock:
            self._remember(digest(cookie), is_phone=False)
        return cookie

    def new_entry(self) -> str:
        """Return a new one-time id for the forms of a page."""
        return self._secrets(ENTRY_BYTES)

    def pair(self) -> str:
        """Let a phone in for as long as its pairing lasts; return what its cookie will hold."""
        cookie = self._secrets(KEY_BYTES)
        self.phones.add(digest(cookie))
        return cookie

    def find(self, cookie: str | None, *, is_phone: bool) -> Session | None:
        """Return the session of a cookie, None where there is none or it is of the other kind."""
        if not cookie:
            return None
        name = digest(cookie)
        if is_phone and not self.phones.knows(name):
            return None
        with self._lock:
            if is_phone and name not in self._open:
                self._remember(name, is_phone=True)
            session = self._open.get(name)
        return session if session and session.is_phone == is_phone else None

    def _remember(self, name: str, *, is_phone: bool) -> None:
        token = hmac.new(self._forms_key, name.encode(), hashlib.sha256).hexdigest()
        self._open[name] = Session(name=name, token=token, is_phone=is_phone)


def digest(secret: str) -> str:
    """Return what is stored of a secret of full randomness."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
