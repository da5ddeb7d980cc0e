"""Actions and rpcs by schema path: one literal table for each dataplane that offers them.

The law: an operation takes the keys of the lists on its way and its input by YANG names, and
returns its output by YANG names, or raises a ``BridgeError`` whose text is for a person.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from dataplane_bridge.embedded import establish_tunnel, remove_tunnel, send_packets
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.reconciler import Reconciler
from dataplane_bridge.state import date_and_time
from yang.changes import Key

Keys = tuple[Key, ...]
Input = Mapping[str, Any]
Output = dict[str, Any]
Operation = Callable[[Keys, Input], Output]


def clear_counters(reconciler: Reconciler, keys: Keys, values: Input) -> Output:
    """Start the counters of a tunnel from zero."""
    since = reconciler.driver.clear_counters(str(keys[-1][0]))
    return {"discontinuity-time": date_and_time(since)}


def resynchronize(reconciler: Reconciler, keys: Keys, values: Input) -> Output:
    """Read the dataplane back and make it agree."""
    return {"steps": reconciler.resynchronize()}


ACTIONS: Mapping[str, Callable[[Reconciler, Keys, Input], Output]] = {
    "/ipsec-qos:ipsec-qos/tunnels/tunnel/clear-counters": clear_counters,
    "/ipsec-qos:ipsec-qos/dataplane/resynchronize": resynchronize,
}

EMBEDDED: Mapping[str, Callable[[MemoryDataplane, Input], Output]] = {
    "/ipsec-qos-embedded:establish-tunnel": establish_tunnel,
    "/ipsec-qos-embedded:remove-tunnel": remove_tunnel,
    "/ipsec-qos-embedded:send-packets": send_packets,
}


def operations_of(reconciler: Reconciler, embedded: MemoryDataplane | None) -> dict[str, Operation]:
    """Return what can be asked for, by schema path."""
    table: dict[str, Operation] = {
        path: partial(action, reconciler) for path, action in ACTIONS.items()
    }
    if embedded is not None:
        for path, operation in EMBEDDED.items():
            table[path] = partial(_without_keys, operation, embedded)
    return table


def _without_keys(
    operation: Callable[[MemoryDataplane, Input], Output],
    dataplane: MemoryDataplane,
    keys: Keys,
    values: Input,
) -> Output:
    return operation(dataplane, values)
