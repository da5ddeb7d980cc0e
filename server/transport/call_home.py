"""Calling home (RFC 8071): we open the TCP connection, and then are the server on it as ever.

The law: each client of the settings has one connection, or an attempt at one is under way or
timed; attempts that come to nothing are made ever less often, up to the limit.
"""

import asyncio
import logging
import random
import socket
from collections.abc import Awaitable, Callable

from server.call_home_settings import CallHomeSettings, Endpoint
from server.settings import Limits
from server.transport.listening import why_not

_log = logging.getLogger(__name__)

Serve = Callable[[socket.socket], Awaitable[bool]]
"""Serves a connection until it ends; True when a client was let in on it."""


class Backoff:
    """How long to wait before the next attempt, in seconds."""

    def __init__(self, limits: Limits, chance: Callable[[], float] = random.random) -> None:
        """``chance`` gives numbers from 0 to 1: gateways that lost a controller together must
        not all come back together."""
        self._least = self._next = limits.call_home_retry_min
        self._most = max(limits.call_home_retry_max, self._least)
        self._chance = chance

    def reset(self) -> None:
        """An attempt came to something."""
        self._next = self._least

    def delay(self) -> float:
        """From half of what is due to all of it; the next time twice as much is due."""
        due = self._next
        self._next = min(2 * due, self._most)
        return due * (1.0 - self._chance() / 2)


class CallHome:
    """Keeps the connections to the clients of the settings; ``start`` begins."""

    place = ""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, client: CallHomeSettings, serve: Serve) -> None:
        """Call this client until ``close``."""
        self._tasks.append(asyncio.ensure_future(self._keep(client, serve)))

    async def close(self) -> None:
        """Call nobody any more; whoever serves a connection ends it."""
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, client: CallHomeSettings, serve: Serve) -> None:
        backoff = Backoff(self._limits)
        while True:
            # From the first endpoint again each time: the others are for when it is away.
            for endpoint in client.endpoints:
                if await self._call(client, endpoint, serve):
                    backoff.reset()
                    break
            delay = backoff.delay()
            _log.info("call home to %s: the next attempt is in %.1f s", client.name, delay)
            await asyncio.sleep(delay)

    async def _call(self, client: CallHomeSettings, endpoint: Endpoint, serve: Serve) -> bool:
        """Connect and serve until it ends; tell whether a client was let in."""
        try:
            end = await _dial(endpoint, self._limits.call_home_connect_timeout)
        except TimeoutError:
            seconds = self._limits.call_home_connect_timeout
            _log.warning("call home to %s: no answer of %s in %g s", client.name, endpoint, seconds)
            return False
        except OSError as error:
            _log.warning("call home to %s: %s: %s", client.name, endpoint, why_not(error))
            return False
        _log.info("call home to %s: connected with %s", client.name, endpoint)
        try:
            return await serve(end)
        except Exception:
            _log.exception("call home to %s: a fault ended the connection", client.name)
            return False


async def _dial(endpoint: Endpoint, patience: float) -> socket.socket:
    """Open a TCP connection; raises OSError, TimeoutError among them."""
    loop = asyncio.get_running_loop()
    refusal = OSError("the name has no address")
    async with asyncio.timeout(patience):
        found = await loop.getaddrinfo(endpoint.address, endpoint.port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in found:
            end = socket.socket(family, kind, protocol)
            end.setblocking(False)
            try:
                await loop.sock_connect(end, place)
                return end
            except OSError as error:
                end.close()
                refusal = error
            except BaseException:
                end.close()
                raise
    raise refusal
