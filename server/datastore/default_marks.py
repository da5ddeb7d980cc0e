"""The attribute ``wd:default`` in what a client sends (RFC 6243, section 4.5.2).

A leaf that carries it is sent as default data: it must have the value that the schema gives, and
is then not set, or no longer. What a server shows tagged can so be sent back as it is.
"""

from lxml import etree

from server.datastore.defaults import default_of
from server.datastore.faults import Locator
from server.errors import RpcError
from server.namespaces import DEFAULT_ATTRIBUTE
from yang.scalars import Value, canonical
from yang.schema import LEAF, LEAF_LIST, DataNode

MARK = f"{{{DEFAULT_ATTRIBUTE}}}default"
_WORDS = {"true": True, "1": True, "false": False, "0": False}


def is_marked(locate: Locator, node: DataNode, element: etree._Element) -> bool:
    """Tell whether an element is marked as default data."""
    text = element.get(MARK)
    if text is None:
        return False
    if node.kind not in (LEAF, LEAF_LIST):
        raise _bad_mark(locate, element, f"{node.name} has no value that could be a default")
    found = _WORDS.get(text.strip())
    if found is None:
        raise _bad_mark(locate, element, f"the attribute default is {text!r}, not true or false")
    return found


def refuse_operation(
    locate: Locator, node: DataNode, element: etree._Element, operation: str
) -> None:
    """Raise invalid-value where an operation cannot be done on default data."""
    if operation not in ("create", "merge", "replace"):
        raise locate.at(
            "invalid-value",
            f"{node.name} is marked as default data and has the operation {operation!r};"
            " it can be create, merge or replace",
            element,
        )


def refuse_unless_default(
    locate: Locator, node: DataNode, element: etree._Element, value: Value
) -> None:
    """Raise invalid-value where what is marked is not what the schema gives."""
    default = default_of(node)
    defaults = default if isinstance(default, tuple) else () if default is None else (default,)
    texts = [canonical(each) for each in defaults]
    text = canonical(value)
    if text not in texts:
        rule = f"its default is {', '.join(texts)}" if texts else "it has no default"
        raise locate.at(
            "invalid-value",
            f"{node.name} is marked as default data and is {text!r}, but {rule}",
            element,
        )


def _bad_mark(locate: Locator, element: etree._Element, message: str) -> RpcError:
    error = locate.at("bad-attribute", message, element)
    name = etree.QName(element).localname
    error.info = (("bad-attribute", "default"), ("bad-element", name))
    return error
