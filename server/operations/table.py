"""Every operation that can be asked for, and the service that performs them."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from server.datastore.candidates import CAPABILITY
from server.datastore.filter import Filter
from server.datastore.merge import Resolution
from server.errors import RpcError, RpcErrors, operation_not_supported
from server.namespaces import (
    BASE,
    COMPARE,
    HISTORY,
    MONITORING,
    NMDA,
    NOTIFICATION,
    PARTIAL_LOCK,
    PRIVATE_CANDIDATE,
    PUSH,
    SUBSCRIBED,
    YANG,
)
from server.operations import etags, habits, manners
from server.operations.call import call_action, call_rpc
from server.operations.cancel_commit import cancel_commit
from server.operations.close_session import close_session
from server.operations.commit import commit
from server.operations.compare import compare
from server.operations.compare_datastores import compare_datastores
from server.operations.copy_config import copy_config
from server.operations.create_subscription import create_subscription
from server.operations.delete_config import delete_config
from server.operations.delete_subscription import delete_subscription
from server.operations.discard_changes import discard_changes
from server.operations.edit_config import edit_config
from server.operations.edit_data import edit_data
from server.operations.engine import Engine
from server.operations.establish_subscription import establish_subscription
from server.operations.filters import filter_of
from server.operations.get import get
from server.operations.get_config import get_config
from server.operations.get_data import CAPABILITY as OPERATIONAL_DEFAULTS
from server.operations.get_data import OPERATIONAL, datastore_of, get_data, wanted_of
from server.operations.get_schema import get_schema
from server.operations.kill_session import kill_session
from server.operations.kill_subscription import kill_subscription
from server.operations.lock import lock
from server.operations.modify_subscription import modify_subscription
from server.operations.parameters import parameter, refuse_text
from server.operations.partial_lock import CAPABILITY as PARTIAL_LOCKS
from server.operations.partial_lock import partial_lock, partial_unlock
from server.operations.resync_subscription import resync_subscription
from server.operations.rollback import rollback
from server.operations.unlock import unlock
from server.operations.update import update
from server.operations.validate import validate
from server.service import Reply
from server.sessions import NetconfSession
from yang.schema import Container, Inner, List

_log = logging.getLogger(__name__)

Perform = Callable[[Engine, NetconfSession, etree._Element], Reply]

CAPABILITIES = (
    "urn:ietf:params:netconf:capability:candidate:1.0",
    # Old clients know version 1.0 only, which 1.1 includes (RFC 6241, section 8.4.1).
    "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
    "urn:ietf:params:netconf:capability:confirmed-commit:1.1",
    "urn:ietf:params:netconf:capability:writable-running:1.0",
    "urn:ietf:params:netconf:capability:rollback-on-error:1.0",
    "urn:ietf:params:netconf:capability:validate:1.1",
    "urn:ietf:params:netconf:capability:xpath:1.0",
    manners.CAPABILITY,
)

PRIVATE_CANDIDATES = (
    f"{CAPABILITY}?supported-resolution-modes={','.join(Resolution)}"
    f"&default-resolution-mode={Resolution.REVERT}"
)

EVENT_CAPABILITIES = (
    "urn:ietf:params:netconf:capability:notification:1.0",
    "urn:ietf:params:netconf:capability:interleave:1.0",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An operation.

    ``quick``: it takes well under a millisecond and waits for nothing. ``of_module``: it is there
    only where its module is in the set.
    """

    perform: Perform
    quick: bool = True
    of_module: bool = False


ACTION = f"{{{YANG}}}action"

OPERATIONS: Mapping[str, Offer] = {
    f"{{{BASE}}}cancel-commit": Offer(cancel_commit, quick=False),
    f"{{{BASE}}}close-session": Offer(close_session),
    f"{{{BASE}}}commit": Offer(commit, quick=False),
    f"{{{BASE}}}copy-config": Offer(copy_config, quick=False),
    f"{{{BASE}}}delete-config": Offer(delete_config),
    f"{{{BASE}}}discard-changes": Offer(discard_changes),
    f"{{{BASE}}}edit-config": Offer(edit_config),
    f"{{{BASE}}}get": Offer(get),
    f"{{{BASE}}}get-config": Offer(get_config),
    f"{{{BASE}}}kill-session": Offer(kill_session),
    f"{{{BASE}}}lock": Offer(lock),
    f"{{{BASE}}}unlock": Offer(unlock),
    f"{{{BASE}}}validate": Offer(validate, quick=False),
    f"{{{COMPARE}}}compare": Offer(compare_datastores, quick=False, of_module=True),
    f"{{{HISTORY}}}compare": Offer(compare, quick=False, of_module=True),
    f"{{{HISTORY}}}rollback": Offer(rollback, quick=False, of_module=True),
    f"{{{MONITORING}}}get-schema": Offer(get_schema),
    f"{{{NMDA}}}edit-data": Offer(edit_data, quick=False, of_module=True),
    f"{{{NMDA}}}get-data": Offer(get_data, of_module=True),
    f"{{{NOTIFICATION}}}create-subscription": Offer(create_subscription, of_module=True),
    f"{{{SUBSCRIBED}}}delete-subscription": Offer(delete_subscription, of_module=True),
    f"{{{SUBSCRIBED}}}establish-subscription": Offer(
        establish_subscription, quick=False, of_module=True
    ),
    f"{{{SUBSCRIBED}}}kill-subscription": Offer(kill_subscription, of_module=True),
    f"{{{SUBSCRIBED}}}modify-subscription": Offer(modify_subscription, quick=False, of_module=True),
    f"{{{PUSH}}}resync-subscription": Offer(resync_subscription, quick=False, of_module=True),
    f"{{{PARTIAL_LOCK}}}partial-lock": Offer(partial_lock, quick=False, of_module=True),
    f"{{{PARTIAL_LOCK}}}partial-unlock": Offer(partial_unlock, of_module=True),
    f"{{{PRIVATE_CANDIDATE}}}update": Offer(update, quick=False, of_module=True),
    ACTION: Offer(call_action, quick=False),
}

GET, GET_CONFIG = f"{{{BASE}}}get", f"{{{BASE}}}get-config"
GET_DATA = f"{{{NMDA}}}get-data"
ENDS = frozenset({f"{{{BASE}}}close-session", f"{{{BASE}}}kill-session"})
READS = frozenset({GET, GET_CONFIG, GET_DATA})


class Operations:
    """The service behind every transport."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        has_nmda = GET_DATA in engine.schema.rpcs
        optional: tuple[str, ...] = (OPERATIONAL_DEFAULTS,) if has_nmda else ()
        if etags.is_offered(engine):
            optional = (*optional, *etags.CAPABILITIES)
        if f"{{{PARTIAL_LOCK}}}partial-lock" in engine.schema.rpcs:
            optional = (*optional, PARTIAL_LOCKS)
        if engine.datastores.candidates.are_offered:
            optional = (*optional, PRIVATE_CANDIDATES)
        if engine.events.is_offered:
            optional = (*optional, *EVENT_CAPABILITIES)
        self.capabilities = (*CAPABILITIES, *optional, *engine.library.capabilities())

    def is_quick(self, session: NetconfSession, request: etree._Element) -> bool:
        """Tell whether the request may run on the event loop."""
        tag = _tag(request)
        offer = OPERATIONS.get(tag)
        if offer is None or not offer.quick:
            return False
        datastores = self._engine.datastores
        if tag in ENDS and datastores.is_confirmation_awaited:
            return False  # the end of that session is a commit too
        try:
            if tag in READS:
                return self._engine.access.sees_quickly(session) and self._reads_little(
                    request, tag
                )
            return not datastores.is_busy() and not _edits_running(request, tag)
        except RpcError:
            return True  # It cannot be performed, and that is told at once.

    def perform(self, session: NetconfSession, request: etree._Element) -> Reply:
        """Do what the operation element asks for; raises RpcError or RpcErrors."""
        habits.put_right(request)
        try:
            return self._performed(session, request, _tag(request))
        except (RpcError, RpcErrors) as failure:
            errors = failure.errors if isinstance(failure, RpcErrors) else (failure,)
            veiled = self._engine.access.veil(session, errors)
            if veiled is None:
                raise
            _log.info("session %d: errors at nodes that it may not see: %s", session.id, failure)
            raise veiled from None

    def _performed(self, session: NetconfSession, request: etree._Element, tag: str) -> Reply:
        offer = OPERATIONS.get(tag)
        operation = self._engine.schema.rpcs.get(tag)
        is_offered = offer is not None and (operation is not None or not offer.of_module)
        if (is_offered or operation is not None) and tag != ACTION:
            self._engine.access.admit(session, tag)
        if offer is not None and is_offered:
            refuse_text(request)
            return offer.perform(self._engine, session, request)
        if operation is not None:
            return call_rpc(self._engine, session, request, operation)
        name = etree.QName(request)
        raise operation_not_supported(
            f"there is no operation <{name.localname}> in the namespace {name.namespace!r}"
        )

    def _reads_little(self, request: etree._Element, tag: str) -> bool:
        """A read is quick if its filter names entries by key, and asks nobody for state."""
        engine = self._engine
        found = (wanted_of if tag == GET_DATA else filter_of)(engine, request)
        wanted = found.filter
        if wanted is None or found.xpath is not None:
            return False
        shows_state = tag == GET or (tag == GET_DATA and datastore_of(request) == OPERATIONAL)
        if shows_state and engine.view.asks_state(wanted):
            return False
        # The first etag that is asked for takes reading the journal.
        return _names_entries(engine.schema.root, wanted) and not etags.has_etags(request)


def _names_entries(node: Inner, wanted: Filter) -> bool:
    if wanted.is_selection:
        return False
    inner = (child for child in node.children if isinstance(child, List | Container))
    return all(_is_little(child, wanted.child(child)) for child in inner)


def _is_little(child: List | Container, wanted: Filter | None) -> bool:
    if wanted is None:
        return True
    if isinstance(child, List):
        keys = [each.key(child) for each in wanted.alternatives]
        return bool(keys) and None not in keys
    named = [_names_entries(child, each) for each in wanted.alternatives]
    return bool(named) and all(named)


def _edits_running(request: etree._Element, tag: str) -> bool:
    """An edit of running is a commit, which may wait for the disk and the dataplane."""
    target = parameter(request, "target")
    return (
        tag == f"{{{BASE}}}edit-config"
        and target is not None
        and any(etree.QName(child).localname == "running" for child in target)
    )


def _tag(request: etree._Element) -> str:
    """An operation without a namespace is one of the base (CLIENTS 3.3, rule 11)."""
    tag = str(request.tag)
    return tag if tag.startswith("{") else f"{{{BASE}}}{tag}"
