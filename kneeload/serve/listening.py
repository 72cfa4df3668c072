"""The sockets: waitress on loopback and, if asked, on one private address; until it is stopped."""

from __future__ import annotations

import ssl
import tempfile
import time
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, cast

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.utilities import Error

from kneeload.errors import KneeloadError
from kneeload.serve.app import UPLOAD_PATH, create_app, listening
from kneeload.serve.security import BODY_BYTES
from kneeload.serve.uploads import free_bytes
from kneeload.store.private_files import make_folder

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kneeload.serve.security import Listener
    from kneeload.serve.serving import Serving

LOOP_S = 0.5
_MOST_BYTES = 1 << 40  # an upload is compared with the disk, not with a number
_LOOPBACK = {"threads": 4, "connection_limit": 64, "channel_timeout": 60}
_PHONE = {"threads": 2, "connection_limit": 12, "channel_timeout": 15}


class RefusedError(Error):
    """A request whose body is not even read."""

    def __init__(self, code: int, reason: str, body: str) -> None:
        super().__init__(body)
        self.code, self.reason = code, reason


class Parser(HTTPRequestParser):
    """Looks at what a request announces before any of its body comes in."""

    gate: Callable[[Parser], RefusedError | None]
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and refuse a body that is too large, of no length or not now."""
        super().parse_header(header_plus)
        refusal = self.gate(self)
        if refusal:
            self.error, self.completed = refusal, True


class Channel(HTTPChannel):
    """A connection whose requests pass its server's gate."""

    def parser_class(self, adj: Adjustments) -> Parser:  # type: ignore[override]
        """Return what reads the next request."""
        parser = Parser(adj)
        parser.gate = self.server.gate
        return parser


class SecureChannel(Channel):
    """A connection under TLS, whose socket never blocks: what it wants comes another time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._turns = Lock()  # the loop reads while a task writes; one connection takes turns
        super().__init__(*args, **kwargs)

    def recv(self, buffer_size: int) -> bytes:
        """Read, all that TLS has decrypted already: `select` does not see it."""
        with self._turns:
            data: bytes = super().recv(buffer_size)
            secure = cast("ssl.SSLSocket", self.socket)
            while self.connected and data and (waiting := secure.pending()):
                data += super().recv(waiting)
            return data

    def handle_read(self) -> None:
        """Read what came; a part of a record or of the handshake is no error, but waits."""
        try:
            data = self.recv(self.adj.recv_bytes)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            self.handle_close()
            return
        if data:
            self.last_activity = int(time.time())
            self.received(data)
        else:
            self.connected = False

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 - as called
        """Write as much as goes now."""
        with self._turns, suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent: int = super().send(data, do_close=do_close)
            return sent
        return 0


class Server(TcpWSGIServer):
    """A waitress server of ours; under TLS where it has a context."""

    channel_class = Channel
    context: ssl.SSLContext | None = None
    gate: Callable[[Parser], RefusedError | None]

    def accept(self) -> tuple[socket.socket, Any] | None:
        """Take a connection; its handshake waits for its first bytes."""
        connection: tuple[socket.socket, Any] | None = super().accept()
        if connection is None or self.context is None:
            return connection
        wrapped = self.context.wrap_socket(
            connection[0], server_side=True, do_handshake_on_connect=False
        )
        wrapped.settimeout(0)
        return wrapped, connection[1]


def gate(serving: Serving, listener: Listener, parser: Parser) -> RefusedError | None:
    """Return why a request's body is not read, None where it is."""
    if parser.chunked:
        return RefusedError(
            411, "Length Required", "The request must state the length of its body."
        )
    if parser.content_length <= BODY_BYTES:
        return None
    if listener.is_phone or parser.command != "POST" or parser.path != UPLOAD_PATH:
        return RefusedError(413, "Content Too Large", f"At most {BODY_BYTES >> 10} kB.")
    problem = serving.uploads.reserve(parser, parser.content_length, free_bytes)
    return RefusedError(503, "Not Now", problem) if problem else None


class Listening:
    """Bound addresses over one application; `run` answers until it is stopped."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self._app = create_app(serving)
        self._sockets: dict[int, Any] = {}
        self._servers: list[Server] = []
        self._stop = Event()

    def bind(
        self, host: str, port: int, listener: Callable[[int], Listener], tls: ssl.SSLContext | None
    ) -> Listener:
        """Bind an address and return it as it is bound; port 0 takes any that is free.

        Raises
        ------
        KneeloadError
            If it cannot be bound.
        """
        is_phone = listener(port).is_phone
        adjustments = Adjustments(
            listen=f"{host}:{port}",
            ident=None,
            url_scheme="https" if tls else "http",
            max_request_body_size=BODY_BYTES + 1 if is_phone else _MOST_BYTES,
            max_request_header_size=16 << 10,
            cleanup_interval=5,
            clear_untrusted_proxy_headers=True,
            expose_tracebacks=False,
            log_socket_errors=False,
            **(_PHONE if is_phone else _LOOPBACK),
        )
        try:
            server = Server(self._app, map=self._sockets, adj=adjustments)
        except OSError as error:
            raise KneeloadError(
                f"cannot listen on {host}:{port} ({error.strerror}); choose another --port"
            ) from error
        bound = listener(int(server.effective_port))
        server.application = listening(server.application, bound)
        server.gate = lambda parser: gate(self.serving, bound, parser)
        if tls:
            server.context, server.channel_class = tls, SecureChannel
        self._servers.append(server)
        return bound

    def stop(self) -> None:
        """End `run` soon; any thread may ask."""
        self._stop.set()

    def run(self, tick: Callable[[], bool] = lambda: True) -> None:
        """Answer until it is stopped, interrupted, or `tick`, called often, returns False."""
        try:
            with bodies_beside(self.serving.uploads.folder):
                while not self._stop.is_set() and tick():
                    wasyncore.loop(timeout=LOOP_S, map=self._sockets, count=1)
        finally:
            self.close()

    def close(self) -> None:
        """Close every socket, end the import and remove what was uploaded."""
        for server in self._servers:
            server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)
        self.serving.uploads.stop()
        self.serving.memo.close()


@contextmanager
def bodies_beside(folder: Path) -> Iterator[None]:
    """Keep long bodies in a private folder beside the log while they come in, not in /tmp."""
    before = tempfile.tempdir
    make_folder(folder)
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """Return what TLS needs.

    Raises
    ------
    KneeloadError
        If certificate and key cannot be read or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise KneeloadError(
            f"{cert.name} and {key.name} are not a certificate and its key in PEM form"
        ) from error
    return context
