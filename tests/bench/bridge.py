"""What a commit costs in the bridge: compile + delta + apply for one policy edit, and in bulk.

Run: ``python -m tests.bench.bridge`` from the top of the repository. Figures are microseconds, the
median of the repeats; nothing is asserted.
"""

import gc
import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.compiler import compile_all
from dataplane_bridge.configuration import POLICIES
from dataplane_bridge.driver import Features
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.shapes import changes_between, configuration, limit, outbound, policy
from yang.bindings import gateway as g
from yang.changes import Change

POLICIES_A_GROUP = 10_000
TUNNELS = 10_000
REPEATS = 300
Edit = Callable[[g.Configuration, int], tuple[g.Configuration, Change]]


def main() -> None:
    """Print all figures."""
    gc.freeze()
    for name, edit in (
        ("its tunnel", edit_one),
        ("the last catch-all; above 100 it has no tunnel", edit_catch_all),
    ):
        figures = {count: one_edit(count, edit) for count in (100, 1000, 10_000, 100_000)}
        for count, figure in figures.items():
            print(f"one edit ({name}), {count:>7} policies, {TUNNELS} tunnels: {figure:8.1f} us")
        print(f"    ratio 100,000 to 100 policies: {figures[100_000] / figures[100]:.2f}")
    bulk()


def one_edit(count: int, edit: Edit) -> float:
    """Return the median cost of changing one policy."""
    root = configured(count)
    bridge = Bridge(MemoryDataplane(time.time, tunnels(count)), time.time, lambda name, what: None)
    bridge.start(root)
    costs = []
    for turn in range(REPEATS):
        root, change = edit(root, turn)
        began = time.perf_counter()
        prepared = bridge.prepare(root, (change,))
        prepared.apply()
        prepared.publish()
        costs.append(time.perf_counter() - began)
    assert bridge.health.status == "in-sync"
    return median(costs) * 1e6


def bulk() -> None:
    """Print what a bulk commit and a start cost."""
    empty, full = configured(0), configured(10_000)
    figure = _milliseconds(lambda: compile_all(full, (), Features("bench")))
    print(f"10,000 policies without tunnels, compile from nothing: {figure:8.1f} ms")
    bridge = Bridge(MemoryDataplane(time.time), time.time, lambda name, what: None)
    bridge.start(empty)
    changes = tuple(changes_between(empty, full))

    def commit() -> None:
        prepared = bridge.prepare(full, changes)
        prepared.apply()
        prepared.abort()

    print(
        f"10,000 policies without tunnels, prepare, apply, abort:  {_milliseconds(commit):8.1f} ms"
    )
    loaded = Bridge(MemoryDataplane(time.time, tunnels(10_000)), time.time, lambda name, what: None)
    print(
        f"start, 10,000 policies + {TUNNELS} tunnels: {_once(lambda: loaded.start(full)):8.1f} ms"
    )
    print(f"get of all state, {TUNNELS} tunnels: {_milliseconds(loaded.state):8.1f} ms")
    print(f"state of one tunnel: {_milliseconds(lambda: loaded.tunnel_state('t77')) * 1e3:8.1f} us")


def configured(count: int) -> g.Configuration:
    """Return that many policies in groups, each but the last of a group with a connection."""
    return configuration(
        (_policy(number, 1000) for number in range(count)),
        bindings={f"wan{index}": f"group{index}" for index in range(_groups(count))},
    )


def tunnels(count: int) -> Iterable[Tunnel]:
    """Return the tunnels: one for each policy as far as they go, the rest without a policy."""
    for number in range(TUNNELS):
        at = number * max(count // TUNNELS, 1)
        yield Tunnel(
            f"t{number}",
            f"wan{at // POLICIES_A_GROUP}" if at < count else "lan0",
            connection=f"c{at}",
            remote_prefixes=(f"10.{number >> 8}.{number & 255}.0/24",),
        )


def edit_one(root: g.Configuration, turn: int) -> tuple[g.Configuration, Change]:
    """Change the rate of a policy that has tunnels."""
    count = len(root.ipsec_qos.policies.policy)
    return _replace(root, turn % 90 * (count // 100), 2000 + turn)


def edit_catch_all(root: g.Configuration, turn: int) -> tuple[g.Configuration, Change]:
    """Change the last policy of a group, which matches every tunnel that nothing else took."""
    return _replace(root, len(root.ipsec_qos.policies.policy) - 1, 2000 + turn)


def _replace(root: g.Configuration, at: int, rate: int) -> tuple[g.Configuration, Change]:
    new = _policy(at, rate)
    key = (new.name, new.sequence_number)
    policies = root.ipsec_qos.policies.policy
    old = policies[key]
    if not old.tunnel_selector.connection:
        new = new._replace(tunnel_selector=old.tunnel_selector)
    edited = root.ipsec_qos._replace(policies=g.IpsecQosPolicies(policies.set(key, new)))
    return root._replace(ipsec_qos=edited), Change(POLICIES, (key,), old, new)


def _policy(number: int, rate: int) -> g.IpsecQosPoliciesPolicy:
    group, place = divmod(number, POLICIES_A_GROUP)
    last = number % 100 == 99
    selector: dict[str, Any] = {} if last else {"connection": (f"c{number}",)}
    return policy(f"group{group}", place + 1, outbound=outbound(limit(rate)), **selector)


def _groups(count: int) -> int:
    return -(-count // POLICIES_A_GROUP)


def _milliseconds(action: Callable[[], object]) -> float:
    return median(_once(action) for _ in range(5))


def _once(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    main()
