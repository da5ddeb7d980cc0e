"""Which events an XPath filter lets through (RFC 5277, section 5.2)."""

import pytest

from server.errors import RpcError
from server.events.event import Event, EventWriter
from server.events.selecting import selecting
from server.xpath.evaluation import EvaluationLimits
from tests.server.events.streams import START
from yang.bindings.gateway import SCHEMA

QOS = "urn:ipsec-qos:yang:ipsec-qos"
EXCEEDED = {"tunnel": "t1", "direction": "outbound", "state": "begin"}


def event(name: str = "limit-exceeded") -> Event:
    notification = SCHEMA.notifications[f"{{{QOS}}}{name}"]
    return Event(1, START, notification, EXCEEDED, EventWriter(SCHEMA))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/q:limit-exceeded", True),
        ("/limit-exceeded", True),  # without a prefix: of any module
        ("/q:tunnel-up", False),
        ("/q:tunnel-up | /q:limit-exceeded", True),
        ("/q:limit-exceeded[q:tunnel = 't1' and q:state = 'begin']", True),
        ("/q:limit-exceeded[q:tunnel = 't1' and (q:state = 'end' or q:state = 'x')]", False),
        ("/q:limit-exceeded[starts-with(q:tunnel, 't')]/q:state", True),
        ("//q:direction[. = 'outbound']", True),
        ("/*", True),
        ("/", True),
        ("/q:limit-exceeded[q:nobody]", False),
    ],
)
def test_what_an_xpath_lets_through(text: str, expected: bool) -> None:
    takes = selecting(SCHEMA, text, {"q": QOS}, EvaluationLimits())
    assert takes(event()) is expected


@pytest.mark.parametrize("text", ["/q:limit-exceeded[", "/nowhere:else", "1 + 1", "true()"])
def test_what_is_no_xpath_of_nodes_is_refused(text: str) -> None:
    with pytest.raises(RpcError) as caught:
        selecting(SCHEMA, text, {"q": QOS}, EvaluationLimits())
    assert caught.value.tag == "invalid-value"


def test_what_would_cost_too_much_lets_nothing_through() -> None:
    takes = selecting(SCHEMA, "/q:limit-exceeded", {"q": QOS}, EvaluationLimits(octets=10))
    assert takes(event()) is False
