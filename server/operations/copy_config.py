"""``<copy-config>`` (RFC 6241, section 7.3)."""

from typing import Any

from lxml import etree

from server.datastore.datastores import CANDIDATE
from server.datastore.defaults import Mode, filled, trimmed
from server.datastore.edit import read_configuration
from server.errors import RpcError
from server.operations.engine import Engine
from server.operations.manners import PARAMETER, mode_of
from server.operations.parameters import (
    config_of,
    datastore,
    refuse_others,
    refuse_url,
    required,
)
from server.service import OK, Reply
from server.sessions import NetconfSession


def copy_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Replace a datastore with another, or with the configuration given."""
    refuse_others(request, "target", "source", further=(PARAMETER,))
    mode = mode_of(request)
    target = datastore(request, "target")
    with engine.datastores.changing(target, session):
        root = _in_mode(engine, _source(engine, session, request, target), mode)
        engine.access.admit_change(session, engine.datastores.root(target, session), root)
        if target == CANDIDATE:
            engine.datastores.set_candidate(root, session, is_new=True)
        else:
            engine.datastores.replace_running(root, session, "copy-config")
    return OK


def _in_mode(engine: Engine, root: Any, mode: Mode) -> Any:
    """Return what a copy holds whose source was read in this mode (RFC 6243, section 4.5.1).

    What comes tagged is default data in the copy too.
    """
    if mode is Mode.REPORT_ALL:
        return filled(engine.schema, root)
    return trimmed(engine.schema, root) if mode is Mode.TRIM else root


def _source(engine: Engine, session: NetconfSession, request: etree._Element, target: str) -> Any:
    source = required(request, "source")
    refuse_url(source)
    config = config_of(source)
    if config is not None:
        return read_configuration(engine.schema, engine.datastores.root(target, session), config)
    name = datastore(request, "source")
    if name == target:
        raise RpcError("invalid-value", f"source and target are both {name}", kind="protocol")
    stores = engine.datastores
    # The candidate may have left running long ago: a copy is no way to undo what came since.
    found = stores.to_commit(session) if name == CANDIDATE else stores.root(name)
    return engine.access.copied(session, found, stores.root(target, session))
