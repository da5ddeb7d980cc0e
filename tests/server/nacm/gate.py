"""A configuration of a module ``t`` with access rules, and users who try things on it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from server.datastore.to_xml import Writer
from server.errors import RpcError, RpcErrors
from server.nacm.control import AccessControl, Outside
from server.sessions import NetconfSession, Peer
from tests.server.configuration import Configuration
from tests.yang.compiled import MODULES, STANDARD, bindings
from yang.schema import Notification, Operation, Schema

NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm"
BASE_SET = ("ietf-netconf-acm", "ietf-netconf")


def schema_of(
    statements: str, where: Path, name: str = "t", more: Sequence[str] = BASE_SET
) -> Schema:
    """Compile a module whose body this is, together with the module of the rules."""
    header = f'module {name} {{ yang-version 1.1; namespace "urn:{name}"; prefix {name};\n'
    (where / f"{name}.yang").write_text(header + statements + "\n}\n")
    compiled = bindings([name, *more], (where, MODULES, STANDARD))[0]
    schema: Schema = compiled.SCHEMA
    return schema


def session_of(user: str, number: int = 1) -> NetconfSession:
    peer = Peer(user, "192.0.2.9", "netconf-ssh")
    return NetconfSession(number, user, peer, datetime(2026, 11, 24, tzinfo=UTC))


def group(name: str, *users: str) -> str:
    members = "".join(f"<user-name>{user}</user-name>" for user in users)
    return f"<groups><group><name>{name}</name>{members}</group></groups>"


def rule_list(name: str, groups: str, *rules: str) -> str:
    listed = "".join(f"<group>{each}</group>" for each in groups.split())
    return f"<rule-list><name>{name}</name>{listed}{''.join(rules)}</rule-list>"


def rule(name: str, action: str = "deny", **leafs: str) -> str:
    """A rule; leafs with underscores for hyphens."""
    content = "".join(
        f"<{leaf.replace('_', '-')}>{value}</{leaf.replace('_', '-')}>"
        for leaf, value in leafs.items()
    )
    return f"<rule><name>{name}</name>{content}<action>{action}</action></rule>"


class Gate:
    """What users may do under some rules."""

    def __init__(
        self,
        schema: Schema,
        rules: str = "",
        data: str = "",
        recovery: str = "",
        external: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.schema = schema
        self.configuration = Configuration.of(schema)
        self.control = AccessControl(
            schema,
            lambda: self.configuration.version.root,
            Outside(frozenset(recovery.split()), external or {}),
        )
        self.rules(rules)
        if data:
            self.configuration.edit(data)

    def rules(self, content: str) -> None:
        """Add to the rules."""
        content = content.replace("</groups><groups>", "")
        if content:
            self.configuration.edit(f'<nacm xmlns="{NACM}">{content}</nacm>')

    @property
    def root(self) -> Any:
        return self.configuration.version.root

    def sees(self, user: str) -> str:
        """The configuration that a user sees, without ``/nacm`` and namespaces."""
        root = self.control.seen(session_of(user), self.root)
        text = b"".join(Writer(self.schema).root(root)).decode()
        top = etree.fromstring(f"<data>{text}</data>")
        for found in top.findall(f"{{{NACM}}}nacm"):
            top.remove(found)
        return etree.tostring(top, encoding="unicode")[6:-7].replace(' xmlns="urn:t"', "")

    def sees_rules(self, user: str) -> bool:
        node: Any = self.schema.by_path["/ietf-netconf-acm:nacm"]
        return self.control.seen(session_of(user), self.root)[node.at.slot] is not node.empty

    def refusals(self, user: str, edit: str, default_operation: str = "merge") -> list[RpcError]:
        """The errors of a user's edit, none where it is permitted."""
        new = self.configuration.edited(edit, default_operation)
        try:
            self.control.admit_change(session_of(user), self.root, new)
        except RpcErrors as errors:
            return list(errors.errors)
        except RpcError as error:
            return [error]
        return []

    def may(self, user: str, edit: str) -> bool:
        return not self.refusals(user, edit)

    def may_invoke(self, user: str, tag: str) -> bool:
        try:
            self.control.admit(session_of(user), tag)
        except RpcError as error:
            assert error.tag == "access-denied"
            return False
        return True

    def may_act(self, user: str, action: Operation, *keys: tuple[Any, ...]) -> bool:
        try:
            self.control.admit_action(session_of(user), action, keys)
        except RpcError as error:
            assert error.tag == "access-denied"
            return False
        return True

    def is_told(self, user: str, notification: Notification, *keys: tuple[Any, ...]) -> bool:
        return self.control.may_be_told(session_of(user), notification, keys)
