"""A request that was let in: whose it is, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import abort, current_app, g, redirect, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from kneeload.serve.security import Listener
    from kneeload.serve.serving import Serving
    from kneeload.serve.sessions import Session

KEY = "kneeload"
ENTRY_LETTERS = 64


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A session on one of its listener's pages."""

    session: Session
    listener: Listener
    entry: str

    @property
    def token(self) -> str:
        """What the forms of this session carry."""
        return self.session.token

    @property
    def may_edit(self) -> bool:
        """Whether it may change what is in the log, and import; a phone logs and looks."""
        return not self.session.is_phone

    @property
    def path(self) -> str:
        """The page's address, without what was asked of it."""
        return request.path


def visit() -> Visit:
    """Return the visit of this request."""
    return cast("Visit", g.visit)


def the_serving() -> Serving:
    """Return what all requests share."""
    return cast("Serving", current_app.extensions[KEY])


def only_editors() -> None:
    """Refuse a phone."""
    if not visit().may_edit:
        abort(403)


def act_once(action: Callable[[], str]) -> Response:
    """Carry out what the form asks for, however often it is sent; lead to the page it returns."""
    entry = request.form.get("entry", "")
    if not 0 < len(entry) <= ENTRY_LETTERS:
        abort(400)
    address = the_serving().once.act(visit().session.name, entry, action)
    return cast("Response", redirect(address, 303))


def set_cookie(answer: Response, listener: Listener, cookie: str, days: int | None = None) -> None:
    """Give a browser its session: for as long as it runs, or for so many days."""
    answer.set_cookie(
        listener.cookie,
        cookie,
        max_age=days and days * 86_400,
        httponly=True,
        samesite="Strict",
        secure=listener.scheme == "https",
        path="/",
    )
