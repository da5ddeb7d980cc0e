"""The sockets of the Linux dataplane: netlink to the kernel, and the control socket of charon.

The law: nothing else in this package opens a socket, and none of them leaves the machine.
"""

import os
import select
import socket
from collections.abc import Iterable, Mapping, Sequence

SEND_SECONDS = 5.0
NETLINK_ROUTE, NETLINK_XFRM, _NETLINK_NETFILTER = 0, 6, 12
_RECEIVE_BUFFER = 8 << 20
_FORCED_SEND_BUFFER, _FORCED_RECEIVE_BUFFER = 32, 33  # SO_SNDBUFFORCE, SO_RCVBUFFORCE
_LONGEST_TRANSACTION = 1 << 29
"""Octets: 65,536 tunnels with everything take 140 MB. No memory is taken before it is needed."""
_SOL_NETLINK, _STRICT = 270, 12  # NETLINK_GET_STRICT_CHK, linux/netlink.h
FAMILIES: Mapping[int, int] = {4: socket.AF_INET, 6: socket.AF_INET6}


def netfilter_socket(groups: int = 0) -> socket.socket:
    """Return a netlink socket to netfilter in this thread's namespace, member of those groups."""
    netlink = netlink_socket(_NETLINK_NETFILTER, groups)
    try:
        netlink.setsockopt(socket.SOL_SOCKET, _FORCED_SEND_BUFFER, _LONGEST_TRANSACTION)
    except PermissionError:
        netlink.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LONGEST_TRANSACTION)
    return netlink


def route_socket() -> socket.socket:
    """Return a netlink socket to routing; the kernel itself leaves out what is not asked for."""
    netlink = netlink_socket(NETLINK_ROUTE)
    netlink.setsockopt(_SOL_NETLINK, _STRICT, 1)
    return netlink


def netlink_socket(family: int, groups: int = 0) -> socket.socket:
    """Return a netlink socket in this thread's namespace; ``OSError`` where there is no such."""
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, family)
    try:
        netlink.setsockopt(socket.SOL_SOCKET, _FORCED_RECEIVE_BUFFER, _RECEIVE_BUFFER)
    except PermissionError:
        netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    netlink.bind((0, groups))
    netlink.settimeout(SEND_SECONDS)
    return netlink


def control_socket(path: str, seconds: float | None) -> socket.socket:
    """Return a connection to charon's VICI socket; raise ``OSError`` where there is none."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


class Bell:
    """Wakes a thread that waits for sockets."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def ring(self) -> None:
        """Wake the thread; once is enough however often it is called."""
        try:
            os.write(self._writer, b"!")
        except BlockingIOError:
            return  # it has been rung often enough

    def wait(self, sockets: Sequence[socket.socket], seconds: float) -> list[socket.socket]:
        """Return the sockets that have something to read; none after that time or a ring."""
        files = {each.fileno(): each for each in sockets}
        ready, _, _ = select.select([*files, self._reader], (), (), seconds)
        if self._reader in ready:
            os.read(self._reader, 4096)
        return [files[each] for each in ready if each in files]

    def close(self) -> None:
        """Let go of it; nobody may ring any more."""
        for end in (self._reader, self._writer):
            os.close(end)


def drained(
    sockets: Iterable[socket.socket], most: int = 1000
) -> list[tuple[socket.socket, bytes]]:
    """Return what these sockets have to read by now; an overrun counts as an empty message."""
    found: list[tuple[socket.socket, bytes]] = []
    for each in sockets:
        each.setblocking(False)
        for _ in range(most):
            try:
                found.append((each, each.recv(1 << 20)))
            except BlockingIOError:
                break
            except OSError:
                # ENOBUFS: the kernel dropped messages, so that anything may have changed.
                found.append((each, b""))
    return found
