"""The front door: puts the parts of a server together; the only one to know the bridge."""

import gc
import importlib.util
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.constraints import ConfigurationRefused, Violation
from dataplane_bridge.driver import BridgeError
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.prepared import PreparedChange
from dataplane_bridge.tunnel_input import load_tunnels
from server.dataplane import Call, Dataplane, NoDataplane, Prepared
from server.datastore.datastores import Committed, Datastores
from server.datastore.faults import fault
from server.datastore.instance_path import path_of_entry
from server.datastore.rows import RowsUnreadable
from server.datastore.store import Store, StoreRefused
from server.datastore.to_xml import Writer
from server.datastore.view import View
from server.errors import RpcError, RpcErrors, operation_failed
from server.monitoring import Monitoring
from server.notifications import log_event
from server.operations.engine import Engine
from server.operations.table import Operations
from server.sessions import Sessions
from server.settings import Settings, SettingsError
from yang.changes import Change
from yang.library import OWN_MODULES, Library
from yang.schema import Schema

_log = logging.getLogger(__name__)

DRIVERS = ("embedded", "none")
POLL_SECONDS = 1.0
STORE_FILE = "running.sqlite"
BULK = 1000
"""Changes from which a commit counts as bulk."""


class StartRefused(Exception):
    """The server cannot start; a sentence that says why and what to do."""


class App:
    """A server, ready to be given to a transport."""

    def __init__(self, settings: Settings) -> None:
        self.schema, sources = _modules(settings)
        self._dataplane = _dataplane(settings, self.schema)
        self._store = _open_store(settings)
        self.sessions = Sessions(_now, settings.limits.sessions)
        self.datastores = Datastores(self.schema, self._dataplane, self._store, _now)
        self.sessions.on_close.append(self.datastores.release)
        self.datastores.on_commit.append(_freeze_bulk)
        library = Library(self.schema, sources)
        monitoring = Monitoring(self.datastores, self.sessions, library, _now)
        states = {**monitoring.states, **self._dataplane.states}
        known = {path: state for path, state in states.items() if path in self.schema.by_path}
        view = View(self.schema, Writer(self.schema), known)
        self.engine = Engine(
            self.schema, self.datastores, view, self._dataplane, self.sessions, library, _now
        )
        self.operations = Operations(self.engine)
        monitoring.capabilities = self.operations.capabilities
        self._stop = threading.Event()

    def start(self) -> None:
        """Restore the configuration and make the dataplane agree; then watch the dataplane."""
        gc.disable()  # nothing of what is loaded is garbage
        try:
            self.datastores.load()
        except (RowsUnreadable, StoreRefused) as error:
            self._store.close()
            raise StartRefused(str(error)) from None
        # What was loaded stays for long; the collector need not look at it again and again.
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 50, 1000)
        sys.setswitchinterval(0.0005)
        if isinstance(self._dataplane, BridgeDataplane):
            threading.Thread(target=self._watch, daemon=True, name="watch").start()

    def close(self) -> None:
        """Stop watching and close the store."""
        self._stop.set()
        self._store.close()

    def _watch(self) -> None:
        dataplane = self._dataplane
        assert isinstance(dataplane, BridgeDataplane)
        while not self._stop.wait(POLL_SECONDS):
            try:
                dataplane.poll()
            except Exception:
                _log.exception("watching the dataplane failed")


class BridgeDataplane:
    """The bridge, as the server knows a dataplane: one caller at a time, and errors for clients."""

    def __init__(self, bridge: Bridge, schema: Schema) -> None:
        self._bridge = bridge
        self._schema = schema
        self._lock = threading.RLock()
        self.calls: Mapping[str, Call] = {
            path: self._call(operation) for path, operation in bridge.operations.items()
        }
        self.states: Mapping[str, Callable[[], Any]] = {
            "/ipsec-qos:ipsec-qos/tunnels": lambda: self._state()["tunnels"],
            "/ipsec-qos:ipsec-qos/dataplane": self._dataplane_state,
        }

    def start(self, root: Any) -> None:
        """Make the dataplane agree with the configuration."""
        with self._lock:
            self._bridge.start(root)

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
                raise operation_failed(f"the dataplane refuses the change: {reason}") from reason
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

    def _state(self) -> Any:
        with self._lock:
            return self._bridge.state()["ipsec-qos:ipsec-qos"]

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
        raise operation_failed(f"{what}: {error}") from error


def _freeze_bulk(committed: Committed) -> None:
    """Spare the collector what a bulk commit brought: it stays, and holds no cycles."""
    if len(committed.changes) >= BULK:
        gc.freeze()


def _now() -> datetime:
    return datetime.now(UTC)


def _open_store(settings: Settings) -> Store:
    try:
        return Store.open(settings.state_directory / STORE_FILE)
    except StoreRefused as error:
        raise StartRefused(str(error)) from None


def _modules(settings: Settings) -> tuple[Schema, list[Path]]:
    """Return the schema of the settings' bindings and where the sources of its modules are."""
    table = dict(settings.modules)
    bindings, sources = table.pop("bindings", ""), table.pop("sources", [])
    if table or not isinstance(bindings, str) or not isinstance(sources, list):
        raise SettingsError("[modules] takes bindings (a file) and sources (a list of directories)")
    if not bindings:
        from yang.bindings import gateway

        return gateway.SCHEMA, [OWN_MODULES]
    return _load_bindings(Path(bindings)), [*(Path(each) for each in sources), OWN_MODULES]


def _load_bindings(file: Path) -> Schema:
    spec = importlib.util.spec_from_file_location(f"yang_bindings_{file.stem}", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise SettingsError(f"[modules] bindings: {file} is no file of bindings")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    schema = getattr(module, "SCHEMA", None)
    if not isinstance(schema, Schema):
        raise SettingsError(f"[modules] bindings: {file} holds no SCHEMA; compile it anew")
    return schema


def _dataplane(settings: Settings, schema: Schema) -> Dataplane:
    table = dict(settings.dataplane)
    driver = table.pop("driver", "embedded" if "ipsec-qos" in schema.modules else "none")
    if driver == "none":
        return NoDataplane()
    if driver != "embedded":
        raise SettingsError(f"[dataplane] driver is {driver!r}; it can be {' or '.join(DRIVERS)}")
    if "ipsec-qos" not in schema.modules:
        raise SettingsError("[dataplane] driver 'embedded' needs the module ipsec-qos in the set")
    return _embedded(table, schema)


def _embedded(table: dict[str, object], schema: Schema) -> Dataplane:
    file, defragmentation = table.pop("tunnels", ""), table.pop("defragmentation", False)
    if table or not isinstance(file, str) or not isinstance(defragmentation, bool):
        raise SettingsError(
            "[dataplane] of the embedded driver takes tunnels (a file) and defragmentation"
        )
    try:
        tunnels = load_tunnels(Path(file)) if file else ()
    except BridgeError as error:
        raise SettingsError(f"[dataplane] tunnels: {error}") from None
    driver = MemoryDataplane(time.time, tunnels, defragmentation=defragmentation)
    return BridgeDataplane(Bridge(driver, time.time, log_event), schema)
