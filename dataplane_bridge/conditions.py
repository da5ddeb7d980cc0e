"""What an operator should know of the settings of a tunnel: consequences, and what cannot act.

The law: one condition for a feature, the gravest; each reason is one sentence to act on.
"""

from collections.abc import Iterator

from dataplane_bridge.effective import Condition, Effective, EffectiveDirection, EffectiveLimit
from dataplane_bridge.plan import Direction
from dataplane_bridge.tunnels import Tunnel

SLOW_FOR_IKE = 64
"""kbit/s; below it a handshake may wait for the bucket."""


def conditions(tunnel: Tunnel, effective: Effective) -> Iterator[Condition]:
    """Yield the conditions of a tunnel that a policy matches."""
    reason = tunnel.inability("tunnel")
    if reason is not None:
        yield Condition("tunnel", "failed", reason)
        return
    yield from _df_bit(tunnel, effective)
    yield from _fragmentation(tunnel, effective)
    yield from _direction(tunnel, "inbound", effective.inbound)
    yield from _direction(tunnel, "outbound", effective.outbound)


def _df_bit(tunnel: Tunnel, effective: Effective) -> Iterator[Condition]:
    configured = effective.df_bit.origin != "default"
    ipv6 = ":" in tunnel.remote_address and _carries_only_ipv6(tunnel)
    if configured and ipv6:
        yield Condition("df-bit", "not-applicable", "There is no DF bit in IPv6.")
    elif effective.df_bit.value == "set" and ":" in tunnel.remote_address:
        yield Condition(
            "df-bit",
            "not-applicable",
            "The outer header is that of IPv6, which has no DF bit to set; packets are treated as"
            " with df-bit copy.",
        )


def _carries_only_ipv6(tunnel: Tunnel) -> bool:
    return all(network.version == 6 for network in tunnel.remote_networks)


def _fragmentation(tunnel: Tunnel, effective: Effective) -> Iterator[Condition]:
    before = effective.fragmentation.value == "before-encryption"
    reason = tunnel.inability("fragmentation")
    if before and reason is not None:
        yield Condition("fragmentation", "failed", reason)
    elif before and effective.df_bit.value != "clear":
        yield Condition(
            "fragmentation",
            "warning",
            f"With df-bit {effective.df_bit.value}, packets that are too long and have the DF bit"
            " are refused and their sender is told the tunnel MTU; set df-bit clear to fragment"
            " them.",
        )


def _direction(
    tunnel: Tunnel, direction: Direction, effective: EffectiveDirection
) -> Iterator[Condition]:
    limit = effective.speed_limit
    if limit is not None:
        yield from _limit(tunnel, f"{direction}-speed-limit", limit)
    if effective.service_class.value is not None and not tunnel.imposes_label(direction):
        yield Condition(
            f"{direction}-service-class",
            "not-applicable",
            f"The {direction} path of the tunnel has no MPLS, so there is no label to write the"
            " class into.",
        )


def _limit(tunnel: Tunnel, feature: str, limit: EffectiveLimit) -> Iterator[Condition]:
    longest = tunnel.encapsulation.outer_length(tunnel.egress_mtu)
    if limit.burst < longest:
        yield Condition(
            feature,
            "warning",
            f"A packet longer than the burst of {limit.burst} bytes never passes; a burst of"
            f" {longest} bytes or more takes every packet of this tunnel.",
        )
    elif limit.ike and limit.rate < SLOW_FOR_IKE:
        yield Condition(
            feature,
            "warning",
            f"IKE packets draw from a limit of {limit.rate} kbit/s; below {SLOW_FOR_IKE} kbit/s"
            " the peer may fail to rekey under load.",
        )
