"""The candidates: one that all sessions share, and one for each session that asked for its own.

The law: a candidate is a branch of running, and remembers where it left it. Neither that nor its
edits are ever lost because running went on: what a commit makes running is running as it is then
with the edits of the candidate, and a node that both have changed stops it. A branch is two
references, whatever the datastore holds; a private one goes with its session
(draft-ietf-netconf-privcand).
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from server.datastore.diff import changes_between
from server.datastore.expected import Expected
from server.datastore.merge import Conflict, Resolution, merged
from server.datastore.way import Way
from server.errors import RpcError, raise_all, resource_denied
from server.namespaces import PRIVATE_CANDIDATE
from server.sessions import NetconfSession
from yang.schema import Schema

CAPABILITY = "urn:ietf:params:netconf:capability:private-candidate:1.0"
UPDATE = f"{{{PRIVATE_CANDIDATE}}}update"
CONFLICT = "update-conflict"
"""The error-app-tag of a node in conflict."""
SHARED = 0
"""Whose the shared candidate is: no session has this id."""
MOST_TOLD = 100
"""Conflicts that are told one by one."""


NOTHING_EXPECTED: Mapping[Any, Expected] = {}


class Branch(NamedTuple):
    """A candidate: what it holds, where it left running, and what it held when it was made."""

    root: Any
    base: Any
    created: Any
    unconfirmed: Any = None
    """What was running before its commits that wait for their confirmation."""
    expected: Mapping[Any, Expected] = NOTHING_EXPECTED
    """What clients expect of running when it is committed, by node."""

    @property
    def is_modified(self) -> bool:
        """Whether it holds anything that running did not, where it left it."""
        return self.root is not self.base


class Candidates:
    """The candidates of one running configuration; changed by one at a time, read by anybody."""

    def __init__(self, schema: Schema, root: Any, most: int) -> None:
        """``most`` is how many sessions may have one of their own at the same time."""
        self._schema = schema
        self._most = most
        self.are_offered = UPDATE in schema.rpcs
        """Whether the module set lets sessions have their own."""
        self._branches = {SHARED: Branch(root, root, root)}
        self._unconfirmed: set[int] = set()
        """Whose candidates have commits that wait for their confirmation."""

    @property
    def shared(self) -> Branch:
        """The candidate of all sessions without one of their own."""
        return self._branches[SHARED]

    def __len__(self) -> int:
        """How many sessions have one of their own."""
        return len(self._branches) - 1

    def is_private(self, session: NetconfSession | None) -> bool:
        """Whether the candidate of a session is its own: both hellos said so."""
        return session is not None and self.are_offered and CAPABILITY in session.capabilities

    def _whose(self, session: NetconfSession | None) -> int:
        return session.id if session is not None and self.is_private(session) else SHARED

    def of(self, session: NetconfSession | None, running: Any) -> Branch:
        """Return the candidate of a session; its own is made when it is first asked for.

        Raises resource-denied where there are too many.
        """
        found = self._branches.get(self._whose(session))
        if found is not None:
            return found
        if len(self) >= self._most:
            raise resource_denied(
                f"{self._most} sessions have a private candidate already, which is the limit"
                " (private_candidates); end one of them"
            )
        return self._branches.setdefault(self._whose(session), Branch(running, running, running))

    def put(self, session: NetconfSession | None, branch: Branch) -> None:
        """Make this the candidate of a session."""
        self._branches[self._whose(session)] = branch

    def forget(self, session: NetconfSession) -> None:
        """Free the candidate of a session that has ended."""
        self._branches.pop(session.id, None)
        self._unconfirmed.discard(session.id)

    def committed(self, session: NetconfSession, before: Any, waits: bool) -> None:
        """Note that the candidate of a session was committed on ``before``.

        ``waits``: until it is confirmed, so that it may come back.
        """
        whose = self._whose(session)
        if not waits:
            for each in self._unconfirmed:
                self._branches[each] = self._branches[each]._replace(unconfirmed=None)
            self._unconfirmed.clear()
        elif whose not in self._unconfirmed:
            self._branches[whose] = self._branches[whose]._replace(unconfirmed=before)
            self._unconfirmed.add(whose)

    def give_back(self, running: Any) -> None:
        """Let candidates have their changes again that were running and are no more.

        They are edits again, to be made better and committed once more
        (draft-ietf-netconf-privcand, on confirmed commits). A shared candidate without edits has
        none: it is what running is.
        """
        for whose in self._unconfirmed | {SHARED}:
            found = self._branches[whose]
            if whose == SHARED and not self.is_modified(found):
                root = running
            else:
                base = found.base if found.unconfirmed is None else found.unconfirmed
                prefer = Resolution.PREFER_CANDIDATE
                root = merged(self._schema, base, found.root, running, prefer).root
            self._branches[whose] = Branch(root, running, found.created)
        self._unconfirmed.clear()

    def to_commit(self, branch: Branch, running: Any) -> Any:
        """Return running with the edits of a branch; raises RpcError for each node in conflict.

        What clients have said to know of running is none: it is for the commit to see whether that
        is so (``Branch.expected``).
        """

        def knows(way: Way) -> bool:
            return any(where in branch.expected for where in way.places)

        revert = Resolution.REVERT
        made = merged(self._schema, branch.base, branch.root, running, revert, knows)
        raise_all(_told(made.conflicts))
        return made.root

    def updated(self, branch: Branch, running: Any, resolution: Resolution) -> Any:
        """Return running with the edits of a branch; raises RpcError as ``resolution`` wants."""
        made = merged(self._schema, branch.base, branch.root, running, resolution)
        if resolution is Resolution.REVERT:
            raise_all(_told(made.conflicts))
        return made.root

    def is_modified(self, branch: Branch) -> bool:
        """Tell whether a branch says anything else than running did where it left it.

        Edits that undo one another leave nothing but other objects.
        """
        return branch.is_modified and bool(changes_between(self._schema, branch.base, branch.root))


def _told(conflicts: tuple[Conflict, ...]) -> Iterable[RpcError]:
    rest = len(conflicts) - MOST_TOLD
    for at, conflict in enumerate(islice(conflicts, MOST_TOLD)):
        more = f" (and so with {rest} more nodes)" if rest > 0 and at == MOST_TOLD - 1 else ""
        path = conflict.way.path
        yield RpcError(
            "operation-failed",
            f"{conflict.way.nodes[-1].name}: since the candidate left running, {conflict.reason}"
            f"{more}; nothing was done",
            app_tag=CONFLICT,
            path=path.text,
            namespaces=path.namespaces,
        )
