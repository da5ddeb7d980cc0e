"""The path of an error, read back: which node it is at."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from server.datastore.instance_path import quoted
from yang.changes import Key
from yang.schema import Container, List, Operation, Schema

_STEP = re.compile(r"/(?:([^\W\d][\w.\-]*):)?([\w.\-]+)").match
_PREDICATE = re.compile(r"""\[([^=\]]+)=("[^"]*"|'[^']*')\]""").match


def place_of(
    schema: Schema, path: str, namespaces: Mapping[str, str]
) -> tuple[list[Any], list[Key]] | None:
    """Return the schema nodes on the way, and the keys; ``None`` for what cannot be read back."""
    nodes: list[Any] = []
    keys: list[Key] = []
    if path == "/":
        return nodes, keys
    at: Any = schema.root
    for prefix, name, predicates in _steps(path):
        if isinstance(at, Operation):
            break  # What is behind it is its input, which the client gave.
        at = _below(schema, at, f"{{{namespaces.get(prefix, '')}}}{name}")
        if at is None:
            return None
        if not isinstance(at, Operation):
            nodes.append(at)
        if isinstance(at, List):
            key = _key(at, predicates)
            if key is None:
                return None
            keys.append(key)
    return nodes, keys


def place_of_identifier(schema: Schema, text: str) -> tuple[list[Any], list[Key]] | None:
    """Return the same for an instance-identifier as RFC 7951, section 6.11, writes it.

    There a name has its module where that is not the one of the node above.
    """
    namespaces = {module.name: module.namespace for module in schema.modules.values()}
    written, module = "", ""
    for prefix, name, predicates in _steps(text):
        module = prefix or module
        keys = "".join(f"[{leaf}={quoted(key)}]" for leaf, key in predicates.items() if leaf != ".")
        written += f"/{module}:{name}{keys}"
    return place_of(schema, written, namespaces)


def _steps(path: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    position = 0
    while step := _STEP(path, position):
        position = step.end()
        predicates = {}
        while predicate := _PREDICATE(path, position):
            predicates[predicate[1].rpartition(":")[2]] = predicate[2][1:-1]
            position = predicate.end()
        yield step[1] or "", step[2], predicates
    if position != len(path):
        yield "", "?", {}  # What is not understood is no node.


def _below(schema: Schema, at: Any, tag: str) -> Any:
    if not isinstance(at, Container | List):
        return None
    found: Any = at.by_tag.get(tag)
    if found is None:
        found = next((each for each in at.actions if each.at.tag == tag), None)
    if found is None and at is schema.root:
        found = schema.rpcs.get(tag)
    return found


def _key(node: Any, predicates: Mapping[str, str]) -> Key | None:
    try:
        return tuple(
            leaf.sort_key(leaf.type.parse(predicates[leaf.name])) for leaf in node.key_leafs
        )
    except (KeyError, ValueError):
        return None
