"""The driver on the running kernel, in a namespace of its own; tunnels are told, not negotiated."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.delta import diff_plans
from dataplane_bridge.driver import BridgeError, DataplaneFailed
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.nfnetlink import Part
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.table import Table
from dataplane_bridge.plan import EMPTY_PLAN
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
)

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def known(number: int, **fields: Any) -> Known:
    values: dict[str, Any] = {
        "local_prefixes": (f"10.1.{number}.0/24",),
        "remote_prefixes": (f"10.2.{number}.0/24",),
        "reqid": number,
        "mpls": "both",
        **fields,
    }
    tunnel = Tunnel(f"t{number}", "wan", **values)
    return Known(tunnel, (0xC0000000 + number,), (0xD0000000 + number,))


class Lab:
    """A bridge with the driver of this namespace, and a configuration."""

    def __init__(self, *tunnels: Known) -> None:
        self.discovery = FixedTunnels(*tunnels)
        self.root = configuration([], bindings={"wan": "gold"})
        self.events: list[tuple[str, Any]] = []
        self.begin()

    def begin(self) -> None:
        """Start the server, so to say, with the configuration there is."""
        self.clock = Clock()
        self.driver = LinuxDataplane(
            self.clock, LinuxSettings(mode="selector"), self.discovery, threading.RLock()
        )
        self.bridge = Bridge(
            self.driver, self.clock, lambda name, content: self.events.append((name, content))
        )
        self.bridge.start(self.root)

    def commit(self, *policies: Any, **more: Any) -> None:
        root = configuration(policies, bindings={"wan": "gold"} if policies else {}, **more)
        change = self.bridge.prepare(root, changes_between(self.root, root))
        try:
            change.apply()
        except BridgeError:
            change.abort()
            raise
        change.publish()
        self.root = root


@pytest.fixture
def inside_namespace() -> Iterator[str]:
    name = f"ipsecqos-{os.getpid()}"
    with namespace(name), inside(name):
        subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
        subprocess.run(["ip", "link", "set", "ipsec0", "up"], check=True)
        yield name


FULL = policy(
    df_bit="clear",
    fragmentation="before-encryption",
    inbound=inbound(limit(1000, "payload", True), "af21", None, True),
    outbound=outbound(limit(2000, None, True), 46, "ef"),
)


def nft(command: str) -> str:
    return subprocess.run(
        ["nft", *command.split()], check=True, capture_output=True, text=True
    ).stdout


def routes() -> str:
    command = "ip route show table 4510"
    return subprocess.run(command.split(), check=True, capture_output=True, text=True).stdout


def reread(lab: Lab) -> Any:
    """Return what differs between what is believed and what the kernel holds."""
    believed = lab.driver._kernel.plan
    return diff_plans(believed, lab.driver.read())


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


def test_a_restart_adopts_the_table_and_changes_nothing(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = nft("-a list table inet ipsecqos"), routes()
    assert "10.2.1.0/24 dev ipsec0" in before[1]
    lab.driver.close()
    lab.begin()
    assert lab.bridge.health.status == "in-sync"
    assert (nft("-a list table inet ipsecqos"), routes()) == before
    assert lab.bridge.dataplane_state().get("last-apply") is None


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


def count_drops(number: int) -> None:
    """Leave behind what a packet of a tunnel would that its limit drops."""
    nft(f"add element inet ipsecqos drop_out {{ {number} counter packets 5 bytes 500 }}")


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


def stamp() -> str:
    """Return the name of the chain that tells which version made the table."""
    (found,) = (word for word in nft("list chains inet").split() if word.startswith("ipsec_qos"))
    return found


def say_another_version_made_it() -> None:
    name = stamp()
    nft(f"rename chain inet ipsecqos {name} {name[:-8]}00000000")


def test_a_table_of_another_version_is_exchanged_for_one_that_has_all_elements(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    ours = stamp()
    say_another_version_made_it()
    count_drops(1)
    lab.driver.close()
    transact, seen = Table._changed, []

    def watched(self: Table, act: Callable[[], None]) -> bool:
        undisturbed = transact(self, act)
        seen.append((limits_of(1), "mtu1446" in nft("list map inet ipsecqos size_out")))
        return undisturbed

    monkeypatch.setattr(Table, "_changed", watched)
    lab.begin()
    assert stamp() == ours and seen
    assert all(limits and is_sized for limits, is_sized in seen), "for a moment nothing was limited"
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()
    counters = lab.driver.counters()["t1"]
    assert counters.since == lab.clock.seconds and counters.outbound.exceed_packets == 0


def test_a_table_of_another_version_stays_in_force_while_charon_is_away(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    say_another_version_made_it()
    before = nft("-a list table inet ipsecqos")
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    with pytest.raises(DataplaneFailed, match="another version .* until charon tells"):
        lab.commit(FULL, aging_time=7000)
    assert nft("-a list table inet ipsecqos") == before
    lab.discovery.is_known = True
    lab.discovery.come(known(1))
    assert limits_of(1) and reread(lab) == () and lab.bridge.health.status == "in-sync"


def test_a_number_of_which_a_stray_was_taken_away_has_lost_no_counters(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    count_drops(2)
    lab.driver.look_for_disturbance()
    lab.discovery.come(known(2))
    begun = lab.driver.counters()["t2"].since
    lab.clock.seconds += 100
    lab.driver.read()
    assert lab.driver.counters()["t2"].since == begun


def static(rate: int = 1000) -> Any:
    return policy(reqid=(7,), outbound=outbound(limit(rate, "payload"), 46))


def limits_of(reqid: int) -> list[str]:
    listed = nft("list set inet ipsecqos lim_out")
    return [line for line in listed.splitlines() if f"{reqid:#010x}" in line]


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


def test_a_restart_keeps_what_static_policies_wait_for(inside_namespace: str) -> None:
    lab = Lab()
    lab.commit(static())
    lab.driver.close()
    lab.begin()
    assert limits_of(7)
    assert lab.bridge.health.status == "in-sync"
    lab.discovery.come(known(7))
    assert limits_of(7) and reread(lab) == ()


def test_a_restart_while_charon_is_away_leaves_all_in_force_until_it_is_known_what_there_is(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = nft("-a list table inet ipsecqos"), routes()
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    lab.driver.look_for_disturbance()
    assert lab.bridge.health.status == "in-sync"
    lab.commit(FULL._replace(outbound=outbound(limit(2000, None, True), 46, "ef")), aging_time=6000)
    assert (nft("-a list table inet ipsecqos"), routes()) == before
    lab.discovery.is_known = True
    lab.discovery.come(known(1))
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()
    after = nft("list table inet ipsecqos")
    assert "10.2.1.0" in after and "10.2.2.0" not in after and "10.2.2.0" not in routes()
    assert limits_of(1) and not limits_of(2)
    assert "dataplane-drift" not in [name for name, _ in lab.events]


def test_after_such_a_restart_with_no_tunnel_nothing_is_left(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    assert limits_of(1) and routes()
    lab.discovery.is_known = True
    lab.discovery.come()
    assert not limits_of(1) and not routes()
    assert reread(lab) == () and lab.bridge.health.status == "in-sync"


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
