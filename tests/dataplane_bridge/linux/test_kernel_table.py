"""The driver on the running kernel, in a namespace of its own; tunnels are told, not negotiated."""

import subprocess
from collections.abc import Sequence

import pytest
from pyroute2 import IPRoute

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux import paths, registry
from dataplane_bridge.linux.devices import Device, devices_of
from dataplane_bridge.linux.nfnetlink import Part
from dataplane_bridge.plan import EMPTY_PLAN
from tests.dataplane_bridge.linux.kernel_lab import (
    FULL,
    Lab,
    count_drops,
    known,
    limits_of,
    nft,
    reread,
    routes,
    static,
)
from tests.dataplane_bridge.linux.namespaces import why_not
from tests.dataplane_bridge.shapes import (
    NO_SELECTOR,
    limit,
    outbound,
    policy,
)

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def test_everything_that_was_applied_reads_back(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    assert lab.bridge.health.status == "in-sync"
    assert reread(lab) == ()
    assert lab.driver.read() != EMPTY_PLAN
    assert "limit rate over 250000 bytes/second" in nft("list set inet ipsecqos lim_out")


def test_a_configuration_taken_back_leaves_no_elements_and_routes(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    lab.commit()
    assert "elements" not in nft("list set inet ipsecqos pass_in")
    assert "elements" not in nft("list map inet ipsecqos size_out")
    assert "chain mtu" not in nft("list table inet ipsecqos")
    assert subprocess.run(["ip", "rule"], capture_output=True, text=True).stdout.count("4510") == 0
    assert reread(lab) == ()


def test_foreign_changes_are_seen_and_repaired(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    for foreign in (
        "delete element inet ipsecqos lim_out { 1 }",
        "delete element inet ipsecqos ts_4 { 10.1.1.0/24 . 10.2.1.0/24 }",
        "add element inet ipsecqos act_in { 99 : jump dscp1 }",
        "flush chain inet ipsecqos account_out",
        "flush chain inet ipsecqos q_size",
        "add rule inet ipsecqos q_size ip length > 9 drop",
        "flush chain inet ipsecqos mtu1446_cleared_refused",
        "add chain inet ipsecqos mtu77_whole_whole",
        "delete table inet ipsecqos",
        "flush ruleset",
    ):
        nft(foreign)
        lab.events.clear()
        lab.driver.look_for_disturbance()
        assert [name for name, _ in lab.events] == ["dataplane-drift"], foreign
        assert lab.bridge.health.status == "in-sync"
        assert reread(lab) == ()


def test_drift_that_is_only_told_takes_no_limits_away_when_a_tunnel_comes(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1), repair_drift=False)
    lab.commit(FULL)
    nft("insert rule inet ipsecqos q_post counter")
    lab.driver.look_for_disturbance()
    assert [content["repaired"] for _, content in lab.events] == [False] and limits_of(1)
    lab.discovery.come(known(2))
    assert limits_of(1) and limits_of(2)
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()


def test_a_foreign_route_change_is_seen_and_repaired(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    subprocess.run(["ip", "route", "del", "10.2.1.0/24", "table", "4510"], check=True)
    lab.driver.look_for_disturbance()
    assert [name for name, _ in lab.events] == ["dataplane-drift"]
    assert "mtu lock 1438" in routes() or "mtu lock 1446" in routes()


def test_a_tunnel_device_that_is_made_anew_gets_its_routes_again(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    for command in ("link del ipsec0", "tuntap add ipsec0 mode tun", "link set ipsec0 up"):
        subprocess.run(["ip", *command.split()], check=True)
    lab.driver.look_for_disturbance()
    assert lab.bridge.health.status == "in-sync"
    assert "10.2.1.0/24 dev ipsec0" in routes()


def test_a_table_of_the_same_name_that_is_not_ours_is_refused(inside_namespace: str) -> None:
    nft("add table inet ipsecqos")
    nft("add chain inet ipsecqos mine")
    lab = Lab(known(1))
    with pytest.raises(BridgeError, match="did not make"):
        lab.commit(FULL)
    assert "mine" in nft("list table inet ipsecqos") and lab.bridge.health.status == "failed"


def test_a_change_of_rate_leaves_all_other_elements_alone(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = nft("list table inet ipsecqos").splitlines()
    lab.commit(FULL._replace(outbound=outbound(limit(3000, None, True), 46, "ef")))
    after = nft("list table inet ipsecqos").splitlines()
    changed = [line for line in after if line not in before]
    assert len(changed) == 1 and changed[0].count("375000 bytes/second") == 2


def test_tunnels_come_rekey_and_go(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.discovery.come(known(2))
    assert "0xd0000002" in nft("list map inet ipsecqos spi_out")
    lab.discovery.come(known(2)._replace(spis_out=(0xD0000002, 0xD1000002)))
    assert "0xd1000002" in nft("list map inet ipsecqos spi_out")
    lab.discovery.go("t2")
    assert "0xd0000002" not in nft("list map inet ipsecqos spi_out")
    assert [name for name, _ in lab.events] == ["tunnel-up", "tunnel-down"]
    assert reread(lab) == ()


def test_what_nftables_cannot_do_is_refused_before_anything_happens(inside_namespace: str) -> None:
    lab = Lab(known(1, remote_prefixes=("0.0.0.0/0",)))
    before = nft("list ruleset")
    with pytest.raises(Exception, match="draw the tunnel's own packets"):
        lab.commit(FULL)
    with pytest.raises(Exception, match="burst"):
        lab.commit(policy(outbound=outbound(limit(1000, burst=3000))))
    assert nft("list ruleset") == before


def test_counters_can_be_cleared(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.driver.clear_counters("t1")
    assert lab.driver.counters()["t1"].inbound.conform_packets == 0
    assert reread(lab) == ()


def test_counters_that_somebody_took_away_say_when_they_began_anew(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = {name: each.since for name, each in lab.driver.counters().items()}
    lab.clock.seconds += 100
    nft("delete element inet ipsecqos pass_out { 1 }")
    lab.driver.look_for_disturbance()
    after = {name: each.since for name, each in lab.driver.counters().items()}
    assert after == {"t1": before["t1"] + 100, "t2": before["t2"]}
    lab.commit(FULL._replace(outbound=outbound(limit(3000))))
    assert {name: each.since for name, each in lab.driver.counters().items()} == after


def test_what_packets_counted_is_read_cleared_and_goes_with_the_tunnel(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    count_drops(1)
    count_drops(2)
    lab.driver.look_for_disturbance()
    assert lab.events == [] and reread(lab) == ()
    lab.commit(FULL._replace(outbound=outbound(limit(3000))))
    lab.driver.close()
    lab.begin()
    counters = lab.driver.counters()
    assert [counters[name].outbound.exceed_packets for name in ("t1", "t2")] == [5, 5]
    lab.driver.clear_counters("t1")
    counters = lab.driver.counters()
    assert [counters[name].outbound.exceed_packets for name in ("t1", "t2")] == [0, 5]
    lab.discovery.go("t2")
    assert "elements" not in nft("list set inet ipsecqos drop_out")


def test_what_packets_of_nobody_counted_is_taken_away(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    count_drops(99)
    lab.driver.look_for_disturbance()
    assert [name for name, _ in lab.events] == ["dataplane-drift"]
    assert "elements" not in nft("list set inet ipsecqos drop_out")
    assert reread(lab) == ()


def test_drops_that_somebody_took_away_say_when_they_began_anew(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    count_drops(1)
    assert lab.driver.counters()["t1"].outbound.exceed_packets == 5
    before = {name: each.since for name, each in lab.driver.counters().items()}
    lab.clock.seconds += 100
    nft("flush set inet ipsecqos drop_out")
    lab.driver.look_for_disturbance()
    after = {name: each.since for name, each in lab.driver.counters().items()}
    assert after == {"t1": before["t1"] + 100, "t2": before["t2"]}


def test_the_limit_of_a_static_policy_is_there_before_its_tunnel_and_stays_with_it(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab()
    lab.commit(static())
    before = limits_of(7)
    assert before and "125000 bytes/second" in before[0]
    assert lab.bridge.state()["ipsec-qos:ipsec-qos"]["tunnels"]["tunnel"] == []
    batches: list[bytes] = []
    netfilter = lab.driver._kernel.table._netfilter
    transact = netfilter.transact

    def noted(parts: Sequence[Part]) -> None:
        batches.extend(part.attributes for part in parts)
        transact(parts)

    monkeypatch.setattr(netfilter, "transact", noted)
    lab.discovery.come(known(7))
    assert limits_of(7) == before
    assert [text for text in batches if b"ts_4" in text]
    assert not [text for text in batches if b"lim_out" in text], "the bucket was taken away"
    assert [name for name, _ in lab.events] == ["tunnel-up"]
    assert reread(lab) == ()
    lab.discovery.go("t7")
    assert limits_of(7)
    assert reread(lab) == ()
    lab.commit(static(2000))
    assert "250000 bytes/second" in limits_of(7)[0]
    lab.commit()
    assert not limits_of(7)
    assert lab.bridge.health.status == "in-sync"


def test_of_two_tunnels_of_one_reqid_the_second_is_told_to_have_no_qos(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.discovery.come(known(2, reqid=1))
    told = lab.bridge.tunnel_state("t2")
    assert told is not None and told["status"] == "failed"
    assert told["condition"][0]["reason"] == "The reqid 1 is that of tunnel 't1' too."
    assert lab.bridge.health.status == "in-sync"
    lab.discovery.go("t1")
    told = lab.bridge.tunnel_state("t2")
    assert told is not None and told["status"] == "applied"
    assert reread(lab) == ()


def test_a_tunnel_that_there_was_no_room_for_gets_its_qos_when_another_one_goes(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "SIZE", 2)
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    lab.discovery.come(known(3))
    told = lab.bridge.tunnel_state("t3")
    assert told is not None and "no room" in told["condition"][0]["reason"]
    lab.discovery.go("t1")
    told = lab.bridge.tunnel_state("t3")
    assert told is not None and told["status"] == "applied"
    assert limits_of(3) and reread(lab) == ()


def test_a_tunnel_that_cannot_be_fragmented_before_is_shown_and_the_rest_goes_on(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.discovery.come(known(2, remote_prefixes=("0.0.0.0/0",)))
    told = lab.bridge.tunnel_state("t2")
    assert told is not None and told["status"] == "failed"
    assert "would draw the tunnel's own packets" in told["condition"][0]["reason"]
    assert lab.bridge.health.status == "in-sync"
    lab.commit(FULL._replace(outbound=outbound(limit(5000))))
    assert lab.bridge.health.status == "in-sync"


def test_devices_are_read_once_for_many_tunnels_whose_device_is_not_there(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["ip", "link", "del", "ipsec0"], check=True)
    lab = Lab()
    looked: list[None] = []

    def noted(netlink: IPRoute) -> dict[str, Device]:
        looked.append(None)
        return devices_of(netlink)

    monkeypatch.setattr(paths, "devices_of", noted)
    lab.discovery.come(*map(known, range(1, 41)))
    lab.commit(policy(outbound=outbound(limit(2000))))
    assert len(looked) < 10
    subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
    subprocess.run(["ip", "link", "set", "ipsec0", "up"], check=True)
    lab.discovery.come(known(50))
    told = lab.bridge.tunnel_state("t50")
    assert told is not None and told["status"] == "applied"
    lab.commit(FULL._replace(tunnel_selector=NO_SELECTOR._replace(reqid=(50,))))
    assert "10.2.50.0/24 dev ipsec0" in routes()
