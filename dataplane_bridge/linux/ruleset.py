"""The table that never changes while tunnels come and go, as text for nftables.

Theory of operation: everything of a tunnel is keyed by one number, its reqid, carried in the
packet mark. Outbound a packet is seen twice: before encryption, where the mark is set (from its
SA, or from its addresses where a user-space ESP leaves no SA in the kernel), and after it, where
the mark is still there (or is found again by SPI): there the outer header is written and outer
lengths count.
Inbound the same in reverse: the SPI tells the number before decryption, the SA after it.

What few tunnels need is not there until the first packet needs it: the counters of what was dropped
or cut are made by the rules that drop and cut. What a packet is done to after encryption is one
chain, named after what it does, that all tunnels share which need the same.

The law: a tunnel is elements of sets and maps only, never a rule or a chain of its own.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal

from dataplane_bridge.plan import Direction
from dataplane_bridge.tables import inherited_traffic_class

Mode = Literal["reqid", "selector"]
"""How a packet's tunnel is known: by the SA (kernel ESP), or by addresses (kernel-libipsec)."""

TABLE = "ipsecqos"
SIZE = 65_536
"""Tunnels; of networks there are several a tunnel, and of SPIs two while it is rekeyed."""
NETWORKS_SIZE, SPI_SIZE = 4 * SIZE, 2 * SIZE
SUFFIX: dict[Direction, str] = {"inbound": "in", "outbound": "out"}
REQID_CHAINS: dict[str, Direction] = {
    "mark_out": "outbound",
    "mark_in": "inbound",
    "mark_forward": "inbound",
}
"""Chains that begin with the rule "mark := reqid", which only nfnetlink can say."""

LONGEST_SEGMENT = 1500
"""TCP that is longer is taken for several segments, as it is where networks are Ethernet."""

STAMP = "ipsec_qos_netconf"
"""Begins the name of the chain that tells that the table is ours."""

COUNTED_LATER = {
    "in": ("drop_in", "idrop_in"),
    "out": ("drop_out", "idrop_out", "big_out", "frag_out"),
}
"""Sets of counters that packets make, by direction."""

_LIMIT = "limit rate over 1 bytes/second burst 1 bytes"
_ADDRESSES = {"4": "ipv4_addr", "6": "ipv6_addr"}
_PROTOCOLS = {"4": "ip", "6": "ip6"}


def limit_statement(rate: int, bucket: int) -> str:
    """Return the limiter of an element; ``bucket`` in bytes is that of ``bucket_of(rate)``."""
    return f"limit rate over {rate} bytes/second burst {bucket - rate or 1} bytes"


def bucket_of(rate: int) -> int:
    """Return the bucket that the kernel's limiter has: a second of the rate, or a large packet."""
    return max(rate, 65_536)


def base_table(mode: Mode, tunnel_interface: str = "ipsec0") -> str:
    """Return the commands that make the table, empty; it must not exist."""
    body = "\n".join((*_sets(mode), *_actions(mode), *_chains(mode, tunnel_interface)))
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    stamp = f" chain {STAMP}_{mode}_{digest} {{\n }}"
    return f"table inet {TABLE} {{\n{body}\n{stamp}\n}}\n"


def stamp_of(text: str) -> str:
    """Return the name of the stamp in the text of a table."""
    return next(word for word in text.split() if word.startswith(STAMP))


def label_table(devices: tuple[str, ...]) -> str:
    """Return the commands that make the table which writes the class into MPLS labels."""
    chains = [f" chain exp{number} {{\n  @nh,20,3 set {number}\n }}" for number in range(8)]
    elements = ", ".join(f"1:{number} : jump exp{number}" for number in range(8))
    chains.append(f" map exp {{\n  type classid : verdict\n  elements = {{ {elements} }}\n }}")
    for number, device in enumerate(devices):
        chains.append(
            f" chain egress{number} {{\n  type filter hook egress device {device} priority 0\n"
            "  meta protocol 0x8847 meta priority vmap @exp\n }"
        )
    return f"table netdev {TABLE} {{\n" + "\n".join(chains) + f"\n chain {STAMP} {{\n }}\n}}\n"


def _sets(mode: Mode) -> Iterator[str]:
    yield " counter unmatched {\n }"
    for name in ("in", "out"):
        yield _set(f"lim_{name}", "type mark", _LIMIT)
        yield _set(f"pass_{name}", "type mark", "counter")
        for counted in COUNTED_LATER[name]:
            yield _set(counted, "type mark", "flags dynamic", "counter")
        yield _set(f"ike_{name}", "type mark")
        yield _map(f"act_{name}", "type mark : verdict")
        for version, kind in _ADDRESSES.items():
            yield _map(f"peer_{name}{version}", f"type {kind} : mark")
    for version, kind in _ADDRESSES.items():
        yield _map(
            f"ts_{version}", f"type {kind} . {kind} : mark", "flags interval", size=NETWORKS_SIZE
        )
    yield _set("outer_in", "type mark")
    yield _set("payload_out", "type mark")
    yield _map("spi_in", "typeof @th,64,32 : meta mark", size=SPI_SIZE)
    if mode == "selector":
        yield _map("spi_out", "typeof @th,64,32 : meta mark", size=SPI_SIZE)
    yield _map("size_out", "type mark : verdict")


def _set(name: str, key: str, *more: str, size: int = SIZE) -> str:
    lines = "".join(f"  {line}\n" for line in (key, f"size {size}", *more))
    return f" set {name} {{\n{lines} }}"


def _map(name: str, key: str, *more: str, size: int = SIZE) -> str:
    return _set(name, key, *more, size=size).replace(" set ", " map ", 1)


def _actions(mode: Mode) -> Iterator[str]:
    for number in range(64):
        yield f" chain dscp{number} {{\n  ip dscp set {number}\n  ip6 dscp set {number}\n }}"
    for number in range(8):
        yield f" chain class{number} {{\n  meta priority set 1:{number}\n }}"
    table = ", ".join(f"{dscp} : 1:{inherited_traffic_class(dscp)}" for dscp in range(64))
    yield (
        " chain class_inherit {\n"
        f"  meta priority set ip dscp map {{ {table} }}\n"
        f"  meta priority set ip6 dscp map {{ {table} }}\n }}"
    )
    # A rewrite by frag-off mends the checksum of the header; one by raw bits does not.
    yield " chain df_clear {\n  ip frag-off set ip frag-off & 0xbfff\n }"
    yield " chain df_set {\n  ip frag-off set ip frag-off | 0x4000\n }"
    # Of segments that were put together (GRO, GSO) only the kernel knows how long each is: it
    # refuses those that are too long, and the length of all says nothing.
    segments = f"  meta l4proto tcp meta length > {LONGEST_SEGMENT} goto unmark\n"
    yield " chain unmark {\n  meta mark set 0\n }"
    for counted in ("big", "frag"):
        counting = _counted(f"{counted}_out")
        yield f" chain count_{counted} {{\n{segments}{counting}  meta mark set 0\n }}"
    yield f" chain drop_big {{\n{segments}{_counted('big_out')}  drop\n }}"
    # nft 1.0.6 takes the high half of the number: this is a random one of 1..65535.
    yield (
        " chain strip {\n  jump count_frag\n  ip id set numgen random mod 4294901760 offset 65536\n"
        "  ip frag-off set ip frag-off & 0xbfff\n }"
    )
    without_df = "ip frag-off & 0x4000 == 0 goto count_frag"
    yield f" chain refused {{\n  {without_df}\n  goto count_big\n }}"
    yield f" chain cleared {{\n  {without_df}\n  goto strip\n }}"
    for name in ("in", "out"):
        # Where the tunnel of a packet is not asked for otherwise, it turns out here that it has
        # no policy.
        is_last = name == "in" or mode == "selector"
        yield (
            _dropping("drop", name)
            + _dropping("idrop", name)
            + (
                f" chain account_{name} {{\n"
                f"  meta mark @lim_{name} goto drop_{name}\n  meta mark @pass_{name} return\n"
                + ("  counter name unmatched\n }" if is_last else " }")
            )
        )


def _dropping(kind: str, name: str) -> str:
    # Two rules: what cannot be counted, for want of memory, is dropped all the same.
    return f" chain {kind}_{name} {{\n{_counted(f'{kind}_{name}')}  drop\n }}\n"


def _counted(group: str) -> str:
    return f"  add @{group} {{ meta mark }}\n"


def _chains(mode: Mode, interface: str) -> Iterator[str]:
    yield from _sizes()
    yield from _reqid_chains() if mode == "reqid" else _selector_chains(interface)
    # Only peers whose IKE packets are limited are in the maps.
    for name, address in (("in", "saddr"), ("out", "daddr")):
        yield f" chain limit_ike_{name} {{\n  meta mark @lim_{name} goto idrop_{name}\n }}"
        yield (
            f" chain ike_{name} {{\n"
            f"  meta mark set ip {address} map @peer_{name}4 goto limit_ike_{name}\n"
            f"  meta mark set ip6 {address} map @peer_{name}6 goto limit_ike_{name}\n }}"
        )
    # What is encrypted already is no tunnel's by its addresses, though they may be within the
    # selectors; what no IKE packet is of port 4500 is ESP. What the kernel has encrypted comes by
    # here; ESP that others send through this gateway does not, whatever mark it has.
    encrypted = "goto outer_out" if mode == "reqid" else "return"
    yield (
        " chain q_output {\n  type filter hook output priority mangle\n"
        + _verdicts(
            "udp sport 500 goto ike_out",
            "udp sport 4500 @th,64,32 0 goto ike_out",
            f"udp sport 4500 {encrypted}",
            f"meta l4proto esp {encrypted}",
            "goto q_size",
        )
        + " }"
    )


def _find(one: str, other: str, known: str) -> Iterator[str]:
    """Yield what finds a packet's tunnel by its addresses; ``one`` is the one of our side."""
    for version, ip in _PROTOCOLS.items():
        yield f"meta mark set {ip} {one} . {ip} {other} map @ts_{version} goto {known}"


def _sizes() -> Iterator[str]:
    """Yield what looks at lengths: before routing, which would refuse what is too long.

    What comes from outside is looked at before routing (``q_pre``), and packets of the gateway
    itself, which are routed already, before they are cut to the MTU of their route (``q_output``).
    What ``q_size`` compares with, and the chains of each MTU, come and go: see ``sizes``.
    """
    # The mark is there only to find what is the tunnel's; it is taken away again.
    yield " chain sized {\n" + _verdicts("meta mark vmap @size_out", "meta mark set 0") + " }"
    for version, ip in _PROTOCOLS.items():
        find = f"meta mark set {ip} saddr . {ip} daddr map @ts_{version} jump sized"
        yield f" chain size{version} {{\n{_verdicts(find)} }}"
    yield " chain q_size {\n }"


_OUTER = """\
  meta mark != @payload_out jump account_out
  meta mark vmap @act_out
"""

_INPUT = """\
 chain q_input {
  type filter hook input priority mangle
  udp dport 500 goto ike_in
  udp dport 4500 @th,64,32 0 goto ike_in
"""


def _verdicts(*lines: str) -> str:
    return "".join(f"  {line}\n" for line in lines)


def _reqid_chains() -> Iterator[str]:
    # These three begin with the rule that nfnetlink appends.
    for name in REQID_CHAINS:
        yield f" chain {name} {{\n }}"
    yield f" chain outer_out {{\n{_OUTER} }}"
    yield (
        " chain inner_out {\n"
        + _verdicts(
            "jump mark_out",
            "meta mark != @pass_out counter name unmatched return",
            "meta mark @payload_out jump account_out",
        )
        + " }"
    )
    # The mark is taken away again, so that it leaves the routing of the packet alone. Where the
    # SPI was not known yet, the mark is not there, and the inner length counts instead.
    yield (
        " chain inner_in {\n"
        + _verdicts(
            "meta mark @outer_in meta mark set 0 return",
            "jump mark_in",
            "jump account_in",
            "meta mark set 0",
        )
        + " }"
    )
    yield (
        " chain leave_in {\n"
        + _verdicts(
            "jump mark_forward",
            "meta mark vmap @act_in",
            "meta mark set 0",
        )
        + " }"
    )
    yield (
        " chain q_post {\n  type filter hook postrouting priority mangle\n"
        + _verdicts("rt ipsec exists goto inner_out")
        + " }"
    )
    yield (
        " chain q_pre {\n  type filter hook prerouting priority mangle\n"
        + _verdicts("meta secpath exists jump inner_in", "goto q_size")
        + " }"
    )
    yield (
        " chain q_forward {\n  type filter hook forward priority mangle\n"
        + _verdicts("meta secpath exists jump leave_in")
        + " }"
    )
    yield (
        _INPUT
        + _verdicts(
            "meta secpath exists goto leave_in",
            "meta l4proto esp meta mark set @th,0,32 map @spi_in goto account_in",
            "udp dport 4500 meta mark set @th,64,32 map @spi_in goto account_in",
        )
        + " }"
    )


def _selector_chains(interface: str) -> Iterator[str]:
    inside = f'"{interface}"'
    # One map serves both directions: inbound the addresses are looked up the other way round.
    yield " chain known_out {\n  meta mark @payload_out goto account_out\n }"
    yield " chain known_in {\n  meta mark != @outer_in jump account_in\n  meta mark set 0\n }"
    yield " chain known_leaves_in {\n  meta mark vmap @act_in\n  meta mark set 0\n }"
    yield " chain known_outer_out {\n" + _OUTER + " }"
    unmatched = "counter name unmatched"
    for chain, find, last in (
        ("inner_out", _find("saddr", "daddr", "known_out"), (unmatched,)),
        ("inner_in", _find("daddr", "saddr", "known_in"), (unmatched,)),
        ("leave_in", _find("daddr", "saddr", "known_leaves_in"), ()),
    ):
        yield f" chain {chain} {{\n{_verdicts(*find, *last)} }}"
    yield (" chain outer_out {\n  meta mark set @th,64,32 map @spi_out goto known_outer_out\n }")
    yield (
        " chain q_post {\n  type filter hook postrouting priority mangle\n"
        + _verdicts(
            f"oifname {inside} goto inner_out",
            "udp sport 4500 @th,64,32 != 0 goto outer_out",
        )
        + " }"
    )
    yield (
        " chain q_pre {\n  type filter hook prerouting priority mangle\n"
        + _verdicts(f"iifname {inside} jump inner_in", "goto q_size")
        + " }"
    )
    yield (
        " chain q_forward {\n  type filter hook forward priority mangle\n"
        + _verdicts(f"iifname {inside} jump leave_in")
        + " }"
    )
    yield (
        _INPUT
        + _verdicts(
            f"iifname {inside} goto leave_in",
            "udp dport 4500 meta mark set @th,64,32 map @spi_in goto account_in",
        )
        + " }"
    )
