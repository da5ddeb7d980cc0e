"""From a message to the answer, in whatever thread: nothing here knows the event loop."""

import ctypes
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from server.errors import RpcError, RpcErrors, operation_failed
from server.protocol import rendering
from server.protocol.messages import BadMessage, Rpc, parse_rpc
from server.sessions import NetconfSession
from server.transport.host import Host

_log = logging.getLogger(__name__)

BLOCK = 131_072
"""Octets of a reply that are made ahead of what the client reads."""

_BIG_MESSAGE = 1_000_000
"""Octets of a message after which memory is given back to the system."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to; ``head`` is the start tag of its reply.

    ``rest`` makes the parts that come behind ``parts``, if there are more.
    """

    head: bytes
    parts: Sequence[bytes]
    close: bool = False
    errors: Sequence[RpcError] = ()
    rest: Iterator[bytes] | None = None

    @property
    def failed(self) -> bool:
        """Whether it tells of errors."""
        return bool(self.errors)


@dataclass(frozen=True, slots=True)
class Block:
    """The next parts of a reply that is being sent."""

    parts: Sequence[bytes]
    is_last: bool


def next_block(rest: Iterator[bytes]) -> Block:
    """Return about ``BLOCK`` octets of what an iterator makes."""
    parts: list[bytes] = []
    length = 0
    for part in rest:
        parts.append(part)
        length += len(part)
        if length >= BLOCK:
            return Block(parts, False)
    return Block(parts, True)


def perform(host: Host, session: NetconfSession, rpc: Rpc) -> Answer:
    """Perform a request; whatever goes wrong is an answer too."""
    trail = host.trail
    if trail is None:
        return _perform(host, session, rpc)
    began = perf_counter()
    trail.begin()
    answer = _perform(host, session, rpc)
    trail.performed(session, rpc.operation, answer.errors, perf_counter() - began)
    return answer


def _perform(host: Host, session: NetconfSession, rpc: Rpc) -> Answer:
    try:
        with host.sessions.working(session) as alive:
            if not alive:
                return _failure(rpc, (operation_failed("the session has been ended"),))
            reply = host.service.perform(session, rpc.operation)
            rest = iter(reply.parts)
            block = next_block(rest)
        if reply.close:
            # Before the reply leaves: who sees it may count on the locks being free.
            host.sessions.close(session)
        return Answer(rpc.head, block.parts, reply.close, rest=None if block.is_last else rest)
    except RpcErrors as errors:
        return _failure(rpc, errors.errors)
    except RpcError as error:
        return _failure(rpc, (error,))
    except Exception:
        _log.exception("session %d: performing %s failed", session.id, rpc.operation.tag)
        sentence = "the server failed to perform the operation, its log tells why"
        return _failure(rpc, (operation_failed(sentence),))


def parse_and_perform(host: Host, session: NetconfSession, text: bytes) -> Answer | BadMessage:
    """The same for a message that is not parsed yet."""
    try:
        return perform(host, session, parse_rpc(text, host.limits.xml))
    except BadMessage as bad:
        return bad
    finally:
        # The tree is gone only when the frame above is; what it leaves behind is most of it.
        if len(text) > _BIG_MESSAGE:
            _trim_memory()


def _failure(rpc: Rpc, errors: Sequence[RpcError]) -> Answer:
    return Answer(rpc.head, (rendering.rpc_errors(errors),), errors=errors)


def _trim_memory() -> None:
    """Give freed memory back: without it a tree of 500 MB stays resident for ever (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
