"""Access control as the operations know it: who may ask, who may see, who may change.

The law: what is decided follows from the user, the settings and ``/nacm`` of running as it is at
that moment; sessions that are open feel a change of the rules with their next request. The log
says who was denied what by which rule, the client only what it may know.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from server.datastore.conditions import is_excluded
from server.datastore.instance_path import InstancePath, line_to
from server.datastore.way import Way
from server.errors import RpcError, RpcErrors, access_denied, raise_all
from server.nacm.error_paths import place_of, place_of_identifier
from server.nacm.pointless import pointless
from server.nacm.positions import walked
from server.nacm.rules import PATH, Access, RuleSet, Verdict, read_rules
from server.nacm.sight import Sight
from server.nacm.users import Rights
from server.nacm.writes import Denial, changed_nodes, denials
from server.namespaces import BASE, NOTIFICATION
from server.sessions import NetconfSession
from yang.changes import Key
from yang.scalars import InstancePath as InstanceIdentifier
from yang.schema import Container, Notification, Operation, Schema

_log = logging.getLogger(__name__)

CLOSE_SESSION = f"{{{BASE}}}close-session"
MOST_DENIALS = 16
"""Errors of one change that are told; whoever sees the first has no need of the thousandth."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What bears on access and is in the settings, not in the datastore."""

    recovery_users: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """User -> the groups that the settings put it in."""


@dataclass(slots=True)
class Counters:
    """Denials since the start (RFC 8341, section 3.5.2)."""

    operations: int = 0
    data_writes: int = 0
    notifications: int = 0


def _never(old: Any, new: Any, denial: Denial) -> bool:
    return False


class AccessControl:
    """Decides for every request; usable from any thread."""

    def __init__(self, schema: Schema, running: Callable[[], Any], outside: Outside) -> None:
        self._schema = schema
        self._running = running
        self._outside = outside
        node = schema.by_path.get(PATH)
        self._node = node if isinstance(node, Container) else None
        self._compiled = _Compiled(None, None)
        self.denied = Counters()

    @property
    def states(self) -> Mapping[str, Callable[[], Any]]:
        """State by the schema path of the node that it fills."""
        return {
            f"{PATH}/denied-operations": lambda: self.denied.operations,
            f"{PATH}/denied-data-writes": lambda: self.denied.data_writes,
            f"{PATH}/denied-notifications": lambda: self.denied.notifications,
            f"{PATH}/netconf-access-state:recovery-user": lambda: sorted(
                self._outside.recovery_users
            ),
            f"{PATH}/netconf-access-state:external-group": self._external_groups,
        }

    def _external_groups(self) -> list[dict[str, Any]]:
        groups = self._outside.groups
        return [
            {"name": name, "user-name": sorted(user for user in groups if name in groups[user])}
            for name in sorted({group for found in groups.values() for group in found})
        ]

    # ---- operations

    def admit(self, session: NetconfSession, tag: str) -> None:
        """Raise access-denied where the session may not invoke an operation of the protocol."""
        if tag == CLOSE_SESSION:
            return
        rights = self._rights(session)
        if rights is None:
            return
        operation = self._schema.rpcs.get(tag)
        namespace, _, name = tag[1:].rpartition("}")
        module = self._schema.module_of_namespace.get(namespace)
        marker = "" if operation is None else operation.deny
        self._judge_operation(
            session, name, rights.may_invoke(tag, module.name if module else "", name, marker)
        )

    def admit_action(self, session: NetconfSession, action: Operation, keys: Sequence[Key]) -> None:
        """Raise access-denied where the session may not invoke an action of a node.

        It takes the right to read all that is around it (RFC 8341, section 3.1.3), whether it is
        there or not.
        """
        rights = self._rights(session)
        if rights is None:
            return
        above = rights.top
        for above in walked(rights.top, line_to(action.at.parent), keys):
            verdict = above.verdict(Access.READ)
            if not verdict.permits:
                self._judge_operation(session, action.name, verdict)
        self._judge_operation(session, action.name, rights.may_act(action, above))

    def _judge_operation(self, session: NetconfSession, name: str, verdict: Verdict) -> None:
        if verdict.permits:
            return
        self.denied.operations += 1
        _log.warning(
            "session %d of %s: <%s> is denied by %s", session.id, session.peer, name, verdict.reason
        )
        error = access_denied(f"you may not invoke <{name}>", kind="protocol")
        error.denied_by = verdict.reason
        raise error

    # ---- data

    def sight(self, session: NetconfSession) -> Sight | None:
        """Return what the session sees of data; ``None``: everything."""
        rights = self._rights(session)
        return None if rights is None or rights.sight.sees_all else rights.sight

    def sees_quickly(self, session: NetconfSession) -> bool:
        """Tell whether what a session sees of configuration is found out in no time."""
        sight = self.sight(session)
        return sight is None or sight.is_quick

    def seen(self, session: NetconfSession, root: Any) -> Any:
        """Return what the session sees of a configuration."""
        sight = self.sight(session)
        return root if sight is None else sight.configuration(root)

    def copied(self, session: NetconfSession, source: Any, target: Any) -> Any:
        """Return what a session copies from one configuration over another.

        What it cannot read is not copied (RFC 8341, section 3.2.4), which takes the right to
        delete it; where nothing of that differs the copy leaves it as it is.
        """
        sight = self.sight(session)
        if sight is None:
            return source
        changed = changed_nodes(self._schema.root, target, source)
        if all(sight.shows_line(each.nodes, each.keys) for each in changed):
            return source
        return sight.configuration(source)

    def admit_commit(self, session: NetconfSession, running: Any, new: Any) -> None:
        """Raise access-denied where the session may not make this configuration running.

        What went because of a when takes no right, as in the edit that made it go (RFC 8341,
        section 3.2.3): with what is committed it could not be there.
        """
        self.admit_change(session, running, new, self._is_side_effect)

    def _is_side_effect(self, old: Any, new: Any, denial: Denial) -> bool:
        return denial.access is Access.DELETE and is_excluded(
            self._schema, old, new, denial.nodes, denial.keys
        )

    def admit_change(
        self,
        session: NetconfSession,
        old: Any,
        new: Any,
        is_side_effect: Callable[[Any, Any, Denial], bool] = _never,
    ) -> None:
        """Raise access-denied where the session may not make one root of another."""
        rights = self._rights(session)
        if rights is None or rights.may_write_all:
            return
        refused = (
            each for each in denials(rights.top, old, new) if not is_side_effect(old, new, each)
        )
        found = list(islice(refused, MOST_DENIALS))
        if not found:
            return
        self.denied.data_writes += 1
        for denial in found:
            _log.warning(
                "session %d of %s: to %s %s is denied by %s",
                session.id,
                session.peer,
                denial.access,
                _path_of(denial).text,
                denial.verdict.reason,
            )
        raise_all(_distinct([_error_of(rights.sight, each) for each in found]))

    def veil(
        self, session: NetconfSession, errors: Sequence[RpcError]
    ) -> RpcError | RpcErrors | None:
        """Return what to tell of errors at nodes that the session cannot see; ``None``: as it is.

        Otherwise a refusal would say whether a node is there, and what it holds.
        """
        sight = self.sight(session)
        if sight is None or all(self._may_see(sight, each) for each in errors):
            return None
        told = [each if self._may_see(sight, each) else _veiled(each) for each in errors]
        told = _distinct(told)
        return told[0] if len(told) == 1 else RpcErrors(told)

    def _may_see(self, sight: Sight, error: RpcError) -> bool:
        if error.path is None:
            return True
        found = place_of(self._schema, error.path, error.namespaces)
        return found is not None and sight.shows_line(*found)

    # ---- notifications

    def may_be_told(
        self, session: NetconfSession, notification: Notification, keys: Sequence[Key] = ()
    ) -> bool:
        """Tell whether a notification may be sent to a session; count it where it may not.

        What every subscriber needs to know is never denied (RFC 8341, section 3.4.6).
        """
        rights = self._rights(session)
        if rights is None or notification.module.namespace == NOTIFICATION:
            return True
        verdict = self._told(rights, notification, keys)
        if not verdict.permits:
            self.denied.notifications += 1
            _log.info(
                "session %d of %s: the notification %s is denied by %s",
                session.id,
                session.peer,
                notification.name,
                verdict.reason,
            )
        return verdict.permits

    def may_see(self, session: NetconfSession, target: InstanceIdentifier | None) -> bool:
        """Tell whether a session may read a node that is named by an instance-identifier.

        None names the datastore.
        """
        sight = self.sight(session)
        if sight is None or target is None:
            return True
        found = place_of_identifier(self._schema, target)
        return found is not None and sight.shows_line(*found)

    def _told(self, rights: Rights, notification: Notification, keys: Sequence[Key]) -> Verdict:
        parent = notification.at.parent
        if parent is None or parent.at.parent is None:
            return rights.may_be_told(notification, None)
        above = rights.top
        for above in walked(rights.top, line_to(parent), keys):
            if not above.permits(Access.READ):
                return above.verdict(Access.READ)
        return rights.may_be_told(notification, above)

    # ---- rules

    def _read(self, value: Any) -> "_Compiled":
        rules = read_rules(self._node, value)  # type: ignore[arg-type]
        found = tuple(pointless(self._schema, rules))
        for told in found:
            if told not in self._compiled.pointless:
                _log.warning("%s", told)
        return _Compiled(value, rules, found)

    def _rights(self, session: NetconfSession) -> Rights | None:
        """Return the rights of a session; ``None``: nothing is denied to it."""
        if self._node is None or session.user in self._outside.recovery_users:
            return None
        value = self._running()[self._node.at.slot]
        compiled = self._compiled
        if compiled.value is not value:
            compiled = self._compiled = self._read(value)
        rules = compiled.rules
        if rules is None or not rules.is_enabled:
            return None
        found = compiled.by_user.get(session.user)
        if found is None:
            external = self._outside.groups.get(session.user, frozenset())
            groups = rules.groups_of(session.user, external)
            found = compiled.by_groups.get(groups)
            if found is None:
                found = compiled.by_groups[groups] = Rights(self._schema, rules, groups)
            compiled.by_user[session.user] = found
        return found


@dataclass(slots=True, eq=False)
class _Compiled:
    """The rules of one value of ``/nacm``, and the rights that were asked for so far."""

    value: Any
    rules: RuleSet | None
    pointless: Sequence[str] = ()
    """What the log was told of rules that match nothing."""
    by_user: dict[str, Rights] = field(default_factory=dict)
    by_groups: dict[frozenset[str], Rights] = field(default_factory=dict)


def _path_of(denial: Denial) -> InstancePath:
    return Way(denial.nodes, denial.keys, denial.texts).path


def _error_of(sight: Sight, denial: Denial) -> RpcError:
    """Return what the client is told: where it cannot read, no more than that it is denied."""
    if not sight.shows_line(denial.nodes, denial.keys):
        return _hidden(denial.verdict.reason)
    path = _path_of(denial)
    error = access_denied(f"you may not {denial.access} {denial.nodes[-1].name}")
    error.path, error.namespaces = path.text, path.namespaces
    error.denied_by = denial.verdict.reason
    return error


def _hidden(denied_by: str) -> RpcError:
    error = access_denied("the request needs rights that you do not have")
    error.denied_by = denied_by
    return error


def _veiled(error: RpcError) -> RpcError:
    return _hidden(error.denied_by or f"what it cannot see ({error.tag})")


def _distinct(errors: Sequence[RpcError]) -> list[RpcError]:
    """Return the errors without those that say the same as one before."""
    return list({(each.tag, each.path, each.message): each for each in errors}.values())
