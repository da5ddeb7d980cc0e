"""``<get-config>`` (RFC 6241, section 7.1)."""

from lxml import etree

from server.datastore.filter import Filter
from server.operations.data import reply_with_data
from server.operations.engine import Engine
from server.operations.parameters import datastore, filter_element, refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def get_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the configuration of a datastore, filtered."""
    refuse_others(request, "source", "filter")
    root = engine.datastores.root(datastore(request, "source"))
    wanted = filter_element(request)
    compiled = None if wanted is None else Filter.compile(engine.schema.root, wanted)
    return reply_with_data(engine.view.configuration(root, compiled))
