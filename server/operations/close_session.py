"""``<close-session>`` (RFC 6241, section 7.8)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.parameters import refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession


def close_session(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Answer, then end the session; what it held is released when it ends."""
    refuse_others(request)
    return Reply(OK.parts, close=True)
