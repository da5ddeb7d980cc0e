"""What a transport needs of the server: somebody who performs requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from server.sessions import NetconfSession


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers.

    ``parts`` are the children of ``<rpc-reply>``, in one or more pieces cut anywhere: ASCII XML
    with its own namespace declarations. An iterator is asked for more while the first pieces are
    sent already, in any thread, but never for more than the client reads; what can fail has to
    fail before. ``close`` ends the session once the reply has gone out.
    """

    parts: Iterable[bytes]
    close: bool = False


OK = Reply((b"<ok/>",))


class Service(Protocol):
    """Performs requests; one for all sessions and all transports."""

    capabilities: tuple[str, ...]
    """Capability URIs of our hello; base:1.0 and base:1.1 are there anyway."""

    def is_quick(self, session: NetconfSession, request: etree._Element) -> bool:
        """Whether performing takes well under a millisecond and never waits for anything.

        Such requests run on the event loop, all others in a worker thread.
        """
        ...

    def perform(self, session: NetconfSession, request: etree._Element) -> Reply:
        """Do what the operation element asks for; raises RpcError or RpcErrors. Any thread."""
        ...
