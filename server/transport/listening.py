"""Addresses: sockets that listen on them, and words for them."""

import os
import socket

from server.toml_table import SettingsError

_BACKLOG = 1024


def listen_on(table: str, address: str, port: int) -> socket.socket:
    """A socket that listens there, on every address when it is empty; raises SettingsError."""
    try:
        if not address and socket.has_dualstack_ipv6():
            made = socket.create_server(
                ("", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True
            )
        else:
            family, _, _, _, place = socket.getaddrinfo(
                address or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            made = socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise cannot_listen(table, address, port, error) from None
    made.setblocking(False)
    return made


def cannot_listen(table: str, address: str, port: int, error: OSError) -> SettingsError:
    """What to say of an address that cannot be listened on."""
    place = f"{address or 'every address'} port {port}"
    return SettingsError(f"[{table}] address and port: cannot listen on {place}: {why_not(error)}")


def place_of(transport: str, address: str, listener: socket.socket) -> str:
    """The transport and where it listens, for the log."""
    return f"{transport} on {address or 'every-address'} port {listener.getsockname()[1]}"


def address_of(end: socket.socket) -> str:
    """The address at the other end, empty when it is gone already."""
    try:
        return str(end.getpeername()[0])
    except OSError:
        return ""


def why_not(error: OSError) -> str:
    """What the system says of an address that cannot be listened on or reached."""
    # asyncio puts the address into strerror; the resolver's numbers are negative.
    number = error.errno or 0
    return os.strerror(number) if number > 0 else error.strerror or str(error)
