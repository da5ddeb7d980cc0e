"""Rpcs and actions of the modules: found in the schema, performed by the dataplane."""

from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.reading import Reader
from server.errors import RpcError, missing_element, operation_not_supported
from server.operations.engine import Engine
from server.operations.input import read_input
from server.service import OK, Reply
from server.sessions import NetconfSession
from yang.changes import Key
from yang.schema import CONTAINER, LIST, Inner, Operation


def call_rpc(
    engine: Engine, session: NetconfSession, request: etree._Element, operation: Operation
) -> Reply:
    """Perform an rpc of a module."""
    return _perform(engine, operation, (), request)


def call_action(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Perform the action that ``<action>`` holds (RFC 7950, section 7.15.2)."""
    reader = Reader(Locator(engine.schema.root, request))
    operation, keys, element = _find(reader, engine.schema.root, request, ())
    return _perform(engine, operation, keys, element)


def _perform(
    engine: Engine, operation: Operation, keys: tuple[Key, ...], element: etree._Element
) -> Reply:
    call = engine.dataplane.calls.get(operation.at.path)
    if call is None:
        raise operation_not_supported(
            f"{operation.name} is not offered by the dataplane that is in use"
        )
    output = call(keys, read_input(operation.input, element))
    if not operation.output.children:
        return OK
    body = engine.view.output(operation.output, output)
    return Reply((body,)) if body else OK


def _find(
    reader: Reader, node: Inner, holder: etree._Element, keys: tuple[Key, ...]
) -> tuple[Operation, tuple[Key, ...], etree._Element]:
    """Go down to the action: one node on each level, and the keys of each list."""
    for element in holder:
        for action in node.actions:
            if element.tag == action.at.tag:
                return action, keys, element
        child: Any = node.by_tag.get(str(element.tag))
        if child is None:
            raise reader.locator.unknown(element)
        if child.kind == LIST:
            return _find(reader, child, element, (*keys, reader.key(child, element)))
        if child.kind == CONTAINER:
            return _find(reader, child, element, keys)
    raise _no_action()


def _no_action() -> RpcError:
    return missing_element("action", "<action> holds no action that the modules define")
