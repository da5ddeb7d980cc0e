"""One server for all tests of a client, and which operation of the client each test shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.client import CLIENT_KEY, RSA_KEY
from tests.end_to_end.process import ServerProcess


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "operation(*names, client=CLIENT): the operations of a client that a test shows"
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    made = ServerProcess(tmp_path_factory.mktemp("interop"), "").start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a private key that the server lets in."""
    file = tmp_path_factory.mktemp("key") / "id"
    CLIENT_KEY.write_private_key(file)
    file.chmod(0o600)
    return file


@pytest.fixture(scope="session")
def rsa_key_file(key_file: Path) -> Path:
    """The same of an RSA key, the only kind that scrapli reads with paramiko."""
    file = key_file.with_name("rsa")
    RSA_KEY.write_private_key(file, "pkcs1-pem")
    file.chmod(0o600)
    return file
