"""One server for all clients."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.process import ServerProcess

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    made = ServerProcess(tmp_path_factory.mktemp("interop"), "").start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)
