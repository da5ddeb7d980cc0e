"""The filter of a subscription to a stream (RFC 8639, section 2.2), resolved and compiled."""

from typing import Any

from lxml import etree

from server.datastore.datastores import RUNNING
from server.datastore.filter import Filter
from server.errors import RpcError
from server.events.event import Event, tree_of_events
from server.events.matching import passes
from server.events.selecting import selecting
from server.events.subscription import Takes
from server.operations.engine import Engine
from server.operations.subscription_terms import module_names
from server.sessions import NetconfSession
from server.subscriptions.faults import unsupported_filter
from server.subscriptions.terms import SUBTREE, XPATH, StreamTarget, Terms, Wish

FILTERS = "/ietf-subscribed-notifications:filters"


def takes_of(engine: Engine, session: NetconfSession, terms: Terms) -> Takes:
    """Return what lets through the events that the terms ask for; raises Refused."""
    assert isinstance(terms.target, StreamTarget)
    if terms.target.wish is None:
        return _everything
    wish = resolved(engine, session, terms.target.wish, f"{FILTERS}/stream-filter", "stream")
    if wish.kind == XPATH:
        try:
            return selecting(
                engine.schema, wish.text, wish.namespaces, engine.evaluation_limits, any_value=True
            )
        except RpcError as error:
            raise unsupported_filter(error.message) from None
    tree = tree_of_events(engine.schema)
    wanted = Filter.compile(tree, element_of(wish))
    return lambda event: passes(tree, {event.notification.name: event.content}, wanted)


def element_of(wish: Wish) -> etree._Element:
    """Return a subtree filter as an element that holds it."""
    return etree.fromstring(f"<filter>{wish.text}</filter>")


def resolved(engine: Engine, session: NetconfSession, wish: Wish, path: str, prefix: str) -> Wish:
    """Return the filter that a name stands for; one that may not be read is not there."""
    if not wish.name:
        return wish
    node: Any = engine.schema.by_path[path]
    held = engine.datastores.root(RUNNING)[node.at.parent.at.slot][node.at.slot]
    key = (node.key_leafs[0].sort_key(wish.name),)
    sight = engine.access.sight(session)
    entry = held.get(key)
    if entry is None or (sight is not None and not sight.shows(node, (key,))):
        raise unsupported_filter(f"there is no {node.name} {wish.name!r} in the configuration")
    subtree, xpath = (
        entry[node.by_name[f"{prefix}-{kind}-filter"].at.slot] for kind in (SUBTREE, XPATH)
    )
    if xpath is not None:
        return Wish(XPATH, xpath, module_names(engine), wish.name)
    return Wish(SUBTREE, subtree or "", name=wish.name)


def _everything(event: Event) -> bool:
    return True
