"""Which SAs the kernel has, whatever charon tells: a dump at start, then events (XFRM netlink).

The law: a tunnel whose SAs are not in the kernel is never shown as one that carries packets.
"""

import struct
from collections.abc import Iterable

from dataplane_bridge.linux.netlink import message, messages
from dataplane_bridge.linux.sockets import NETLINK_XFRM, netlink_socket

_NEWSA, _DELSA, _GETSA, _UPDSA, _FLUSHSA = 0x10, 0x11, 0x12, 0x1A, 0x1C  # linux/xfrm.h
_EXPIRE = 0x18
_SA_GROUPS = 1 << 1 | 1 << 2  # XFRMNLGRP_EXPIRE, XFRMNLGRP_SA
_REQUEST, _DUMP, _ERROR, _DONE = 1, 0x300, 2, 3
_SPI = struct.Struct("!I")
_SPI_OF_INFO = 72  # struct xfrm_usersa_info: selector (56), destination (16), SPI
_SPI_OF_ID = 16  # struct xfrm_usersa_id: destination, SPI
_LONGEST = 1 << 18


class Associations:
    """The SPIs of the kernel's SAs."""

    def __init__(self) -> None:
        self.socket = netlink_socket(NETLINK_XFRM, _SA_GROUPS)
        self._spis: set[int] = set()
        self.read()

    def close(self) -> None:
        """Let the socket go."""
        self.socket.close()

    def has_any(self, spis: Iterable[int]) -> bool:
        """Tell whether the kernel has an SA with one of these SPIs."""
        return not self._spis.isdisjoint(spis)

    def read(self) -> None:
        """Ask the kernel for all SAs."""
        asking = netlink_socket(NETLINK_XFRM)
        try:
            asking.send(message(_GETSA, _REQUEST | _DUMP, 1, bytes(24)))
            found: set[int] = set()
            is_done = False
            while not is_done:
                for kind, _, body in messages(asking.recv(_LONGEST)):
                    is_done = is_done or kind in (_DONE, _ERROR)
                    if kind == _NEWSA:
                        found.add(_SPI.unpack_from(body, _SPI_OF_INFO)[0])
            self._spis = found
        finally:
            asking.close()

    def take(self, data: bytes) -> bool:
        """Follow what events tell, and tell whether an SA is gone."""
        if not data:  # messages were lost
            self.read()
            return True
        spis, is_gone = set(self._spis), False
        for kind, _, body in messages(data):
            if kind in (_NEWSA, _UPDSA):
                spis.add(_SPI.unpack_from(body, _SPI_OF_INFO)[0])
            elif kind == _DELSA:
                spis.discard(_SPI.unpack_from(body, _SPI_OF_ID)[0])
                is_gone = True
            elif kind == _EXPIRE:
                is_gone = True
            elif kind == _FLUSHSA:
                spis, is_gone = set(), True
        self._spis = spis
        return is_gone
