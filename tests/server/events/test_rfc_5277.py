"""The examples of RFC 5277, section 5: which of its events pass its filter."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.datastore.filter import Filter
from server.events.event import EventWriter, tree_of_events
from server.events.matching import passes
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
FILTER = f"""
<netconf:filter xmlns:netconf="urn:ietf:params:xml:ns:netconf:base:1.0" netconf:type="subtree">
  <event xmlns="{EVENT}">
    <eventClass>fault</eventClass>
    <severity>critical</severity>
  </event>
  <event xmlns="{EVENT}">
    <eventClass>fault</eventClass>
    <severity>major</severity>
  </event>
  <event xmlns="{EVENT}">
    <eventClass>state</eventClass>
    <severity>critical</severity>
  </event>
</netconf:filter>
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    where = tmp_path_factory.mktemp("event")
    (where / "event.yang").write_text(MODULE)
    compiled: Schema = bindings(["event"], (Path(where),))[0].SCHEMA
    return compiled


def event(kind: str, severity: str, card: str = "Ethernet0") -> dict[str, Any]:
    return {"eventClass": kind, "reportingEntity": {"card": card}, "severity": severity}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (event("fault", "critical"), True),
        (event("fault", "major"), True),
        (event("fault", "minor"), False),
        (event("state", "critical"), True),
        (event("state", "major"), False),
        (event("config", "critical"), False),
    ],
)
def test_section_5_1_subtree_filtering(schema: Schema, held: Any, expected: bool) -> None:
    tree = tree_of_events(schema)
    wanted = Filter.compile(tree, etree.fromstring(FILTER))
    assert passes(tree, {"event": held}, wanted) is expected


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
