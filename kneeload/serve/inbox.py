"""What is done between requests: the pain inbox is read, and the newest week made ready."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kneeload.errors import KneeloadError

if TYPE_CHECKING:
    from kneeload.serve.serving import Serving


def read_inbox(serving: Serving) -> None:
    """Read what is new in the inbox; what cannot be read now is tried again the next time."""
    with suppress(KneeloadError), serving.open() as log:
        log.read_inbox(serving.clock())


def make_ready(serving: Serving) -> None:
    """Make the newest pages anew where the log has changed, before somebody asks for them."""
    from kneeload.serve.pages import report_pages

    with suppress(KneeloadError), serving.look() as log:
        report_pages.make_ready(serving, log)
