"""What a client has no method for is asked for as a request of one's own, through each client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ncclient.xml_ import to_ele
from netconf_client.error import RpcError

from tests.end_to_end.client import BASE
from tests.end_to_end.process import ServerProcess
from tests.interop import (
    test_ncclient,
    test_netconf_client,
    test_netconf_console2,
    test_scrapli,
    test_scrapli_netconf,
)
from tests.interop.edits import HISTORY, NAMESPACE, config, policy

Ask = Callable[[str], str]
"""Send an operation element; return what came, errors too."""

NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
PARTIAL = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0"
SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"

REQUESTS = {
    "cancel-commit": (
        f'<cancel-commit xmlns="{BASE}"/>',
        "there is no confirmed commit that could be cancelled",
    ),
    "confirmed commit": (
        f'<commit xmlns="{BASE}"><confirmed/></commit>',
        "<ok",
    ),
    "persist, persist-id": (
        f'<commit xmlns="{BASE}"><persist-id>x</persist-id></commit>',
        "fits nothing",
    ),
    "delete-config": (
        f'<delete-config xmlns="{BASE}"><target><candidate/></target></delete-config>',
        "cannot be deleted",
    ),
    "edit-config options": (
        f'<edit-config xmlns="{BASE}"><target><candidate/></target>'
        "<default-operation>merge</default-operation><test-option>test-only</test-option>"
        f"<config>{policy('asked')}</config></edit-config>",
        "<ok",
    ),
    "edit-data": (
        f'<edit-data xmlns="{NMDA}"><datastore xmlns:ds="{DATASTORES}">ds:candidate</datastore>'
        f"<config>{policy('asked')}</config></edit-data>",
        "<ok",
    ),
    "get-data": (
        f'<get-data xmlns="{NMDA}"><datastore xmlns:ds="{DATASTORES}">ds:operational</datastore>'
        f'<subtree-filter><ipsec-qos xmlns="{NAMESPACE}"><dataplane/></ipsec-qos></subtree-filter>'
        "</get-data>",
        "embedded",
    ),
    "get-schema": (
        f'<get-schema xmlns="{MONITORING}"><identifier>ipsec-qos</identifier></get-schema>',
        "module ipsec-qos {",
    ),
    "history: comment, compare, rollback": (
        f'<rollback xmlns="{HISTORY}"><to>0</to></rollback>',
        "<ok",
    ),
    "kill-session": (
        f'<kill-session xmlns="{BASE}"><session-id>99999</session-id></kill-session>',
        "there is no session 99999",
    ),
    "partial-lock": (
        f'<partial-lock xmlns="{PARTIAL}"><select>/ipsec-qos/policies</select></partial-lock>',
        "lock-id",
    ),
    "establish-subscription": (
        f'<establish-subscription xmlns="{SUBSCRIBED}"><stream>NETCONF</stream>'
        "</establish-subscription>",
        "<id",
    ),
}


def ask_ncclient(server: ServerProcess, directory: Path) -> Iterator[Ask]:
    with test_ncclient.connect(server) as client:
        client.raise_mode = 0
        yield lambda request: str(client.dispatch(to_ele(request)).xml)


def ask_netconf_client(server: ServerProcess, directory: Path) -> Iterator[Ask]:
    with test_netconf_client.connect(server) as client:

        def ask(request: str) -> str:
            try:
                return str(client.dispatch(request).xml)
            except RpcError as error:
                return str(error)

        yield ask


def ask_console(server: ServerProcess, directory: Path) -> Iterator[Ask]:
    def ask(request: str) -> str:
        file = test_netconf_console2.file_of(directory, request)
        return test_netconf_console2.run(server, "--rpc", file)

    yield ask


def ask_scrapli_netconf(server: ServerProcess, directory: Path) -> Iterator[Ask]:
    client = test_scrapli_netconf.connect(server)
    yield lambda request: str(client.rpc(filter_=request).result)
    client.close()


def ask_scrapli(server: ServerProcess, directory: Path) -> Iterator[Ask]:
    client = test_scrapli.Scrapli(server.port, "bin", test_scrapli.PASSWORD_LOGIN)

    def ask(request: str) -> str:
        try:
            return str(client.call("raw_rpc", payload=request))
        except test_scrapli.Refused as error:
            return str(error)

    client.call("open")
    yield ask
    client.end()


WAYS: dict[str, Any] = {
    test_ncclient.CLIENT: ask_ncclient,
    test_netconf_client.CLIENT: ask_netconf_client,
    test_netconf_console2.CLIENT: ask_console,
    test_scrapli_netconf.CLIENT: ask_scrapli_netconf,
    test_scrapli.CLIENT: ask_scrapli,
}


@pytest.fixture(scope="module")
def ways(
    server: ServerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Ask]]:
    """How each client asks, in a session of its own."""
    with test_ncclient.connect(server) as client:
        client.edit_config(target="running", config=config("there"))
    opened = {name: way(server, tmp_path_factory.mktemp("asked")) for name, way in WAYS.items()}
    yield {name: next(each) for name, each in opened.items()}
    for each in opened.values():
        next(each, None)


@pytest.mark.parametrize(
    ("client", "operation"),
    [
        pytest.param(
            client, operation, marks=pytest.mark.operation(operation, client=client, how="rpc")
        )
        for client in WAYS
        for operation in REQUESTS
    ],
)
def test_a_request_of_ones_own(ways: dict[str, Ask], client: str, operation: str) -> None:
    request, expected = REQUESTS[operation]
    ask = ways[client]
    answer = ask(request)
    assert expected in answer
    if operation == "confirmed commit":
        ask(f'<cancel-commit xmlns="{BASE}"/>')
    if operation == "edit-data" or operation.startswith("history"):
        ask(f'<discard-changes xmlns="{BASE}"/>')
    if operation == "partial-lock" and client != test_netconf_console2.CLIENT:
        number = answer.partition("lock-id")[2].partition(">")[2].partition("<")[0]
        unlock = f'<partial-unlock xmlns="{PARTIAL}"><lock-id>{number}</lock-id></partial-unlock>'
        assert "<ok" in ask(unlock)
