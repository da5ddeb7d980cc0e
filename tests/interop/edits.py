"""What the clients send, written as their users write it."""

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
EMBEDDED = "urn:ipsec-qos:yang:ipsec-qos-embedded"
HISTORY = "urn:ipsec-qos:yang:netconf-commit-history"

FILTER = f'<ipsec-qos xmlns="{NAMESPACE}"><policies/></ipsec-qos>'
TUNNEL = (
    f'<establish-tunnel xmlns="{EMBEDDED}"><id>t1</id><interface>eth0</interface>'
    "</establish-tunnel>"
)
CLEAR = (
    f'<action xmlns="urn:ietf:params:xml:ns:yang:1"><ipsec-qos xmlns="{NAMESPACE}"><tunnels>'
    "<tunnel><id>t1</id><clear-counters/></tunnel></tunnels></ipsec-qos></action>"
)


def policy(name: str, rate: int = 1000) -> str:
    """Return the configuration of one policy."""
    return (
        f'<ipsec-qos xmlns="{NAMESPACE}"><policies><policy><name>{name}</name>'
        "<sequence-number>1</sequence-number><inbound><speed-limit>"
        f"<rate>{rate}</rate></speed-limit></inbound></policy></policies></ipsec-qos>"
    )


def config(name: str, rate: int = 1000) -> str:
    """Return the same inside ``<config>``, without the namespace that users forget."""
    return f"<config>{policy(name, rate)}</config>"
