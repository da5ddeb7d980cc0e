"""What others change is heard by the real watch, in a namespace of this kernel.

Each wait has a bound that only a broken watch reaches; how long it took is printed (``-s``), and
``python -m tests.bench.drift`` measures it.
"""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.delta import diff_plans
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.sockets import drained
from dataplane_bridge.linux.watching import LONGEST_SECONDS, KernelWatch
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.linux.kernel_lab import FULL, known
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import changes_between, configuration, limit, outbound

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

BOUND = 10.0
"""Seconds after which nothing was heard."""
QUIET = 3 * LONGEST_SECONDS
"""Seconds in which whatever is told is told."""

RESYNCHRONIZE = "/ipsec-qos:ipsec-qos/dataplane/resynchronize"


class Watched:
    """A bridge over the driver of this namespace, and the watch beside it, as in a server."""

    def __init__(self, *, repair_drift: bool) -> None:
        self.guard = threading.RLock()
        self.discovery = FixedTunnels(
            known(1),
            known(2, local_prefixes=("fd00:1::/64",), remote_prefixes=("fd00:2::/64",)),
        )
        self.settings = LinuxSettings(
            mode="selector", mpls_interfaces=("core0",), repair_drift=repair_drift
        )
        self.driver = LinuxDataplane(time.time, self.settings, self.discovery, self.guard)
        self.events: list[tuple[str, Any]] = []
        self.bridge = Bridge(
            self.driver,
            time.time,
            lambda name, content: self.events.append((name, content)),
            repair_drift=repair_drift,
        )
        self.root = configuration([], bindings={"wan": "gold"})
        with self.guard:
            self.bridge.start(self.root)
        self.commit(FULL)
        self.watch = KernelWatch(
            self.settings.route_table,
            self.driver.route_port,
            self.driver.look_for_disturbance,
            self.driver.look_at_tunnels_again,
        )
        self.watch.start()

    def commit(self, *policies: Any, **more: Any) -> None:
        with self.guard:
            root = configuration(policies, bindings={"wan": "gold"}, **more)
            change = self.bridge.prepare(root, changes_between(self.root, root))
            change.apply()
            change.publish()
            self.root = root

    def close(self) -> None:
        self.watch.close()
        self.driver.close()

    @property
    def told(self) -> list[Any]:
        """What was told of drift."""
        return [content for name, content in self.events if name == "dataplane-drift"]

    @property
    def status(self) -> str:
        with self.guard:
            return str(self.bridge.dataplane_state()["status"])

    def what_differs(self) -> Any:
        """Return what the kernel holds otherwise than it should, newly read."""
        with self.guard:
            self.driver._kernel.is_current = False
            reconciler = self.bridge._reconciler
            return diff_plans(self.driver.read(), reconciler.compiled.plan)


def run(*commands: str) -> None:
    for command in commands:
        done = subprocess.run(command.split(), capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stderr}"


@contextmanager
def gateway(*, repair_drift: bool = True) -> Iterator[Watched]:
    name = f"ipsecqos-watch-{os.getpid()}-{repair_drift}"
    with namespace(name), inside(name):
        run(*TUNNEL_DEVICE, *LABEL_DEVICE)
        watched = Watched(repair_drift=repair_drift)
        try:
            yield watched
        finally:
            watched.close()


TUNNEL_DEVICE = "ip tuntap add ipsec0 mode tun", "ip link set ipsec0 up"
LABEL_DEVICE = "ip link add core0 type veth peer name core1", "ip link set core0 up"


@pytest.fixture(scope="module")
def repairing() -> Iterator[Watched]:
    with gateway() as watched:
        yield watched


def until(what: str, is_so: Callable[[], bool]) -> None:
    """Wait until it is so, and print how long that took."""
    begin = time.monotonic()
    while not is_so():
        assert time.monotonic() < begin + BOUND, f"not within {BOUND} s: {what}"
        time.sleep(0.01)
    print(f"{what}: {time.monotonic() - begin:.2f} s")


FOREIGN = (
    ("nft delete element inet ipsecqos lim_out { 1 }",),
    ("nft delete element inet ipsecqos ts_4 { 10.1.1.0/24 . 10.2.1.0/24 }",),
    ("nft add element inet ipsecqos act_in { 99 : jump dscp1 }",),
    ("nft flush set inet ipsecqos pass_in",),
    ("nft flush chain inet ipsecqos account_out",),
    ("nft flush table inet ipsecqos",),
    ("nft delete table inet ipsecqos",),
    ("nft delete table netdev ipsecqos",),
    ("nft flush chain netdev ipsecqos exp5",),
    ("nft flush ruleset",),
    ("ip link del ipsec0", *TUNNEL_DEVICE),
    ("ip route del 10.2.1.0/24 table 4510",),
    ("ip route replace 10.2.1.0/24 dev ipsec0 table 4510 proto 145 mtu lock 1000",),
    ("ip route replace 10.2.1.0/24 dev lo table 4510",),
    ("ip -6 route del fd00:2::/64 table 4510",),
    ("ip route flush table 4510",),
    ("ip route add 10.9.0.0/16 dev ipsec0 proto 145 table 4510",),
    ("ip rule del pref 219",),
    ("ip -6 rule del pref 219",),
    ("sysctl -q net.ipv4.ipfrag_time=7",),
    ("sysctl -q net.ipv4.ipfrag_time=7 net.ipv6.ip6frag_time=7",),
)


@pytest.mark.parametrize("commands", FOREIGN, ids=" ; ".join)
def test_what_somebody_else_changes_is_put_right_and_told(
    repairing: Watched, commands: tuple[str, ...]
) -> None:
    repairing.events.clear()
    before = picture()
    run(*commands)
    until(commands[0], lambda: bool(repairing.told))
    assert repairing.told[0]["repaired"] is True
    assert repairing.status == "in-sync"
    assert picture() == before
    assert repairing.what_differs() == ()


def test_a_device_that_is_made_anew_writes_labels_again(repairing: Watched) -> None:
    before = picture()
    run("ip link del core0")
    time.sleep(QUIET)
    assert repairing.status == "in-sync"
    run(*LABEL_DEVICE)
    until("core0 again", lambda: picture() == before)
    time.sleep(QUIET)
    assert repairing.status == "in-sync"
    assert repairing.what_differs() == ()


def picture() -> str:
    """Return what the kernel holds of ours, without counts and numbers of devices."""
    listed = "".join(
        subprocess.run(command.split(), capture_output=True, text=True).stdout
        for command in (
            "nft -s list table inet ipsecqos",
            "nft -s list table netdev ipsecqos",
            "ip route show table 4510",
            "ip -6 route show table 4510",
            "ip rule",
            "ip -6 rule",
            "sysctl net.ipv4.ipfrag_time net.ipv6.ip6frag_time",
        )
    )
    return "\n".join(sorted(listed.splitlines()))


def test_a_change_of_our_own_is_never_told(repairing: Watched) -> None:
    repairing.events.clear()
    begin = time.monotonic()
    rate = 1000
    while time.monotonic() < begin + QUIET:
        rate += 1
        repairing.commit(FULL._replace(outbound=outbound(limit(rate))), aging_time=6000)
        repairing.commit()
        with suppress(KeyError):
            repairing.discovery.go("t3")
        repairing.commit(FULL)
        repairing.discovery.come(known(3))
    repairing.discovery.go("t3")
    time.sleep(QUIET)
    assert repairing.told == []
    assert repairing.what_differs() == ()


def test_what_is_somebody_elses_is_not_looked_at(
    repairing: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    repairing.events.clear()
    listed: list[str] = []
    nftables = repairing.driver._kernel.table._nftables
    list_one = nftables.list

    def noted(what: str) -> Any:
        listed.append(what)
        return list_one(what)

    monkeypatch.setattr(nftables, "list", noted)
    run(
        "nft add table inet theirs",
        "nft add chain inet theirs q_post { type filter hook postrouting priority mangle; }",
        "nft add rule inet theirs q_post counter",
        "ip route add 192.0.2.0/24 dev lo table 99",
        "ip rule add pref 99 table 99",
        "sysctl -q net.ipv4.ip_default_ttl=65",
    )
    for number in range(50):
        run(f"nft add chain inet theirs c{number}")
    time.sleep(QUIET)
    # Rules were heard of, so that our labels were looked at; but nothing of what costs much.
    assert set(listed) <= {"table netdev ipsecqos"}
    assert repairing.told == [] and repairing.status == "in-sync"
    theirs = subprocess.run(["nft", "list", "table", "inet", "theirs"], capture_output=True)
    assert b"counter" in theirs.stdout
    repairing.commit(FULL._replace(outbound=outbound(limit(5000))))
    assert set(listed) <= {"table netdev ipsecqos"}
    run("nft delete table inet theirs", "ip rule del pref 99", "ip route flush table 99")


def test_a_commit_about_their_table_and_ours_is_seen(repairing: Watched) -> None:
    repairing.commit(FULL)
    repairing.events.clear()
    run("nft add table inet theirs ; delete element inet ipsecqos lim_out { 1 }")
    until("both tables", lambda: bool(repairing.told))
    assert repairing.what_differs() == ()
    run("nft delete table inet theirs")


def test_after_messages_were_lost_everything_is_looked_at(
    repairing: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    repairing.events.clear()
    with repairing.guard:
        run("nft add table inet theirs", "nft delete element inet ipsecqos lim_out { 1 }")
        run("nft delete table inet theirs")
        # What an overrun of the socket looks like.
        commits = repairing.driver._kernel.table._commits
        drained([commits._socket])
        commits._take(b"")
    until("after a loss", lambda: bool(repairing.told))
    assert repairing.what_differs() == ()


ONLY_TOLD = (
    "nft delete element inet ipsecqos lim_out { 1 }",
    "nft delete table netdev ipsecqos",
    "nft delete table inet ipsecqos",
    "ip route del 10.2.1.0/24 table 4510",
    "ip rule del pref 219",
    "sysctl -q net.ipv4.ipfrag_time=7",
)


@pytest.mark.parametrize("command", ONLY_TOLD)
def test_without_repair_it_is_told_once_and_left_until_somebody_asks(command: str) -> None:
    with gateway(repair_drift=False) as watched:
        before = picture()
        run(command)
        until(command, lambda: bool(watched.told))
        run("ip link add other0 type veth peer name other1")  # a look at everything
        time.sleep(QUIET)
        assert [each["repaired"] for each in watched.told] == [False]
        assert watched.status == "drifted"
        assert watched.what_differs() != ()
        with watched.guard:
            watched.bridge.operations[RESYNCHRONIZE]((), {})
        assert watched.status == "in-sync"
        assert picture() == before
        assert watched.what_differs() == ()


def test_without_repair_what_is_undone_by_who_did_it_is_in_sync_again() -> None:
    with gateway(repair_drift=False) as watched:
        run("ip rule del pref 219")
        until("rule", lambda: watched.status == "drifted")
        run("ip rule add pref 219 table 4510 proto 145")
        until("rule again", lambda: watched.status == "in-sync")
        run("sysctl -q net.ipv4.ipfrag_time=7 net.ipv6.ip6frag_time=7")
        until("sysctl", lambda: watched.status == "drifted")
        run("sysctl -q net.ipv4.ipfrag_time=5 net.ipv6.ip6frag_time=5")
        until("sysctl again", lambda: watched.status == "in-sync")
        run("nft add element inet ipsecqos act_in { 99 : jump dscp1 }")
        until("element", lambda: watched.status == "drifted")
        run("nft delete element inet ipsecqos act_in { 99 }")
        until("element again", lambda: watched.status == "in-sync")
        assert [each["repaired"] for each in watched.told] == [False] * 3


def test_what_cannot_be_put_right_is_told_once_and_tried_again(repairing: Watched) -> None:
    repairing.events.clear()
    run(
        "nft delete table inet ipsecqos",
        "nft add table inet ipsecqos",
        "nft add chain inet ipsecqos mine",
    )
    until("failed", lambda: repairing.status == "failed")
    run("nft add table inet other")
    time.sleep(QUIET)
    failed = [content for name, content in repairing.events if name == "apply-failed"]
    assert len(failed) == 1 and "did not make" in failed[0]["reason"]
    run("nft delete table inet ipsecqos")
    until("mended", lambda: repairing.status == "in-sync")
    assert repairing.what_differs() == ()
