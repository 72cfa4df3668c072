"""A server on real sockets, in a thread of the test."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from threading import Thread

from kneeload.serve.listening import Listening
from kneeload.serve.security import Listener
from kneeload.serve.serving import Serving


@contextmanager
def running(served: Serving) -> Iterator[Listener]:
    """Serve at loopback, at any free port, while the block runs."""
    with running_both(served) as (desk, _):
        yield desk


@contextmanager
def running_both(
    served: Serving, network: str = "127.0.0.0/8", tls: ssl.SSLContext | None = None
) -> Iterator[tuple[Listener, Listener]]:
    """Serve at loopback, and at another address of loopback as if it were a phone's network."""
    listening = Listening(served)
    desk = listening.bind("127.0.0.1", 0, lambda port: Listener(host="127.0.0.1", port=port), None)
    phone = listening.bind(
        "127.0.0.2",
        desk.port,
        lambda port: Listener(
            host="127.0.0.2",
            port=port,
            network=IPv4Network(network),
            is_phone=True,
            scheme="https" if tls else "http",
        ),
        tls,
    )
    thread = Thread(target=listening.run)
    thread.start()
    try:
        yield desk, phone
    finally:
        listening.stop()
        thread.join()


def asked(
    listener: Listener, method: str, path: str, body: bytes = b"", /, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Ask over a socket; return the code, the headers and the text."""
    connection = http.client.HTTPConnection(listener.host, listener.port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body or None, headers=named)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def entered(listener: Listener, served: Serving) -> str:
    """Come in with the key; return the cookie as it is sent."""
    _, headers, _ = asked(listener, "GET", f"/?key={served.sessions.key}")
    return headers["Set-Cookie"].partition(";")[0]
