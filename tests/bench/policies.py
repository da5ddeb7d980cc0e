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


def gateway(count: int) -> str:
    """Return a whole gateway: groups of ten policies, templates, a group on each interface.

    The last policy of every group references one of 25 templates, as the guide has it for peers
    that dial in.
    """
    groups = count // 10
    named = "".join(
        policy(10 * group + place)
        .replace(f"<name>p{10 * group + place:06d}</name>", f"<name>g{group:06d}</name>")
        .replace("<sequence-number>1<", f"<sequence-number>{place + 1}<")
        for group in range(groups)
        for place in range(9)
    )
    last = "".join(
        f"<policy><name>g{group:06d}</name><sequence-number>10</sequence-number>"
        f"<template>t{group % 25}</template></policy>"
        for group in range(groups)
    )
    templates = "".join(
        f"<policy-template><name>t{number}</name><sequence-number>1</sequence-number>"
        "<inbound><speed-limit><rate>500</rate></speed-limit></inbound></policy-template>"
        for number in range(25)
    )
    bindings = "".join(
        f"<interface-binding><interface>eth{group}</interface>"
        f"<policy-group>g{group:06d}</policy-group></interface-binding>"
        for group in range(groups)
    )
    return (
        f'<ipsec-qos xmlns="{NAMESPACE}"><policies>{named}{last}</policies>'
        f"<policy-templates>{templates}</policy-templates>"
        f"<interface-bindings>{bindings}</interface-bindings></ipsec-qos>"
    )


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
