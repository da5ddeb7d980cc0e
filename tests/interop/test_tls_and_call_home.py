"""TLS and call home: ncclient and netconf-client, with what they offer of each."""

from pathlib import Path
from typing import Any

import pytest
from netconf_client.connect import CallhomeManager, connect_tls
from netconf_client.ncclient import Manager

from tests.end_to_end.pki import Authority, Issued
from tests.end_to_end.process import ServerProcess
from tests.interop.edits import config
from tests.interop.test_ncclient import be_called, connect_over_tls

NCCLIENT, NETCONF_CLIENT = "ncclient 0.7.1", "netconf-client 3.6.0"


@pytest.fixture(scope="module")
def server(reachable: ServerProcess) -> ServerProcess:
    return reachable


def commit(client: Any, name: str) -> None:
    """Do with ncclient what its users do, with replies longer than a record of TLS."""
    with client.locked("candidate"):
        assert client.edit_config(target="candidate", config=config(name)).ok
        assert client.commit().ok
    assert f"<name>{name}</name>" in str(client.get_config("running"))
    assert "module ipsec-qos {" in str(client.get_schema("ipsec-qos"))


def commit_plain(client: Any, name: str) -> None:
    """Do the same with netconf-client."""
    client.edit_config(target="candidate", config=config(name))
    client.commit()
    assert name.encode() in client.get_config(source="running").data_xml


@pytest.mark.operation("TLS", client=NCCLIENT)
def test_ncclient_over_tls(server: ServerProcess, authority: Authority, admin: Issued) -> None:
    client = connect_over_tls(server, authority, admin)
    commit(client, "nctls")
    assert client.close_session().ok


@pytest.mark.operation("TLS", client=NETCONF_CLIENT)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_netconf_client_over_tls(
    server: ServerProcess, authority: Authority, admin: Issued
) -> None:
    session = connect_tls(
        host="127.0.0.1",
        port=server.tls_port,
        certfile=str(admin.certificate),
        keyfile=str(admin.key),
        ca_certs=str(authority.issued.certificate),
    )
    with Manager(session, timeout=20) as client:
        commit_plain(client, "plaintls")


@pytest.mark.operation("call home over SSH", client=NCCLIENT)
def test_ncclient_is_called(server: ServerProcess, homes: dict[str, int]) -> None:
    with be_called(homes["ncclient"]) as client:
        commit(client, "nchome")


@pytest.mark.operation("call home over SSH", client=NETCONF_CLIENT)
def test_netconf_client_is_called_over_ssh(
    server: ServerProcess, homes: dict[str, int], key_file: Path
) -> None:
    with CallhomeManager("127.0.0.1", port=homes["ssh"]) as home:
        session = home.accept_one_ssh(username="admin", key_filename=str(key_file))
        with Manager(session, timeout=20) as client:
            commit_plain(client, "plainhome")


@pytest.mark.operation("call home over TLS", client=NETCONF_CLIENT)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_netconf_client_is_called_over_tls(
    server: ServerProcess, homes: dict[str, int], authority: Authority, admin: Issued
) -> None:
    with CallhomeManager("127.0.0.1", port=homes["tls"]) as home:
        session = home.accept_one_tls(
            certfile=str(admin.certificate),
            keyfile=str(admin.key),
            ca_certs=str(authority.issued.certificate),
        )
        with Manager(session, timeout=20) as client:
            commit_plain(client, "tlshome")
