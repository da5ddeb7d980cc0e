"""The confirmed commit of real datastores and a real store does what the reference does.

Sessions come and go, time passes, the dataplane breaks and is mended, the server is killed at any
moment and started again, on the same boot of the machine or on another.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from lxml import etree

from server.dataplane import NoDataplane, Prepared
from server.datastore.confirmed import RETRY_SECONDS, Event, Idle, Request
from server.datastore.confirming import Confirming, Machine
from server.datastore.datastores import RUNNING, Datastores
from server.datastore.edit import read_configuration
from server.datastore.rows import Rows
from server.datastore.store import Store
from server.errors import RpcError, operation_failed
from server.sessions import NetconfSession, Peer
from tests.server.datastore.confirming_model import Reference
from yang.bindings.gateway import SCHEMA

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SLOTS = st.integers(0, 1)
VALUES = st.integers(0, 2)
TIMEOUTS = st.integers(1, 100)
TOKENS = st.sampled_from(["", "a", "b"])
SOME_TOKEN = st.none() | TOKENS
ROOTS = [
    read_configuration(
        SCHEMA,
        SCHEMA.root.empty,
        etree.fromstring(
            '<config><ipsec-qos xmlns="urn:ipsec-qos:yang:ipsec-qos"><policies>'
            "<policy><name>kept</name><sequence-number>1</sequence-number></policy>"
            f"<policy><name>p{value}</name><sequence-number>{value}</sequence-number></policy>"
            "</policies></ipsec-qos></config>"
        ),
    )
    if value
    else SCHEMA.root.empty
    for value in range(3)
]


class Breakable(NoDataplane):
    """A dataplane that applies nothing, or refuses to."""

    broken = False

    def prepare(self, root: Any, changes: Any) -> Prepared:
        prepared = super().prepare(root, changes)
        if self.broken:
            return Breaking()
        return prepared


class Breaking:
    def apply(self) -> None:
        raise operation_failed("the dataplane is broken")

    def abort(self) -> None:
        pass

    def publish(self) -> None:
        raise AssertionError("what is broken was published")


class ConfirmedCommits(RuleBasedStateMachine):
    """The real thing and the reference, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.model = Reference()
        self.now = 1000.0
        self.boots = 1
        self.starts = 0
        self.last_id = 0
        self.events: list[Confirming] = []
        self.dataplane = Breakable()
        self.begin()

    def begin(self) -> None:
        self.starts += 1
        store = self.directory / str(self.starts) / "running.sqlite"
        self.store = Store.open(store, keep_transactions=2)
        machine = Machine(f"boot {self.boots}", lambda: self.now)
        self.dataplane.broken = False
        self.datastores = Datastores(SCHEMA, self.dataplane, self.store, lambda: NOW, machine)
        self.datastores.on_confirming.append(lambda confirming: self.events.append(confirming))
        self.datastores.load()
        self.sessions = [self.opened() for _ in range(2)]

    def opened(self) -> NetconfSession:
        self.last_id += 1
        return NetconfSession(self.last_id, "ada", Peer("ada", "192.0.2.1", "netconf-ssh"), NOW)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.directory)

    @rule(
        slot=SLOTS,
        value=VALUES,
        timeout=st.none() | TIMEOUTS,
        persist=SOME_TOKEN,
        persist_id=SOME_TOKEN,
    )
    def commit(
        self,
        slot: int,
        value: int,
        timeout: int | None,
        persist: str | None,
        persist_id: str | None,
    ) -> None:
        session = self.sessions[slot]
        confirmed = timeout is not None
        request = Request(confirmed, timeout or 600, persist if confirmed else None, persist_id)
        with self.datastores.changing("candidate", session):
            self.datastores.set_candidate(ROOTS[value], session)
        expected = self.model.commit(
            session.id, value, self.now, timeout, persist, persist_id, self.dataplane.broken
        )
        assert tag_of(lambda: self.datastores.commit(session, request)) == expected
        with self.datastores.changing("candidate", session):
            self.datastores.set_candidate(self.datastores.root(RUNNING), session)

    @rule(slot=SLOTS, value=VALUES)
    def edit(self, slot: int, value: int) -> None:
        session = self.sessions[slot]

        def edit() -> None:
            with self.datastores.changing(RUNNING, session):
                self.datastores.replace_running(ROOTS[value], session, "edit-config")

        expected = self.model.edit(session.id, value, self.dataplane.broken)
        assert tag_of(edit) == expected

    @precondition(lambda self: self.model.pending is None)
    @rule(slot=SLOTS, value=VALUES, timeout=TIMEOUTS, persist=SOME_TOKEN)
    def try_out(self, slot: int, value: int, timeout: int, persist: str | None) -> None:
        """A confirmed commit where none waits."""
        self.commit(slot, value, timeout, persist, None)

    @precondition(lambda self: self.model.pending is not None)
    @rule(slot=SLOTS, value=VALUES, timeout=TIMEOUTS)
    def extend(self, slot: int, value: int, timeout: int) -> None:
        """Another confirmed commit of whoever may go on with the one that waits."""
        self.commit(self._owner(slot), value, timeout, None, self._token())

    @precondition(lambda self: self.model.pending is not None)
    @rule(slot=SLOTS, value=VALUES)
    def confirm(self, slot: int, value: int) -> None:
        """The same, for good."""
        self.commit(self._owner(slot), value, None, None, self._token())

    @precondition(lambda self: self.model.pending is not None)
    @rule(slot=SLOTS, value=VALUES)
    def edit_before_confirming(self, slot: int, value: int) -> None:
        """Running is edited by the one who may do that, if anybody may."""
        self.edit(self._owner(slot), value)

    def _token(self) -> str | None:
        return self.model.pending.token if self.model.pending else None

    def _owner(self, otherwise: int) -> int:
        """Return where the owner's session is."""
        owner = self.model.pending.owner if self.model.pending else 0
        ids = [each.id for each in self.sessions]
        return ids.index(owner) if owner in ids else otherwise

    @rule(slot=SLOTS, persist_id=SOME_TOKEN)
    def cancel(self, slot: int, persist_id: str | None) -> None:
        session = self.sessions[slot]
        expected = self.model.cancel(session.id, persist_id, self.dataplane.broken)
        assert tag_of(lambda: self.datastores.cancel_commit(session, persist_id)) == expected

    @rule(slot=SLOTS)
    def lock(self, slot: int) -> None:
        session = self.sessions[slot]
        expected = self.model.take_lock(session.id)
        assert tag_of(lambda: self.datastores.lock(RUNNING, session)) == expected

    @precondition(lambda self: self.model.lock is not None)
    @rule()
    def unlock(self) -> None:
        holder = next(each for each in self.sessions if each.id == self.model.lock)
        self.datastores.unlock(RUNNING, holder)
        self.model.lock = None

    @rule(slot=SLOTS)
    def end_a_session(self, slot: int) -> None:
        session = self.sessions[slot]
        self.model.end(session.id, self.dataplane.broken)
        self.datastores.release(session)
        self.sessions[slot] = self.opened()

    @rule(seconds=st.integers(1, 30))
    def time_passes(self, seconds: int) -> None:
        self.now += max(seconds, RETRY_SECONDS)
        self.datastores.look_at_the_clock()
        self.model.tick(self.now, self.dataplane.broken)

    @precondition(lambda self: self.model.pending is not None)
    @rule(broken=st.booleans())
    def the_deadline_passes(self, broken: bool) -> None:
        self.dataplane.broken = broken
        self.time_passes(101)

    @rule(broken=st.booleans())
    def the_dataplane_breaks_or_is_mended(self, broken: bool) -> None:
        self.dataplane.broken = broken

    @rule(same_boot=st.booleans(), seconds=st.integers(0, 50))
    def the_server_is_killed_and_started(self, same_boot: bool, seconds: int) -> None:
        here, there = (self.directory / str(self.starts + each) for each in (0, 1))
        there.mkdir(mode=0o700)
        for suffix in ("", "-wal"):
            name = f"running.sqlite{suffix}"
            shutil.copy(here / name, there / name)
        self.store.close()
        self.now = self.now + seconds if same_boot else float(seconds)
        self.boots += not same_boot
        self.begin()
        self.model.restart(same_boot, self.now)

    @invariant()
    def running_is_what_the_reference_says(self) -> None:
        assert self.datastores.root(RUNNING) == ROOTS[self.model.running]
        assert Rows(SCHEMA).root(self.store.load()) == ROOTS[self.model.running]
        assert self.datastores.root("candidate") == ROOTS[self.model.running]

    @invariant()
    def something_waits_where_the_reference_says_so(self) -> None:
        waits = self.model.pending is not None
        assert self.datastores.is_confirmation_awaited == waits
        assert (self.store.unconfirmed is not None) == waits
        assert isinstance(self.datastores._confirmed.state, Idle) != waits

    @invariant()
    def events_make_sense_one_after_the_other(self) -> None:
        waiting = False
        for told in self.events:
            assert waiting == (told.event is not Event.START)
            assert (told.timeout is not None) == (told.event in (Event.START, Event.EXTEND))
            waiting = told.event in (Event.START, Event.EXTEND)
        assert waiting == (self.model.pending is not None)


def tag_of(action: Any) -> str | None:
    """Return the error-tag of what is raised."""
    try:
        action()
    except RpcError as error:
        return error.tag
    return None


TestConfirmedCommits = ConfirmedCommits.TestCase
TestConfirmedCommits.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
