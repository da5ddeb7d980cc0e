"""``<cancel-commit>`` (RFC 6241, section 8.4.4.1)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import refuse_others, text
from server.service import OK, Reply
from server.sessions import NetconfSession


def cancel_commit(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return to what was running before the confirmed commit."""
    refuse_others(request, "persist-id")
    engine.datastores.cancel_commit(session, text(request, "persist-id"))
    return OK
