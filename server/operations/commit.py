"""``<commit>`` (RFC 6241, sections 8.3.4.1 and 8.4.5.1)."""

from lxml import etree

from server.datastore.confirmed import DEFAULT_TIMEOUT, Request
from server.errors import missing_element
from server.operations.engine import Engine
from server.operations.parameters import flag, number, parameter, refuse_others, text
from server.service import OK, Reply
from server.sessions import NetconfSession
from yang.scalars import Integer

TIMEOUT = Integer("uint32", ((1, (1 << 32) - 1),))


def commit(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Make the candidate running: validated, in the dataplane and durable, or not at all."""
    refuse_others(request, "confirmed", "confirm-timeout", "persist", "persist-id")
    engine.datastores.commit(session, _request(request))
    return OK


def _request(request: etree._Element) -> Request:
    confirmed = flag(request, "confirmed")
    for name in ("confirm-timeout", "persist"):
        # To ignore them would make a commit for good of what was meant to be tried.
        if not confirmed and parameter(request, name) is not None:
            raise missing_element(
                "confirmed", f"<{name}> is of a confirmed commit only: give <confirmed/> too"
            )
    return Request(
        confirmed,
        number(request, "confirm-timeout", TIMEOUT, DEFAULT_TIMEOUT),
        text(request, "persist"),
        text(request, "persist-id"),
    )
