"""A configuration of a module made up for a test: edited, judged and shown."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import edit
from server.datastore.to_xml import Writer
from server.errors import RpcError
from server.namespaces import BASE, YANG
from server.validation.validator import Validator
from server.validation.violations import error_of
from tests.yang.compiled import module_of
from yang.changes import Change
from yang.schema import Schema


class Configuration:
    """What is configured by a module ``t`` whose statements are given."""

    def __init__(self, statements: str, where: Path) -> None:
        self._begin(module_of(statements, where).SCHEMA)

    @classmethod
    def of(cls, schema: Schema) -> "Configuration":
        """Return the empty configuration of any schema."""
        made = cls.__new__(cls)
        made._begin(schema)
        return made

    def _begin(self, schema: Schema) -> None:
        self.schema = schema
        self._validator = Validator(schema)
        self.version = self._validator.empty()

    def edit(self, content: str, default_operation: str = "merge") -> None:
        """Apply an ``<edit-config>``, whatever validation would say."""
        root = self.edited(content, default_operation)
        changes = changes_between(self.schema, self.version.root, root)
        self.version, _ = self._validator.advance(self.version, root, changes)

    def refusal(self, content: str, default_operation: str = "merge") -> RpcError:
        """Return the error of an edit that cannot be done."""
        try:
            self.edited(content, default_operation)
        except RpcError as error:
            return error
        raise AssertionError(f"nothing is wrong with {content}")

    def faults(self, content: str, default_operation: str = "merge") -> list[RpcError]:
        """Return all that validation has against the result of an edit."""
        root = self.edited(content, default_operation)
        return self.judged(root, changes_between(self.schema, self.version.root, root))

    def judged(self, root: Any, changes: Sequence[Change]) -> list[RpcError]:
        """Return all that validation has against changes."""
        _, violations = self._validator.advance(self.version, root, changes)
        return [error_of(self.schema, violation) for violation in violations]

    def edited(self, content: str, default_operation: str = "merge") -> Any:
        """Return the root after an ``<edit-config>``."""
        config = etree.fromstring(
            f'<config xmlns="urn:t" xmlns:t="urn:t" xmlns:nc="{BASE}" xmlns:yang="{YANG}">'
            f"{content}</config>"
        )
        return edit(self.schema, self.version.root, config, default_operation)

    @property
    def shown(self) -> str:
        """The configuration as XML, without namespaces."""
        text = b"".join(Writer(self.schema).root(self.version.root)).decode()
        return text.replace(' xmlns="urn:t"', "")
