"""Modules in the style of OpenConfig and of vendors, compiled as documented, over ncclient."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ncclient import manager
from ncclient.operations import RPCError

from tests.end_to_end.conftest import lab_settings
from tests.end_to_end.process import PASSWORD, ServerProcess

VENDOR = Path(__file__).parent / "vendor"
ACME = "http://acme.example/yang"
NAMESPACES = (
    f'xmlns:t="{ACME}/types" xmlns:v="{ACME}/vlan" xmlns:ni="{ACME}/network-instance"'
    ' xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"'
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    directory = tmp_path_factory.mktemp("vendor")
    made = ServerProcess(directory, lab_settings(directory, "vendor", folder=VENDOR)).start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Any]:
    with manager.connect(
        host="127.0.0.1",
        port=server.port,
        username="admin",
        password=PASSWORD,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
        manager_params={"timeout": 30},
    ) as made:
        made.edit_config(target="running", config="<config/>", default_operation="replace")
        yield made


def interface(name: str, more: str = "", kind: str = "t:ETHERNET", below: str = "") -> str:
    config = f"<config><name>{name}</name><type>{kind}</type>{more}</config>"
    return (
        f'<interfaces xmlns="{ACME}/interfaces"><interface><name>{name}</name>{config}{below}'
        "</interface></interfaces>"
    )


def subinterface(index: str, below: str = "") -> str:
    inside = f"<index>{index}</index><config><index>{index}</index></config>{below}"
    return f"<subinterfaces><subinterface>{inside}</subinterface></subinterfaces>"


def instance(name: str, below: str) -> str:
    return (
        f'<network-instances xmlns="{ACME}/network-instance"><network-instance><name>{name}</name>'
        f"<config><name>{name}</name></config>{below}</network-instance></network-instances>"
    )


def attached(identifier: str, name: str, index: str) -> str:
    config = (
        f"<id>{identifier}</id><interface>{name}</interface><subinterface>{index}</subinterface>"
    )
    inside = f"<id>{identifier}</id><config>{config}</config>"
    return f"<interfaces><interface>{inside}</interface></interfaces>"


def protocol(kind: str, name: str, below: str = "") -> str:
    keys = f"<identifier>{kind}</identifier><name>{name}</name>"
    return f"<protocols><protocol>{keys}<config>{keys}</config>{below}</protocol></protocols>"


def edit(client: Any, content: str) -> None:
    client.edit_config(target="candidate", config=f"<config {NAMESPACES}>{content}</config>")


def fault(client: Any, content: str) -> RPCError:
    """Return the error of an edit or of the commit after it."""
    try:
        edit(client, content)
        client.commit()
    except RPCError as error:
        client.discard_changes()
        return error
    raise AssertionError("nothing was wrong")


def running(client: Any, path: str) -> list[str]:
    data = client.get_config("running").data
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    return [each.text for each in data.xpath(f".//{steps}")]


def test_a_configuration_across_the_modules_is_committed_and_shown(client: Any) -> None:
    address = (
        "<addresses><address><ip>192.0.2.1</ip>"
        "<config><ip>192.0.2.1</ip><prefix-length>24</prefix-length></config></address></addresses>"
    )
    trunk = "<v:mode>TRUNK</v:mode><v:trunk-vlans>9</v:trunk-vlans>"
    vlan = f"<v:vlan><v:config>{trunk}</v:config></v:vlan>"
    routes = (
        "<static-routes><static><prefix>198.51.100.7/24</prefix><address>192.0.2.9</address>"
        "<weight>0.50</weight></static><static><prefix>0.0.0.0/0</prefix><drop/></static>"
        "</static-routes>"
    )
    hold = "<hold-time><config><up>5</up></config></hold-time>"
    edit(
        client,
        interface("eth0", "<mtu>9000</mtu>", below=hold + subinterface("7", address + vlan))
        + instance("blue", attached("a", "eth0", "7") + protocol("ni:STATIC", "s", routes)),
    )
    client.validate("candidate")
    client.commit()
    assert running(client, "static/prefix") == ["198.51.100.0/24", "0.0.0.0/0"]
    assert running(client, "static/weight") == ["0.5"]
    assert running(client, "trunk-vlans") == ["9"]
    (kind,) = client.get_config("running").data.xpath(".//*[local-name()='type']")
    prefix, _, name = kind.text.rpartition(":")
    assert (kind.nsmap[prefix], name) == (f"{ACME}/types", "ETHERNET")


@pytest.mark.parametrize(
    ("content", "tag", "app_tag", "path"),
    [
        (interface("eth0").replace("<name>eth0</name><type>", "<name>eth1</name><type>"),
         "data-missing", "instance-required", "[acme-if:name='eth0']/acme-if:name"),
        (interface("eth0", "<mtu>100</mtu>"), "invalid-value", None, "/acme-if:config/acme-if:mtu"),
        (interface("eth0", "<description>x</description>"), "unknown-element", None,
         "/acme-if:config"),
        (interface("eth0", kind="t:IPV4"), "invalid-value", None, "/acme-if:config/acme-if:type"),
        (interface("lo", kind="t:LOOPBACK",
                   below="<v:ethernet><v:config><v:mac-address>00:00:00:00:00:01</v:mac-address>"
                         "</v:config></v:ethernet>"),
         "unknown-element", None, "/acme-vlan:ethernet"),
        (interface("eth0", below=subinterface("1", "<v:vlan><v:config><v:vlan-id>4095</v:vlan-id>"
                                                   "</v:config></v:vlan>")),
         "invalid-value", None, "/acme-vlan:vlan/acme-vlan:config/acme-vlan:vlan-id"),
        (interface("eth0", below=subinterface(
            "0", "<addresses><address><ip>192.0.2.1</ip><config><ip>192.0.2.1</ip>"
                 "<prefix-length>33</prefix-length></config></address></addresses>")),
         "operation-failed", "prefix-too-long", "/acme-if:config/acme-if:prefix-length"),
        (interface("eth0") + instance("blue", attached("a", "eth0", "7")),
         "data-missing", "instance-required", "/acme-ni:config/acme-ni:subinterface"),
        (instance("blue", attached("a", "eth9", "7").replace("<subinterface>7</subinterface>", "")),
         "data-missing", "instance-required", "/acme-ni:config/acme-ni:interface"),
        (instance("blue", protocol("ni:BGP", "b", "<static-routes><static><prefix>::/0</prefix>"
                                                  "<drop/></static></static-routes>")),
         "unknown-element", None, "/acme-ni:static-routes"),
        (instance("blue", protocol("ni:STATIC", "b", "<static-routes><static><prefix>::/0</prefix>"
                                                     "</static></static-routes>")),
         "data-missing", "missing-choice", "/acme-ni:static[acme-ni:prefix='::/0']"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_told(
    client: Any, content: str, tag: str, app_tag: str | None, path: str
) -> None:
    error = fault(client, content)
    assert (error.tag, error.app_tag) == (tag, app_tag)
    assert error.path.strip().endswith(path)


def test_everything_wrong_is_in_one_reply(client: Any) -> None:
    wrong = interface("eth0").replace("<name>eth0</name><type>", "<name>eth1</name><type>")
    routes = "<static-routes><static><prefix>::/0</prefix></static></static-routes>"
    error = fault(client, wrong + instance("blue", protocol("ni:STATIC", "b", routes)))
    assert {each.app_tag for each in error.errors} == {"instance-required", "missing-choice"}


def test_what_its_when_excludes_after_an_edit_goes(client: Any) -> None:
    mac = "<v:mac-address>00:00:00:00:00:01</v:mac-address>"
    edit(client, interface("x", below=f"<v:ethernet><v:config>{mac}</v:config></v:ethernet>"))
    client.commit()
    assert running(client, "mac-address") == ["00:00:00:00:00:01"]
    edit(client, interface("x", kind="t:LOOPBACK"))
    client.commit()
    assert running(client, "mac-address") == []


def test_the_modules_their_features_and_deviations_are_announced(client: Any) -> None:
    announced = " ".join(client.server_capabilities)
    assert f"{ACME}/interfaces?module=acme-interfaces&revision=2026-01-01" in announced
    assert "features=hold-time" in announced
    assert "deviations=acme-deviations" in announced
    assert "module acme-extensions" in client.get_schema("acme-extensions").data
