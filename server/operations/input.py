"""The input of a module's rpc or action: XML -> a dict by YANG names, checked by the schema."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.instance_path import InstancePath
from server.datastore.reading import Reader, anydata_text
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, Inner, Schema


def read_input(
    node: Inner, element: etree._Element, above: Callable[[], InstancePath]
) -> dict[str, Any]:
    """Return the input that the children of the element give, defaults filled in.

    ``above`` gives the path of the operation. Raises RpcError for what the schema does not allow
    and for what is missing.
    """
    reader = Reader(Locator(node, element, above))
    return _inner(reader, node, element)


def read_rpc_input(schema: Schema, request: etree._Element) -> dict[str, Any]:
    """Return the same for an rpc that the modules define."""
    operation = schema.rpcs[str(request.tag)]
    return read_input(operation.input, request, lambda: InstancePath().add(operation))


def _inner(reader: Reader, node: Inner, element: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    reader.refuse_text(element)
    for child_element in element:
        child = _child(reader, node, child_element)
        if child.kind in (LIST, LEAF_LIST):
            values.setdefault(child.name, []).append(_one(reader, child, child_element))
        elif child.name in values:
            raise reader.twice(child_element)
        else:
            values[child.name] = _one(reader, child, child_element)
    _complete(reader, node, values, element)
    return values


def _one(reader: Reader, child: Any, element: etree._Element) -> Any:
    if child.kind in (LEAF, LEAF_LIST):
        return reader.leaf(child, element)
    if child.kind in (CONTAINER, LIST):
        return _inner(reader, child, element)
    return anydata_text(element)


def _child(reader: Reader, node: Inner, element: etree._Element) -> Any:
    child = node.by_tag.get(str(element.tag))
    if child is None:
        raise reader.locator.unknown(element)
    return child


def _complete(reader: Reader, node: Inner, values: dict[str, Any], element: etree._Element) -> None:
    for child in node.children:
        if child.name in values:
            continue
        if child.kind == CONTAINER and not child.presence:  # type: ignore[union-attr]
            below = _inner(reader, child, etree.Element(child.at.tag))  # type: ignore[arg-type]
            if below:
                values[child.name] = below
        elif getattr(child, "default_value", None) is not None:
            values[child.name] = child.default_value  # type: ignore[union-attr]
        elif getattr(child, "mandatory", False):
            error = reader.locator.at("missing-element", f"<{child.name}> must be given", element)
            error.info = (("bad-element", child.name),)
            raise error
