"""The addresses of this machine on its own network; nothing here sends a byte."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from kneeload.errors import KneeloadError

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_USUAL_BITS = 24  # of a home's network, where the system does not tell
_SYSTEM_CALLS = {"linux": (0x8915, 0x891B), "darwin": (0xC0206921, 0xC0206925)}
_NAME_BYTES = 16


class NoAddressError(KneeloadError):
    """There is no address, or more than one, that a phone could be given."""


def private_interfaces() -> list[IPv4Interface]:
    """Return this machine's private IPv4 addresses, each with its network."""
    interfaces = _by_system_call() if sys.platform in _SYSTEM_CALLS else _by_name()
    return sorted({interface for interface in interfaces if is_private(interface.ip)})


def is_private(address: IPv4Address) -> bool:
    """Whether an address is of a network that the internet does not reach."""
    return any(address in network for network in PRIVATE)


def chosen_interface(address: str | None, interfaces: list[IPv4Interface]) -> IPv4Interface:
    """Return the interface that a phone is given.

    Parameters
    ----------
    address
        An address of this machine; None takes the only one.

    Raises
    ------
    NoAddressError
        If there is none, more than one to choose from, or not the wanted one.
    """
    listed = ", ".join(str(interface.ip) for interface in interfaces)
    if address is not None:
        for interface in interfaces:
            if str(interface.ip) == address:
                return interface
        raise NoAddressError(
            f"{address} is not a private IPv4 address of this machine"
            f" (it has {listed or 'none'}); kneeload listens only on such addresses"
        )
    if not interfaces:
        raise NoAddressError("this machine has no private IPv4 address; join your network first")
    if len(interfaces) > 1:
        raise NoAddressError(
            f"this machine has several addresses; choose one with --address: {listed}"
        )
    return interfaces[0]


def _by_system_call() -> list[IPv4Interface]:
    """Ask the kernel for the address and the mask of each interface."""
    interfaces = []
    address_call, mask_call = _SYSTEM_CALLS[sys.platform]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for _, name in socket.if_nameindex():
            with suppress(OSError):
                address = _ioctl_address(control, address_call, name)
                interfaces.append(
                    IPv4Interface(f"{address}/{_ioctl_address(control, mask_call, name)}")
                )
    return interfaces


def _ioctl_address(control: socket.socket, call: int, name: str) -> IPv4Address:
    import fcntl

    request = struct.pack("256s", name.encode()[: _NAME_BYTES - 1])
    answer = fcntl.ioctl(control.fileno(), call, request)
    return IPv4Address(answer[_NAME_BYTES + 4 : _NAME_BYTES + 8])


def _by_name() -> list[IPv4Interface]:
    """Look this machine's own name up, where the kernel cannot be asked; the mask is a guess."""
    with suppress(OSError):
        addresses = socket.gethostbyname_ex(socket.gethostname())[2]
        return [IPv4Interface(f"{address}/{_USUAL_BITS}") for address in addresses]
    return []
