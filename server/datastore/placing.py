"""Where new entries go in what its user orders: ``yang:insert`` (RFC 7950, 7.7.9 and 7.8.6)."""

from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.errors import RpcError
from server.namespaces import YANG
from yang.changes import Key
from yang.scalars import InvalidValue, canonical, quote
from yang.schema import DataNode, LeafList, List

INSERT = f"{{{YANG}}}insert"
KEY = f"{{{YANG}}}key"
VALUE = f"{{{YANG}}}value"
PLACES = frozenset({"first", "last", "before", "after"})


def attributes_of(node: DataNode) -> tuple[str, ...]:
    """Return the attributes that say where a node goes; none of any other (RFC 7950, 8.3.1)."""
    if isinstance(node, List) and node.user_ordered:
        return INSERT, KEY
    if isinstance(node, LeafList) and node.user_ordered:
        return INSERT, VALUE
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
            raise self._missing_anchor("key", element)
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
            raise self._missing_anchor("value", element)
        texts = list(rest)
        texts.insert(texts.index(anchor) + (where == "after"), text)
        return {each: rest.get(each, value) for each in texts}

    def _where(self, element: etree._Element) -> str | None:
        where = element.get(INSERT)
        if where is not None and where not in PLACES:
            message = f"{where!r} is none of first, last, before, after"
            raise self._bad_attribute("insert", element, message)
        return where

    def _anchor_key(self, node: List, element: etree._Element) -> Key:
        """Read ``yang:key``: predicates like [p:name='x'] (RFC 7950, 7.8.6)."""
        text = self._anchor("key", element)
        try:
            return _key_of_predicates(node, text, element)
        except ValueError:
            message = f"{text!r} is no key of {node.name}"
            raise self._bad_attribute("key", element, message) from None

    def _anchor_value(self, node: LeafList, element: etree._Element) -> str:
        """Read ``yang:value`` (RFC 7950, 7.7.9)."""
        text = self._anchor("value", element)
        try:
            return canonical(node.type.parse_in(text, element.nsmap))
        except InvalidValue as reason:
            message = f"yang:value: {reason.message}"
            raise self._bad_attribute("value", element, message) from None

    def _anchor(self, name: str, element: etree._Element) -> str:
        text = element.get(f"{{{YANG}}}{name}")
        if text is None:
            message = f"insert 'before' and 'after' need yang:{name}"
            raise self._bad_attribute(name, element, message, "missing-attribute")
        return text

    def _bad_attribute(
        self, name: str, element: etree._Element, message: str, tag: str = "bad-attribute"
    ) -> RpcError:
        error = self._locate.at(tag, message, element)
        error.info = (("bad-attribute", name), ("bad-element", etree.QName(element).localname))
        return error

    def _missing_anchor(self, name: str, element: etree._Element) -> RpcError:
        """RFC 7950, 15.7: the entry to insert beside does not exist."""
        anchor = quote(str(element.get(f"{{{YANG}}}{name}")))
        message = f"yang:{name} {anchor} names nothing that exists, so nothing can be put beside it"
        error = self._bad_attribute(name, element, message)
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
        found[_local_name(node, name.strip(), element)] = value
    if set(found) != set(node.keys):
        raise ValueError(text)
    return tuple(
        leaf.sort_key(leaf.type.parse_in(found[leaf.name], element.nsmap))
        for leaf in node.key_leafs
    )


def _local_name(node: List, name: str, element: etree._Element) -> str:
    """Return the name of a key without its prefix; ValueError if that is of another module."""
    prefix, colon, local = name.rpartition(":")
    if colon and element.nsmap.get(prefix) != node.module.namespace:
        raise ValueError(name)
    return local
