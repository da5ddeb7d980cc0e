"""The confirmed commit as a state machine (RFC 6241, section 8.4).

The law: nothing here acts. ``admit_*`` tell whether the state allows a request, by raising;
``after_*`` give the state that follows what was done or what happened. Time (seconds of a clock
that only goes forward) and identities are parameters.

    Idle --commit confirmed--> Waiting --commit--> Idle
                               | ^  commit confirmed: a new deadline, the same ``before``
                               | +
                               +--cancel-commit, once rolled back--> Idle
                               +--deadline, lost session, restart--> Reverting --rolled back--> Idle
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from server.errors import RpcError, in_use, invalid_value, lock_denied, operation_failed

DEFAULT_TIMEOUT = 600
"""Seconds that a confirmed commit waits unless it says otherwise (RFC 6241, 8.4.1)."""

RETRY_SECONDS = 5.0
"""Seconds from a roll-back that failed to the next attempt."""

Before = TypeVar("Before")
"""What a roll-back returns to."""


class Event(StrEnum):
    """What became of a confirmed commit, in the words of RFC 6470 (netconf-confirmed-commit)."""

    START = "start"
    CANCEL = "cancel"
    TIMEOUT = "timeout"
    EXTEND = "extend"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who issued a confirmed commit; ``session`` is 0 when that session has ended."""

    session: int
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a ``<commit>`` asks for."""

    confirmed: bool = False
    timeout: int = DEFAULT_TIMEOUT
    persist: str | None = field(default=None, repr=False)
    persist_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Idle:
    """No confirmed commit waits."""


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Before]):
    """A confirmed commit waits for its confirmation; ``token`` is its ``<persist>``."""

    owner: Owner
    token: str | None = field(repr=False)
    deadline: float
    before: Before


@dataclass(frozen=True, slots=True)
class Reverting(Generic[Before]):
    """It was not confirmed: running goes back to ``before``, if need be after some attempts."""

    owner: Owner
    before: Before
    cause: Event
    next_attempt: float
    failure: str = ""
    """Why the last attempt failed."""


State: TypeAlias = Idle | Waiting[Before] | Reverting[Before]
IDLE = Idle()

# ---- what the state allows


def admit_commit(state: State[Before], session: int, request: Request) -> None:
    """Raise unless this session may commit so (RFC 6241, 8.4.1)."""
    match state:
        case Idle():
            if request.persist_id is not None:
                raise _no_such_id("no confirmed commit waits for a confirmation")
        case Waiting(owner, token):
            _identify(owner, token, session, request.persist_id)
        case Reverting():
            raise in_use(_reverting(state))


def admit_cancel(state: State[Before], session: int, persist_id: str | None) -> None:
    """Raise unless this session may cancel the confirmed commit (RFC 6241, 8.4.4.1).

    While it is being rolled back anyway anybody may ask for it, and is told why it fails.
    """
    match state:
        case Idle():
            if persist_id is not None:
                raise _no_such_id("no confirmed commit waits for a confirmation")
            raise operation_failed("there is no confirmed commit that could be cancelled")
        case Waiting(owner, token):
            if persist_id is not None or owner.session != session:
                _identify(owner, token, session, persist_id)


def admit_edit(state: State[Before], session: int) -> None:
    """Raise unless this session may change running directly: a roll-back would undo it."""
    match state:
        case Waiting(owner, token):
            if token is not None or owner.session != session:
                raise in_use(
                    f"a confirmed commit of {owner.name} waits for its confirmation, and rolling "
                    "it back would undo this change too; wait until it is confirmed or cancelled"
                )
        case Reverting():
            raise in_use(_reverting(state))


def admit_lock(state: State[Before], session: int) -> None:
    """Raise unless this session may lock running (RFC 6241, 7.5)."""
    if isinstance(state, Waiting) and state.owner.session != session:
        raise lock_denied(
            state.owner.session,
            f"a confirmed commit of {state.owner.name} waits for its confirmation",
        )
    if isinstance(state, Reverting):
        raise lock_denied(0, _reverting(state))


def _identify(owner: Owner, token: str | None, session: int, persist_id: str | None) -> None:
    if persist_id is not None and persist_id != token:
        raise _no_such_id(f"it is not the <persist> of the confirmed commit of {owner.name}")
    if persist_id is None and token is not None:
        raise in_use(
            f"a confirmed commit of {owner.name} waits for its confirmation; "
            "give its <persist> as <persist-id>"
        )
    if token is None and owner.session != session:
        raise in_use(
            f"a confirmed commit of {owner.name} waits for its confirmation, "
            "which only that session can give"
        )


def _no_such_id(reason: str) -> RpcError:
    """RFC 6241, 8.4.4.1 and the module's text: an id that does not match is invalid-value."""
    error = invalid_value(f"<persist-id> fits nothing: {reason}; nothing was done")
    error.info = (("bad-element", "persist-id"),)
    return error


def _reverting(state: Reverting[Before]) -> str:
    said = f"the confirmed commit of {state.owner.name} is being rolled back"
    if not state.failure:
        return said
    return f"{said}; the last attempt failed and is repeated: {state.failure}"


# ---- what follows


def after_commit(
    state: State[Before], owner: Owner, request: Request, before: Before, now: float
) -> State[Before]:
    """Return the state once the commit is done; ``before`` is what running was before it.

    A further confirmed commit keeps the first ``before``. Without ``<persist>`` it keeps the
    token too: clients cannot give ``<persist>`` and ``<persist-id>`` in one request.
    """
    if not request.confirmed:
        return IDLE
    token = request.persist
    if isinstance(state, Waiting):
        before = state.before
        token = state.token if token is None else token
    return Waiting(owner, token, now + request.timeout, before)


def event_of_commit(state: State[Before], request: Request) -> Event | None:
    """Return what a commit means for the confirmed commit that there is, or that it begins."""
    if isinstance(state, Waiting):
        return Event.EXTEND if request.confirmed else Event.COMPLETE
    return Event.START if request.confirmed else None


def after_session(state: State[Before], session: int, now: float) -> State[Before]:
    """Return the state once a session has ended (RFC 6241, 7.8, 7.9 and 8.4.1)."""
    if not isinstance(state, Waiting) or state.owner.session != session:
        return state
    if state.token is None:
        return Reverting(state.owner, state.before, Event.CANCEL, now)
    return replace(state, owner=Owner(0, state.owner.name))


def after_time(state: State[Before], now: float) -> State[Before]:
    """Return the state at this time."""
    if isinstance(state, Waiting) and now >= state.deadline:
        return Reverting(state.owner, state.before, Event.TIMEOUT, now)
    return state


def after_restart(state: Waiting[Before], same_boot: bool, now: float) -> State[Before]:
    """Return the state in which a server starts that finds a confirmed commit in its store.

    Its session is gone. With ``<persist>`` the timer goes on, unless the machine itself was
    restarted: then the configuration before must be restored (RFC 6241, 8.4.1).
    """
    orphan = replace(state, owner=Owner(0, state.owner.name))
    if state.token is None or not same_boot:
        return Reverting(orphan.owner, state.before, Event.CANCEL, now)
    return after_time(orphan, now)


def after_failure(state: Reverting[Before], reason: str, now: float) -> Reverting[Before]:
    """Return the state once an attempt to roll back has failed."""
    return replace(state, failure=reason, next_attempt=now + RETRY_SECONDS)


def is_due(state: State[Before], now: float) -> bool:
    """Tell whether it is time to roll back."""
    return isinstance(state, Reverting) and now >= state.next_attempt


def next_time(state: State[Before]) -> float | None:
    """Return when something is to be done."""
    match state:
        case Waiting():
            return state.deadline
        case Reverting():
            return state.next_attempt
    return None
