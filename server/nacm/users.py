"""What one set of groups may do, compiled from a rule set."""

from typing import Any

from server.nacm.positions import Book, Position
from server.nacm.rules import WRITES, Access, RuleSet, Subject, Verdict
from server.nacm.sight import Sight
from server.namespaces import BASE
from yang.schema import Notification, Operation, Schema

BY_RULE_ONLY = frozenset({f"{{{BASE}}}delete-config", f"{{{BASE}}}kill-session"})
"""Operations that no default permits (RFC 8341, sections 3.2.5 and 3.2.8)."""


class Rights:
    """The rights of everybody who is in the same groups."""

    def __init__(self, schema: Schema, rules: RuleSet, groups: frozenset[str]) -> None:
        self._book = Book(rules.rules_for(groups), rules.defaults)
        self.top = Position.top(self._book, schema.root)
        self.sight = Sight(schema, self.top)
        self.may_write_all = all(self.top.permits_all(each) for each in WRITES)
        self._operations: dict[tuple[str, str, str], Verdict] = {}

    def may_invoke(self, tag: str, module: str, name: str, marker: str) -> Verdict:
        """Return whether an operation may be invoked (RFC 8341, section 3.4.4)."""
        asked = (tag, module, name)
        found = self._operations.get(asked)
        if found is None:
            found = self._may(Subject.OPERATION, Access.EXEC, module, name)
            if found is None and marker == "all":
                found = Verdict(False, "the statement default-deny-all")
            if found is None and tag in BY_RULE_ONLY:
                found = Verdict(False, f"{name} being permitted by a rule only")
            found = found or self._book.defaults[Access.EXEC]
            self._operations[asked] = found
        return found

    def may_act(self, action: Operation, above: Position) -> Verdict:
        """Return whether an action at a position may be invoked."""
        found: Position = above.child(action)
        return found.verdict(Access.EXEC)

    def may_be_told(self, notification: Notification, above: Position | None) -> Verdict:
        """Return whether a notification may be sent (RFC 8341, section 3.4.6).

        ``above`` is the position of the node that it is tied to, if it is tied to one.
        """
        if above is not None:
            tied: Position = above.child(notification)
            return tied.verdict(Access.READ)
        module, name = notification.module.name, notification.name
        found = self._may(Subject.NOTIFICATION, Access.READ, module, name)
        if found is None and notification.deny == "all":
            found = Verdict(False, "the statement default-deny-all")
        return found or self._book.defaults[Access.READ]

    def _may(self, subject: Subject, access: Access, module: str, name: str) -> Any:
        for rule in self._book.rules:
            applies = rule.subject == Subject.ANYTHING or (
                rule.subject == subject and rule.name in ("*", name)
            )
            if applies and rule.is_of(module, access):
                return rule.verdict
        return None
