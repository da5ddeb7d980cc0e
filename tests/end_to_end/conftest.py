"""One server for all tests of a process, empty at the start of each test."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.client import Background, RawSession, background
from tests.end_to_end.gateway import Gateway, qos
from tests.end_to_end.house import DATA, SECRET, USERS, House
from tests.end_to_end.process import ROOT, ServerProcess

StartServer = Callable[..., Gateway]
LAB = Path(__file__).parent / "lab"


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


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of a user's own modules, without ours."""
    directory = tmp_path_factory.mktemp("lab")
    server = ServerProcess(directory, lab_settings(directory, "lab"))
    yield server.start()
    assert server.stop() == 0
    assert not server.tracebacks(), "".join(server.log)


def lab_settings(directory: Path, name: str, driver: str = "none", folder: Path = LAB) -> str:
    """Compile a module set as ``docs/bindings.md`` says; return the settings that serve it."""
    bindings = directory / f"{name}_bindings.py"
    wanted = folder / f"{name}.toml"
    compiled = subprocess.run(
        [sys.executable, "-m", "yang.pyang_plugin", str(wanted), "-o", str(bindings)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert compiled.returncode == 0, compiled.stderr
    return (
        f'[modules]\nbindings = "{bindings}"\nsources = ["{folder}"]\n'
        f'[dataplane]\ndriver = "{driver}"\n'
    )


@pytest.fixture
def lab(event_loop_thread: Background, lab_server: ServerProcess) -> Iterator[RawSession]:
    """A session on the lab's server, empty at the beginning."""
    made = Gateway(event_loop_thread, lab_server)
    session = made.session()
    yield session
    made.disconnect()
    session = made.session()
    session.do("<discard-changes/>")
    session.do("<copy-config><target><running/></target><source><config/></source></copy-config>")
    made.disconnect()


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

    def start(more: str = "", ssh: str = "", module: str = "server") -> Gateway:
        server = ServerProcess(tmp_path, more, ssh)
        server.module = module
        made = Gateway(event_loop_thread, server.start())
        started.append(made)
        return made

    yield start
    for each in started:
        if each.server.is_running:
            each.disconnect()
        each.server.stop()


@pytest.fixture
def house(start_server: StartServer) -> Iterator[House]:
    made = House(start_server(USERS))
    made.admin.edit(DATA, "running")
    made.admin.edit(qos(SECRET.replace("<description>hidden</description>", "")), "running")
    made.admin.edit(qos(SECRET), "running")
    yield made
    assert not made.gateway.server.tracebacks(), made.log()
