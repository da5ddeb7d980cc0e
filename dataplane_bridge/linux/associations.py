"""From what charon tells of its SAs (VICI) to tunnels.

The law: a tunnel's id is made of what stays across rekeys (connection, child, peer's identity,
selectors) and of nothing else; two SAs that differ in none of these are one tunnel.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network, summarize_address_range
from pathlib import Path
from typing import Any, NamedTuple

from dataplane_bridge.linux.devices import ALIAS, Device
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.tunnels import Cipher, Mpls, Tunnel

LONGEST_ID = 255
_LIVE = {"INSTALLED", "INSTALLING", "REKEYING", "REKEYED", "UPDATING", "ROUTED"}
_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "gre": 47, "icmpv6": 58, "ipv6-icmp": 58, "sctp": 132}
_LIKE_GCM = ("AES_GCM", "AES_CCM", "CHACHA20")


class Surroundings(NamedTuple):
    """The devices by name, the number of the device of each address, and who imposes labels."""

    devices: Mapping[str, Device]
    addresses: Mapping[str, int]
    mpls_interfaces: tuple[str, ...] = ()

    def egress(self, local_address: str) -> Device | None:
        """Return the device that has the address."""
        number = self.addresses.get(local_address)
        return next((each for each in self.devices.values() if each.number == number), None)

    def xfrm_interface(self, if_id: int | None) -> Device | None:
        """Return the xfrm interface of that if_id."""
        if not if_id:
            return None
        return next((each for each in self.devices.values() if each.if_id == if_id), None)


def text(value: Any) -> Any:
    """Return a VICI value with text instead of bytes."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, Mapping):
        return {text(name): text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [text(each) for each in value]
    return value


def known_tunnels(
    connection: str, ike: Mapping[str, Any], around: Surroundings, gone: Iterable[str] = ()
) -> Iterator[Known]:
    """Yield the tunnels of one IKE_SA, without the children of those unique ids.

    The SAs of one tunnel, old and new during a rekey, are one.
    """
    if ike.get("state") == "DELETING":
        return
    found: dict[str, Known] = {}
    left_out = set(gone)
    children = sorted(
        ike.get("child-sas", {}).values(), key=lambda child: int(child.get("uniqueid", 0))
    )
    for child in children:
        live = child.get("state") in _LIVE and child.get("mode") != "TRANSPORT"
        if live and child.get("uniqueid") not in left_out:
            known = _known(connection, ike, child, around)
            found[known.tunnel.id] = _merged(found.get(known.tunnel.id), known)
    yield from found.values()


def merged_tunnels(parts: Iterable[Known]) -> dict[str, Known]:
    """Return the tunnels by id; those that several IKE_SAs have are one."""
    found: dict[str, Known] = {}
    for known in parts:
        found[known.tunnel.id] = _merged(found.get(known.tunnel.id), known)
    return found


def _merged(old: Known | None, new: Known) -> Known:
    if old is None:
        return new
    return Known(
        new.tunnel,
        tuple(sorted({*old.spis_in, *new.spis_in})),
        tuple(sorted({*old.spis_out, *new.spis_out})),
    )


def _known(
    connection: str, ike: Mapping[str, Any], child: Mapping[str, Any], around: Surroundings
) -> Known:
    local = [_selector(each) for each in child.get("local-ts", ())]
    remote = [_selector(each) for each in child.get("remote-ts", ())]
    if_id = int(child["if-id-out"], 16) if child.get("if-id-out") else None
    egress = around.egress(ike["local-host"])
    inside = around.xfrm_interface(if_id)
    # Our own device is how it is done; the interface that a policy is bound to is the real one.
    interface = egress if inside is None or inside.alias == ALIAS else inside
    tunnel = Tunnel(
        id=_identity(connection, ike, child),
        interface="" if interface is None else interface.name,
        connection=connection,
        local_address=ike["local-host"],
        remote_address=ike["remote-host"],
        local_prefixes=tuple(prefix for each in local for prefix in each.prefixes),
        remote_prefixes=tuple(prefix for each in remote for prefix in each.prefixes),
        protocol=_same(each.protocol for each in remote),
        remote_port=_same(each.port for each in remote),
        reqid=int(child["reqid"]) if child.get("reqid") else None,
        if_id=if_id,
        cipher=_cipher(child),
        nat_traversal=child.get("encap") == "yes",
        egress_mtu=1500 if egress is None else egress.mtu,
        mpls=_mpls(egress, around.mpls_interfaces),
    )
    return Known(tunnel, (int(child["spi-in"], 16),), (int(child["spi-out"], 16),))


def _identity(connection: str, ike: Mapping[str, Any], child: Mapping[str, Any]) -> str:
    local, remote = "+".join(child.get("local-ts", ())), "+".join(child.get("remote-ts", ()))
    peer = ike.get("remote-eap-id") or ike.get("remote-id", ike["remote-host"])
    whole = f"{connection}/{child['name']} {peer} {local}={remote}"
    if len(whole) <= LONGEST_ID:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return f"{whole[: LONGEST_ID - 17]}~{digest}"


def _cipher(child: Mapping[str, Any]) -> Cipher:
    # What is neither is reckoned with the larger overhead.
    return "aes-gcm" if str(child.get("encr-alg")).startswith(_LIKE_GCM) else "aes-cbc-sha256"


def _mpls(egress: Device | None, interfaces: tuple[str, ...]) -> Mpls:
    outbound = egress is not None and egress.name in interfaces
    inbound = any(egress is None or name != egress.name for name in interfaces)
    if outbound:
        return "both" if inbound else "outbound"
    return "inbound" if inbound else "none"


class _Selector(NamedTuple):
    prefixes: tuple[str, ...]
    protocol: int | None
    port: int | None


def _selector(told: str) -> _Selector:
    """Read ``10.0.0.0/8[tcp/443]`` or ``10.0.0.1..10.0.0.9``."""
    addresses, _, ports = told.rstrip("]").partition("[")
    protocol, _, port = ports.partition("/")
    return _Selector(tuple(_prefixes(addresses)), _protocol(protocol), _port(port))


def _prefixes(addresses: str) -> Iterator[str]:
    first, _, last = addresses.partition("..")
    if not last:
        yield str(ip_network(first, strict=False))
        return
    for network in summarize_address_range(ip_address(first), ip_address(last)):
        yield str(network)


def _protocol(name: str) -> int | None:
    return int(name) if name.isdecimal() else _PROTOCOLS.get(name)


def _port(name: str) -> int | None:
    if name.isdecimal():
        return int(name)
    if not name:
        return None
    services = Path("/etc/services")
    for line in services.read_text().splitlines() if services.exists() else ():
        words = line.split()
        if len(words) > 1 and words[0] == name:
            return int(words[1].partition("/")[0])
    return None


def _same(values: Iterable[int | None]) -> int | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None
