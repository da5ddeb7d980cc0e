"""The parameters of an operation, read leniently in form and strictly in content.

Elements may come in any order, with white space around values, and without a namespace where a
client forgot it (CLIENTS 3.3, rules 11 and 12).
"""

from lxml import etree

from server.datastore.datastores import CANDIDATE, RUNNING
from server.errors import (
    RpcError,
    bad_element,
    invalid_value,
    missing_element,
    operation_not_supported,
    unknown_element,
)
from server.namespaces import BASE


def parameter(request: etree._Element, name: str, namespace: str = BASE) -> etree._Element | None:
    """Return a child of the operation element; refuse it twice."""
    found = [child for child in request if child.tag in (f"{{{namespace}}}{name}", name)]
    if len(found) > 1:
        raise bad_element(name, f"<{name}> is given twice")
    return found[0] if found else None


def refuse_others(request: etree._Element, *names: str) -> None:
    """Raise unknown-element for a parameter that the operation does not have."""
    for child in request:
        if isinstance(child.tag, str) and etree.QName(child).localname not in names:
            name = etree.QName(child).localname
            operation = etree.QName(request).localname
            raise unknown_element(name, f"<{operation}> has no parameter <{name}>")


def word(request: etree._Element, name: str, words: tuple[str, ...], default: str) -> str:
    """Return a parameter that is one of a few words."""
    element = parameter(request, name)
    if element is None:
        return default
    text = (element.text or "").strip()
    if text not in words:
        error = invalid_value(f"<{name}> is {text!r}, but it must be one of {', '.join(words)}")
        error.info = (("bad-element", name),)
        raise error
    return text


def datastore(request: etree._Element, name: str) -> str:
    """Return the datastore that ``<source>`` or ``<target>`` names."""
    holder = _required(request, name)
    children = [child for child in holder if isinstance(child.tag, str)]
    if len(children) != 1:
        raise missing_element(name, f"<{name}> must hold one datastore, such as <candidate/>")
    return datastore_named(children[0], name)


def datastore_named(element: etree._Element, parent: str) -> str:
    """Return the datastore that an element like ``<running/>`` names."""
    found = etree.QName(element).localname
    if found in (RUNNING, CANDIDATE):
        return found
    if found == "startup":
        raise operation_not_supported(
            "there is no startup datastore: every commit is kept and restored at the next start"
        )
    if found == "url":
        raise operation_not_supported("<url> is not supported; give the configuration itself")
    raise bad_element(parent, f"<{found}> is no datastore; there are <running/> and <candidate/>")


def _required(request: etree._Element, name: str) -> etree._Element:
    element = parameter(request, name)
    if element is None:
        operation = etree.QName(request).localname
        raise missing_element(name, f"<{operation}> needs <{name}>")
    return element


required = _required


def config_of(request: etree._Element) -> etree._Element | None:
    """Return ``<config>`` below the element, if it is there."""
    return parameter(request, "config")


def refuse_url(request: etree._Element) -> None:
    """Raise for ``<url>``, a capability that is not offered."""
    if parameter(request, "url") is not None:
        raise operation_not_supported("<url> is not supported; give <config> instead")


def filter_element(request: etree._Element) -> etree._Element | None:
    """Return the subtree filter of a request; refuse other kinds."""
    element = parameter(request, "filter")
    if element is None:
        return None
    kind = element.get("type") or element.get(f"{{{BASE}}}type") or "subtree"
    if kind.strip() != "subtree":
        raise _bad_filter(kind)
    return element


def _bad_filter(kind: str) -> RpcError:
    return RpcError(
        "bad-attribute",
        f"a filter of the type {kind!r} is not offered; use a subtree filter",
        kind="protocol",
        info=(("bad-attribute", "type"), ("bad-element", "filter")),
    )
