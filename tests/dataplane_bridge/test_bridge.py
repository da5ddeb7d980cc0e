"""The facade: what the server sees, held against the schema that it serves."""

from typing import Any

import pytest

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import BridgeError
from dataplane_bridge.effective import Condition
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.operations import ACTIONS, EMBEDDED
from tests.dataplane_bridge.flaky import FlakyDriver
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
    template,
    tunnel,
)
from yang import schema as s
from yang.bindings.gateway import SCHEMA

RICH = configuration(
    [policy(number=1, connection=("a",), template="dial"), policy(number=2)],
    [
        template(
            fragmentation="before-encryption",
            inbound=inbound(limit(1000, "payload", True, 1500), 46, None, True),
            outbound=outbound(limit(8, None, True), "af11", "ef"),
        )
    ],
    aging_time=3000,
)
SEND = "/ipsec-qos-embedded:send-packets"
ESTABLISH = "/ipsec-qos-embedded:establish-tunnel"
REMOVE = "/ipsec-qos-embedded:remove-tunnel"


class Box:
    """A started bridge over the embedded dataplane."""

    def __init__(self, root: Any = RICH, *existing: Any) -> None:
        self.clock = Clock(1_790_000_000.25)
        self.dataplane = FlakyDriver(self.clock, existing)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.bridge = Bridge(
            self.dataplane,
            self.clock,
            lambda name, content: self.told.append((name, dict(content))),
        )
        self.bridge.start(root)

    def run(self, path: str, keys: Any = (), **values: Any) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in values.items()}
        return self.bridge.operations[path](keys, named)


def conforms(node: Any, value: Any) -> None:
    """Assert that a state value has the shape of its schema node, and each leaf is valid."""
    if isinstance(node, s.List):
        assert isinstance(value, list)
        for entry in value:
            assert set(node.keys) <= set(entry)
            _children_conform(node, entry)
    elif isinstance(node, s.Container):
        _children_conform(node, value)
    elif isinstance(node, s.LeafList):
        assert isinstance(value, list)
        for each in value:
            node.type.parse(_text(each))
    else:
        node.type.parse(_text(value))


def _children_conform(node: Any, value: dict[str, Any]) -> None:
    children = {child.name: child for child in node.children}
    for name, each in value.items():
        assert each is not None
        conforms(children[name], each)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_state_conforms_to_the_schema() -> None:
    box = Box(
        RICH,
        tunnel("t1", connection="a", mpls="outbound", remote_prefixes=("10.0.0.0/8",)),
        tunnel("t2", reqid=7, if_id=8),
        tunnel("t3", interface="lan0"),
    )
    box.run(SEND, tunnel="t1", direction="outbound", count=100)
    (container,) = [child for child in SCHEMA.root.children if child.name == "ipsec-qos"]
    state = box.bridge.state()
    conforms(container, state["ipsec-qos:ipsec-qos"])
    shown = state["ipsec-qos:ipsec-qos"]["tunnels"]["tunnel"]
    assert [each["status"] for each in shown] == ["applied", "applied", "no-policy"]
    assert shown[0] == box.bridge.tunnel_state("t1")
    assert shown[0]["policy"] == {
        "name": "gold",
        "sequence-number": 1,
        "template": "dial",
        "template-sequence-number": 10,
    }
    assert shown[0]["effective"]["outbound"]["speed-limit"] == {
        "rate": 8,
        "counted-length": "encrypted",
        "ike": True,
        "burst": 65536,
        "origin": "template",
    }
    assert {each["feature"] for each in shown[0]["condition"]} == {
        "fragmentation",
        "inbound-speed-limit",
        "inbound-service-class",
        "outbound-speed-limit",
    }
    assert box.bridge.tunnel_state("absent") is None


def test_a_failed_dataplane_shows_in_the_state_and_conforms() -> None:
    box = Box(configuration(), tunnel())
    change = box.bridge.prepare(RICH, changes_between(configuration(), RICH))
    box.dataplane.breaks_at = [1, 0]
    with pytest.raises(BridgeError):
        change.apply()
    with pytest.raises(BridgeError):
        change.abort()
    state = box.bridge.dataplane_state()
    assert state["status"] == "failed" and "Going back failed too" in state["reason"]
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["status"] == "failed"
    box.bridge.poll()
    assert box.bridge.health.status == "in-sync"


def test_times_are_dates_with_times() -> None:
    box = Box(RICH, tunnel())
    expected = "2026-09-21T14:13:20.250000Z"
    path = "/ipsec-qos:ipsec-qos/tunnels/tunnel/clear-counters"
    assert box.run(path, (("t1",),)) == {"discontinuity-time": expected}
    assert box.bridge.dataplane_state()["last-apply"]["time"] == expected


def test_every_operation_is_one_of_the_schema() -> None:
    paths = {rpc.at.path for rpc in SCHEMA.rpcs.values()} | _actions(SCHEMA.root)
    assert {*ACTIONS, *EMBEDDED} <= paths
    assert {path for path in paths if "ipsec-qos" in path} == {*ACTIONS, *EMBEDDED}


def _actions(node: Any) -> set[str]:
    found = {action.at.path for action in getattr(node, "actions", ())}
    for child in getattr(node, "children", ()):
        found |= _actions(child)
    return found


def test_send_packets_answers_what_the_schema_knows() -> None:
    box = Box(
        configuration([policy(outbound=outbound(limit(8), "ef", "af2"))]), tunnel(mpls="both")
    )
    (rpc,) = [each for each in SCHEMA.rpcs.values() if each.name == "send-packets"]
    output = box.run(SEND, tunnel="t1", direction="outbound", count=100, dscp=1)
    _children_conform(rpc.output, output)
    assert output == {
        "passed": 62,
        "exceeded": 38,
        "too-big": 0,
        "sent-packets": 62,
        "dscp": 1,
        "outer-dscp": 46,
        "outer-df": False,
        "mpls-traffic-class": 2,
    }
    refused = box.run(SEND, tunnel="t1", direction="outbound", length=1500, df=True, count=3)
    assert refused == {
        "passed": 0,
        "exceeded": 0,
        "too-big": 3,
        "sent-packets": 0,
        "tunnel-mtu": 1446,
    }


def test_send_packets_at_a_rate_lets_the_dataplanes_clock_run_ahead() -> None:
    box = Box(
        configuration([policy(inbound=inbound(limit(1000, "payload", None, 10_000)))]), tunnel()
    )
    output = box.run(SEND, tunnel="t1", direction="inbound", count=1000, rate=2000, length=1000)
    # 1000 packets of 1000 octets at 2000 kbit/s take 4 s, in which 10,000 + 4 * 125,000 pass.
    assert 500 <= output["passed"] <= 510
    again = box.run(SEND, tunnel="t1", direction="inbound", count=100, rate=900, length=1000)
    assert again["passed"] == 100


def test_ike_packets_are_sent_and_limited() -> None:
    box = Box(configuration([policy(outbound=outbound(limit(8, None, True, 3000)))]), tunnel())
    output = box.run(SEND, tunnel="t1", direction="outbound", kind="ike", count=5, length=1000)
    assert output == {"passed": 3, "exceeded": 2, "too-big": 0, "sent-packets": 3}


def test_establish_and_remove() -> None:
    box = Box()
    assert box.run(ESTABLISH, id="t1", interface="wan0", connection="a") == {}
    assert box.told == [("tunnel-up", {"tunnel": "t1", "policy": "gold", "sequence-number": 1})]
    assert box.run(REMOVE, id="t1") == {}
    assert box.told[1:] == [("tunnel-down", {"tunnel": "t1"})]


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        (ESTABLISH, {"id": "t1"}, "needs the leaf interface"),
        (REMOVE, {"id": "t9"}, "There is no tunnel 't9'"),
        (REMOVE, {}, "needs the leaf id"),
        (SEND, {"tunnel": "t9", "direction": "inbound"}, "There is no tunnel 't9'"),
        (SEND, {"tunnel": "t9"}, "There is no tunnel|needs the leaf direction"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(path: str, values: Any, words: str) -> None:
    with pytest.raises(BridgeError, match=words):
        Box().run(path, **values)


def test_clearing_the_counters_of_no_tunnel_is_refused() -> None:
    with pytest.raises(BridgeError, match="There is no tunnel"):
        Box().run("/ipsec-qos:ipsec-qos/tunnels/tunnel/clear-counters", (("t9",),))


def test_resynchronize_tells_the_steps() -> None:
    box = Box(RICH, tunnel())
    assert box.run("/ipsec-qos:ipsec-qos/dataplane/resynchronize") == {"steps": 0}


def test_limit_exceeded_is_told_once_and_ends_after_ten_seconds() -> None:
    box = Box(configuration([policy(outbound=outbound(limit(8)))]), tunnel())
    for _ in range(3):
        box.run(SEND, tunnel="t1", direction="outbound", count=100)
    box.clock.seconds += 9.0
    box.bridge.poll()
    begin = {"tunnel": "t1", "direction": "outbound", "state": "begin"}
    assert box.told == [("limit-exceeded", begin)]
    box.clock.seconds += 1.0
    box.bridge.poll()
    assert box.told[1:] == [("limit-exceeded", {**begin, "state": "end"})]


def test_a_tunnel_that_went_down_does_not_cease_to_exceed() -> None:
    box = Box(configuration([policy(outbound=outbound(limit(8)))]), tunnel())
    box.run(SEND, tunnel="t1", direction="outbound", count=100)
    box.run(REMOVE, id="t1")
    box.clock.seconds += 20.0
    box.bridge.poll()
    assert [name for name, _ in box.told] == ["limit-exceeded", "tunnel-down"]


def test_row_23_what_the_dataplane_puts_off_shows_as_pending_rekey() -> None:
    later = Condition("df-bit", "pending-rekey", "The SA copies the DF bit until its next rekey.")

    class Slow(MemoryDataplane):
        def conditions(self, tunnel_id: str) -> tuple[Condition, ...]:
            return (later,)

    bridge = Bridge(Slow(Clock(), [tunnel()]), Clock(), lambda name, content: None)
    bridge.start(configuration([policy(df_bit="clear")]))
    shown = bridge.tunnel_state("t1")
    assert shown is not None
    assert (shown["status"], shown["condition"]) == ("pending-rekey", [later._asdict()])


def test_ipv6_packets_are_treated_as_packets_with_df() -> None:
    box = Box(configuration([policy()]), tunnel())
    sent = box.run(SEND, tunnel="t1", direction="outbound", ip_version="ipv6", df=False)
    assert sent["outer-df"] is True


def test_notifications_have_the_content_of_the_schema() -> None:
    contents = {each.name: each.content for each in SCHEMA.notifications.values()}
    box = Box(RICH)
    box.run(ESTABLISH, id="t1", interface="wan0", connection="a")
    box.run(SEND, tunnel="t1", direction="outbound", count=100)
    box.dataplane.tamper(())
    box.dataplane._plan = box.dataplane._plan.delete(next(iter(box.dataplane._plan)))
    box.run("/ipsec-qos:ipsec-qos/dataplane/resynchronize")
    box.dataplane.breaks_at = [0, 0]
    box.run(ESTABLISH, id="t2", interface="wan0")
    box.run(REMOVE, id="t1")
    names = {name for name, _ in box.told}
    assert names == {
        "tunnel-up",
        "tunnel-down",
        "limit-exceeded",
        "dataplane-drift",
        "apply-failed",
    }
    for name, content in box.told:
        _children_conform(contents[name], content)


def test_yang_features_follow_the_dataplane() -> None:
    assert Bridge(MemoryDataplane(Clock()), Clock(), print).yang_features == {"exact-burst"}
