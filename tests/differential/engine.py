"""Our verdicts: of a whole document, and of an edit of a valid configuration."""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import applied
from server.datastore.to_xml import Writer
from server.errors import RpcError
from server.namespaces import BASE
from server.validation.validator import Validator, Version, Violation
from yang.schema import Choice, Schema


@dataclass(frozen=True)
class Verdict:
    """A version, and what is wrong with it; without a version the document cannot be read."""

    version: Version | None
    causes: frozenset[str]
    error: str = ""

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong."""
        return not self.causes


class Engine:
    """Reads, edits, validates and writes configurations of one schema."""

    def __init__(self, schema: Schema, validator: Validator | None = None) -> None:
        self.schema = schema
        self.validator = validator or Validator(schema)
        self._reference = Validator(schema)
        self._writer = Writer(schema)

    def load(self, config: etree._Element) -> Verdict:
        """Judge a whole document."""
        return self._judge(self._reference, self._reference.empty(), config)

    def apply(self, version: Version, config: etree._Element) -> Verdict:
        """Judge an edit of a valid version by what it changes."""
        return self._judge(self.validator, version, config)

    def _judge(self, validator: Validator, before: Version, config: etree._Element) -> Verdict:
        try:
            root = applied(self.schema, before.root, config, "merge")
        except RpcError as error:
            return Verdict(None, frozenset({error.tag}), f"{error.path}: {error.message}")
        changes = changes_between(self.schema, before.root, root)
        version, violations = validator.advance(before, root, changes)
        return Verdict(version, frozenset(map(cause, violations)))

    def document(self, root: Any) -> bytes:
        """Return the configuration as top-level elements."""
        return b"".join(self._writer.root(root))

    def config(self, document: bytes) -> etree._Element:
        """Return top-level elements as a ``<config>``."""
        return etree.fromstring(b'<config xmlns="%s">%s</config>' % (BASE.encode(), document))


def cause(violation: Violation) -> str:
    """Name the statement that a violation breaks."""
    if violation.constraint is not None:
        # Constraints are told apart by their expressions too: a node may carry several.
        constraint = violation.constraint
        return f"{constraint.kind} {constraint.node} {constraint.expression}"
    missing = violation.missing
    assert missing is not None
    if isinstance(missing.what, Choice):
        where = missing.line[-1].at.path if missing.line else violation.home
        return f"choice {where}:{missing.what.name}"
    node: Any = missing.what
    if hasattr(node, "min_elements"):
        kind = "min-elements" if missing.amount < node.min_elements else "max-elements"
        return f"{kind} {node.at.path}"
    return f"mandatory {node.at.path}"
