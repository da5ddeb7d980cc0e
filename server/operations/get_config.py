"""``<get-config>`` (RFC 6241, section 7.1)."""

from functools import partial

from lxml import etree

from server.datastore.manner import Manner
from server.operations.data import OPEN, reply_with_data
from server.operations.engine import Engine
from server.operations.etags import source_of
from server.operations.filters import filter_of
from server.operations.manners import PARAMETER, mode_of
from server.operations.pagination import further, paged
from server.operations.parameters import datastore, refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def get_config(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the configuration of a datastore, filtered."""
    refuse_others(request, "source", "filter", further=(PARAMETER, *further(engine)))
    name = datastore(request, "source")
    wanted = filter_of(engine, request)
    source = source_of(engine, session, request, name, Manner(mode_of(request)), OPEN)
    if source.is_match:
        return Reply((source.opening,))
    page = paged(engine, session, request, wanted, source.root, source.manner)
    show = partial(engine.view.configuration, page.root, sight=page.sight)
    return reply_with_data(wanted.shown(engine, show, page.manner), source.opening)
