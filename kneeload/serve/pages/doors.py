"""The way in for a phone, and the two files that all pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, g, redirect, request

from kneeload.serve.phones import LASTS
from kneeload.serve.rendering import environment, static, stylesheet
from kneeload.serve.visits import set_cookie, the_serving

if TYPE_CHECKING:
    from kneeload.serve.security import Listener

pages = Blueprint("doors", __name__)


@pages.get("/pair")
def pair() -> str:
    """Show the button that pairs: a preview that fetches the address by itself spends no code."""
    if not cast("Listener", g.listener).is_phone:
        abort(404)
    page = environment("km").get_template("pair.html")
    return page.render(code=request.args.get("code", ""), css=stylesheet())


@pages.post("/pair")
def paired() -> Response:
    """Let the phone in whose code is open."""
    listener, serving = cast("Listener", g.listener), the_serving()
    if not listener.is_phone or not serving.pairing.redeem(request.form.get("code", "")):
        abort(403)
    answer = cast("Response", redirect("/pain", 303))
    set_cookie(answer, listener, serving.sessions.pair(), LASTS.days)
    return answer


@pages.get("/static/serve.css")
def style() -> Response:
    """Return the one stylesheet."""
    return Response(stylesheet(), mimetype="text/css")


@pages.get("/static/serve.js")
def script() -> Response:
    """Return the one script."""
    return Response(static("serve.js"), mimetype="text/javascript")
