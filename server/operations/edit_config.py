"""``<edit-config>`` (RFC 6241, section 7.2).

An edit is all or nothing whatever error-option says. The candidate may hold what is not valid
yet: it is judged by ``<validate>`` and ``<commit>`` (RFC 7950, section 8.3.3).
"""

from typing import Any

from lxml import etree

from server.datastore.conditions import settled
from server.datastore.datastores import CANDIDATE
from server.datastore.edit import applied
from server.datastore.expected import Expected
from server.operations.engine import Engine
from server.operations.etags import done, expecting, further
from server.operations.parameters import (
    checked_config,
    datastore,
    refuse_others,
    refuse_url,
    required,
    word,
)
from server.service import Reply
from server.sessions import NetconfSession

DEFAULT_OPERATIONS = ("merge", "replace", "none")
TEST_OPTIONS = ("test-then-set", "set", "test-only")
ERROR_OPTIONS = ("stop-on-error", "continue-on-error", "rollback-on-error")


def edit_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Edit a datastore; an edit of running is a commit of its own."""
    refuse_others(
        request,
        *("target", "default-operation", "test-option", "error-option", "config", "url"),
        further=further(engine),
    )
    target = datastore(request, "target")
    default_operation = word(request, "default-operation", DEFAULT_OPERATIONS, "merge")
    test_option = word(request, "test-option", TEST_OPTIONS, "test-then-set")
    word(request, "error-option", ERROR_OPTIONS, "stop-on-error")
    refuse_url(request)
    config = checked_config(required(request, "config"))
    with engine.datastores.changing(target, session):
        after, expected = edited(engine, session, target, config, default_operation)
        if test_option == "test-only":
            is_candidate = target == CANDIDATE
            engine.datastores.validate(
                engine.datastores.to_commit(session, after) if is_candidate else after
            )
        else:
            put(engine, session, target, after, "edit-config")
            engine.datastores.expect(session, expected)
        return done(engine, session, request, target)


def edited(
    engine: Engine,
    session: NetconfSession,
    target: str,
    config: etree._Element,
    default_operation: str,
) -> tuple[Any, list[Expected]]:
    """Return the root of a datastore after an edit that the session may make.

    And what its etags expect of running once it is committed.
    """
    before = engine.datastores.root(target, session)
    expected: list[Expected] = []
    expects = expecting(engine, target, expected)
    made = applied(engine.schema, before, config, default_operation, expects)
    engine.access.admit_change(session, before, made)
    # What goes because of a when needs no right (RFC 8341, section 3.2.3).
    return settled(engine.schema, before, made, config), expected


def put(engine: Engine, session: NetconfSession, target: str, root: Any, operation: str) -> None:
    """Make an edited configuration that of a datastore (inside ``changing``)."""
    if target == CANDIDATE:
        engine.datastores.set_candidate(root, session)
    else:
        engine.datastores.replace_running(root, session, operation)
