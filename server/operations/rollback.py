"""``<rollback>`` of the module netconf-commit-history: the candidate becomes what a commit left."""

from lxml import etree

from server.datastore.datastores import CANDIDATE
from server.operations.engine import Engine
from server.operations.input import read_rpc_input
from server.service import OK, Reply
from server.sessions import NetconfSession


def rollback(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Edit the candidate, nothing more: running changes when it is committed."""
    wanted = read_rpc_input(engine.schema, request)
    root = engine.datastores.history.configuration(wanted["to"])
    with engine.datastores.changing(CANDIDATE, session):
        engine.access.admit_change(session, engine.datastores.root(CANDIDATE, session), root)
        engine.datastores.set_candidate(root, session, is_new=True)
    return OK
