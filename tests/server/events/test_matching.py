"""Which events a subtree filter lets through (RFC 5277, sections 3.6 and 5)."""

from typing import Any

import pytest
from lxml import etree

from server.datastore.filter import Filter
from server.events.event import tree_of_events
from server.events.matching import passes
from yang.bindings.gateway import SCHEMA

QOS = "urn:ipsec-qos:yang:ipsec-qos"
BASE_EVENTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications"
EXCEEDED = {"tunnel": "t1", "direction": "outbound", "state": "begin"}
CHANGE: dict[str, Any] = {
    "changed-by": {"username": "ada", "session-id": 7},
    "datastore": "running",
    "edit": [{"operation": "create"}, {"operation": "delete"}],
}


def q(inside: str) -> str:
    return f'<limit-exceeded xmlns="{QOS}">{inside}</limit-exceeded>'


def c(inside: str) -> str:
    return f'<netconf-config-change xmlns="{BASE_EVENTS}">{inside}</netconf-config-change>'


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("", False),  # An empty filter selects nothing (RFC 6241, section 6.4.2).
        (q(""), True),
        ("<limit-exceeded/>", True),  # no namespace: any (RFC 6241, section 6.2.1)
        (f'<tunnel-up xmlns="{QOS}"/>', False),
        (f'<tunnel-up xmlns="{QOS}"/>' + q(""), True),
        ('<limit-exceeded xmlns="urn:somebody:else"/>', False),
        (q("<tunnel>t1</tunnel>"), True),
        (q("<tunnel>t2</tunnel>"), False),
        (q("<tunnel> t1 </tunnel><state>begin</state>"), True),
        (q("<tunnel>t1</tunnel><state>end</state>"), False),
        (q("<tunnel>t2</tunnel>") + q("<tunnel>t1</tunnel>"), True),
        (q("<direction/>"), True),
        (q("<nobody-knows>x</nobody-knows>"), False),
    ],
)
def test_leafs_of_a_notification(wanted: str, expected: bool) -> None:
    assert _passes(wanted, {"limit-exceeded": EXCEEDED}) is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (c("<changed-by><username>ada</username></changed-by>"), True),
        (c("<changed-by><username>bob</username></changed-by>"), False),
        (c("<changed-by><session-id>007</session-id></changed-by>"), True),  # by value
        (c("<changed-by/>"), True),
        (c("<edit><operation>delete</operation></edit>"), True),
        (c("<edit><operation>merge</operation></edit>"), False),
        (c("<edit><target/></edit>"), False),
        (c("<datastore>running</datastore><edit><operation>create</operation></edit>"), True),
        (c("<datastore>startup</datastore><edit><operation>create</operation></edit>"), False),
    ],
)
def test_containers_and_lists_of_a_notification(wanted: str, expected: bool) -> None:
    assert _passes(wanted, {"netconf-config-change": CHANGE}) is expected


def _passes(wanted: str, held: dict[str, Any]) -> bool:
    tree = tree_of_events(SCHEMA)
    element = etree.fromstring(f"<filter>{wanted}</filter>")
    return passes(tree, held, Filter.compile(tree, element))
