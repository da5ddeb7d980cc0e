"""``<commit>`` (RFC 6241, section 8.3.4.1)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession


def commit(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Make the candidate running: validated, in the dataplane and durable, or not at all."""
    refuse_others(request)
    engine.datastores.commit(session)
    return OK
