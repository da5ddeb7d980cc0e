"""The connections of the lab: what each peer is, and what it is told to IKE.

The law: a tunnel's short name (``t1``) is its child's name and the number of its networks.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.packets.lab.topology import FAR, FAR6, NEAR, NEAR6

IF_ID = 1
NEAR_ID = "near"
_SECRET = "only for the lab"


class Child(NamedTuple):
    """A CHILD_SA; without a ``reqid`` charon chooses one.

    ``by_policy``: it goes by no xfrm interface; ``copy_df``: its SAs copy the DF bit outwards.
    """

    name: str
    reqid: int | None = None
    by_policy: bool = False
    copy_df: bool = True

    @property
    def number(self) -> int:
        """Return the number of its networks."""
        return int(self.name[1:])

    def networks(self, side: int) -> list[str]:
        """Return the networks of one side."""
        return [f"10.{side}.{self.number}.0/24", f"fd00:{side}:{self.number}::/64"]


class Spoke(NamedTuple):
    """A peer of the gateway under test."""

    name: str
    address: str
    children: tuple[Child, ...]
    encap: bool = False
    mobike: bool = False
    esp: str = "aes128gcm16"

    @property
    def near(self) -> str:
        """Return the address of the gateway under test towards this peer."""
        return NEAR6 if ":" in self.address else NEAR


def spokes(*, userspace: bool) -> tuple[Spoke, ...]:
    """Return the peers; user-space ESP is always in UDP."""
    cbc = "aes128-sha256"
    return (
        Spoke("spoke1", FAR[0], (Child("t1", 100_001), Child("t2", 100_002)), userspace),
        Spoke("spoke2", FAR[1], (Child("t3"),), True, True, cbc),
        Spoke("spoke6", FAR6, (Child("t4", 100_004),), userspace),
        Spoke(
            "spoke3",
            FAR[2],
            (Child("t5", 100_005, by_policy=True), Child("t6", 100_006, copy_df=False)),
            userspace,
        ),
    )


def secret(spoke: Spoke) -> Mapping[str, Any]:
    """Return the shared secret of a peer, as VICI takes it."""
    return {"type": "IKE", "data": _SECRET, "owners": [NEAR_ID, spoke.name]}


def near_connection(spoke: Spoke, *, if_id: int | None) -> Mapping[str, Any]:
    """Return the connection for the gateway under test."""
    ends = (spoke.near, NEAR_ID), (spoke.address, spoke.name)
    return _connection(spoke, ends, (1, 2), if_id)


def far_connection(spoke: Spoke) -> Mapping[str, Any]:
    """Return the connection for the peer."""
    ends = (spoke.address, spoke.name), (spoke.near, NEAR_ID)
    return _connection(spoke, ends, (2, 1), None)


def _connection(
    spoke: Spoke,
    ends: tuple[tuple[str, str], tuple[str, str]],
    sides: tuple[int, int],
    if_id: int | None,
) -> Mapping[str, Any]:
    (address, name), (peer, peer_name) = ends
    return {
        spoke.name: {
            "version": "2",
            "local_addrs": [address],
            "remote_addrs": [peer],
            "encap": "yes" if spoke.encap else "no",
            "mobike": "yes" if spoke.mobike else "no",
            "proposals": ["aes128-sha256-x25519"],
            "local": {"auth": "psk", "id": name},
            "remote": {"auth": "psk", "id": peer_name},
            "children": {
                child.name: dict(_child(spoke, child, sides, if_id)) for child in spoke.children
            },
        }
    }


def _child(
    spoke: Spoke, child: Child, sides: tuple[int, int], if_id: int | None
) -> Iterator[tuple[str, Any]]:
    yield "local_ts", child.networks(sides[0])
    yield "remote_ts", child.networks(sides[1])
    yield "mode", "tunnel"
    # An emulated machine that stalls sends packets of one SA by several processors, out of order.
    # Where the peer moves, charon 5.9.8 has no room for a large one in its message to the kernel.
    yield "replay_window", "128" if spoke.mobike else "2048"
    yield "esp_proposals", [spoke.esp]
    yield "start_action", "none"
    if child.reqid is not None:
        yield "reqid", str(child.reqid)
    if not child.copy_df:
        yield "copy_df", "no"
    if if_id is not None and not child.by_policy:
        yield "if_id_in", str(if_id)
        yield "if_id_out", str(if_id)
