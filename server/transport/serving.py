"""Runs the transports until a signal ends the server."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, Protocol

from server.audit.trail import Trail
from server.service import Service
from server.sessions import Sessions
from server.settings import Settings
from server.transport.call_home import CallHome
from server.transport.host import Host
from server.transport.ssh import SshServer
from server.transport.tls import TlsServer
from server.transport.unix import UnixServer

_log = logging.getLogger(__name__)


OnReady = Callable[[Sequence[str]], None]


def _nothing() -> None:
    """There are no files to open anew."""


class Transport(Protocol):
    """What brings sessions."""

    place: str
    """The transport and where it listens, for the log; empty when it does not."""

    async def close(self) -> None:
        """Take nobody more, and end the sessions."""
        ...


def serve(
    settings: Settings,
    service: Service,
    sessions: Sessions,
    on_ready: OnReady,
    trail: Trail | None = None,
    reopen: Callable[[], None] = _nothing,
) -> None:
    """Serve until SIGTERM or SIGINT; ``on_ready`` gets the places. Raises SettingsError.

    ``reopen`` is called at SIGHUP: files that were moved away are to be opened anew.
    """
    host = Host(service, sessions, settings.limits, trail)
    _run(_serve(settings, host, on_ready, reopen))


async def _serve(
    settings: Settings, host: Host, on_ready: OnReady, reopen: Callable[[], None]
) -> None:
    transports: list[Transport] = []
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        async for each in _started(settings, host):
            transports.append(each)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, reopen)
        on_ready([each.place for each in transports if each.place])
        await stop.wait()
        _log.info("stopping")
    finally:
        await asyncio.gather(*(each.close() for each in transports))
        await loop.run_in_executor(None, host.close)


async def _started(settings: Settings, host: Host) -> AsyncIterator[Transport]:
    """Start the transports that the settings ask for; raises SettingsError."""
    if settings.unix.path is not None:
        yield await UnixServer.listen(settings, host)
    servers: dict[str, SshServer | TlsServer] = {}
    if settings.tls.certificate is not None:
        servers["tls"] = tls = TlsServer(settings, host)
        if settings.tls.listen:
            tls.listen()
        yield tls
    if settings.ssh.listen:
        servers["ssh"] = await SshServer.listen(settings, host)
        yield servers["ssh"]
    elif any(each.transport == "ssh" for each in settings.call_home):
        servers["ssh"] = SshServer(settings, host)
        yield servers["ssh"]
    calls = CallHome(settings.limits)
    for client in settings.call_home:
        calls.start(client, servers[client.transport].serve)
    yield calls


def _run(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where it is installed: it takes a third off the cost of a request."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)
