"""What the kernel holds, read from the JSON of libnftables.

The law: what was written as an ``Elements`` value comes back as the same one; what nobody of us
writes comes back as something else, and is seen.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from dataplane_bridge.linux.chains import comes_and_goes
from dataplane_bridge.linux.elements import Elements
from dataplane_bridge.linux.rules import Rules, read_rule
from dataplane_bridge.linux.ruleset import STAMP
from dataplane_bridge.linux.sizes import FIRST

_VOLATILE = {"handle", "elem", "packets", "bytes"}


@dataclass(slots=True)
class Listing:
    """A table: whose it is, what never changes of it as a digest, and its elements."""

    stamp: str | None = None
    digest: str = ""
    elements: Elements = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    """The names of its sets and maps."""
    lost: set[str] = field(default_factory=set)
    """The numbers of tunnels of which somebody took counters away that packets had made."""
    chains: dict[str, Rules] = field(default_factory=dict)
    """The chains that come and go, with their rules."""


def read_table(things: Iterable[tuple[str, dict[str, Any]]]) -> Listing:
    """Return what a listing of the whole table says."""
    listing = Listing()
    fixed: list[tuple[str, str, str]] = []
    for kind, content in things:
        if kind in ("set", "map"):
            listing.groups.append(str(content["name"]))
        elif kind == "chain" and str(content["name"]).startswith(STAMP):
            listing.stamp = str(content["name"])
            continue
        elif _comes_and_goes(kind, content, listing):
            continue
        if kind != "table":
            steady = {name: value for name, value in content.items() if name not in _VOLATILE}
            owner = str(content["chain"] if kind == "rule" else content["name"])
            fixed.append((kind, owner, json.dumps(steady, sort_keys=True)))
    # Sets and chains come in the order they were made in, which says nothing; rules keep theirs.
    fixed.sort(key=itemgetter(0, 1))
    listing.digest = hashlib.sha256(json.dumps(fixed).encode()).hexdigest()[:16]
    return listing


def _comes_and_goes(kind: str, content: Mapping[str, Any], listing: Listing) -> bool:
    """Enter a chain that comes and goes, or a rule of it; tell whether it was one.

    The chain of the first comparison is always there: only its rules come and go.
    """
    name = str(content["name"] if kind == "chain" else content.get("chain", ""))
    if not comes_and_goes(name):
        return False
    rules = listing.chains.setdefault(name, ())
    if kind == "rule":
        listing.chains[name] = (*rules, read_rule(content["expr"]))
    return kind == "rule" or name != FIRST
