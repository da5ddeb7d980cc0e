"""``<unlock>`` (RFC 6241, section 7.6)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import datastore, refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession


def unlock(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Unlock a datastore that this session has locked."""
    refuse_others(request, "target")
    engine.datastores.unlock(datastore(request, "target", nmda=True), session)
    return OK
