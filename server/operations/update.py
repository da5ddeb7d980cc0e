"""``<update>`` of a private candidate (draft-ietf-netconf-privcand)."""

from lxml import etree

from server.datastore.merge import Resolution
from server.operations.engine import Engine
from server.operations.input import read_rpc_input
from server.service import OK, Reply
from server.sessions import NetconfSession


def update(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Make the edits of the candidate on running as it is now."""
    wanted = read_rpc_input(engine.schema, request)
    engine.datastores.update(session, Resolution(wanted["resolution-mode"]))
    return OK
