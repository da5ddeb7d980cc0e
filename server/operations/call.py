"""Rpcs and actions of the modules: found in the schema, performed by the dataplane."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.instance_path import InstancePath
from server.datastore.reading import Reader
from server.errors import RpcError, missing_element, operation_not_supported
from server.operations.engine import Engine
from server.operations.input import read_input
from server.service import OK, Reply
from server.sessions import NetconfSession
from yang.changes import Key
from yang.schema import CONTAINER, LIST, Inner, List, Operation


def call_rpc(
    engine: Engine, session: NetconfSession, request: etree._Element, operation: Operation
) -> Reply:
    """Perform an rpc of a module."""
    return _perform(engine, operation, (), request, lambda: InstancePath().add(operation))


def call_action(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Perform the action that ``<action>`` holds (RFC 7950, section 7.15.2)."""
    locator = Locator(engine.schema.root, request)
    operation, keys, element = _find(Reader(locator), engine.schema.root, request, ())
    engine.access.admit_action(session, operation, keys)

    def path() -> InstancePath:
        parent = element.getparent()
        assert parent is not None
        return locator.path(parent).add(operation)

    return _perform(engine, operation, keys, element, path)


def _perform(
    engine: Engine,
    operation: Operation,
    keys: tuple[Key, ...],
    element: etree._Element,
    path: Callable[[], InstancePath],
) -> Reply:
    call = engine.dataplane.calls.get(operation.at.path)
    if call is None:
        raise operation_not_supported(
            f"{operation.name} is not offered by the dataplane that is in use"
        )
    values = read_input(operation.input, element, path)
    with _located(path):
        output = call(keys, values)
    if not operation.output.children:
        return OK
    body = engine.view.output(operation.output, output)
    return Reply((body,)) if body else OK


@contextmanager
def _located(path: Callable[[], InstancePath]) -> Iterator[None]:
    """Say which operation failed: the dataplane does not know of paths."""
    try:
        yield
    except RpcError as error:
        if error.path is None:
            found = path()
            error.path, error.namespaces = found.text, found.namespaces
        raise


def _find(
    reader: Reader, node: Inner, holder: etree._Element, keys: tuple[Key, ...]
) -> tuple[Operation, tuple[Key, ...], etree._Element]:
    """Go down to the action: one node on each level, and the keys of each list."""
    element = _only_step(reader, node, holder)
    for action in node.actions:
        if element.tag == action.at.tag:
            return action, keys, element
    child: Any = node.by_tag.get(str(element.tag))
    if child is None:
        raise reader.locator.unknown(element)
    reader.refuse_text(element)
    if child.kind == LIST:
        return _find(reader, child, element, (*keys, reader.key(child, element)))
    if child.kind == CONTAINER:
        return _find(reader, child, element, keys)
    raise _no_action()


def _only_step(reader: Reader, node: Inner, holder: etree._Element) -> etree._Element:
    """Return the one element that leads on; several are bad-element (RFC 7950, 7.15.2)."""
    key_tags = {leaf.at.tag for leaf in node.key_leafs} if isinstance(node, List) else set()
    steps = [child for child in holder if child.tag not in key_tags]
    if not steps:
        raise _no_action()
    if len(steps) > 1:
        one, other = (etree.QName(step).localname for step in steps[:2])
        message = f"one action is invoked by one <rpc>, and <{one}> and <{other}> are two nodes"
        error = reader.locator.at("bad-element", message, holder)
        error.info = (("bad-element", other),)
        raise error
    return steps[0]


def _no_action() -> RpcError:
    return missing_element("action", "<action> holds no action that the modules define")
