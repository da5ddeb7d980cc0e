"""A table of the lab's own in the gateway, which counts what the driver's table lets through.

It hears behind the driver's chains, and never touches a packet: the class of packets where no
label shows it, and IKE packets that reach the daemon or leave.
"""

import json
from collections.abc import Mapping

from tests.packets.lab.topology import Topology

TABLE = "packets_probe"
IKE_INBOUND, IKE_OUTBOUND = "ike_inbound", "ike_outbound"
_IKE = "typeof udp dport . ip length\n  size 1024\n  flags dynamic\n  counter"
_CLASSES = ", ".join(f"1:{number} counter" for number in range(8))


def install_probe(lab: Topology, place: str) -> None:
    """Make the tables."""
    text = f"""
table inet {TABLE} {{
 set {IKE_INBOUND} {{
  {_IKE}
 }}
 set {IKE_OUTBOUND} {{
  {_IKE}
 }}
 chain input {{
  type filter hook input priority 100
  udp dport {{ 500, 4500 }} update @{IKE_INBOUND} {{ udp dport . ip length counter }}
 }}
 chain leaving {{
  type filter hook postrouting priority 100
  udp dport {{ 500, 4500 }} update @{IKE_OUTBOUND} {{ udp dport . ip length counter }}
 }}
}}
table netdev {TABLE} {{
"""
    for device in ("lan", "wan"):
        text += f""" set {device} {{
  type classid
  counter
  elements = {{ {_CLASSES} }}
 }}
 chain leaving_{device} {{
  type filter hook egress device {device} priority 100
  meta l4proto {{ udp, esp }} meta priority @{device}
 }}
"""
    lab.run(place, "nft", "-f", "-", text=text + "}\n")


def ike_packets(lab: Topology, place: str, which: str, port: int, length: int) -> int:
    """Return how many IKE packets of that port and length passed."""
    for key, packets in _counts(lab, place, f"inet {TABLE} {which}").items():
        if key == json.dumps({"concat": [port, length]}):
            return packets
    return 0


def classes(lab: Topology, place: str, device: str) -> Mapping[int, int]:
    """Return how many packets of each class other than 0 left by the device."""
    counts = _counts(lab, place, f"netdev {TABLE} {device}")
    return {int(json.loads(key).partition(":")[2], 16): n for key, n in counts.items()}


def _counts(lab: Topology, place: str, which: str) -> dict[str, int]:
    listed = json.loads(lab.run(place, "nft", "-j", "list", "set", *which.split()))
    found: dict[str, int] = {}
    for thing in listed["nftables"]:
        for element in thing.get("set", {}).get("elem", ()):
            details = element["elem"]
            found[json.dumps(details["val"])] = details["counter"]["packets"]
    return found
