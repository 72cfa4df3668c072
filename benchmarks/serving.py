"""How long a page of `kneeload serve` takes on a log of many years, asked without a socket.

    python -m benchmarks.serving [--years 14]

Printed are processor and wall seconds of each page the first time it is asked for since the log
changed, beside the limit on wall time; exit 1 beyond a limit. What the server makes ready by itself
between requests is made before, as for a runner who takes a second to look. Judge it on an idle
machine.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command line has it

from benchmarks.startup import invented_log
from kneeload import clock
from kneeload.serve.app import LISTENER, create_app
from kneeload.serve.inbox import make_ready
from kneeload.serve.security import Listener
from kneeload.serve.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from kneeload.serve.serving import Serving

DESK = Listener(host="127.0.0.1", port=8421)
FIRST_S, OTHER_S = 1.0, 0.3
SCORE = {"score": "3", "knee": "left", "moment": "rest"}


class Reader:
    """Someone who opened the printed address, and what each page cost."""

    def __init__(self, served: Serving) -> None:
        self._client = create_app(served).test_client()
        self.slow = False
        self._ask("GET", f"/?key={served.sessions.key}")

    def _ask(self, method: str, path: str, data: dict[str, str] | None = None) -> TestResponse:
        return self._client.open(
            path,
            method=method,
            data=data,
            base_url=DESK.origin,
            headers={"Host": DESK.authority, "Origin": DESK.origin},
            environ_overrides={LISTENER: DESK, "REMOTE_ADDR": DESK.host},
        )

    def timed(
        self, name: str, path: str, limit_s: float = OTHER_S, data: dict[str, str] | None = None
    ) -> TestResponse:
        """Ask for a page, or send a form, and print what it cost."""
        processor, wall = time.process_time(), time.perf_counter()
        answer = self._ask("POST" if data else "GET", path, data)
        processor_s, wall_s = time.process_time() - processor, time.perf_counter() - wall
        print(f"{name:20}{processor_s:10.2f}{wall_s:8.2f}{limit_s:8.2f}")
        self.slow |= wall_s > limit_s
        return answer

    def form(self) -> dict[str, str]:
        """Return a score as the form sends it."""
        text = self.timed("form", "/pain").get_data(as_text=True)
        hidden = re.findall(r'name="(token|entry)" value="([^"]*)"', text)
        return dict(hidden) | SCORE


def look_around(reader: Reader, ready: Callable[[], None]) -> None:
    """Ask for every kind of page, before and after a score."""
    ready()
    week = reader.timed("this week", "/", FIRST_S).get_data(as_text=True)
    before = re.findall(r"\d{4}-W\d\d", week)[0]
    reader.timed("week before", f"/weeks/{before}.html")
    reader.timed("years", "/index.html")
    year = reader.timed("year", f"/years/{before[:4]}.html").get_data(as_text=True)
    another = min(re.findall(r"weeks/\d{4}-W\d\d", year))
    page = reader.timed("another week", f"/{another}.html").get_data(as_text=True)
    reader.timed("run", "/" + re.findall(r"runs/\w+\.html", page)[0])
    reader.timed("diary", "/diary")
    logged = reader.timed("score sent", "/pain", data=reader.form()).headers["Location"]
    reader.timed("confirmation", logged)
    ready()
    reader.timed("this week", "/", FIRST_S)


def main() -> int:
    """Print the table; exit 1 beyond a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--years", type=int, default=14)
    options = parser.parse_args()
    print(f"{'page':20}{'processor':>10}{'wall':>8}{'limit':>8}")
    with tempfile.TemporaryDirectory() as folder:
        log, last = invented_log(Path(folder), options.years, pain_every_days=1)
        served = serving(log, clock=clock.now, secrets=token_urlsafe, as_of=last)
        reader = Reader(served)
        look_around(reader, lambda: make_ready(served))
    return 1 if reader.slow else 0


if __name__ == "__main__":
    sys.exit(main())
