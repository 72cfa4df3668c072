"""The application: the door that every request passes, and the pages behind it."""

from __future__ import annotations

import re
import sys
from typing import IO, TYPE_CHECKING, Any, cast

from flask import Flask, Request, Response, abort, g, redirect, request
from werkzeug.exceptions import HTTPException

from kneeload.errors import EntryError, KneeloadError, SettingError
from kneeload.serve.pages import BLUEPRINTS
from kneeload.serve.rendering import error_page
from kneeload.serve.security import (
    BODY_BYTES,
    HEADERS,
    METHODS,
    is_own_host,
    is_own_origin,
    is_peer,
)
from kneeload.serve.sessions import same
from kneeload.serve.visits import KEY, Visit, set_cookie, the_serving

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from kneeload.serve.security import Listener
    from kneeload.serve.serving import Serving

LISTENER = "kneeload.listener"
OPEN = frozenset({"doors.pair", "doors.paired"})
"""Endpoints for phones that have no session yet."""
_VALUE = re.compile(r"""['"“]|, not |; """)
UPLOAD_PATH = "/import"
FIRST_REFUSAL = 400
UPLOAD_FILES = 10_000


class FromPage(Request):
    """A request whose files go to private files beside the log."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return the_serving().uploads.new_file()


class Pages(Flask):
    """Flask whose debugger stays off, whatever the environment says."""

    request_class = FromPage

    @property
    def debug(self) -> bool:
        """Off."""
        return False

    @debug.setter
    def debug(self, value: bool) -> None:
        pass


def create_app(serving: Serving) -> Flask:
    """Return the application over one log."""
    app = Pages("kneeload.serve", static_folder=None, template_folder=None)
    app.config.update(
        DEBUG=False,
        TESTING=False,
        PROPAGATE_EXCEPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
        MAX_CONTENT_LENGTH=BODY_BYTES,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.extensions[KEY] = serving
    app.before_request(let_in)
    app.after_request(hardened)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(EntryError, not_valid)
    app.register_error_handler(SettingError, not_valid)
    app.register_error_handler(Exception, broken)
    return app


def listening(app: WSGIApplication, listener: Listener) -> WSGIApplication:
    """Return the application as it answers at one address."""

    def at_address(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return app({**environ, LISTENER: listener}, start)

    return at_address


def let_in() -> Any:
    """Refuse whoever may not ask; a request that names no listener is one of those."""
    listener = cast("Listener | None", request.environ.get(LISTENER))
    if listener is None or not is_peer(listener, request.remote_addr or ""):
        abort(403)
    if not is_own_host(listener, request.headers.get("Host")):
        abort(403)
    if request.method not in METHODS:
        abort(405)
    g.listener = listener
    if request.endpoint in OPEN and listener.is_phone:
        return _refuse_foreign(listener)
    if request.path == "/" and "key" in request.args:
        return _exchange_key(listener)
    serving = the_serving()
    session = serving.sessions.find(
        request.cookies.get(listener.cookie), is_phone=listener.is_phone
    )
    if session is None:
        abort(403)
    entry = serving.sessions.new_entry()
    g.visit = Visit(session=session, listener=listener, entry=entry)
    if request.method == "POST":
        _check_write(listener)
    return None


def _refuse_foreign(listener: Listener) -> None:
    headers = request.headers
    is_own = is_own_origin(listener, headers.get("Origin"), headers.get("Sec-Fetch-Site"))
    if request.method == "POST" and not is_own:
        abort(403)


def _check_write(listener: Listener) -> None:
    """Refuse a write from another page, before its body is read; then one without the token."""
    _refuse_foreign(listener)
    if request.path == UPLOAD_PATH:
        if not g.visit.may_edit:
            abort(403)
        if the_serving().uploads.is_importing:
            abort(409)
        request.max_content_length = sys.maxsize  # the server has compared it with the disk
        request.max_form_parts = UPLOAD_FILES
    if not same(request.form.get("token", ""), g.visit.token):
        abort(403)


def _exchange_key(listener: Listener) -> Response:
    cookie = the_serving().sessions.enter(request.args["key"])
    if cookie is None or listener.is_phone or request.method == "POST":
        abort(403)
    answer = cast("Response", redirect("/", 303))
    set_cookie(answer, listener, cookie)
    return answer


def hardened(answer: Response) -> Response:
    """Put on every answer what keeps it to itself; of an upload that was refused, keep nothing."""
    if request.method == "POST" and answer.status_code < FIRST_REFUSAL:
        the_serving().stirred.set()
    if request.path == UPLOAD_PATH and answer.status_code >= FIRST_REFUSAL:
        the_serving().uploads.sweep()
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def refused(error: HTTPException) -> tuple[str, int]:
    """Answer a request that was refused, without saying what it held."""
    code = error.code or 500
    return error_page(code), code


def not_valid(error: KneeloadError) -> tuple[str, int]:
    """Say what a form's field takes, without what was sent in it."""
    return error_page(422, _VALUE.split(str(error), maxsplit=1)[0].strip()), 422


def broken(error: Exception) -> tuple[str, int]:
    """Answer without a path or a value; the terminal hears the kind of fault."""
    sys.stderr.write(f"kneeload serve: {type(error).__name__}\n")
    return error_page(500), 500
