"""``<get>`` (RFC 6241, section 7.7): running configuration and state."""

from functools import partial

from lxml import etree

from server.datastore.datastores import RUNNING
from server.datastore.manner import Manner
from server.operations.data import reply_with_data
from server.operations.engine import Engine
from server.operations.filters import filter_of
from server.operations.manners import PARAMETER, mode_of
from server.operations.pagination import further, paged
from server.operations.parameters import refuse_others
from server.service import Reply
from server.sessions import NetconfSession


def get(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return the running configuration and the state, filtered."""
    refuse_others(request, "filter", further=(PARAMETER, *further(engine)))
    manner = Manner(mode_of(request))
    wanted = filter_of(engine, request)
    page = paged(engine, session, request, wanted, engine.datastores.root(RUNNING), manner)
    show = partial(engine.view.everything, page.root, sight=page.sight)
    return reply_with_data(wanted.shown(engine, show, page.manner))
