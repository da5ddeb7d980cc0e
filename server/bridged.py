"""The bridge as the server's dataplane: one caller at a time, and errors for clients.

The law: nobody else of the server knows the bridge; whoever prepares a change keeps everybody else
out until it is published or aborted.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.constraints import ConfigurationRefused, Violation
from dataplane_bridge.driver import BridgeError
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.prepared import PreparedChange
from dataplane_bridge.tunnel_input import load_tunnels
from server.dataplane import Call, Dataplane, NoDataplane, Prepared
from server.datastore.faults import fault
from server.datastore.instance_path import path_of_entry
from server.errors import RpcError, RpcErrors, operation_failed
from server.events.stream import EventStream
from server.settings import Settings, SettingsError
from yang.changes import Change
from yang.schema import Schema

if TYPE_CHECKING:
    from dataplane_bridge.linux.gateway import LinuxGateway

MODULE = "ipsec-qos"

_log = logging.getLogger(__name__)
_LEVELS = {"apply-failed": logging.WARNING, "dataplane-drift": logging.WARNING}
"""What of the dataplane's notifications is for whoever looks after the gateway."""

DRIVERS = ("embedded", "linux", "none")


def dataplane_of(settings: Settings, schema: Schema, events: EventStream) -> Dataplane:
    """Return the dataplane that the settings ask for; raise ``SettingsError``.

    What happens in it becomes an event.
    """
    table = dict(settings.dataplane)
    driver = table.pop("driver", "embedded" if MODULE in schema.modules else "none")
    if driver == "none":
        return NoDataplane()
    if driver not in DRIVERS:
        raise SettingsError(f"[dataplane] driver is {driver!r}; it can be {' or '.join(DRIVERS)}")
    if MODULE not in schema.modules:
        raise SettingsError(f"[dataplane] driver {driver!r} needs the module ipsec-qos in the set")
    if driver == "linux":
        return _linux(table, schema, events)
    return _embedded(table, settings.directory, schema, events)


class BridgeDataplane:
    """The bridge, as the server knows a dataplane: one caller at a time, and errors for clients."""

    def __init__(
        self,
        bridge: Bridge,
        schema: Schema,
        lock: threading.RLock,
        gateway: "LinuxGateway | None" = None,
    ) -> None:
        self._bridge = bridge
        self._schema = schema
        self._lock = lock
        self._gateway = gateway
        self.calls: Mapping[str, Call] = {
            path: self._call(operation) for path, operation in bridge.operations.items()
        }
        self.states: Mapping[str, Callable[[], Any]] = {
            "/ipsec-qos:ipsec-qos/tunnels": self._tunnels_state,
            "/ipsec-qos:ipsec-qos/dataplane": self._dataplane_state,
        }

    def start(self, root: Any) -> None:
        """Make the dataplane agree with the configuration."""
        with self._lock:
            self._bridge.start(root)
        if self._gateway is not None:
            self._gateway.watch()

    def give_up_privileges(self) -> None:
        """Give up what this dataplane does not need of root; before any thread is started."""
        if self._gateway is not None:
            self._gateway.give_up_privileges()

    def remove_all(self) -> bool:
        """Take out of the kernel what was made there; tell whether there is a kernel."""
        if self._gateway is not None:
            self._gateway.remove_all()
        return self._gateway is not None

    def close(self) -> None:
        """Let go of the dataplane; what it holds stays in force."""
        if self._gateway is not None:
            self._gateway.close()

    def check(self, root: Any, changes: Sequence[Change]) -> None:
        """Raise RpcErrors for what the dataplane cannot do."""
        with self._lock:
            found = self._bridge.check(root, changes)
        if found:
            raise RpcErrors(self._error(each) for each in found)

    def prepare(self, root: Any, changes: Sequence[Change]) -> Prepared:
        """Return the change ready to apply; nobody else reaches the bridge until it ends."""
        self._lock.acquire()
        try:
            return _Change(self._bridge.prepare(root, changes), self._lock)
        except BaseException as reason:
            self._lock.release()
            if isinstance(reason, ConfigurationRefused):
                raise RpcErrors(self._error(each) for each in reason.violations) from None
            if isinstance(reason, BridgeError):
                said = str(reason).rstrip(".")
                raise operation_failed(f"the dataplane refuses the change: {said}") from reason
            raise

    def poll(self) -> None:
        """Let the bridge do what time brings."""
        with self._lock:
            self._bridge.poll()

    def _error(self, violation: Violation) -> RpcError:
        path = path_of_entry(self._schema, violation.path, violation.keys)
        return fault("operation-failed", violation.message, path, violation.app_tag)

    def _call(self, operation: Call) -> Call:
        def perform(keys: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
            with self._lock, _told("the dataplane says"):
                return operation(keys, values)

        return perform

    def _tunnels_state(self) -> Any:
        with self._lock:
            return self._bridge.tunnels_state()

    def _dataplane_state(self) -> Any:
        with self._lock:
            return self._bridge.dataplane_state()


class _Change:
    """A prepared change that holds the bridge until it is published or aborted."""

    def __init__(self, change: PreparedChange, lock: threading.RLock) -> None:
        self._change = change
        self._lock: Any = lock

    def apply(self) -> None:
        with _told("the dataplane could not apply the change"):
            self._change.apply()

    def abort(self) -> None:
        try:
            with _told("the dataplane could not go back"):
                self._change.abort()
        finally:
            self._lock.release()

    def publish(self) -> None:
        try:
            self._change.publish()
        finally:
            self._lock.release()


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except BridgeError as error:
        raise operation_failed(f"{what}: {str(error).rstrip('.')}") from error


def _told_by(events: EventStream) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what takes the notifications of the bridge: to the log, and to subscribers."""

    def take(name: str, content: Mapping[str, Any]) -> None:
        told = ", ".join(f"{key} {value}" for key, value in content.items())
        _log.log(_LEVELS.get(name, logging.INFO), "%s: %s", name, told)
        events.publish(MODULE, name, content)

    return take


def _embedded(
    table: dict[str, object], directory: Path, schema: Schema, events: EventStream
) -> Dataplane:
    file, defragmentation = table.pop("tunnels", ""), table.pop("defragmentation", False)
    if table or not isinstance(file, str) or not isinstance(defragmentation, bool):
        raise SettingsError(
            "[dataplane] of the embedded driver takes tunnels (a file) and defragmentation"
        )
    try:
        tunnels = load_tunnels(directory / file) if file else ()
    except BridgeError as error:
        raise SettingsError(f"[dataplane] tunnels: {error}") from None
    driver = MemoryDataplane(time.time, tunnels, defragmentation=defragmentation)
    bridge = Bridge(driver, time.time, _told_by(events))
    return BridgeDataplane(bridge, schema, threading.RLock())


def _linux(table: dict[str, object], schema: Schema, events: EventStream) -> Dataplane:
    guard = threading.RLock()
    try:
        # Only here, since it needs pyroute2, vici and libnftables (the extra "linux").
        from dataplane_bridge.linux.gateway import LinuxGateway

        gateway = LinuxGateway(table, time.time, guard)
    except ImportError as error:
        raise SettingsError(
            f"the driver linux needs {error.name}: pip install 'ipsec-qos-netconf[linux]'"
        ) from None
    except BridgeError as error:
        raise SettingsError(f"[dataplane] {error}") from None
    bridge = Bridge(
        gateway.driver,
        time.time,
        _told_by(events),
        repair_drift=gateway.settings.repair_drift,
    )
    return BridgeDataplane(bridge, schema, guard, gateway)
