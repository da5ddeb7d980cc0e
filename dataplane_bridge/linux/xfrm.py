"""Which SAs the kernel has, whatever charon tells: a dump at start, then events (XFRM netlink).

The law: a tunnel whose SAs are not in the kernel is never shown as one that carries packets; what
its SAs do otherwise than its policy says is shown.
"""

import struct
from collections.abc import Container, Iterable
from ipaddress import ip_address
from typing import NamedTuple

from dataplane_bridge.effective import Condition
from dataplane_bridge.linux.netlink import message, messages
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.linux.sockets import FAMILIES, NETLINK_XFRM, netlink_socket
from dataplane_bridge.plan import ObjectKey

_NEWSA, _DELSA, _GETSA, _UPDSA, _FLUSHSA = 0x10, 0x11, 0x12, 0x1A, 0x1C  # linux/xfrm.h
_EXPIRE = 0x18
_SA_GROUPS = 1 << 1 | 1 << 2  # XFRMNLGRP_EXPIRE, XFRMNLGRP_SA
_REQUEST, _DUMP, _ERROR, _DONE = 1, 0x300, 2, 3
# struct xfrm_usersa_info: selector (56), destination (16), SPI, protocol and gap (4), source (16),
# lifetimes (64 + 32), statistics (12), sequence number, reqid, family, mode, replay window, flags
_INFO = struct.Struct("!56x16sI136xH2xB")
# struct xfrm_usersa_id: destination, SPI, family
_ID = struct.Struct("!16sIH")
_NO_PMTU_DISCOVERY = 4  # XFRM_STATE_NOPMTUDISC
_LONGEST = 1 << 18

_NO_SA = "The kernel has no SA with the SPI {} that charon tells of."
_NO_COPY = (
    "The SAs of the tunnel do not copy the DF bit: outer headers have it clear; copy_df = yes in"
    " the child's configuration of charon lets new SAs copy it."
)


class Association(NamedTuple):
    """What names an SA: where its packets go to, and its SPI."""

    destination: bytes
    spi: int


class Associations:
    """The kernel's SAs."""

    def __init__(self) -> None:
        self.socket = netlink_socket(NETLINK_XFRM, _SA_GROUPS)
        self._copies_df: dict[Association, bool] = {}
        self.read()

    def close(self) -> None:
        """Let the socket go."""
        self.socket.close()

    def conditions(self, known: Known, objects: Container[ObjectKey]) -> tuple[Condition, ...]:
        """Return what the SAs of a tunnel with these objects do otherwise than is told of it."""
        tunnel = known.tunnel
        outbound = _names(tunnel.remote_address, known.spis_out)
        for names in (_names(tunnel.local_address, known.spis_in), outbound):
            if names and not any(each in self._copies_df for each in names):
                spis = ", ".join(f"{each.spi:#010x}" for each in names)
                return (Condition("tunnel", "failed", _NO_SA.format(spis)),)
        is_copied = all(self._copies_df.get(each, True) for each in outbound)
        accounting = ObjectKey("accounting", tunnel.id)
        if is_copied or accounting not in objects or ObjectKey("df-bit", tunnel.id) in objects:
            return ()
        return () if ":" in tunnel.remote_address else (_df_not_copied(),)

    def read(self) -> None:
        """Ask the kernel for all SAs."""
        asking = netlink_socket(NETLINK_XFRM)
        try:
            asking.send(message(_GETSA, _REQUEST | _DUMP, 1, bytes(24)))
            found: dict[Association, bool] = {}
            is_done = False
            while not is_done:
                for kind, _, body in messages(asking.recv(_LONGEST)):
                    is_done = is_done or kind in (_DONE, _ERROR)
                    if kind == _NEWSA:
                        found.update(_of_info(body))
            self._copies_df = found
        finally:
            asking.close()

    def take(self, data: bytes) -> bool:
        """Follow what events tell, and tell whether an SA is gone."""
        if not data:  # messages were lost
            self.read()
            return True
        now, is_gone = dict(self._copies_df), False
        for kind, _, body in messages(data):
            if kind in (_NEWSA, _UPDSA):
                now.update(_of_info(body))
            elif kind == _DELSA:
                destination, spi, family = _ID.unpack_from(body)
                now.pop(_name(destination, spi, family), None)
                is_gone = True
            elif kind == _EXPIRE:
                is_gone = True
            elif kind == _FLUSHSA:
                now, is_gone = {}, True
        self._copies_df = now
        return is_gone


def _of_info(body: bytes) -> dict[Association, bool]:
    destination, spi, family, flags = _INFO.unpack_from(body)
    return {_name(destination, spi, family): not flags & _NO_PMTU_DISCOVERY}


def _name(destination: bytes, spi: int, family: int) -> Association:
    # The family is in the order of this machine, and of one octet.
    is_ipv4 = FAMILIES[4] in (family >> 8, family)
    return Association(destination[: 4 if is_ipv4 else 16], spi)


def _names(address: str, spis: Iterable[int]) -> tuple[Association, ...]:
    packed = ip_address(address).packed
    return tuple(Association(packed, spi) for spi in spis)


def _df_not_copied() -> Condition:
    return Condition("df-bit", "not-applicable", _NO_COPY)
