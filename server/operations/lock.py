"""``<lock>`` (RFC 6241, section 7.5)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import datastore, refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession


def lock(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Lock a datastore for this session."""
    refuse_others(request, "target")
    engine.datastores.lock(datastore(request, "target", nmda=True), session)
    return OK
