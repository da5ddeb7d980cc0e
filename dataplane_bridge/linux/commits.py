"""Whose tables the commits of nftables rulesets were about, by the generation of each.

Theory of operation: the kernel numbers commits, and tells of each what it changed, and then its
number. A gateway's firewall may change several times a second; to read our table back after each
would cost more than all else, so commits that name no table of ours are passed over.

The law: a commit counts as somebody else's own affair only if every message of it was heard.
"""

from dataplane_bridge.linux.netlink import attributes, spans
from dataplane_bridge.linux.nfnetlink import GENERATION_GROUP, generation_of, is_new_generation
from dataplane_bridge.linux.ruleset import TABLE
from dataplane_bridge.linux.sockets import drained, netfilter_socket

_NAME = TABLE.encode() + b"\0"
_GENERIC_HEADER = 4  # struct nfgenmsg
MOST_HEARD = 100_000
"""Datagrams that are heard at once; the socket's buffer holds fewer."""
MOST_KEPT = 10_000
"""Commits of others that are remembered; of older ones it is not known whose they were."""


class Commits:
    """Hears of the commits of this network namespace."""

    def __init__(self) -> None:
        self._socket = netfilter_socket(GENERATION_GROUP)
        self._others: set[int] = set()
        # Until the first number is heard, the begin of a commit may have been missed.
        self._is_of_others = False

    def close(self) -> None:
        """Hear no more."""
        self._socket.close()

    def disturbing(self, after: int, until: int) -> int:
        """Return how many of the commits after one, and until another one, may be about our table.

        Those until then are forgotten.
        """
        self._hear()
        others = sum(after < each <= until for each in self._others)
        self._others = {each for each in self._others if each > until}
        return until - after - others

    def _hear(self) -> None:
        for _, data in drained([self._socket], MOST_HEARD):
            self._take(data)

    def _take(self, data: bytes) -> None:
        if not data:  # messages were lost
            self._is_of_others = False
            return
        for kind, begin, end in spans(data):
            if is_new_generation(kind):
                if self._is_of_others:
                    self._others.add(generation_of(data[begin:end])[0])
                self._is_of_others = True
            elif self._is_of_others:
                table = _table_of(data[begin:end])
                self._is_of_others = table is not None and table != _NAME
        if len(self._others) > MOST_KEPT:
            self._others.clear()


def _table_of(body: bytes) -> bytes | None:
    """Return the table that a message is about: its first attribute, whatever its kind."""
    for kind, data in attributes(body[_GENERIC_HEADER:]):
        return data if kind == 1 else None
    return None
