"""The front door: puts the parts of a server together."""

import gc
import importlib.util
import logging
import sys
import threading
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from server.audit.audit import Audit
from server.bridged import BridgeDataplane, dataplane_of
from server.datastore.confirming import Machine
from server.datastore.datastores import RUNNING, Datastores
from server.datastore.rows import RowsUnreadable
from server.datastore.running import Committed
from server.datastore.store import Store, StoreFailed, StoreRefused
from server.datastore.to_xml import Writer
from server.datastore.view import View
from server.events.base_events import BaseEvents
from server.events.sight import seen_by
from server.events.stream import STREAMS, EventStream
from server.events.timers import Timers
from server.history import history_states
from server.monitoring import Monitoring
from server.nacm.control import AccessControl
from server.nacm.first_run import outside_of, permit_admins
from server.operations.constrained_lists import list_states
from server.operations.engine import Engine
from server.operations.table import Operations
from server.sessions import Sessions
from server.settings import Settings, SettingsError
from server.subscriptions.notices import Notices
from server.subscriptions.pushing import Pushing
from server.subscriptions.references import References
from server.subscriptions.registry import Subscriptions
from server.subscriptions.states import subscription_states
from yang.library import OWN_MODULES, Library
from yang.schema import Schema

_log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
STORE_FILE = "running.sqlite"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BULK = 1000
"""Changes from which a commit counts as bulk."""


class StartRefused(Exception):
    """The server cannot start; a sentence that says why and what to do."""


class App:
    """A server, ready to be given to a transport."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.schema, sources = _modules(settings)
        self._timers = Timers(_now)
        events = EventStream(self.schema, _now, self._timers, settings.limits.events)
        self._dataplane = dataplane_of(settings, self.schema, events)
        self._store = _open_store(settings)
        self.sessions = Sessions(_now, settings.limits.sessions)
        self.datastores = Datastores(
            self.schema,
            self._dataplane,
            self._store,
            _now,
            _machine(),
            settings.limits.etag_changes,
            settings.limits.private_candidates,
            settings.limits.partially_locked,
        )
        self.audit = Audit(settings.audit, _now)
        base = BaseEvents(events, settings.limits.told_edits)
        self.sessions.on_open.append(base.on_open)
        # Told once all is released: who hears of it may count on the locks being free.
        notices = Notices(self.schema, _now)
        subscriptions = Subscriptions(notices, settings.limits.subscriptions)
        self.sessions.on_close += [
            events.release,
            subscriptions.release,
            self.datastores.release,
            base.on_close,
        ]
        self._pushing = Pushing(self.schema, _now, self._timers, settings.limits.push)
        references = References(subscriptions, self._pushing.beside)
        self.datastores.on_commit += [
            _freeze_bulk,
            _log_commit,
            base.on_commit,
            self._pushing.on_commit,
            references.on_commit,
        ]
        self.datastores.on_confirming.append(base.on_confirming)
        self.audit.hear_of(self.sessions, self.datastores)
        library = Library(self.schema, sources)
        access = AccessControl(
            self.schema, lambda: self.datastores.root(RUNNING), outside_of(settings)
        )
        events.seen_by = partial(seen_by, access)
        monitoring = Monitoring(self.datastores, self.sessions, library, _now)
        states = {
            **monitoring.states,
            **history_states(self.datastores.history),
            STREAMS: events.streams,
            **subscription_states(events, subscriptions),
            **self._dataplane.states,
            **access.states,
            **list_states(self.schema),
        }
        known = {path: state for path, state in states.items() if path in self.schema.by_path}
        view = View(self.schema, Writer(self.schema), known)
        self.engine = Engine(
            self.schema,
            self.datastores,
            view,
            self._dataplane,
            self.sessions,
            library,
            events,
            subscriptions,
            notices,
            self._pushing,
            access,
            _now,
            settings.limits.evaluation,
        )
        self.operations = Operations(self.engine)
        monitoring.capabilities = self.operations.capabilities
        self._stop = threading.Event()
        self._timekeeper = threading.Thread(target=self._keep_time, daemon=True, name="time")

    def give_up_privileges(self) -> None:
        """Give up what the server does not need of root; to be called before ``start``."""
        if isinstance(self._dataplane, BridgeDataplane):
            self._dataplane.give_up_privileges()

    def clean(self) -> bool:
        """Take out of the kernel what was made there; tell whether the settings name a kernel."""
        return isinstance(self._dataplane, BridgeDataplane) and self._dataplane.remove_all()

    def start(self) -> None:
        """Restore the configuration and make the dataplane agree; then watch the dataplane."""
        self.audit.start()
        gc.disable()  # nothing of what is loaded is garbage
        try:
            self.datastores.load()
        except (RowsUnreadable, StoreRefused, StoreFailed) as error:
            self._store.close()
            raise StartRefused(str(error)) from None
        permit_admins(self.datastores, self._settings, _now)
        # What was loaded stays for long; the collector need not look at it again and again.
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 50, 1000)
        sys.setswitchinterval(0.0005)
        self._timekeeper.start()
        self._timers.start()
        self._pushing.start(self.datastores.root(RUNNING))
        if isinstance(self._dataplane, BridgeDataplane):
            threading.Thread(target=self._watch, daemon=True, name="watch").start()

    def close(self) -> None:
        """Stop watching, let go of the dataplane and close the store."""
        self._stop.set()
        if self._timekeeper.is_alive():
            self._timekeeper.join()  # it may be rolling back right now
        self._timers.stop()
        self._pushing.stop()
        if isinstance(self._dataplane, BridgeDataplane):
            self._dataplane.close()
        self._store.close()
        self.audit.close()

    def _keep_time(self) -> None:
        # No deadline is nearer than the shortest timeout, one second, so none is slept over.
        while not self._stop.wait(self.datastores.seconds_left(POLL_SECONDS)):
            self.datastores.look_at_the_clock()

    def _watch(self) -> None:
        dataplane = self._dataplane
        assert isinstance(dataplane, BridgeDataplane)
        while not self._stop.wait(POLL_SECONDS):
            try:
                dataplane.poll()
            except Exception:
                _log.exception("watching the dataplane failed")


def _freeze_bulk(committed: Committed) -> None:
    """Spare the collector what a bulk commit brought: it stays, and holds no cycles."""
    if len(committed.changes) >= BULK:
        gc.freeze()


def _log_commit(committed: Committed) -> None:
    session, count = committed.session, len(committed.changes)
    _log.info(
        "%s: %s is transaction %d, %d change%s",
        "the server" if session is None else f"session {session.id} of {session.peer}",
        committed.entry.operation,
        committed.entry.id,
        count,
        "" if count == 1 else "s",
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _machine() -> Machine:
    try:
        boot = BOOT_ID.read_text().strip()
    except OSError:
        boot = ""
    return Machine(boot, lambda: time.clock_gettime(time.CLOCK_BOOTTIME))


def _open_store(settings: Settings) -> Store:
    try:
        return Store.open(
            settings.state_directory / STORE_FILE, keep_transactions=settings.history.generations
        )
    except StoreRefused as error:
        raise StartRefused(str(error)) from None


def _modules(settings: Settings) -> tuple[Schema, list[Path]]:
    """Return the schema of the settings' bindings and where the sources of its modules are."""
    table = dict(settings.modules)
    bindings, sources = table.pop("bindings", ""), table.pop("sources", [])
    if table or not isinstance(bindings, str) or not isinstance(sources, list):
        raise SettingsError("[modules] takes bindings (a file) and sources (a list of directories)")
    if not bindings:
        return _own_schema(settings), [OWN_MODULES]
    directories = [settings.directory / str(each) for each in sources]
    return _load_bindings(settings.directory / bindings), [*directories, OWN_MODULES]


def _own_schema(settings: Settings) -> Schema:
    """Return the schema of the gateway's own set, as its dataplane can do it."""
    if settings.dataplane.get("driver") == "linux":
        from yang.bindings import gateway_linux

        return gateway_linux.SCHEMA
    from yang.bindings import gateway

    return gateway.SCHEMA


def _load_bindings(file: Path) -> Schema:
    spec = importlib.util.spec_from_file_location(f"yang_bindings_{file.stem}", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise SettingsError(f"[modules] bindings: {file} is no file of bindings")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise SettingsError(f"[modules] bindings: {file} cannot be loaded ({said})") from error
    schema = getattr(module, "SCHEMA", None)
    if not isinstance(schema, Schema):
        raise SettingsError(f"[modules] bindings: {file} holds no SCHEMA; compile it anew")
    return schema
