"""``<kill-session>`` (RFC 6241, section 7.9)."""

from lxml import etree

from server.errors import RpcError, invalid_value
from server.operations.engine import Engine
from server.operations.parameters import refuse_others, required
from server.service import OK, Reply
from server.sessions import NetconfSession

_MAX_DIGITS = len("4294967295")
"""Of a session-id (RFC 6241, appendix C); Python refuses to read numbers of thousands."""


def kill_session(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """End another session and release what it held."""
    refuse_others(request, "session-id")
    text = (required(request, "session-id").text or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise _bad(f"{text[:40]!r} is no session-id")
    wanted = int(text)
    if wanted == session.id:
        raise _bad("this is your own session; use <close-session> to end it")
    if not engine.sessions.kill(wanted, session):
        raise _bad(f"there is no session {wanted}")
    return OK


def _bad(message: str) -> RpcError:
    error = invalid_value(message)
    error.info = (("bad-element", "session-id"),)
    return error
