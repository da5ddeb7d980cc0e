"""Gives up the capabilities of root that a gateway does not need (capabilities(7)).

The law: called before any thread is started, since capabilities are a thread's own; what is given
up cannot be had back.
"""

import ctypes
import struct

from dataplane_bridge.driver import BridgeError

NET_BIND_SERVICE, NET_ADMIN, NET_RAW = 10, 12, 13
KEPT = (NET_BIND_SERVICE, NET_ADMIN)
"""Port 830 is below 1024; nftables, routes, XFRM and the sysctls of the network."""

_PR_CAPBSET_DROP, _PR_CAPBSET_READ = 24, 23
_VERSION_3 = 0x20080522
_LIBC = ctypes.CDLL(None, use_errno=True)


def effective_capabilities() -> int:
    """Return the capabilities that this thread has, as a mask."""
    header, data = struct.pack("=Ii", _VERSION_3, 0), ctypes.create_string_buffer(24)
    if _LIBC.capget(header, data):
        raise BridgeError("The kernel does not tell the capabilities of this process.")
    low, _, _, high, _, _ = struct.unpack("=IIIIII", data.raw)
    return int(low | high << 32)


def keep_only(kept: tuple[int, ...] = KEPT) -> None:
    """Keep these capabilities of those there are, and none that a program started could get."""
    mask = sum(1 << each for each in kept) & effective_capabilities()
    for each in range(64):
        if _LIBC.prctl(_PR_CAPBSET_READ, each, 0, 0, 0) == 1 and not mask >> each & 1:
            _LIBC.prctl(_PR_CAPBSET_DROP, each, 0, 0, 0)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    header = struct.pack("=Ii", _VERSION_3, 0)
    if _LIBC.capset(header, struct.pack("=IIIIII", low, low, 0, high, high, 0)):
        raise BridgeError("Capabilities could not be given up.")


def check_capable() -> None:
    """Raise ``BridgeError`` if CAP_NET_ADMIN is missing."""
    if not effective_capabilities() >> NET_ADMIN & 1:
        raise BridgeError(
            "The driver linux needs CAP_NET_ADMIN: start the server as root, or let systemd give it"
            " (AmbientCapabilities=CAP_NET_ADMIN)."
        )
