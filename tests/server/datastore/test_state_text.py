"""State written straight down the schema is what the walk writes node by node."""

from typing import Any

from server.datastore.defaults import DefaultsOf, Place
from server.datastore.manner import PLAIN
from server.datastore.state_text import StateWriter
from server.datastore.to_xml import Writer
from server.datastore.walk import Walk, Where
from yang.bindings.gateway import SCHEMA

TUNNELS = "/ipsec-qos:ipsec-qos/tunnels"
STATE: dict[str, Any] = {
    "tunnel": [
        {
            "counters": {"outbound": {"conform-packets": 3, "conform-octets": 1 << 40}},
            "remote-prefix": ["10.2.0.0/16", "2001:db8::/32"],
            "id": "a <b> & c",
            "interface": "wan",
            "effective": {"inbound": {}, "df-bit": {"value": "clear", "origin": "local"}},
            "condition": [{"feature": "df-bit", "status": "warning", "reason": "x\ry"}],
        },
        {"id": "second", "effective": {"outbound": {"speed-limit": {"ike": True}}}},
    ]
}


def test_it_writes_what_the_walk_writes() -> None:
    writer = Writer(SCHEMA)
    node: Any = SCHEMA.by_path[TUNNELS]
    walk = Walk(writer, {}, PLAIN, DefaultsOf(SCHEMA).of(None))
    walk._is_state_only = lambda node: False  # type: ignore[method-assign]
    by_walk = "".join(map(str, walk.children(node, None, STATE, None, Where(Place(())))))
    parts: list[str] = []
    StateWriter(writer).inside(node, STATE, parts.append)
    assert "".join(parts) == by_walk
    assert by_walk.startswith("<tunnel><id>a &lt;b&gt; &amp; c</id>")
    assert "<inbound" not in by_walk
