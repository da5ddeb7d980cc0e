"""``<validate>`` (RFC 6241, section 8.6.4.1)."""

from lxml import etree

from server.datastore.datastores import CANDIDATE, RUNNING
from server.datastore.edit import read_configuration
from server.operations.engine import Engine
from server.operations.parameters import (
    config_of,
    datastore,
    refuse_others,
    refuse_url,
    required,
)
from server.service import OK, Reply
from server.sessions import NetconfSession


def validate(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Judge a datastore or the configuration given, and tell everything that is wrong."""
    refuse_others(request, "source")
    source = required(request, "source")
    refuse_url(source)
    config = config_of(source)
    if config is not None:
        root = read_configuration(engine.schema, engine.datastores.root(RUNNING), config)
    else:
        name = datastore(request, "source", nmda=True)
        # What is judged is what a commit would make running.
        is_candidate = name == CANDIDATE
        stores = engine.datastores
        root = stores.to_commit(session) if is_candidate else stores.root(name)
    engine.datastores.validate(root)
    return OK
