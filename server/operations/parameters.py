"""The parameters of an operation, read leniently in form and strictly in content.

Elements may come in any order, with white space around values, and without a namespace where a
client forgot it (CLIENTS 3.3, rules 11 and 12).
"""

from functools import cache
from typing import Any

from lxml import etree

from server.datastore.datastores import CANDIDATE, RUNNING
from server.errors import (
    RpcError,
    bad_attribute,
    bad_element,
    invalid_value,
    missing_element,
    operation_not_supported,
    unknown_element,
)
from server.namespaces import BASE, DATASTORES, NMDA
from yang.scalars import InvalidValue, ScalarType, quote

NMDA_DATASTORES = (RUNNING, CANDIDATE, "intended", "operational")
_DATASTORES = {tag: name for name in (RUNNING, CANDIDATE) for tag in (name, f"{{{BASE}}}{name}")}


def parameter(request: etree._Element, name: str, namespace: str = BASE) -> etree._Element | None:
    """Return a child of the operation element; refuse it twice."""
    if not len(request):
        return None
    found = None
    full_name = f"{{{namespace}}}{name}"
    for child in request:
        if child.tag == full_name or child.tag == name:
            if found is not None:
                raise bad_element(name, f"<{name}> is given twice")
            found = child
    return found


def refuse_text(holder: etree._Element, instead: str = "") -> None:
    """Raise for text between the parameters, or in a filter: it would be passed over.

    ``instead`` is what to do about it, as the end of a sentence.
    """
    for text in (holder.text, *(child.tail for child in holder)):
        if text and not text.isspace():
            name, shown = etree.QName(holder).localname, quote(text.strip())
            raise bad_element(name, f"<{name}> takes elements, and {shown} is none{instead}")


def refuse_others(request: etree._Element, *names: str, further: tuple[str, ...] = ()) -> None:
    """Raise unknown-element for a parameter that the operation does not have.

    One of another namespace is none of its parameters: to pass over a ``test-option`` that the
    client has misspelt in this way would do what it did not ask for. ``further`` are the tags of
    parameters that another module has added.
    """
    if not len(request):
        return
    taken = _tags(etree.QName(request).namespace or BASE, names)
    for child in request:
        if child.tag in taken or child.tag in further:
            continue
        name = etree.QName(child)
        where = f" of the namespace {name.namespace!r}" if name.localname in names else ""
        raise unknown_element(
            name.localname,
            f"<{etree.QName(request).localname}> has no parameter <{name.localname}>{where}"
            f"{_meant(name.localname, further)}",
        )


@cache
def _tags(namespace: str, names: tuple[str, ...]) -> frozenset[str]:
    """Return how the parameters of an operation may be written."""
    return frozenset({*names, *(f"{{{namespace}}}{name}" for name in names)})


def _meant(name: str, further: tuple[str, ...]) -> str:
    """Return what else has this name, as the end of a sentence: a client forgot its namespace."""
    spaces = [tag.namespace for each in further if (tag := etree.QName(each)).localname == name]
    return f'; did you mean <{name} xmlns="{spaces[0]}">?' if spaces else ""


def word(
    request: etree._Element,
    name: str,
    words: tuple[str, ...],
    default: str,
    namespace: str = BASE,
) -> str:
    """Return a parameter that is one of a few words."""
    element = parameter(request, name, namespace)
    if element is None:
        return default
    given = (element.text or "").strip()
    if given not in words:
        raise _invalid(name, f"<{name}> is {given!r}, but it must be one of {', '.join(words)}")
    return given


def flag(request: etree._Element, name: str) -> bool:
    """Return whether a parameter of the type empty is there."""
    element = parameter(request, name)
    if element is None:
        return False
    if len(element) or (element.text or "").strip():
        raise _invalid(name, f"<{name}/> takes no value")
    return True


def boolean(request: etree._Element, tag: str) -> bool:
    """Return a parameter of the type boolean that another module has added; false if not given."""
    found = [child for child in request if child.tag == tag]
    if not found:
        return False
    name = etree.QName(tag).localname
    text = (found[0].text or "").strip()
    if len(found) > 1:
        raise bad_element(name, f"<{name}> is given twice")
    if text not in ("true", "false"):
        raise _invalid(name, f"<{name}> is {text!r}, but it must be true or false")
    return text == "true"


def value_of(
    request: etree._Element, name: str, kind: ScalarType, namespace: str = BASE
) -> Any | None:
    """Return a parameter of this type, None where it is not given."""
    element = parameter(request, name, namespace)
    if element is None:
        return None
    try:
        return kind.parse(_text_of(element, name))
    except InvalidValue as error:
        raise _invalid(name, f"<{name}>: {error}") from None


def text(request: etree._Element, name: str) -> str | None:
    """Return a parameter of the type string, as it is, white space included."""
    element = parameter(request, name)
    return None if element is None else _text_of(element, name)


def _text_of(element: etree._Element, name: str) -> str:
    if len(element):
        raise bad_element(name, f"<{name}> holds text, no elements")
    return element.text or ""


def _invalid(name: str, message: str) -> RpcError:
    error = invalid_value(message)
    error.info = (("bad-element", name),)
    return error


def datastore(request: etree._Element, name: str, nmda: bool = False) -> str:
    """Return the datastore that ``<source>`` or ``<target>`` names.

    ``nmda``: the operation also takes ``<datastore>`` there (RFC 8526, section 3.2).
    """
    child = only_child(_required(request, name))
    if nmda and child.tag == f"{{{NMDA}}}datastore":
        return editable_datastore(child)
    return datastore_named(child, name)


def only_child(holder: etree._Element) -> etree._Element:
    """Return what ``<source>`` or ``<target>`` holds: one element, neither none nor several."""
    if len(holder) == 1:
        return holder[0]
    name = etree.QName(holder).localname
    if len(holder) == 0:
        raise missing_element(name, f"<{name}> must hold one datastore, such as <candidate/>")
    one, other = (etree.QName(child).localname for child in holder[:2])
    raise bad_element(name, f"<{name}> must hold one datastore, and has <{one}> and <{other}>")


def nmda_datastore(element: etree._Element) -> str:
    """Return the datastore that an identity names (RFC 8342); raises invalid-value."""
    text = (element.text or "").strip()
    prefix, _, name = text.rpartition(":")
    if element.nsmap.get(prefix or None) == DATASTORES and name in NMDA_DATASTORES:
        return name
    known = ", ".join(f"ds:{each}" for each in NMDA_DATASTORES)
    raise invalid_value(
        f'{text!r} is no datastore of this server; there are {known}, where xmlns:ds="{DATASTORES}"'
    )


def editable_datastore(element: etree._Element) -> str:
    """Return the datastore that an identity names, if it can be edited."""
    name = nmda_datastore(element)
    if name not in (RUNNING, CANDIDATE):
        raise invalid_value(f"the {name} datastore cannot be edited, locked or validated")
    return name


def datastore_named(element: etree._Element, parent: str) -> str:
    """Return the datastore that an element like ``<running/>`` names."""
    known = _DATASTORES.get(str(element.tag))
    if known is not None:
        return known
    found = etree.QName(element).localname
    if not _is_of(element, BASE):
        namespace = etree.QName(element).namespace
        raise bad_element(parent, f"<{found}> of the namespace {namespace!r} is no datastore")
    if found == "startup":
        raise operation_not_supported(
            "there is no startup datastore: every commit is kept and restored at the next start"
        )
    if found == "url":
        raise operation_not_supported("<url> is not supported; give the configuration itself")
    raise bad_element(parent, f"<{found}> is no datastore; there are <running/> and <candidate/>")


def _required(request: etree._Element, name: str, namespace: str = BASE) -> etree._Element:
    element = parameter(request, name, namespace)
    if element is None:
        operation = etree.QName(request).localname
        raise missing_element(name, f"<{operation}> needs <{name}>")
    return element


required = _required


def config_of(source: etree._Element) -> etree._Element | None:
    """Return the ``<config>`` that a ``<source>`` holds instead of naming a datastore."""
    child = only_child(source)
    is_config = etree.QName(child).localname == "config" and _is_of(child, BASE)
    return checked_config(child) if is_config else None


def checked_config(config: etree._Element) -> etree._Element:
    """Return the ``<config>``; refuse an edit operation on it, which would not be performed."""
    for attribute in config.attrib:
        if etree.QName(attribute).localname == "operation":
            raise bad_attribute(
                "operation",
                "config",
                "an edit operation belongs on a data node, not on <config>; for all that is in it"
                " give <default-operation>",
            )
    return config


def refuse_url(request: etree._Element, namespace: str = BASE) -> None:
    """Raise for ``<url>``, a capability that is not offered."""
    if parameter(request, "url", namespace) is not None:
        raise operation_not_supported("<url> is not supported; give <config> instead")


def _is_of(element: etree._Element, namespace: str) -> bool:
    """Whether an element is of this namespace, or of none, where a client forgot it."""
    return etree.QName(element).namespace in (namespace, None)
