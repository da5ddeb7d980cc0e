"""What ``get`` shows of tunnels and dataplane: plain nested values by YANG names.

The law: a container is a dict, a list a list of dicts, a leaf-list a list, a leaf an int, str or
bool; what is absent is not there. Nothing here decides anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from dataplane_bridge.compiler import Compiled
from dataplane_bridge.driver import Counters, Features, TunnelCounters, Unmatched
from dataplane_bridge.effective import (
    WITHOUT_POLICY,
    Condition,
    Effective,
    EffectiveDirection,
    PolicyReference,
    Sourced,
)
from dataplane_bridge.plan import AGING_TIME_KEY, DIRECTIONS, FragmentAgingTime
from dataplane_bridge.rates import Rates
from dataplane_bridge.reconciler import Health, LastApply, Reconciler
from dataplane_bridge.tunnels import Tunnel

Node = dict[str, Any]
MODULE = "ipsec-qos"


@lru_cache(maxsize=4096)
def date_and_time(seconds: float) -> str:
    """Return the time (clock) as ``yang:date-and-time``, to the microsecond, in UTC."""
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


def whole_state(reconciler: Reconciler, rates: Rates) -> Node:
    """Return the state of all tunnels and of the dataplane."""
    tunnels = {"tunnel": list(tunnel_states(reconciler, rates))}
    content = {"tunnels": tunnels, "dataplane": dataplane_state(reconciler)}
    return {f"{MODULE}:{MODULE}": content}


class TunnelState(Mapping[str, Any]):
    """The state of one tunnel, each part worked out when it is asked for.

    A client that wants the counters of ten thousand tunnels does not pay for the rest.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, identity: Node, make: Callable[[], Node], counters: Node | None) -> None:
        self._made: Node = identity if counters is None else {**identity, "counters": counters}
        self._make: Callable[[], Node] | None = make

    def get(self, name: str, default: Any = None) -> Any:
        """Return a part, or the default."""
        found = self._made.get(name)
        if found is None and name in _LATER and self._make is not None:
            self._made = {**self._made, **self._make()}
            self._make = None
            found = self._made.get(name)
        return default if found is None else found

    def __getitem__(self, name: str) -> Any:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        self.get("status")
        return iter(self._made)

    def __len__(self) -> int:
        self.get("status")
        return len(self._made)


_LATER = frozenset({"policy", "effective", "status", "condition"})


def tunnel_states(reconciler: Reconciler, rates: Rates) -> Iterable[Mapping[str, Any]]:
    """Yield the state of each tunnel, in the order of their ids."""
    counters = reconciler.driver.counters()
    for tunnel_id, tunnel in sorted(reconciler.compiled.tunnels.tunnels.items()):
        if not tunnel.is_awaited:
            yield _tunnel(reconciler, rates, tunnel, counters.get(tunnel_id))


def tunnel_state(reconciler: Reconciler, rates: Rates, tunnel_id: str) -> Mapping[str, Any] | None:
    """Return the state of one tunnel, if it exists."""
    tunnel = reconciler.compiled.tunnels.tunnels.get(tunnel_id)
    if tunnel is None or tunnel.is_awaited:
        return None
    counters = reconciler.driver.counters((tunnel_id,)).get(tunnel_id)
    return _tunnel(reconciler, rates, tunnel, counters)


def dataplane_state(reconciler: Reconciler) -> Node:
    """Return the state of the dataplane."""
    features = reconciler.driver.features()
    return _present(
        {
            "driver": features.driver,
            **_health(reconciler.health),
            "fragment-aging-time": _aging_time(reconciler.compiled),
            "feature": _features(features),
            "last-apply": _last_apply(reconciler.last_apply),
            "unmatched": _unmatched(reconciler.driver.unmatched()),
        }
    )


def _tunnel(
    reconciler: Reconciler, rates: Rates, tunnel: Tunnel, counters: TunnelCounters | None
) -> TunnelState:
    # What is in force is that of now, whenever it is asked for.
    effective = reconciler.compiled.effective.get(tunnel.id, WITHOUT_POLICY)
    health, driver = reconciler.health, reconciler.driver
    conditions = tuple(driver.conditions(tunnel.id))

    def later() -> Node:
        shown = _all_conditions(conditions, effective)
        return _present(
            {
                "policy": _policy(effective.policy),
                "effective": _effective(effective),
                "status": _status(health, tunnel.id, effective, shown),
                "condition": [each._asdict() for each in shown] or None,
            }
        )

    counted = None if counters is None else _counters(tunnel.id, counters, rates)
    return TunnelState(_present(_identity(tunnel)), later, counted)


def _identity(tunnel: Tunnel) -> Node:
    return {
        "id": tunnel.id,
        "connection": tunnel.connection,
        "interface": tunnel.interface,
        "local-address": tunnel.local_address,
        "remote-address": tunnel.remote_address,
        "reqid": tunnel.reqid,
        "if-id": tunnel.if_id,
        "local-prefix": list(tunnel.local_prefixes) or None,
        "remote-prefix": list(tunnel.remote_prefixes) or None,
        "tunnel-mtu": tunnel.tunnel_mtu,
    }


def _policy(policy: PolicyReference | None) -> Node | None:
    if policy is None:
        return None
    return _present(
        {
            "name": policy.name,
            "sequence-number": policy.sequence_number,
            "template": policy.template,
            "template-sequence-number": policy.template_sequence_number,
        }
    )


def _effective(effective: Effective) -> Node:
    return {
        "df-bit": _sourced(effective.df_bit),
        "fragmentation": _sourced(effective.fragmentation),
        "inbound": _direction(effective.inbound),
        "outbound": _direction(effective.outbound),
    }


def _direction(effective: EffectiveDirection) -> Node:
    limit = effective.speed_limit
    return _present(
        {
            "speed-limit": None
            if limit is None
            else {
                "rate": limit.rate,
                "counted-length": limit.counted_length,
                "ike": limit.ike,
                "burst": limit.burst,
                "origin": limit.origin,
            },
            "dscp": _sourced(effective.dscp),
            "service-class": _sourced(effective.service_class),
        }
    )


def _sourced(sourced: Sourced[Any]) -> Node:
    return _present({"value": sourced.value, "origin": sourced.origin})


def _all_conditions(told: Iterable[Condition], effective: Effective) -> tuple[Condition, ...]:
    # The driver's word on a feature comes first: not in force is graver than a warning.
    found = {condition.feature: condition for condition in effective.conditions}
    found.update((condition.feature, condition) for condition in told)
    return tuple(found[feature] for feature in sorted(found))


def _status(
    health: Health, tunnel_id: str, effective: Effective, conditions: Iterable[Condition]
) -> str:
    statuses = {condition.status for condition in conditions}
    if tunnel_id in health.tunnels or "failed" in statuses:
        return "failed"
    if effective.policy is None:
        return "no-policy"
    return "pending-rekey" if "pending-rekey" in statuses else "applied"


def _counters(tunnel_id: str, counters: TunnelCounters, rates: Rates) -> Node:
    found: Node = {"discontinuity-time": date_and_time(counters.since)}
    for direction in DIRECTIONS:
        rate = rates.of(tunnel_id, direction)
        found[direction] = _direction_counters(counters.of(direction), rate)
    return found


def _direction_counters(counters: Counters, rate: int | None) -> Node:
    found: Node = {
        "conform-packets": counters.conform_packets,
        "conform-octets": counters.conform_octets,
        "exceed-packets": counters.exceed_packets,
        "exceed-octets": counters.exceed_octets,
        "ike-exceed-packets": counters.ike_exceed_packets,
        "ike-exceed-octets": counters.ike_exceed_octets,
        "too-big-packets": counters.too_big_packets,
        "fragmented-packets": counters.fragmented_packets,
    }
    if rate is not None:
        found["current-rate"] = rate
    return found


def _health(health: Health) -> Node:
    return {"status": health.status, "reason": health.reason}


def _aging_time(compiled: Compiled) -> int | None:
    value = compiled.plan.get(AGING_TIME_KEY)
    return value.milliseconds if isinstance(value, FragmentAgingTime) else None


def _features(features: Features) -> list[Node]:
    return [_present(feature._asdict()) for feature in features.listing]


def _last_apply(last: LastApply | None) -> Node | None:
    return None if last is None else {"time": date_and_time(last.time), "steps": last.steps}


def _unmatched(unmatched: Unmatched) -> Node:
    return {"packets": unmatched.packets, "octets": unmatched.octets}


def _present(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None}
