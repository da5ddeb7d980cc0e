"""Which tunnels can have QoS: one of each reqid, as many as a set holds; a charon that is away."""

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import vici

from dataplane_bridge.linux import registry
from dataplane_bridge.linux.discovery import CharonDiscovery
from dataplane_bridge.linux.elements import Place
from dataplane_bridge.linux.registry import Known, Registry
from dataplane_bridge.plan import Limit, ObjectKey, PlanObject
from dataplane_bridge.tunnels import Tunnel


def tunnel(number: int, reqid: int | None) -> Tunnel:
    return Tunnel(f"t{number}", "wan", remote_prefixes=(f"10.{number}.0.0/16",), reqid=reqid)


def test_more_tunnels_than_a_set_holds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "SIZE", 2)
    known = Registry("reqid")
    for number in (1, 2):
        assert known.refusal(tunnel(number, number)) is None
        known.put(Known(tunnel(number, number)))
    assert known.refusal(tunnel(3, 3)) == "There is no room for more than 2 tunnels."
    known.put(Known(tunnel(3, 3)))
    assert known.sight("t3") is None
    known.drop("t1")
    assert known.refusal(tunnel(3, 3)) is None


def test_of_two_tunnels_whose_peers_chose_the_same_spi_the_first_has_it() -> None:
    known = Registry("selector")

    def spis(number: int) -> tuple[int, ...]:
        sight = known.sight(f"t{number}")
        assert sight is not None
        return sight.spis_out

    for number in (1, 2):
        known.put(Known(tunnel(number, number), (), (7, 70 + number)))
    assert spis(1) == (7, 71) and spis(2) == (72,)
    for number in (1, 2):
        known.put(Known(tunnel(number, number), (), (7, 70 + number)))
        assert spis(1) == (7, 71) and spis(2) == (72,)
    assert "t2" in known.put(Known(tunnel(1, 1), (), (71,)))
    assert spis(1) == (71,) and spis(2) == (7, 72)
    known.put(Known(tunnel(1, 1), (), (71, 7)))
    assert spis(1) == (71,)
    assert "t1" in known.drop("t2")
    assert spis(1) == (71, 7)
    known.drop("t1")
    assert known._spis == {}


def test_a_tunnel_without_a_reqid_is_told() -> None:
    assert Registry("reqid").refusal(tunnel(1, None)) == "The SAs of the tunnel have no reqid."


def test_a_charon_that_is_away_is_told_once_with_what_to_look_at(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    discovery = CharonDiscovery(str(tmp_path / "vici"))
    for _ in range(3):
        assert discovery.read() == ()
    assert [each.message for each in caplog.records] == [
        f"charon does not answer at {tmp_path}/vici; its tunnels are not known"
    ]
    trouble = discovery.trouble()
    assert trouble is not None and f"does not answer at {tmp_path}/vici" in trouble


def of_peer(number: int) -> Known:
    return Known(replace(tunnel(number, number), remote_address="198.51.100.1"))


def limited(number: int) -> dict[ObjectKey, PlanObject]:
    key = ObjectKey("limit", f"t{number}", "outbound")
    return {key: Limit(125_000, 125_000, "encrypted", ike=True)}


def answering(known: Registry) -> list[str]:
    """Return the tunnels that have the address of their peer."""
    peer = Place("peer_out4", "198.51.100.1")
    return [name for name in known.known if peer in known.wanted(name)]


def test_of_the_tunnels_of_one_peer_the_lowest_answers_whoever_comes_and_goes() -> None:
    known = Registry("reqid")
    for number in (2, 3, 1):
        known.put(of_peer(number))
        known.set_objects(f"t{number}", limited(number))
    assert answering(known) == ["t1"]
    assert known.drop("t1") >= {"t1", "t2"}
    assert answering(known) == ["t2"]
    assert known.set_objects("t2", {}) >= {"t2", "t3"}
    assert answering(known) == ["t3"]
    assert known.set_objects("t2", limited(2)) >= {"t2", "t3"}
    assert answering(known) == ["t2"]


def test_a_tunnel_more_of_a_peer_touches_no_more_than_those_that_may_answer() -> None:
    known = Registry("reqid")
    for number in range(1, 41):
        known.put(of_peer(number))
        assert len(known.set_objects(f"t{number}", limited(number))) <= 2


def test_what_charon_refuses_to_answer_does_not_end_the_watching(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    discovery, tried = CharonDiscovery("/nowhere"), Counter[str]()
    refused = threading.Event()

    def refuse(_: object) -> None:
        tried["listened"] += 1
        if tried["listened"] > 1:
            refused.set()
        raise vici.exception.CommandException("unknown command")

    monkeypatch.setattr(discovery, "_listen", refuse)
    discovery.watch(lambda _: None)
    assert refused.wait(10.0), "the thread ended"
    discovery.close()
