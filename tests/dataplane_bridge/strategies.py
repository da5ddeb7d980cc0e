"""Random configurations and tunnels, small enough that everything meets everything."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from dataplane_bridge.driver import TunnelDown, TunnelUp
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.shapes import configuration, inbound, limit, outbound, policy, template
from yang.bindings import gateway as g

GROUPS = ("gold", "silver")
TEMPLATES = ("dial", "roam")
INTERFACES = ("wan0", "wan1", "wan2")
CONNECTIONS = ("east", "west", "north")
PREFIXES = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "10.1.2.0/23",
    "10.1.2.128/25",
    "10.1.2.0/25",
    "2001:db8::/32",
    "2001:db8:1::/48",
    "::/0",
)

numbers = st.integers(1, 6)
prefixes = st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=3, unique=True).map(tuple)
maybe_protocol = st.sampled_from((None, 6, 17))

selectors: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {"connection": st.lists(st.sampled_from(CONNECTIONS), min_size=1, unique=True).map(tuple)}
    ),
    st.fixed_dictionaries({"if_id": st.lists(numbers, min_size=1, unique=True).map(tuple)}),
    st.fixed_dictionaries({"reqid": st.lists(numbers, min_size=1, unique=True).map(tuple)}),
    st.fixed_dictionaries({"remote_prefix": prefixes, "protocol": maybe_protocol}),
    st.fixed_dictionaries({"protocol": st.just(6), "remote_port": st.sampled_from((None, 443))}),
)
limits = st.builds(
    limit,
    st.sampled_from((8, 64, 1000)),
    st.sampled_from((None, "encrypted", "payload")),
    st.sampled_from((None, False, True)),
    st.sampled_from((None, 1500, 100_000)),
)
qos: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "df_bit": st.sampled_from((None, "clear", "copy", "set")),
        "fragmentation": st.sampled_from((None, "before-encryption", "after-encryption")),
        "inbound": st.builds(
            inbound,
            st.none() | limits,
            st.sampled_from((None, 0, "ef", 46)),
            st.none(),
            st.booleans(),
        ),
        "outbound": st.builds(
            outbound,
            st.none() | limits,
            st.sampled_from((None, "af11")),
            st.sampled_from((None, "af2", "be")),
        ),
    }
)


@st.composite
def policies(draw: st.DrawFn) -> g.IpsecQosPoliciesPolicy:
    reference = draw(st.none() | st.sampled_from(TEMPLATES))
    own = {} if reference else draw(qos)
    return policy(draw(st.sampled_from(GROUPS)), draw(numbers), reference, **draw(selectors), **own)


@st.composite
def templates(draw: st.DrawFn) -> g.IpsecQosPolicyTemplatesPolicyTemplate:
    return template(draw(st.sampled_from(TEMPLATES)), draw(numbers), **draw(selectors), **draw(qos))


@st.composite
def configurations(draw: st.DrawFn) -> g.Configuration:
    """Any configuration, valid or not: what the compiler does is defined for all of them."""
    return configuration(
        {(p.name, p.sequence_number): p for p in draw(st.lists(policies(), max_size=6))}.values(),
        {(t.name, t.sequence_number): t for t in draw(st.lists(templates(), max_size=4))}.values(),
        draw(st.dictionaries(st.sampled_from(INTERFACES), st.sampled_from(GROUPS))),
        draw(st.sampled_from((None, "copy", "clear"))),
        draw(st.sampled_from((None, "before-encryption"))),
        draw(st.sampled_from((None, 1000, 5000))),
    )


@st.composite
def tunnels(draw: st.DrawFn) -> Tunnel:
    return Tunnel(
        id=draw(st.sampled_from(("t1", "t2", "t3", "t4"))),
        interface=draw(st.sampled_from(INTERFACES)),
        connection=draw(st.none() | st.sampled_from(CONNECTIONS)),
        remote_prefixes=draw(st.just(()) | prefixes),
        protocol=draw(maybe_protocol),
        remote_port=draw(st.sampled_from((None, 443))),
        reqid=draw(st.none() | numbers),
        if_id=draw(st.none() | numbers),
        nat_traversal=draw(st.booleans()),
        mpls=draw(st.sampled_from(("none", "outbound", "both"))),
    )


@st.composite
def edits(draw: st.DrawFn) -> Callable[[g.Configuration], g.Configuration]:
    """One small edit: an entry put or removed, a binding, or the global settings."""
    kind = draw(st.sampled_from(("policy", "template", "binding", "global")))
    remove = draw(st.integers(0, 3)) == 0
    if kind == "policy":
        entry = draw(policies())
        return lambda root: _with_policy(root, entry, remove)
    if kind == "template":
        other = draw(templates())
        return lambda root: _with_template(root, other, remove)
    if kind == "binding":
        interface, group = draw(st.sampled_from(INTERFACES)), draw(st.sampled_from(GROUPS))
        return lambda root: _with_binding(root, interface, group, remove)
    settings = g.IpsecQosGlobal(
        draw(st.sampled_from((None, "copy", "clear"))),
        draw(st.sampled_from((None, "before-encryption"))),
        None,
    )
    return lambda root: root._replace(ipsec_qos=root.ipsec_qos._replace(global_=settings))


def _with_policy(
    root: g.Configuration, entry: g.IpsecQosPoliciesPolicy, remove: bool
) -> g.Configuration:
    key = (entry.name, entry.sequence_number)
    old = root.ipsec_qos.policies.policy
    new = _put_or_removed(old, key, entry, remove)
    return root._replace(ipsec_qos=root.ipsec_qos._replace(policies=g.IpsecQosPolicies(new)))


def _with_template(
    root: g.Configuration, entry: g.IpsecQosPolicyTemplatesPolicyTemplate, remove: bool
) -> g.Configuration:
    key = (entry.name, entry.sequence_number)
    old = root.ipsec_qos.policy_templates.policy_template
    new = g.IpsecQosPolicyTemplates(_put_or_removed(old, key, entry, remove))
    return root._replace(ipsec_qos=root.ipsec_qos._replace(policy_templates=new))


def _with_binding(
    root: g.Configuration, interface: str, group: str, remove: bool
) -> g.Configuration:
    old = root.ipsec_qos.interface_bindings.interface_binding
    entry = g.IpsecQosInterfaceBindingsInterfaceBinding(interface, group)
    new = g.IpsecQosInterfaceBindings(_put_or_removed(old, (interface,), entry, remove))
    return root._replace(ipsec_qos=root.ipsec_qos._replace(interface_bindings=new))


def _put_or_removed(old: Any, key: Any, entry: Any, remove: bool) -> Any:
    if not remove:
        return old.set(key, entry)
    return old.remove(key) if key in old else old


@st.composite
def inhabited(draw: st.DrawFn) -> tuple[g.Configuration, list[Tunnel]]:
    """A configuration whose groups are bound, and tunnels on just those interfaces."""
    root = draw(configurations())
    root = _with_binding(root, "wan0", "gold", False)
    root = _with_binding(root, "wan1", "silver", False)
    existing = draw(st.lists(tunnels(), min_size=2, max_size=4, unique_by=lambda t: t.id))
    return root, [replace(t, interface=f"wan{index % 2}") for index, t in enumerate(existing)]


events = st.lists(
    tunnels().map(TunnelUp) | st.sampled_from(("t1", "t2", "t3", "t4")).map(TunnelDown),
    max_size=6,
)


def survivors(happened: list[TunnelUp | TunnelDown]) -> dict[str, Tunnel]:
    """Return the tunnels that exist after the events."""
    alive: dict[str, Tunnel] = {}
    for event in happened:
        if isinstance(event, TunnelUp):
            alive[event.tunnel.id] = event.tunnel
        else:
            alive.pop(event.tunnel_id, None)
    return alive
