"""Runs the transports until a signal ends the server."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from server.service import Service
from server.sessions import Sessions
from server.settings import Settings
from server.transport.host import Host
from server.transport.ssh import SshServer

_log = logging.getLogger(__name__)


def serve(
    settings: Settings,
    service: Service,
    sessions: Sessions,
    on_ready: Callable[[int], None],
) -> None:
    """Listen until SIGTERM or SIGINT; ``on_ready`` gets the port. Raises SettingsError."""
    _run(_serve(settings, service, sessions, on_ready))


async def _serve(
    settings: Settings,
    service: Service,
    sessions: Sessions,
    on_ready: Callable[[int], None],
) -> None:
    host = Host(service, sessions, settings.limits)
    server = await SshServer.listen(settings, host)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    on_ready(server.port)
    await stop.wait()
    _log.info("stopping")
    await server.close()
    await loop.run_in_executor(None, host.close)


def _run(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where it is installed: it takes a third off the cost of a request."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)
