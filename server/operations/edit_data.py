"""``<edit-data>`` (RFC 8526, section 3.1.2): an ``<edit-config>`` that is all or nothing by law."""

from lxml import etree

from server.errors import missing_element
from server.namespaces import NMDA
from server.operations.edit_config import DEFAULT_OPERATIONS, edited, put
from server.operations.engine import Engine
from server.operations.etags import done, further
from server.operations.parameters import (
    checked_config,
    editable_datastore,
    parameter,
    refuse_others,
    refuse_url,
    word,
)
from server.service import Reply
from server.sessions import NetconfSession


def edit_data(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Edit a datastore; an edit of running is a commit of its own."""
    refuse_others(
        request, "datastore", "default-operation", "config", "url", further=further(engine)
    )
    target = editable_datastore(_needed(request, "datastore"))
    default_operation = word(request, "default-operation", DEFAULT_OPERATIONS, "merge", NMDA)
    refuse_url(request, NMDA)
    config = checked_config(_needed(request, "config"))
    with engine.datastores.changing(target, session):
        after, expected = edited(engine, session, target, config, default_operation)
        put(engine, session, target, after, "edit-data")
        engine.datastores.expect(session, expected)
        return done(engine, session, request, target)


def _needed(request: etree._Element, name: str) -> etree._Element:
    element = parameter(request, name, NMDA)
    if element is None:
        raise missing_element(name, f"<edit-data> needs <{name}>")
    return element
