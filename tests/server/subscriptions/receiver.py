"""A receiver of push-change-update: its copy of a configuration, and yang-patches applied to it.

The law: it knows RFC 8072 and the schema, and shares nothing with the code that makes patches: an
edit is done as an ``<edit-config>``.
"""

import re
from functools import partial
from typing import Any
from urllib.parse import unquote

from lxml import etree

from server.datastore.edit import applied
from server.namespaces import BASE, YANG
from yang.schema import Schema

_OPERATION, _INSERT, _KEY, _VALUE = (
    f"{{{BASE}}}operation",
    *(f"{{{YANG}}}{name}" for name in ("insert", "key", "value")),
)
_PREFIX = re.compile(r"\b([A-Za-z_][\w.-]*):")
_DONE_AS = {
    "create": "create",
    "delete": "delete",
    "replace": "replace",
    "insert": "create",
    "move": "merge",
}


class Receiver:
    """Somebody's copy."""

    def __init__(self, schema: Schema, root: Any) -> None:
        self._schema = schema
        self._names = {module.name: module.namespace for module in schema.modules.values()}
        self.root = root

    def apply(self, edits: bytes) -> None:
        """Apply the ``<edit>`` elements of a patch, one after another."""
        for edit in etree.fromstring(b"<patch>" + edits + b"</patch>"):
            config = etree.Element("config", nsmap=self._names)
            self._build(config, edit)
            self.root = applied(self._schema, self.root, config, "merge")

    def _build(self, config: etree._Element, edit: etree._Element) -> None:
        told = {etree.QName(each).localname: each for each in edit}
        *above, last = str(told["target"].text).split("/")[1:]
        node: Any = self._schema.root
        element = config
        for step in above:
            node, element = self._down(node, element, step)
        if "value" in told:
            (value,) = told["value"]
            self._rename(value)
            element.append(value)
            node, element = self._child(node, last.partition("=")[0]), value
            assert value.tag == node.at.tag
        else:
            node, element = self._down(node, element, last)
        element.set(_OPERATION, _DONE_AS[str(told["operation"].text)])
        if "where" in told:
            element.set(_INSERT, str(told["where"].text))
            if "point" in told:
                self._point(element, node, str(told["point"].text).rpartition("/")[2])

    def _rename(self, value: etree._Element) -> None:
        """Give names in texts the prefixes of this document: lxml drops what declares others."""
        for each in value.iter(etree.Element):
            if each.text:
                each.text = _PREFIX.sub(partial(self._renamed, each.nsmap), each.text)

    def _renamed(self, prefixes: Any, found: re.Match[str]) -> str:
        namespace = prefixes.get(found[1])
        known = (name for name, each in self._names.items() if each == namespace)
        return f"{next(known, found[1])}:"

    def _down(self, node: Any, element: etree._Element, step: str) -> tuple[Any, etree._Element]:
        name, _, keys = step.partition("=")
        child = self._child(node, name)
        below = etree.SubElement(element, child.at.tag)
        if hasattr(child, "key_leafs"):
            for leaf, text in zip(child.key_leafs, keys.split(","), strict=True):
                etree.SubElement(below, leaf.at.tag).text = unquote(text)
        elif keys:
            below.text = unquote(keys)
        return child, below

    def _child(self, node: Any, name: str) -> Any:
        module, _, local = name.rpartition(":")
        namespace = self._names[module or node.module.name]
        return node.by_tag[f"{{{namespace}}}{local}"]

    def _point(self, element: etree._Element, node: Any, step: str) -> None:
        texts = [unquote(text) for text in step.partition("=")[2].split(",")]
        if hasattr(node, "key_leafs"):
            pairs = zip(node.key_leafs, texts, strict=True)
            predicates = (f"[{leaf.module.name}:{leaf.name}='{text}']" for leaf, text in pairs)
            element.set(_KEY, "".join(predicates))
        else:
            element.set(_VALUE, texts[0])
