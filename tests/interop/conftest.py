"""One server for all tests of a client, and which operation of the client each test shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.client import CLIENT_KEY, RSA_KEY
from tests.end_to_end.pki import Authority, Issued
from tests.end_to_end.process import ServerProcess
from tests.end_to_end.streams import free_port


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "operation(*names, client=CLIENT, how='yes'): the operations of a client that a test shows;"
        " how='rpc' where the client has no method of its own for them",
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


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("tls"), "ca")
    made.issue("server")
    return made


@pytest.fixture(scope="module")
def admin(authority: Authority) -> Issued:
    return authority.issue("admin")


@pytest.fixture(scope="module")
def homes() -> dict[str, int]:
    """The ports on which clients wait to be called."""
    return {name: free_port() for name in ("ncclient", "ssh", "tls")}


@pytest.fixture(scope="module")
def reachable(authority: Authority, homes: dict[str, int]) -> Iterator[ServerProcess]:
    """A server over SSH and TLS that calls home over both."""
    calls = "".join(
        f'[[call_home]]\nname = "{name}"\ntransport = "{"tls" if name == "tls" else "ssh"}"\n'
        f'endpoints = ["127.0.0.1:{port}"]\n'
        for name, port in homes.items()
    )
    settings = (
        '[tls]\nport = 0\ncertificate = "server.crt"\nprivate_key = "server.key"\n'
        'ca_files = ["ca.crt"]\n[[tls.cert_to_name]]\nmap_type = "common-name"\n'
        f"{calls}[limits]\ncall_home_retry_min = 0.05\ncall_home_retry_max = 0.2\n"
    )
    made = ServerProcess(authority.directory, settings).start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)
