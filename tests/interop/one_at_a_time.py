"""A TLS socket that one thread at a time uses.

netconf-client reads in one thread and writes in another one with the same TLS object, which Python
before 3.13 does not guard: now and then its session ends with "EOF occurred in violation of
protocol". That is the client's; what is tested here is the server.
"""

import select
import ssl
import threading
from typing import Any, Self


class OneAtATime(ssl.SSLSocket):
    """Waits for what comes without the lock, and reads and writes with it."""

    guard: threading.Lock

    def __new__(cls, *arguments: Any, **more: Any) -> Self:
        # The module ssl makes such objects without __init__.
        made = super().__new__(cls, *arguments, **more)
        made.guard = threading.Lock()
        return made

    def recv(self, *arguments: Any) -> bytes:
        """Return what comes, once something does."""
        with self.guard:
            is_there = self.pending() > 0
        if not is_there:
            select.select([self], [], [])
        with self.guard:
            return super().recv(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """Send all of it."""
        with self.guard:
            super().sendall(*arguments)
