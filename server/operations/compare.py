"""``<compare>`` of the module netconf-commit-history: what leads from one commit to another."""

from lxml import etree

from server.datastore.edit_document import EditWriter
from server.datastore.to_xml import encoded
from server.namespaces import HISTORY
from server.operations.engine import Engine
from server.operations.input import read_rpc_input
from server.service import Reply
from server.sessions import NetconfSession


def compare(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the edit between two configurations of the past."""
    wanted = read_rpc_input(engine.schema, request)
    old, new = engine.datastores.history.pair(wanted["from"], wanted.get("to"))
    old, new = (engine.access.seen(session, root) for root in (old, new))
    edit = EditWriter(engine.schema).edit(old, new)
    return Reply((b'<config xmlns="%b">' % HISTORY.encode(), encoded(edit), b"</config>"))
