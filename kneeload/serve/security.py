"""Who may ask, and how: peer, host and origin of a request, and the headers of every answer."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Literal

METHODS = frozenset({"GET", "HEAD", "POST"})
BODY_BYTES = 64 << 10
"""Largest body of a form [byte]; only a loopback upload may be longer."""

# Charts carry inline styles, which a hash cannot cover; without inline scripts they can show
# nothing that is not on the page already.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOOPBACK = IPv4Network("127.0.0.0/8")


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A bound address: what its requests must name, and who may send them.

    Parameters
    ----------
    host, port
        The address, an IPv4 one, and its port.
    network
        Where its peers live.
    is_phone
        Whether it lets a phone in, which logs and looks; loopback may do all.
    """

    host: str
    port: int
    network: IPv4Network = LOOPBACK
    is_phone: bool = False
    scheme: Literal["http", "https"] = "http"

    @property
    def authority(self) -> str:
        """What the header Host must be, letter by letter."""
        return f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """What the header Origin must be, where there is one."""
        return f"{self.scheme}://{self.authority}"

    @property
    def cookie(self) -> str:
        """Name of the session's cookie: cookies do not tell ports apart by themselves."""
        return f"kneeload_{self.port}"


def is_peer(listener: Listener, peer: str) -> bool:
    """Whether a peer lives in the listener's own network."""
    try:
        return IPv4Address(peer) in listener.network
    except AddressValueError:
        return False


def is_own_host(listener: Listener, host: str | None) -> bool:
    """Whether a request names the bound address; a name that resolves to it will not do."""
    return host == listener.authority


def is_own_origin(listener: Listener, origin: str | None, fetch_site: str | None) -> bool:
    """Whether a write comes from a page of our own, as far as the browser tells.

    Where it tells no origin, its token must do, unless the browser says that another site asked.
    """
    if origin is not None:
        return origin == listener.origin
    return fetch_site in {None, "same-origin", "none"}
