"""Short ways to write configurations, changes and tunnels in tests."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dataplane_bridge.configuration import BINDINGS, POLICIES, TEMPLATES
from dataplane_bridge.tunnels import Tunnel
from yang.bindings import gateway as g
from yang.changes import ROOT, Change
from yang.scalars.values import EMPTY
from yang.sorted_map import SortedMap

NO_SELECTOR = g.IpsecQosPoliciesPolicyTunnelSelector((), (), (), (), None, None)
SELECTOR_FIELDS = {"connection", "if_id", "reqid", "remote_prefix", "protocol", "remote_port"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, seconds: float = 1_000_000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def limit(
    rate: int, counted_length: str | None = None, ike: bool | None = None, burst: int | None = None
) -> g.IpsecQosPoliciesPolicyInboundSpeedLimit:
    return g.IpsecQosPoliciesPolicyInboundSpeedLimit(rate, counted_length, ike, burst)


def inbound(
    speed_limit: Any = None,
    dscp: int | str | None = None,
    service_class: str | None = None,
    inherit_plain: bool = False,
) -> g.IpsecQosPoliciesPolicyInbound:
    return g.IpsecQosPoliciesPolicyInbound(
        speed_limit, dscp, service_class, EMPTY if inherit_plain else None
    )


def outbound(
    speed_limit: Any = None, dscp: int | str | None = None, service_class: str | None = None
) -> g.IpsecQosPoliciesPolicyOutbound:
    return g.IpsecQosPoliciesPolicyOutbound(speed_limit, dscp, service_class)


def policy(
    name: str = "gold", number: int = 10, template: str | None = None, **leafs: Any
) -> g.IpsecQosPoliciesPolicy:
    return g.IpsecQosPoliciesPolicy(
        name,
        number,
        leafs.get("description"),
        template,
        _selector(leafs),
        leafs.get("df_bit"),
        leafs.get("fragmentation"),
        leafs.get("inbound", inbound()),
        leafs.get("outbound", outbound()),
    )


def template(
    name: str = "dial", number: int = 10, **leafs: Any
) -> g.IpsecQosPolicyTemplatesPolicyTemplate:
    same = policy(name, number, **leafs)
    return g.IpsecQosPolicyTemplatesPolicyTemplate(
        name,
        number,
        same.description,
        same.tunnel_selector,  # type: ignore[arg-type]
        same.df_bit,
        same.fragmentation,
        same.inbound,  # type: ignore[arg-type]
        same.outbound,  # type: ignore[arg-type]
    )


def _selector(leafs: dict[str, Any]) -> g.IpsecQosPoliciesPolicyTunnelSelector:
    chosen = {name: leafs[name] for name in SELECTOR_FIELDS & leafs.keys()}
    return NO_SELECTOR._replace(**chosen)


def configuration(
    policies: Iterable[g.IpsecQosPoliciesPolicy] = (),
    templates: Iterable[g.IpsecQosPolicyTemplatesPolicyTemplate] = (),
    bindings: Mapping[str, str] | None = None,
    df_bit: str | None = None,
    fragmentation: str | None = None,
    aging_time: int | None = None,
) -> g.Configuration:
    """Return a configuration; ``bindings`` maps interface to group."""
    if bindings is None:
        bindings = {"wan0": "gold"}
    empty: g.Configuration = g.SCHEMA.root.empty
    return empty._replace(
        ipsec_qos=g.IpsecQos(
            g.IpsecQosGlobal(df_bit, fragmentation, aging_time),
            g.IpsecQosPolicies(SortedMap.build(((p.name, p.sequence_number), p) for p in policies)),
            g.IpsecQosPolicyTemplates(
                SortedMap.build(((t.name, t.sequence_number), t) for t in templates)
            ),
            g.IpsecQosInterfaceBindings(
                SortedMap.build(
                    ((interface,), g.IpsecQosInterfaceBindingsInterfaceBinding(interface, group))
                    for interface, group in bindings.items()
                )
            ),
        ),
    )


def changes_between(old: g.Configuration, new: g.Configuration) -> Iterator[Change]:
    """Yield the change list, as the datastore makes it."""
    before, after = old.ipsec_qos, new.ipsec_qos
    lists: tuple[tuple[str, Any, Any], ...] = (
        (POLICIES, before.policies.policy, after.policies.policy),
        (
            TEMPLATES,
            before.policy_templates.policy_template,
            after.policy_templates.policy_template,
        ),
        (
            BINDINGS,
            before.interface_bindings.interface_binding,
            after.interface_bindings.interface_binding,
        ),
    )
    for path, first, second in lists:
        for key, one, other in first.changes(second):
            if one == other:
                continue
            yield Change(path, (key,), one, other)
    if before.global_ != after.global_:
        yield Change(ROOT, (), old, new)


def tunnel(name: str = "t1", interface: str = "wan0", **fields: Any) -> Tunnel:
    return Tunnel(name, interface, **fields)
