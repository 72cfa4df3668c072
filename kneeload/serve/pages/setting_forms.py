"""The settings with what each rests on, and the phones that are paired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, redirect, request

from kneeload.serve.rendering import show
from kneeload.serve.visits import act_once, only_editors, the_serving
from kneeload.settings import DEFAULTS, KEYS, as_text, setting_meanings
from kneeload.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from kneeload.settings import Settings

pages = Blueprint("settings", __name__)
# Paths belong to the command line; where one lives is on no page.
HIDDEN = {"home", *(key for key in KEYS if isinstance(getattr(DEFAULTS, key), tuple))}


@pages.get("/settings")
def settings() -> str:
    """List the settings and the thresholds with their values in force."""
    only_editors()
    serving = the_serving()
    with serving.look() as log:
        current = log.settings
        return show(
            "settings.html",
            log,
            general=_general(current),
            thresholds=_thresholds(current),
            phones=serving.sessions.phones.listed(),
        )


def _general(current: Settings) -> list[dict[str, Any]]:
    stored = as_text(current)
    return [
        {
            "key": key,
            "value": stored.get(key, getattr(DEFAULTS, key) or ""),
            "default": getattr(DEFAULTS, key) or "",
            "meaning": meaning,
        }
        for key, meaning in setting_meanings().items()
        if key not in HIDDEN
    ]


def _thresholds(current: Settings) -> list[dict[str, Any]]:
    return [
        {
            "key": name,
            "value": f"{current.threshold(name):g}",
            "meaning": threshold.sentence(current.threshold(name)),
            "is_own": name in current.thresholds,
            "threshold": threshold,
        }
        for name, threshold in THRESHOLDS.items()
    ]


@pages.post("/settings")
def change() -> Response:
    """Set one value; an empty one restores the default."""
    only_editors()
    key = request.form.get("key", "")
    if key in HIDDEN:
        abort(400)
    return act_once(lambda: _change(key, request.form.get("value", "")))


def _change(key: str, value: str) -> str:
    with the_serving().open() as log:
        log.set(key, value)
    return f"/settings#{key}"


@pages.post("/phones")
def revoke() -> Response:
    """Shut a phone out."""
    only_editors()
    the_serving().sessions.phones.revoke(request.form.get("phone", ""))
    return cast("Response", redirect("/settings", 303))
