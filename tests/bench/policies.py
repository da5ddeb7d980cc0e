"""Policies to measure with: 15 leafs each, about 500 octets of XML."""

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"


def policy(number: int, rate: int = 1000) -> str:
    """Return one policy with all kinds of settings."""
    return (
        f"<policy><name>p{number:06d}</name><sequence-number>1</sequence-number>"
        f"<description>branch office number {number}</description>"
        f"<tunnel-selector><connection>branch-{number}</connection></tunnel-selector>"
        "<df-bit>clear</df-bit><fragmentation>before-encryption</fragmentation>"
        f"<inbound><speed-limit><rate>{rate + number % 1000}</rate>"
        "<counted-length>payload</counted-length></speed-limit>"
        "<dscp>af11</dscp><service-class>af1</service-class></inbound>"
        "<outbound><speed-limit><rate>2000</rate><ike>true</ike></speed-limit>"
        "<dscp>46</dscp><service-class>ef</service-class></outbound></policy>"
    )


def policies(numbers: range) -> str:
    """Return the configuration that holds these policies."""
    inner = "".join(policy(number) for number in numbers)
    return f'<ipsec-qos xmlns="{NAMESPACE}"><policies>{inner}</policies></ipsec-qos>'


def rate_edit(number: int, rate: int) -> str:
    """Return the configuration that changes one rate."""
    return (
        f'<ipsec-qos xmlns="{NAMESPACE}"><policies><policy><name>p{number:06d}</name>'
        "<sequence-number>1</sequence-number><inbound><speed-limit>"
        f"<rate>{rate}</rate></speed-limit></inbound></policy></policies></ipsec-qos>"
    )


def edit_request(config: str, target: str = "candidate") -> str:
    """Return the operation element of an edit."""
    return (
        f'<edit-config xmlns="{BASE}"><target><{target}/></target>'
        f"<config>{config}</config></edit-config>"
    )


COMMIT = f'<commit xmlns="{BASE}"/>'


def key_filter(number: int) -> str:
    """Return a filtered read of one policy."""
    return (
        f'<get-config xmlns="{BASE}"><source><running/></source><filter type="subtree">'
        f'<ipsec-qos xmlns="{NAMESPACE}"><policies><policy><name>p{number:06d}</name>'
        "<sequence-number>1</sequence-number></policy></policies></ipsec-qos></filter></get-config>"
    )


GET_ALL = f'<get-config xmlns="{BASE}"><source><running/></source></get-config>'
