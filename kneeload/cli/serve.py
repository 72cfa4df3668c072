"""The command that shows the log in the browser: serve."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.usage_errors import Existing, needs_extra
from kneeload.clock import machine_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.serve.listening import Listening
    from kneeload.serve.security import Listener
    from kneeload.serve.serving import Serving

PORT = 8421
INBOX_S = 60.0
_ADDRESS_S = 5.0
_WHITE, _BLACK = 231, 232  # of the 256 colours, two that no theme changes
PLAIN = (
    "On a network that you share, others could read what the phone sends and shows. With --cert "
    "and --key it is encrypted (HTTPS)."
)
_FILE = Existing(path_type=Path, exists=True, dir_okay=False)


@click.command(epilog="Example: kneeload serve --phone")
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    default=PORT,
    show_default=True,
    help="Port, the number in the address; choose another one if it is taken.",
)
@click.option(
    "--phone",
    is_flag=True,
    help="Let a phone on your own network connect by scanning a QR code.",
)
@click.option(
    "--address", metavar="A", help="The address at which the phone reaches this computer."
)
@click.option(
    "--cert",
    type=_FILE,
    help="Security certificate (a PEM file) for the address that you open on the phone.",
)
@click.option("--key", type=_FILE, help="The key of that certificate (a PEM file).")
@pass_app
def serve(
    app: App, port: int, phone: bool, address: str | None, cert: Path | None, key: Path | None
) -> None:
    """Show the log in the browser, where you can also log scores, review runs and import files.

    It prints an address that contains a key. Open the address in a browser on this computer. It
    works until you stop the command with Ctrl-C. With --phone, a phone on your own network can show
    the log and add to it.
    """
    _only_together(phone=phone, address=address, cert=cert, key=key)
    with needs_extra("serve"):
        import flask  # noqa: F401
        import segno  # noqa: F401
        import waitress  # noqa: F401
    _serve(app, port, _phone_options(address, cert, key) if phone else None)


def _only_together(
    *, phone: bool, address: str | None, cert: Path | None, key: Path | None
) -> None:
    """Refuse options that need another one, and a phone where nobody sees the QR code."""
    if (address or cert or key) and not phone:
        raise click.UsageError("--address, --cert and --key need --phone")
    if bool(cert) != bool(key):
        raise click.UsageError("--cert needs --key, and --key needs --cert")
    if phone and not sys.stdout.isatty():
        raise click.UsageError("--phone needs a terminal to show its QR code")


def _phone_options(address: str | None, cert: Path | None, key: Path | None) -> dict[str, Any]:
    """Return the network address that a phone is given, and TLS where it has a certificate."""
    from kneeload.serve.listening import tls_context
    from kneeload.serve.network import chosen_interface, private_interfaces

    interface = chosen_interface(address, private_interfaces())
    return {"interface": interface, "tls": tls_context(cert, key) if cert and key else None}


def _serve(app: App, port: int, phone: dict[str, Any] | None) -> None:
    from kneeload.serve.listening import Listening

    with app.open():
        pass  # an older log is migrated here, where its runner sees what happens
    shared = _shared(app)
    listening = Listening(shared)
    try:
        at_desk, at_phone = _bind(listening, port, phone)
        click.echo(f"Open this address: {at_desk.origin}/?key={shared.sessions.key}")
        click.echo("It works until you stop this with Ctrl-C.")
        if at_phone:
            _show_code(shared, at_phone)
            _codes_on_enter(shared, at_phone)
        with _inbox(shared), _until_terminated(listening):
            listening.run(_address_stays(at_phone) if at_phone else lambda: True)
    except KeyboardInterrupt:
        click.echo("")
    finally:
        listening.close()
    click.echo("Stopped.")


def _shared(app: App) -> Serving:
    from secrets import token_urlsafe

    from kneeload.serve.serving import serving

    return serving(
        app.log_path,
        clock=lambda: app.now,
        secrets=token_urlsafe,
        machine_zone=machine_zone(),
        as_of=app.as_of,
    )


def _bind(
    listening: Listening, port: int, phone: dict[str, Any] | None
) -> tuple[Listener, Listener | None]:
    """Bind loopback, then the phone's address, on the same port."""
    from kneeload.serve.security import Listener

    at_desk = listening.bind(
        "127.0.0.1", port, lambda bound: Listener(host="127.0.0.1", port=bound), None
    )
    if phone is None:
        return at_desk, None
    interface, tls = phone["interface"], phone["tls"]
    host = str(interface.ip)
    at_phone = listening.bind(
        host,
        at_desk.port,
        lambda bound: Listener(
            host=host,
            port=bound,
            network=interface.network,
            is_phone=True,
            scheme="https" if tls else "http",
        ),
        tls,
    )
    return at_desk, at_phone


def _show_code(shared: Serving, at_phone: Listener) -> None:
    """Print a new pairing code as a QR code, and what it is good for."""
    address = f"{at_phone.origin}/pair?code={shared.pairing.new_code()}"
    click.echo(
        f"\nFor a phone on your own network ({at_phone.authority}): scan this within ten minutes."
    )
    click.echo("\n".join(_qr_lines(address)))
    click.echo("The code lets in one phone, for thirty days. Press Enter for a new code.")
    if at_phone.scheme == "http":
        click.echo(PLAIN)


def _qr_lines(address: str) -> Iterator[str]:
    """Yield the lines of a QR code: dark on light, whatever the terminal's own colours."""
    import segno

    drawn = StringIO()
    segno.make(address, error="l").terminal(drawn, compact=True)
    for line in drawn.getvalue().splitlines():
        yield click.style(line, fg=_WHITE, bg=_BLACK)


def _codes_on_enter(shared: Serving, at_phone: Listener) -> None:
    def listen() -> None:
        for _ in sys.stdin:
            _show_code(shared, at_phone)

    Thread(target=listen, name="codes", daemon=True).start()


def _address_stays(at_phone: Listener) -> Any:
    """Return what tells, every few seconds, whether the phone's address is still this machine's."""
    from time import monotonic

    from kneeload.serve.network import private_interfaces

    next_look = monotonic() + _ADDRESS_S

    def stays() -> bool:
        nonlocal next_look
        if monotonic() < next_look:
            return True
        next_look = monotonic() + _ADDRESS_S
        if at_phone.host in {str(interface.ip) for interface in private_interfaces()}:
            return True
        click.echo(f"This machine no longer has the address {at_phone.host}.")
        return False

    return stays


@contextmanager
def _inbox(shared: Serving) -> Iterator[None]:
    """Read the pain inbox in a thread of its own, at times and after writes: no page does."""
    from kneeload.serve.inbox import make_ready, read_inbox

    ended = Event()

    def reading() -> None:
        while not ended.is_set():
            read_inbox(shared)
            make_ready(shared)
            shared.stirred.wait(INBOX_S)
            shared.stirred.clear()

    thread = Thread(target=reading, name="inbox")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        shared.stirred.set()
        thread.join()


@contextmanager
def _until_terminated(listening: Listening) -> Iterator[None]:
    """End cleanly where the system asks for it."""
    before = signal.signal(signal.SIGTERM, lambda *_: listening.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
