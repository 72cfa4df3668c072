"""A server without a socket: the application, asked as each address would ask it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kneeload.serve.app import LISTENER
from kneeload.serve.security import Listener

LOOPBACK = Listener(host="127.0.0.1", port=8421)
PHONE = Listener(
    host="192.168.7.5", port=8421, network=IPv4Network("192.168.7.0/24"), is_phone=True
)
PEERS = {LOOPBACK: "127.0.0.1", PHONE: "192.168.7.20"}
START = dt.datetime(2026, 3, 29, 18, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Browser:
    """Someone who asks at one address, with the cookies that it was given."""

    client: FlaskClient
    listener: Listener = LOOPBACK
    peer: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Host": self.listener.authority, **self.headers, **more.pop("headers", {})}
        environ = {LISTENER: self.listener, "REMOTE_ADDR": self.peer or PEERS[self.listener]}
        url = f"{self.listener.origin}"
        return self.client.open(
            path, method=method, base_url=url, headers=headers, environ_overrides=environ, **more
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def fields(self, path: str) -> dict[str, str]:
        """Return what the forms of a page hold without being seen."""
        text = self.get(path).get_data(as_text=True)
        return {name: hidden(text, name) for name in ("token", "entry")}

    def post(self, path: str, data: dict[str, Any], **more: Any) -> TestResponse:
        """Send a form as a browser sends it."""
        headers = {"Origin": self.listener.origin, **more.pop("headers", {})}
        return self.ask("POST", path, data=data, headers=headers, **more)

    def send(self, path: str, data: dict[str, Any], page: str = "/pain") -> TestResponse:
        """Send a form with what its page puts into it."""
        return self.post(path, self.fields(page) | data)


def bearing(app: Flask, listener: Listener, browser: Browser) -> Browser:
    """Return a browser at `listener` that sends the cookie which `browser` was given."""
    cookie = browser.client.get_cookie(listener.cookie, domain=browser.listener.host)
    assert cookie is not None
    headers = {"Cookie": f"{listener.cookie}={cookie.value}"}
    return Browser(app.test_client(use_cookies=False), listener, headers=headers)


def hidden(text: str, name: str) -> str:
    """Return the value of a page's first hidden field of a name."""
    return text.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def numbered_secrets() -> Callable[[int], str]:
    """Return secrets that a test can tell apart, and nobody need guess."""
    numbers = count(1)
    return lambda size: f"secret-{next(numbers)}-{'x' * size}"
