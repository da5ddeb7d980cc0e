"""``<partial-lock>`` and ``<partial-unlock>`` (RFC 5717, sections 2.4.1 and 2.4.2)."""

from functools import partial
from typing import Any

from lxml import etree

from server.datastore.expected import place_of_element
from server.datastore.faults import Locator
from server.datastore.partial_locks import LockedNode
from server.datastore.reading import Reader
from server.datastore.way import Way
from server.errors import (
    RpcError,
    invalid_value,
    missing_element,
    operation_failed,
    resource_denied,
)
from server.operations.engine import Engine
from server.operations.input import read_rpc_input
from server.operations.parameters import refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession
from server.xpath.evaluation import NoNodes, selected
from server.xpath.parser import BadXPath, parse
from server.xpath.selection import reach
from yang.scalars import InstancePath, canonical
from yang.schema import LEAF_LIST, LIST

CAPABILITY = "urn:ietf:params:netconf:capability:partial-lock:1.0"
LEAST_VISITS = 1000
"""Visits of nodes that take as long as reading and preparing an expression, however small."""


def partial_lock(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Lock what the expressions select of running, as far as the session may read it."""
    refuse_others(request, "select")
    selects = [each for each in request if etree.QName(each).localname == "select"]
    if not selects:
        raise missing_element("select", "<partial-lock> needs <select> with an XPath")
    select = partial(_selected, engine, session, selects)
    texts = [(each.text or "").strip() for each in selects]
    lock = engine.datastores.lock_part(session, texts, select)
    told = {
        "lock-id": lock.id,
        "locked-node": [InstancePath(each.identifier) for each in lock.nodes],
    }
    output = engine.schema.rpcs[str(request.tag)].output
    return Reply((engine.view.output(output, told),))


def partial_unlock(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Release a partial lock of the session."""
    wanted = read_rpc_input(engine.schema, request).get("lock-id")
    if wanted is None:
        raise missing_element("lock-id", "<partial-unlock> needs the <lock-id> of a lock")
    engine.datastores.unlock_part(session, wanted)
    return OK


def _selected(
    engine: Engine, session: NetconfSession, selects: list[etree._Element], root: Any
) -> list[LockedNode]:
    found: dict[LockedNode, None] = {}
    spent, limit = 0.0, engine.evaluation_limits.visits
    for each in selects:
        nodes, visits = _nodes(engine, session, each, root)
        found.update(dict.fromkeys(nodes))
        spent += max(visits, LEAST_VISITS)
        if spent > limit:
            raise resource_denied(
                f"the expressions of one <partial-lock> could visit more than {limit:,} nodes;"
                " select what is around them, or lock them by several requests"
            )
    if not found:
        error = operation_failed("the expressions select nothing of running that you may read")
        error.app_tag = "no-matches"
        raise error
    return list(found)


def _nodes(
    engine: Engine, session: NetconfSession, select: etree._Element, root: Any
) -> tuple[list[LockedNode], float]:
    schema, namespaces = engine.schema, dict(select.nsmap)
    try:
        expression = parse(select.text or "", namespaces)
        wanted = reach(schema.root, expression)
        sight = engine.access.sight(session)
        read = partial(engine.view.configuration, root, wanted, sight=sight)
        limits = engine.evaluation_limits
        tree, elements, visits = selected(schema, expression, namespaces, read, limits)
    except BadXPath as error:
        raise _refused(f"<select> is no XPath: {error}", "invalid-lock-specification") from None
    except NoNodes as error:
        raise _refused(f"<select> must select data nodes, but {error}", "not-a-node-set") from None
    # Before each is looked at: that takes much longer than to select it.
    engine.datastores.partial_locks.refuse_too_many(len(elements))
    reader = Reader(Locator(schema.root, tree))
    return [_locked(engine, reader, each, tree) for each in elements], visits


def _locked(
    engine: Engine, reader: Reader, element: etree._Element, tree: etree._Element
) -> LockedNode:
    line, keys = place_of_element(engine.schema.root, reader, element, tree)
    texts: list[tuple[str, ...]] = []
    above = [element, *element.iterancestors()]
    for node, each in zip(line, reversed(above[: len(line)]), strict=True):
        if node.kind == LIST:
            inside = {child.tag: child for child in each}
            held = (reader.leaf(leaf, inside[leaf.at.tag]) for leaf in node.key_leafs)  # type: ignore[union-attr]
            texts.append(tuple(canonical(value) for value in held))
    way = Way(tuple(line), keys, tuple(texts))
    last = line[-1]
    value = canonical(reader.leaf(last, element)) if last.kind == LEAF_LIST else None
    return LockedNode(way, value)


def _refused(message: str, app_tag: str) -> RpcError:
    error = invalid_value(message)
    error.app_tag, error.info = app_tag, (("bad-element", "select"),)
    return error
