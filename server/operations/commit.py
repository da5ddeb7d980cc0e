"""``<commit>`` (RFC 6241, sections 8.3.4.1 and 8.4.5.1)."""

from lxml import etree

from server.datastore.confirmed import DEFAULT_TIMEOUT, Request
from server.datastore.datastores import CANDIDATE, PLAIN_COMMIT, RUNNING
from server.errors import missing_element
from server.namespaces import BASE, HISTORY
from server.operations.engine import Engine
from server.operations.etags import done, further
from server.operations.parameters import flag, parameter, refuse_others, text, value_of
from server.service import Reply
from server.sessions import NetconfSession
from yang.scalars import Integer
from yang.schema import Leaf

TIMEOUT = Integer("uint32", ((1, (1 << 32) - 1),))
COMMENT = f"{{{HISTORY}}}comment"


def commit(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Make the candidate running: validated, in the dataplane and durable, or not at all."""
    comment = _comment_leaf(engine)
    others = (() if comment is None else (COMMENT,)) + further(engine)
    names = ("confirmed", "confirm-timeout", "persist", "persist-id")
    refuse_others(request, *names, further=others)
    said = "" if comment is None else value_of(request, "comment", comment.type, HISTORY) or ""
    with engine.datastores.changing(CANDIDATE, session):
        running = engine.datastores.root(RUNNING)
        engine.access.admit_commit(session, running, engine.datastores.to_commit(session))
        engine.datastores.commit(session, _request(request), str(said))
        return done(engine, session, request, RUNNING)


def _comment_leaf(engine: Engine) -> Leaf | None:
    """Return the parameter that the history's module adds, where it is in the set."""
    operation = engine.schema.rpcs.get(f"{{{BASE}}}commit")
    found = None if operation is None else operation.input.by_tag.get(COMMENT)
    return found if isinstance(found, Leaf) else None


def _request(request: etree._Element) -> Request:
    if not len(request):
        return PLAIN_COMMIT
    confirmed = flag(request, "confirmed")
    for name in ("confirm-timeout", "persist"):
        # To ignore them would make a commit for good of what was meant to be tried.
        if not confirmed and parameter(request, name) is not None:
            raise missing_element(
                "confirmed", f"<{name}> is of a confirmed commit only: give <confirmed/> too"
            )
    timeout = value_of(request, "confirm-timeout", TIMEOUT)
    return Request(
        confirmed,
        DEFAULT_TIMEOUT if timeout is None else timeout,
        text(request, "persist"),
        text(request, "persist-id"),
    )
