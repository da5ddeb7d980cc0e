"""``<get-config>`` (RFC 6241, section 7.1)."""

from functools import partial

from lxml import etree

from server.datastore.manner import Manner
from server.operations.data import reply_with_data
from server.operations.engine import Engine
from server.operations.filters import filter_of
from server.operations.manners import PARAMETER, mode_of
from server.operations.parameters import datastore, refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def get_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the configuration of a datastore, filtered."""
    refuse_others(request, "source", "filter", further=(PARAMETER,))
    root = engine.datastores.root(datastore(request, "source"))
    manner = Manner(mode_of(request))
    wanted = filter_of(engine, request)
    show = partial(engine.view.configuration, root, sight=engine.access.sight(session))
    return reply_with_data(wanted.shown(engine, show, manner))
