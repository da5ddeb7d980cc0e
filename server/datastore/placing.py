"""Where new entries go in what its user orders: ``yang:insert`` (RFC 7950, 7.7.9 and 7.8.6)."""

from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.errors import RpcError
from server.namespaces import YANG
from yang.changes import Key
from yang.scalars import InvalidValue, canonical
from yang.schema import DataNode, LeafList, List

INSERT = f"{{{YANG}}}insert"
KEY = f"{{{YANG}}}key"
VALUE = f"{{{YANG}}}value"
PLACING = frozenset({INSERT, KEY, VALUE})
PLACES = frozenset({"first", "last", "before", "after"})


def attributes_of(node: DataNode) -> tuple[str, ...]:
    """Return the attributes that give a node its place: none unless its user orders it."""
    if isinstance(node, List) and node.user_ordered:
        return (INSERT, KEY)
    if isinstance(node, LeafList) and node.user_ordered:
        return (INSERT, VALUE)
    return ()


class Placing:
    """Puts entries and values where the attributes of their elements say."""

    def __init__(self, locator: Locator) -> None:
        self._locate = locator

    def entry(self, node: List, base: Any, key: Key, value: Any, element: etree._Element) -> Any:
        """Return the map with the entry at its place; without ``insert`` where it was, or last."""
        where = self._where(element)
        if where is None:
            return base.set(key, value)
        if where in ("first", "last"):
            return base.insert(key, value, where)
        anchor = self._anchor_key(node, element)
        if anchor not in base:
            raise self._missing_anchor(element)
        return base.insert(key, value, where, anchor)

    def value(
        self, node: LeafList, values: dict[str, Any], value: Any, element: etree._Element
    ) -> dict[str, Any]:
        """Return the values, by canonical text, with one more at its place."""
        text = canonical(value)
        where = self._where(element) if node.user_ordered else None
        if where is None:
            values.setdefault(text, value)
            return values
        rest = {other: held for other, held in values.items() if other != text}
        if where == "first":
            return {text: value, **rest}
        if where == "last":
            return {**rest, text: value}
        anchor = self._anchor_value(node, element)
        if anchor == text and text in values:
            return values
        if anchor not in rest:
            raise self._missing_anchor(element)
        texts = list(rest)
        texts.insert(texts.index(anchor) + (where == "after"), text)
        return {each: rest.get(each, value) for each in texts}

    def _where(self, element: etree._Element) -> str | None:
        where = element.get(INSERT)
        if where is not None and where not in PLACES:
            raise self._bad_insert(element, f"{where!r} is none of first, last, before, after")
        return where

    def _anchor_key(self, node: List, element: etree._Element) -> Key:
        """Read ``yang:key``: predicates like [p:name='x'] (RFC 7950, 7.8.6)."""
        text = element.get(KEY)
        if text is None:
            raise self._bad_insert(element, "insert 'before' and 'after' need yang:key")
        try:
            return _key_of_predicates(node, text, element)
        except ValueError:
            raise self._bad_insert(element, f"{text!r} is no key of {node.name}") from None

    def _anchor_value(self, node: LeafList, element: etree._Element) -> str:
        """Read ``yang:value`` (RFC 7950, 7.7.9)."""
        text = element.get(VALUE)
        if text is None:
            raise self._bad_insert(element, "insert 'before' and 'after' need yang:value")
        try:
            return canonical(node.type.parse_in(text, element.nsmap))
        except InvalidValue:
            raise self._missing_anchor(element) from None

    def _bad_insert(self, element: etree._Element, message: str) -> RpcError:
        error = self._locate.at("bad-attribute", message, element)
        name = etree.QName(element).localname
        error.info = (("bad-attribute", "insert"), ("bad-element", name))
        return error

    def _missing_anchor(self, element: etree._Element) -> RpcError:
        """RFC 7950, 15.7: the entry to insert beside does not exist."""
        error = self._bad_insert(element, "the entry to insert before or after does not exist")
        error.app_tag = "missing-instance"
        return error


def in_order_of(made: Any, old: Any) -> Any:
    """Return the map that holds what ``made`` does; an order that is the same stays the old's."""
    if made is old or list(made.keys()) != list(old.keys()):
        return made
    result = old
    for key, value in made.items():
        result = result.set(key, value)
    return result


def _key_of_predicates(node: List, text: str, element: etree._Element) -> Key:
    """Return the key that ``[p:name='x'][...]`` names; ValueError if it names none."""
    remaining = text.strip()
    found: dict[str, str] = {}
    while remaining:
        if not remaining.startswith("["):
            raise ValueError(text)
        name, _, rest = remaining[1:].partition("=")
        rest = rest.lstrip()
        quote = rest[:1]
        if quote not in ("'", '"'):
            raise ValueError(text)
        value, closing, remaining = rest[1:].partition(quote)
        if not closing or not remaining.lstrip().startswith("]"):
            raise ValueError(text)
        remaining = remaining.lstrip()[1:].lstrip()
        found[name.strip().rpartition(":")[2]] = value
    if set(found) != set(node.keys):
        raise ValueError(text)
    return tuple(
        leaf.sort_key(leaf.type.parse_in(found[leaf.name], element.nsmap))
        for leaf in node.key_leafs
    )
