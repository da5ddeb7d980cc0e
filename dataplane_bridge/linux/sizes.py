"""Packets too long for their tunnel: the chains that compare lengths.

Theory of operation: a tunnel's element of the map ``size_out`` jumps to the chain of its MTU and
its ways, say ``mtu1400_cleared_refused``, which compares lengths with constants; gateways have few
different MTUs. Packets no longer than the shortest MTU of all, and so nearly all packets, are let
go by the first comparison (the chain ``q_size``): to find a tunnel by its addresses costs most of
what a packet costs. Lengths are no part of the keys of a set, since the kernel holds an interval of
lengths as a dozen rules for each element, and looks at them one by one when it deletes.
"""

import re
from collections.abc import Collection, Iterator

from dataplane_bridge.linux.rules import Longer
from dataplane_bridge.linux.ruleset import Mode

GROUP = "size_out"
"""The map from a tunnel to the chain of its MTU."""
FIRST = "q_size"
"""The chain that compares with the shortest MTU."""
PREFIX = "mtu"
IPV6_MINIMUM_MTU = 1280
_IPV6_HEADER = 40
_NAME = re.compile(r"mtu(\d+)_(cleared|refused|whole|over)_(refused|whole)")
_TARGETS = {"cleared": "cleared", "refused": "refused", "whole": "count_frag", "over": "drop_big"}


def rules_of(chain: str, mode: Mode) -> tuple[Longer, ...]:
    """Return the rules of the chain of an MTU; none where the name is none of ours."""
    found = _NAME.fullmatch(chain)
    return () if found is None else tuple(_rules(int(found[1]), found[2], found[3], mode))


def comparison(chains: Collection[str]) -> tuple[Longer, ...]:
    """Return the rules of ``FIRST`` where tunnels use these chains of MTUs."""
    if not chains:
        return ()
    shortest = min(map(_mtu, chains))
    above = max(shortest - _IPV6_HEADER, 0)
    return Longer("ip", shortest, "size4"), Longer("ip6", above, "size6")


def _rules(mtu: int, way4: str, way6: str, mode: Mode) -> Iterator[Longer]:
    yield Longer("ip", mtu, _TARGETS[way4])
    above = max(mtu - _IPV6_HEADER, 0)
    if way6 == "whole":
        yield Longer("ip6", above, "count_frag")
        return
    # No router fragments IPv6, but what every link must carry is carried (RFC 8200, section 5);
    # not by the kernel's ESP, though.
    least = max(mtu, IPV6_MINIMUM_MTU) if mode == "selector" else mtu
    yield Longer("ip6", max(least - _IPV6_HEADER, 0), "count_big")
    if least > mtu:
        yield Longer("ip6", above, "count_frag")


def _mtu(chain: str) -> int:
    return int(chain[len(PREFIX) : chain.index("_")])
