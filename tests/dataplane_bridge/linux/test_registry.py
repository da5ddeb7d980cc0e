"""Which tunnels can have QoS: one of each reqid, as many as a set holds; a charon that is away."""

from pathlib import Path

import pytest

from dataplane_bridge.linux import registry
from dataplane_bridge.linux.discovery import CharonDiscovery
from dataplane_bridge.linux.registry import Known, Registry
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


def test_a_tunnel_without_a_reqid_is_told() -> None:
    assert Registry("reqid").refusal(tunnel(1, None)) == "The SAs of the tunnel have no reqid."


def test_a_charon_that_is_away_is_told_with_what_to_look_at(tmp_path: Path) -> None:
    discovery = CharonDiscovery(str(tmp_path / "vici"))
    assert discovery.read() == ()
    trouble = discovery.trouble()
    assert trouble is not None and f"does not answer at {tmp_path}/vici" in trouble
