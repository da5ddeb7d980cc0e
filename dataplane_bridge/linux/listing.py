"""What the kernel holds, read from the JSON of libnftables.

The law: what was written as an ``Elements`` value comes back as the same one; what nobody of us
writes comes back as something else, and is seen.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from operator import itemgetter
from typing import Any

from dataplane_bridge.linux.elements import COUNTER, Elements, Place
from dataplane_bridge.linux.ruleset import STAMP
from dataplane_bridge.linux.sizes import FIRST, Rules, is_of_lengths, read_rule

Counts = dict[Place, tuple[int, int]]
"""Packets and octets of each element that counts."""

_UNITS = {"bytes": 1, "kbytes": 1024, "mbytes": 1024 * 1024}
_VOLATILE = {"handle", "elem", "packets", "bytes"}


@dataclass(slots=True)
class Listing:
    """A table: whose it is, what never changes of it as a digest, and its elements."""

    stamp: str | None = None
    digest: str = ""
    elements: Elements = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    unmatched: tuple[int, int] = (0, 0)
    lengths: dict[str, Rules] = field(default_factory=dict)
    """The chains that compare lengths."""


def read_table(things: Iterable[tuple[str, dict[str, Any]]]) -> Listing:
    """Return what a listing of the whole table says."""
    listing = Listing()
    fixed: list[tuple[str, str, str]] = []
    for kind, content in things:
        if kind in ("set", "map"):
            read_elements(content, listing)
        elif kind == "chain" and str(content["name"]).startswith(STAMP):
            listing.stamp = str(content["name"])
            continue
        elif _of_lengths(kind, content, listing):
            continue
        elif kind == "counter":
            listing.unmatched = (content["packets"], content["bytes"])
        if kind != "table":
            steady = {name: value for name, value in content.items() if name not in _VOLATILE}
            owner = str(content["chain"] if kind == "rule" else content["name"])
            fixed.append((kind, owner, json.dumps(steady, sort_keys=True)))
    # Sets and chains come in the order they were made in, which says nothing; rules keep theirs.
    fixed.sort(key=itemgetter(0, 1))
    listing.digest = hashlib.sha256(json.dumps(fixed).encode()).hexdigest()[:16]
    return listing


def _of_lengths(kind: str, content: Mapping[str, Any], listing: Listing) -> bool:
    """Enter a chain that compares lengths, or a rule of it; tell whether it was one.

    The first such chain is always there: only its rules come and go.
    """
    name = str(content["name"] if kind == "chain" else content.get("chain", ""))
    if not is_of_lengths(name):
        return False
    rules = listing.lengths.setdefault(name, ())
    if kind == "rule":
        listing.lengths[name] = (*rules, read_rule(content["expr"]))
    return kind == "rule" or name != FIRST


def read_elements(content: dict[str, Any], listing: Listing) -> None:
    """Enter the elements of one set or map into the listing."""
    group = str(content["name"])
    for element in content.get("elem", ()):
        key, value = element if isinstance(element, list) else (element, None)
        details: dict[str, Any] = {}
        if isinstance(key, dict) and "elem" in key:
            details = key["elem"]
            key = details["val"]
        place = Place(group, _key(key))
        listing.elements[place] = _value(value) if value is not None else _statement(details)
        counter = details.get("counter")
        if counter:
            listing.counts[place] = (counter["packets"], counter["bytes"])


def _key(key: Any) -> str:
    if isinstance(key, dict) and "concat" in key:
        return " . ".join(_part(part) for part in key["concat"])
    return _part(key)


def _part(part: Any) -> str:
    if isinstance(part, dict) and "prefix" in part:
        network = ip_network(f"{part['prefix']['addr']}/{part['prefix']['len']}")
        first, last = network.network_address, network.broadcast_address
        return str(first) if first == last else f"{first}-{last}"
    if isinstance(part, dict) and "range" in part:
        return "-".join(_part(end) for end in part["range"])
    if isinstance(part, str):
        return str(ip_address(part)) if "." in part or ":" in part else part
    return str(part)


def _value(value: Any) -> str:
    if isinstance(value, dict) and "jump" in value:
        return f": jump {value['jump']['target']}"
    return f": {value}"


def _statement(details: dict[str, Any]) -> str:
    if "counter" in details:
        return COUNTER
    if "limit" in details:
        return _limit(details["limit"])
    return ""


def _limit(limit: dict[str, Any]) -> str:
    rate = limit["rate"] * _UNITS[limit.get("rate_unit", "bytes")]
    burst = limit.get("burst", 0) * _UNITS[limit.get("burst_unit", "bytes")]
    over = "over " if limit.get("inv") else ""
    return f"limit rate {over}{rate} bytes/{limit.get('per')} burst {burst} bytes"
