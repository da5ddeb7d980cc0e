"""Sessions with private candidates, and the shared one, do what the reference does.

Edits, commits, updates and discards come in any order from any session; confirmed commits are
confirmed or rolled back; sessions end. The reference merges plain dicts.
"""

from datetime import UTC, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.dataplane import NoDataplane
from server.datastore.candidates import CAPABILITY
from server.datastore.confirmed import Request
from server.datastore.confirming import Machine
from server.datastore.datastores import CANDIDATE, RUNNING, Datastores
from server.datastore.merge import Resolution
from server.errors import RpcError, RpcErrors
from server.sessions import NetconfSession, Peer
from tests.server.datastore.merging_edits import PLACED_NOWHERE, edited, schema
from tests.server.datastore.merging_model import Tree, merge, tree_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHARED, PRIVATE = (0,), (1, 2)
ANY = st.sampled_from([*SHARED, *PRIVATE])


class Candidates(RuleBasedStateMachine):
    """The real datastores, and trees of what each candidate should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.datastores = Datastores(
            schema(), NoDataplane(), None, lambda: NOW, Machine("", lambda: 0.0)
        )
        self.datastores.candidates.are_offered = True
        self.last_id = 0
        self.sessions = {slot: self.session(slot) for slot in (*SHARED, *PRIVATE)}
        self.running = tree_of(schema().root.empty)
        self.roots: dict[int, Tree] = {0: self.running}
        self.bases: dict[int, Tree] = {0: self.running}

    def session(self, slot: int) -> NetconfSession:
        self.last_id += 1
        made = NetconfSession(self.last_id, "u", Peer("u", "", "netconf-ssh"), NOW)
        made.capabilities = frozenset([CAPABILITY]) if slot in PRIVATE else frozenset()
        return made

    def begin(self, slot: int) -> None:
        """A private candidate is made when it is first asked for; a clean shared one follows.

        One with edits that undo one another need not.
        """
        is_clean = slot in SHARED and not self.datastores.candidates.shared.is_modified
        if slot not in self.roots or is_clean:
            self.roots[slot] = self.bases[slot] = self.running

    def is_refused(self, action: Any) -> bool:
        try:
            action()
        except (RpcError, RpcErrors) as error:
            errors = error.errors if isinstance(error, RpcErrors) else (error,)
            assert {each.app_tag for each in errors} == {"update-conflict"}
            return True
        return False

    @rule(slot=ANY, edits=PLACED_NOWHERE)
    def edit(self, slot: int, edits: list[str]) -> None:
        self.begin(slot)
        session = self.sessions[slot]
        with self.datastores.changing(CANDIDATE, session):
            before = self.datastores.root(CANDIDATE, session)
            made = edited(before, *edits)
            self.datastores.set_candidate(made, session)
        self.roots[slot] = tree_of(made)

    @rule(slot=ANY)
    def commit(self, slot: int) -> None:
        self.begin(slot)
        made, conflicts = merge(self.bases[slot], self.roots[slot], self.running, True)
        refused = self.is_refused(lambda: self.datastores.commit(self.sessions[slot]))
        assert refused == bool(conflicts)
        if not refused:
            self.running = self.roots[slot] = self.bases[slot] = made

    @rule(slot=ANY, edits=PLACED_NOWHERE)
    def try_and_go_back(self, slot: int, edits: list[str]) -> None:
        self.begin(slot)
        session = self.sessions[slot]
        conflicts = merge(self.bases[slot], self.roots[slot], self.running, True)[1]
        request = Request(confirmed=True)
        refused = self.is_refused(lambda: self.datastores.commit(session, request))
        assert refused == bool(conflicts)
        if refused:
            return
        made = merge(self.bases[slot], self.roots[slot], self.running, True)[0]
        self.roots[slot] = made
        self.bases[slot] = made
        if edits:
            self.edit_on(slot, edits)
        self.datastores.cancel_commit(session, None)
        self.bases[slot] = self.running
        if slot in SHARED and self.roots[slot] == made:
            self.roots[slot] = self.running
        for other in SHARED:
            if other != slot and self.roots[other] != self.bases[other]:
                self.roots[other] = merge(self.bases[other], self.roots[other], self.running, True)[
                    0
                ]
                self.bases[other] = self.running

    def edit_on(self, slot: int, edits: list[str]) -> None:
        session = self.sessions[slot]
        with self.datastores.changing(CANDIDATE, session):
            made = edited(self.datastores.root(CANDIDATE, session), *edits)
            self.datastores.set_candidate(made, session)
        self.roots[slot] = tree_of(made)

    @rule(slot=st.sampled_from(PRIVATE), mode=st.sampled_from(list(Resolution)))
    def update(self, slot: int, mode: Resolution) -> None:
        self.begin(slot)
        prefers_ours = mode is Resolution.PREFER_CANDIDATE
        made, conflicts = merge(self.bases[slot], self.roots[slot], self.running, prefers_ours)
        refused = self.is_refused(lambda: self.datastores.update(self.sessions[slot], mode))
        assert refused == (mode is Resolution.REVERT and bool(conflicts))
        if not refused:
            self.roots[slot], self.bases[slot] = made, self.running

    @rule(slot=ANY)
    def discard(self, slot: int) -> None:
        self.begin(slot)
        self.datastores.discard(self.sessions[slot])
        if slot in SHARED:
            self.bases[slot] = self.running
        self.roots[slot] = self.bases[slot]

    @rule(slot=ANY)
    def end(self, slot: int) -> None:
        self.datastores.release(self.sessions[slot])
        self.sessions[slot] = self.session(slot)
        if slot in PRIVATE:
            self.roots.pop(slot, None)
            self.bases.pop(slot, None)

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        assert tree_of(self.datastores.root(RUNNING)) == self.running
        candidates = self.datastores.candidates
        assert len(candidates) == len(self.roots.keys() & {*PRIVATE})
        for slot, wanted in self.roots.items():
            self.begin(slot)
            wanted = self.roots[slot]
            assert tree_of(self.datastores.root(CANDIDATE, self.sessions[slot])) == wanted


TestCandidates = Candidates.TestCase
TestCandidates.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
