"""The present instant and the machine's zone: for the command line and `open_log` alone."""

from __future__ import annotations

import datetime as dt
import warnings


def now() -> dt.datetime:
    """Return the present instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def today(zone: str) -> dt.date:
    """Return the date that the calendars in `zone`, an IANA name, show now."""
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo(zone)).date()


def machine_zone() -> str:
    """Return the machine's time zone, UTC where it names none."""
    from tzlocal import get_localzone_name

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its doubts about /etc are none of the runner's
        try:
            return get_localzone_name() or "UTC"
        except (LookupError, OSError, ValueError):
            return "UTC"
