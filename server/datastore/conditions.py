"""Nodes under a when, after an edit (RFC 7950, section 8.3.2).

What an edit itself gives where the when is false is refused; what was there before and whose when
the edit made false goes with it. Whens that read the entry or what is around it cost what the
edit costs; others, which our own module has none of, are evaluated on the whole tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.faults import Locator
from server.datastore.instance_path import line_to
from server.datastore.reading import Reader
from server.errors import RpcError
from server.validation.validator import Validator, Violation
from yang.changes import Key
from yang.constraints import FALLBACK, JOIN, Constraint
from yang.schema import LIST, DataNode, Schema, absent


def settled(schema: Schema, old: Any, new: Any, config: etree._Element) -> Any:
    """Return ``new``, made from ``old`` by the edit ``config``, without what its whens exclude.

    Raises RpcError where the edit gives such a node.
    """
    conditions = _conditions_of(schema)
    if conditions is None:
        return new
    while conditions.may_concern(old, new):
        broken = conditions.broken(new, changes_between(schema, old, new))
        if not broken:
            return new
        for violation in broken:
            new = _without_node(schema, new, violation, config)
    return new


def is_excluded(
    schema: Schema, old: Any, new: Any, line: Sequence[DataNode], keys: Sequence[Key]
) -> bool:
    """Tell whether a node that is in ``old`` only could not be in ``new``: a when would be false.

    It is put back alone, with what of the nodes around it has gone too, and judged.
    """
    conditions = _conditions_of(schema)
    if conditions is None or not any(node.at.path in _governed(schema) for node in line):
        return False
    there = _with(schema.root, new, old, line, keys)
    whens = conditions.broken(there, changes_between(schema, new, there))
    around = {(node.at.path, tuple(keys[:depth])) for node, depth in _depths(line)}
    return any(
        each.constraint is not None and (each.constraint.node, tuple(each.keys)) in around
        for each in whens
    )


def _depths(line: Sequence[DataNode]) -> Iterator[tuple[DataNode, int]]:
    """Yield the nodes of a line, and how many lists there are down to each of them."""
    depth = 0
    for node in line:
        depth += node.kind == LIST
        yield node, depth


@cache
def _governed(schema: Schema) -> frozenset[str]:
    """Return the paths of the nodes that have a when."""
    return frozenset(each.node for each in schema.constraints if each.kind == "when")


def _with(
    parent: Any, value: Any, other: Any, line: Sequence[DataNode], keys: Sequence[Key]
) -> Any:
    """Return the value of an inner node with the node at the end of the line as in another."""
    node: Any = line[0]
    held, there = value[node.at.slot], other[node.at.slot]
    if node.kind == LIST and keys:
        entry, whole = held.get(keys[0]), there.get(keys[0])
        is_far = len(line) > 1 and entry is not None
        made = _with(node, entry, whole, line[1:], keys[1:]) if is_far else whole
        made = held.set(keys[0], made)
    else:
        is_far = len(line) > 1 and held is not None
        made = _with(node, held, there, line[1:], keys) if is_far else there
    values = [made if at == node.at.slot else each for at, each in enumerate(value)]
    return parent.value._make(values)


@cache
def _conditions_of(schema: Schema) -> Validator | None:
    """Return what checks the whens of a schema; ``None`` if it has none."""
    whens = [_in_place(each) for each in schema.constraints if each.kind == "when"]
    return Validator(schema, whens) if whens else None


def _in_place(when: Constraint) -> Constraint:
    """Return the when in a form that needs no index: an edit has none."""
    if when.how != JOIN:
        return when
    return replace(when, how=FALLBACK, test=None, reverse=(), upper=())


def _without_node(schema: Schema, root: Any, violation: Violation, config: etree._Element) -> Any:
    constraint = violation.constraint
    assert constraint is not None
    line = line_to(schema.by_path[constraint.node])
    given = _given(Reader(Locator(schema.root, config)), config, line, violation.keys)
    if given is not None:
        raise _excluded(schema, config, given, constraint)
    return _without(schema.root, root, line, violation.keys)


def _excluded(
    schema: Schema, config: etree._Element, given: etree._Element, constraint: Constraint
) -> RpcError:
    name = schema.by_path[constraint.node].name
    error = Locator(schema.root, config).at(
        "unknown-element", f"{name} can exist only when: {constraint.expression}", given
    )
    error.info = (("bad-element", name),)
    return error


def _given(
    reader: Reader, config: etree._Element, line: Sequence[DataNode], keys: Sequence[Key]
) -> etree._Element | None:
    """Return the element of an edit that gives a node, if there is one."""
    remaining = list(keys)
    at = [config]
    for node in line:
        key = remaining.pop(0) if node.kind == LIST and remaining else None
        at = [
            child
            for element in at
            for child in element.iterchildren(node.at.tag)
            if key is None or reader.key(node, child) == key  # type: ignore[arg-type]
        ]
    return at[0] if at else None


def _without(parent: Any, value: Any, line: Sequence[DataNode], keys: Sequence[Key]) -> Any:
    """Return the value of an inner node without the node at the end of the line."""
    node: Any = line[0]
    held = value[node.at.slot]
    if node.kind == LIST and keys:
        entry = held.get(keys[0])
        if entry is None:
            return value
        if len(line) == 1:
            made = held.remove(keys[0])
            made = made if len(made) else node.no_entries
        else:
            made = held.set(keys[0], _without(node, entry, line[1:], keys[1:]))
    elif len(line) == 1:
        made = absent(node)
    else:
        made = held if held is None else _without(node, held, line[1:], keys)
    values = [made if at == node.at.slot else each for at, each in enumerate(value)]
    if all(each is nothing for each, nothing in zip(values, parent.empty, strict=True)):
        return parent.empty
    return parent.value._make(values)
