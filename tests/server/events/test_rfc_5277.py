"""The examples of RFC 5277, section 5: which of its events pass its filters."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.datastore.filter import Filter
from server.events.event import Event, EventWriter, tree_of_events
from server.events.matching import passes
from server.events.selecting import selecting
from server.namespaces import BASE
from server.xpath.evaluation import EvaluationLimits
from tests.server.events.streams import START
from tests.yang.compiled import bindings
from yang.schema import Schema

EVENT = "http://example.com/event/1.0"
MODULE = """module event {
  namespace "http://example.com/event/1.0"; prefix e;
  notification event {
    leaf eventClass { type string; }
    container reportingEntity { leaf card { type string; } }
    leaf severity { type string; }
    leaf operState { type string; }
  }
}
"""
# Section 5.1: fault events of these severities; checked against a quotation of the RFC.
SEVERE = "".join(
    f'<event xmlns="{EVENT}"><eventClass>fault</eventClass><severity>{each}</severity></event>'
    for each in ("critical", "major", "minor")
)
SEVERE_XPATH = (
    "/ex:event[ex:eventClass='fault' and"
    " (ex:severity='minor' or ex:severity='major' or ex:severity='critical')]"
)
# The second examples of 5.1 and 5.2, from memory: the RFC itself could not be looked up.
ETHERNET0 = (
    f'<event xmlns="{EVENT}"><eventClass>state</eventClass></event>'
    f'<event xmlns="{EVENT}"><eventClass>config</eventClass></event>'
    f'<event xmlns="{EVENT}"><eventClass>fault</eventClass>'
    "<reportingEntity><card>Ethernet0</card></reportingEntity></event>"
)
ETHERNET0_XPATH = (
    "/ex:event[(ex:eventClass='state' or ex:eventClass='config') or"
    " (ex:eventClass='fault' and ex:reportingEntity/ex:card='Ethernet0')]"
)


def event(kind: str, severity: str, card: str = "Ethernet0") -> dict[str, Any]:
    return {"eventClass": kind, "reportingEntity": {"card": card}, "severity": severity}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    where = tmp_path_factory.mktemp("event")
    (where / "event.yang").write_text(MODULE)
    compiled: Schema = bindings(["event"], (Path(where),))[0].SCHEMA
    return compiled


@pytest.mark.parametrize(
    ("subtree", "xpath", "held", "expected"),
    [
        (SEVERE, SEVERE_XPATH, event("fault", "critical"), True),
        (SEVERE, SEVERE_XPATH, event("fault", "major"), True),
        (SEVERE, SEVERE_XPATH, event("fault", "minor"), True),
        (SEVERE, SEVERE_XPATH, event("fault", "warning"), False),
        (SEVERE, SEVERE_XPATH, event("state", "major"), False),
        (ETHERNET0, ETHERNET0_XPATH, event("state", "minor", "Ethernet1"), True),
        (ETHERNET0, ETHERNET0_XPATH, event("config", "minor"), True),
        (ETHERNET0, ETHERNET0_XPATH, event("fault", "minor"), True),
        (ETHERNET0, ETHERNET0_XPATH, event("fault", "critical", "Ethernet2"), False),
    ],
)
def test_the_filters_of_sections_5_1_and_5_2(
    schema: Schema, subtree: str, xpath: str, held: dict[str, Any], expected: bool
) -> None:
    tree = tree_of_events(schema)
    content = f'<n:filter xmlns:n="{BASE}" n:type="subtree">{subtree}</n:filter>'
    wanted = Filter.compile(tree, etree.fromstring(content))
    assert passes(tree, {"event": held}, wanted) is expected
    (notification,) = schema.notifications.values()
    takes = selecting(schema, xpath, {"ex": EVENT}, EvaluationLimits())
    assert takes(Event(1, START, notification, held, EventWriter(schema))) is expected


def test_each_notification_has_conditions_of_its_own(tmp_path: Path) -> None:
    two = MODULE.replace(
        "notification event {",
        "notification other { leaf a { type string; } }\n  notification event {",
    )
    (tmp_path / "event.yang").write_text(two)
    found: Schema = bindings(["event"], (tmp_path,))[0].SCHEMA
    tree = tree_of_events(found)
    fault = f'<event xmlns="{EVENT}"><eventClass>fault</eventClass></event>'
    other = f'<other xmlns="{EVENT}"><a>1</a></other>'
    wanted = Filter.compile(tree, etree.fromstring(f"<filter>{fault}{other}</filter>"))
    assert passes(tree, {"event": event("fault", "minor")}, wanted)
    assert passes(tree, {"other": {"a": "1"}}, wanted)
    assert not passes(tree, {"other": {"a": "2"}}, wanted)


def test_the_form_of_an_event(schema: Schema) -> None:
    """Figure of section 2.2.1: the time, then one element of the event's own namespace."""
    (notification,) = schema.notifications.values()
    text = EventWriter(schema).message(START, notification, event("fault", "major"))
    assert text == (
        b'<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">'
        b"<eventTime>2024-05-01T12:00:00.000000Z</eventTime>"
        b'<event xmlns="http://example.com/event/1.0"><eventClass>fault</eventClass>'
        b"<reportingEntity><card>Ethernet0</card></reportingEntity>"
        b"<severity>major</severity></event></notification>"
    )
