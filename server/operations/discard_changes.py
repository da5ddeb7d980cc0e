"""``<discard-changes>`` (RFC 6241, section 8.3.4.2)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession


def discard_changes(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Make the candidate what running is."""
    refuse_others(request)
    engine.datastores.discard(session)
    return OK
