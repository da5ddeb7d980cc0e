"""``<get-schema>`` (RFC 6022, section 3.1)."""

from lxml import etree

from server.datastore.to_xml import encoded, escaped
from server.errors import RpcError, invalid_value, missing_element, operation_failed
from server.namespaces import MONITORING
from server.operations.engine import Engine
from server.operations.parameters import parameter, refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def get_schema(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the source text of a module or submodule."""
    refuse_others(request, "identifier", "version", "format")
    name = _text(request, "identifier")
    if not name:
        raise missing_element("identifier", "<get-schema> needs <identifier>, a module's name")
    version = _text(request, "version")
    if _text(request, "format").rpartition(":")[2] not in ("", "yang"):
        raise invalid_value("schemas are offered in the format yang only")
    source = engine.library.source(name, version)
    if source is None:
        raise _absent(engine, name, version)
    text = escaped(source)
    return Reply((b'<data xmlns="%s">' % MONITORING.encode(), encoded(text), b"</data>"))


def _text(request: etree._Element, name: str) -> str:
    element = parameter(request, name, MONITORING)
    return "" if element is None else (element.text or "").strip()


def _absent(engine: Engine, name: str, version: str) -> RpcError:
    """RFC 6022 asks for invalid-value where no schema matches."""
    revisions = [rev for each, rev, _ in engine.library.sources() if each == name]
    if not revisions:
        return invalid_value(f"there is no module {name!r} here; see /netconf-state/schemas")
    if version and version not in revisions:
        there = ", ".join(revisions)
        return invalid_value(f"{name} is not here in the revision {version!r}, but in {there}")
    return operation_failed(f"the source of {name} is not on this server's disk")
