"""The rules as they are configured in ``/nacm``, as values.

The law: a rule set never changes; another ``/nacm`` gives another one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from yang.scalars import InvalidValue
from yang.scalars.paths import Predicate, steps
from yang.schema import Container, Inner

MODULE = "ietf-netconf-acm"
PATH = f"/{MODULE}:nacm"
ANY = "*"


class Access(StrEnum):
    """What a request does to a node, or to an operation (RFC 8341, section 3.2)."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    EXEC = "exec"


WRITES = (Access.CREATE, Access.UPDATE, Access.DELETE)


class Verdict(NamedTuple):
    """A decision and who took it, for the log."""

    permits: bool
    reason: str


class Step(NamedTuple):
    """One step of a rule's path."""

    module: str
    name: str
    predicates: tuple[Predicate, ...]


class Subject(StrEnum):
    """What a rule is about: the case of its ``rule-type``, or anything."""

    ANYTHING = "anything"
    OPERATION = "operation"
    NOTIFICATION = "notification"
    DATA = "data"


class Rule(NamedTuple):
    """One rule. ``name`` is of the operation or notification, ``path`` of the data."""

    verdict: Verdict
    module: str
    subject: Subject
    name: str
    path: tuple[Step, ...]
    accesses: frozenset[str]

    def is_of(self, module: str, access: Access) -> bool:
        """Tell whether it is about nodes of the module and this access."""
        return self.module in (ANY, module) and (ANY in self.accesses or access in self.accesses)


class RuleList(NamedTuple):
    """A rule-list: whose it is, and its rules in order."""

    groups: frozenset[str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """All that ``/nacm`` says, defaults filled in."""

    is_enabled: bool
    uses_external_groups: bool
    defaults: Mapping[Access, Verdict]
    groups: Mapping[str, frozenset[str]]
    """Group -> its users."""
    lists: tuple[RuleList, ...]

    def groups_of(self, user: str, external: frozenset[str]) -> frozenset[str]:
        """Return the groups that a user is in (RFC 8341, section 3.4.4, step 4)."""
        own = {group for group, users in self.groups.items() if user in users}
        return frozenset(own | external) if self.uses_external_groups else frozenset(own)

    def rules_for(self, groups: frozenset[str]) -> tuple[Rule, ...]:
        """Return the rules for somebody in these groups, in order; none for who is in none."""
        if not groups:
            return ()
        found = (each for each in self.lists if ANY in each.groups or each.groups & groups)
        return tuple(rule for each in found for rule in each.rules)


def read_rules(node: Container, value: Any) -> RuleSet:
    """Return the rule set that a value of ``/nacm`` is."""
    said = _Fields(node, value)
    read = _default("read-default", said)
    write = _default("write-default", said)
    return RuleSet(
        is_enabled=said["enable-nacm"],
        uses_external_groups=said["enable-external-groups"],
        defaults={
            Access.READ: read,
            Access.EXEC: _default("exec-default", said),
            **dict.fromkeys(WRITES, write),
        },
        groups={
            each["name"]: frozenset(each["user-name"])
            for each in said.inner("groups").entries("group")
        },
        lists=tuple(
            RuleList(frozenset(each["group"]), tuple(_rules(each)))
            for each in said.entries("rule-list")
        ),
    )


class _Fields:
    """The leafs of an inner node by their names, defaults filled in."""

    def __init__(self, node: Inner, value: Any) -> None:
        self._node = node
        self._value = value

    def __getitem__(self, name: str) -> Any:
        leaf: Any = self._node.by_name[name]
        held = self._value[leaf.at.slot]
        return getattr(leaf, "default_value", None) if held is None else held

    def inner(self, name: str) -> "_Fields":
        child: Any = self._node.by_name[name]
        return _Fields(child, self._value[child.at.slot])

    def entries(self, name: str) -> Iterator["_Fields"]:
        child: Any = self._node.by_name[name]
        for entry in self._value[child.at.slot].values():
            yield _Fields(child, entry)


def _default(leaf: str, said: _Fields) -> Verdict:
    return Verdict(said[leaf] == "permit", f"{leaf} ({said[leaf]})")


def _rules(rule_list: _Fields) -> Iterator[Rule]:
    for each in rule_list.entries("rule"):
        subject, name, path = _subject(each)
        if path is None:
            continue  # It matches nothing.
        told = f"the rule {each['name']!r} of the rule-list {rule_list['name']!r}"
        yield Rule(
            verdict=Verdict(each["action"] == "permit", told),
            module=each["module-name"],
            subject=subject,
            name=name,
            path=path,
            accesses=frozenset(each["access-operations"].split()),
        )


def _subject(rule: _Fields) -> tuple[Subject, str, tuple[Step, ...] | None]:
    if rule["rpc-name"] is not None:
        return Subject.OPERATION, rule["rpc-name"], ()
    if rule["notification-name"] is not None:
        return Subject.NOTIFICATION, rule["notification-name"], ()
    if rule["path"] is not None:
        return Subject.DATA, "", _path(rule["path"])
    return Subject.ANYTHING, "", ()


def _path(text: str) -> tuple[Step, ...] | None:
    if text == "/":
        return ()
    try:
        return tuple(Step(*each) for each in steps(text))
    except InvalidValue:
        return None
