"""Many peers that dial in: one connection at the gateway, one at each of many addresses.

The law: peer ``pN`` has the address 198.51.100.(PEER + N), and the network 10.3.N.0/24 behind it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.packets.lab.charon import Charon
from tests.packets.lab.spokes import NEAR_ID
from tests.packets.lab.topology import MAC, NEAR, Topology

CONNECTION = "dial"
MOST_PEERS = 150
_PEER = 100
_ANY = "%any"
_SECRET = {"type": "IKE", "data": "of everybody who dials in", "owners": [NEAR_ID, _ANY]}
_COMMON = {
    "version": "2",
    "mobike": "no",
    "proposals": ["aes128-sha256-x25519"],
}


def peer_number(name: str) -> int | None:
    """Return the number of a peer, or ``None`` if the tunnel of that name is none of a peer."""
    return int(name[1:]) if name.startswith("p") else None


def peer_name(connection: str | None, remote_prefixes: tuple[str, ...]) -> str | None:
    """Return the short name of the tunnel of a peer."""
    return f"p{remote_prefixes[0].split('.')[2]}" if connection == CONNECTION else None


def await_peers(near: Charon, *, if_id: int | None) -> None:
    """Let the gateway take whoever dials in."""
    child: dict[str, Any] = {**_child(), "local_ts": ["10.1.1.0/24"], "remote_ts": ["10.3.0.0/16"]}
    if if_id is not None:
        child |= {"if_id_in": str(if_id), "if_id_out": str(if_id)}
    near.load(
        _SECRET,
        {
            CONNECTION: {
                **_COMMON,
                "local_addrs": [NEAR],
                "remote_addrs": [_ANY],
                "encap": "yes" if if_id is None else "no",
                "local": {"auth": "psk", "id": NEAR_ID},
                "remote": {"auth": "psk", "id": _ANY},
                "children": {CONNECTION: child},
            }
        },
    )


def dial_in(lab: Topology, far: Charon, numbers: Iterable[int], *, encap: bool) -> None:
    """Let these peers dial in, all at once; they are not up yet when this returns."""
    numbers = tuple(numbers)
    lab.ip("gB", *(f"addr replace {_address(number)}/24 dev wan" for number in numbers))
    # User-space ESP wants an address of its own within the networks of a tunnel.
    lab.ip("gB", *(f"addr replace 10.3.{number}.1/24 dev lan" for number in numbers))
    lab.ip("wan", *(_neighbour(_address(each), ("gB", "wan"), "wb") for each in numbers))
    far.load(_SECRET, dict(_connection(number, encap=encap) for number in numbers))
    for number in numbers:
        far.initiate(f"p{number}", seconds=0)


def connect_hosts(lab: Topology, numbers: Iterable[int]) -> None:
    """Let there be a host behind each of these peers."""
    for number in numbers:
        lab.ip("hB", f"addr replace 10.3.{number}.2/24 dev eth0")
        lab.ip("gB", _neighbour(f"10.3.{number}.2", ("hB", "eth0"), "lan"))


def _connection(number: int, *, encap: bool) -> tuple[str, Mapping[str, Any]]:
    name = f"p{number}"
    networks = {"local_ts": [f"10.3.{number}.0/24"], "remote_ts": ["10.1.1.0/24"]}
    return name, {
        **_COMMON,
        "local_addrs": [_address(number)],
        "remote_addrs": [NEAR],
        "encap": "yes" if encap else "no",
        "local": {"auth": "psk", "id": name},
        "remote": {"auth": "psk", "id": NEAR_ID},
        "children": {name: {**_child(), **networks}},
    }


def _child() -> dict[str, Any]:
    return {
        "mode": "tunnel",
        "replay_window": "2048",
        "esp_proposals": ["aes128gcm16"],
        "start_action": "none",
    }


def _address(number: int) -> str:
    return f"198.51.100.{_PEER + number}"


def _neighbour(address: str, there: tuple[str, str], device: str) -> str:
    return f"neigh replace {address} lladdr {MAC[there]} dev {device} nud permanent"
