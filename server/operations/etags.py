"""Etags in requests and replies (draft-ietf-netconf-transaction-id), where its module is there.

A request without any etag is performed as if there were none.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from lxml import etree

from server.datastore.datastores import CANDIDATE
from server.datastore.expected import Expected, refuse_mismatches
from server.datastore.manner import Manner
from server.datastore.tagging import DECLARATION, Tagging
from server.datastore.txids import Txid
from server.namespaces import ETAG, TXID, TXID_MODULE
from server.operations.engine import Engine
from server.operations.parameters import boolean
from server.service import OK, Reply
from server.sessions import NetconfSession

CAPABILITIES = (
    # The draft's text has the first, its registration the second (sections 4.1 and 8).
    "urn:ietf:params:netconf:capability:txid:etag:1.0",
    "urn:ietf:params:netconf:capability:txid:1.0",
)
WITH_ETAG = f"{{{TXID_MODULE}}}with-etag"

_has_etag = etree.XPath("boolean(descendant-or-self::*/@t:etag)", namespaces={"t": TXID})


class Source(NamedTuple):
    """What a request reads: a configuration, how to show it, and the start tag around it."""

    root: Any
    manner: Manner
    opening: bytes
    is_match: bool = False
    """Whether the client knows it all."""


def is_offered(engine: Engine) -> bool:
    """Tell whether the module is in the set."""
    return TXID_MODULE in engine.schema.module_of_namespace


def has_etags(request: etree._Element) -> bool:
    """Tell whether any element of a request has an etag."""
    return bool(_has_etag(request))


def source_of(
    engine: Engine,
    session: NetconfSession,
    request: etree._Element,
    name: str,
    manner: Manner,
    opening: bytes,
) -> Source:
    """Return what a request reads of a configuration datastore; ``opening`` is that of ``data``.

    What is to be evaluated as XPath is shown with etags, and nothing is left out of it.
    """
    if not (is_offered(engine) and has_etags(request)):
        return Source(engine.datastores.root(name, session), manner, opening)
    etags = engine.datastores.etags
    held = engine.datastores.root(CANDIDATE, session)
    txids = etags.candidate(held) if name == CANDIDATE else etags.running()
    tagging = Tagging(txids, etags.is_current, _of_all(request))
    top = tagging.top()
    if tagging.etag is not None:
        mark = f"{DECLARATION}{top.attribute}{'/' if top.is_match else ''}>"
        opening = opening[:-1] + mark.encode()
    return Source(txids.root, replace(manner, tagging=tagging), opening, top.is_match)


def _of_all(request: etree._Element) -> str | None:
    """Return the etag on the operation or its filter, which is that of the datastore."""
    filters = [e for e in request if etree.QName(e).localname.endswith("filter")]
    given = (each.get(ETAG) for each in [request, *filters])
    return next((str(each) for each in given if each is not None), None)


# ---- changes


def expecting(
    engine: Engine, target: str, note: list[Expected]
) -> Callable[[list[Expected]], None] | None:
    """Return what takes the etags of an edit: those of running are checked at once.

    Those of the candidate are put into ``note``, and checked when it is committed (section 3.7).
    """
    if not is_offered(engine):
        return None
    if target == CANDIDATE:
        return note.extend
    return lambda found: refuse_mismatches(engine.datastores.etags, found)


def done(engine: Engine, session: NetconfSession, request: etree._Element, target: str) -> Reply:
    """Return ``<ok/>``, with the etag of the datastore where it is asked for.

    Inside ``changing``, so that it is that of this change.
    """
    if not (is_offered(engine) and boolean(request, WITH_ETAG)):
        return OK
    etag = _held(engine, session, target).etag
    return Reply((f'<ok{DECLARATION} txid:etag="{etag}"/>'.encode(),))


def further(engine: Engine) -> tuple[str, ...]:
    """Return the tags of the parameters that the module adds to what changes a datastore."""
    return (WITH_ETAG,) if is_offered(engine) else ()


def _held(engine: Engine, session: NetconfSession, target: str) -> Txid:
    etags = engine.datastores.etags
    if target == CANDIDATE:
        return etags.newest_of_candidate(engine.datastores.root(CANDIDATE, session))
    return etags.newest
