"""``<delete-config>`` (RFC 6241, section 7.4): there is nothing that could be deleted."""

from lxml import etree

from server.errors import operation_not_supported
from server.operations.engine import Engine
from server.operations.parameters import datastore, refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def delete_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Refuse, and say what to do instead."""
    refuse_others(request, "target")
    name = datastore(request, "target")
    hint = (
        "use <discard-changes> to drop its edits"
        if name == "candidate"
        else "use <edit-config> with operation='delete' on what is not wanted"
    )
    raise operation_not_supported(f"the {name} datastore cannot be deleted; {hint}")
