"""One server for all tests of a process, empty at the start of each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.client import Background, RawSession, background
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.process import ServerProcess

StartServer = Callable[..., Gateway]


@pytest.fixture(scope="session")
def event_loop_thread() -> Iterator[Background]:
    with background() as made:
        yield made


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    server = ServerProcess(
        tmp_path_factory.mktemp("gateway"), "[limits]\nmax_message_bytes = 8000000"
    )
    yield server.start()
    assert server.stop() == 0
    assert not server.tracebacks(), "".join(server.log)


@pytest.fixture
def gateway(event_loop_thread: Background, shared_server: ServerProcess) -> Iterator[Gateway]:
    """The shared server without configuration, tunnels, locks and sessions."""
    made = Gateway(event_loop_thread, shared_server)
    yield made
    made.reset()


@pytest.fixture
def session(gateway: Gateway) -> RawSession:
    """A session of its user admin."""
    return gateway.session()


@pytest.fixture
def start_server(event_loop_thread: Background, tmp_path: Path) -> Iterator[StartServer]:
    """Start servers with a state directory of the test's own."""
    started: list[Gateway] = []

    def start(more: str = "", ssh: str = "") -> Gateway:
        made = Gateway(event_loop_thread, ServerProcess(tmp_path, more, ssh).start())
        started.append(made)
        return made

    yield start
    for each in started:
        if each.server.is_running:
            each.disconnect()
        each.server.stop()
