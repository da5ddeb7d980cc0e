from pathlib import Path
from typing import Any

import pytest

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.tunnel_input import load_tunnels, tunnel_of
from dataplane_bridge.tunnels import Tunnel
from yang.bindings.gateway import SCHEMA

FULL: dict[str, Any] = {
    "id": "t1",
    "interface": "wan0",
    "connection": "east",
    "local-address": "2001:db8::1",
    "remote-address": "2001:db8::2",
    "local-prefix": ["10.0.0.0/8"],
    "remote-prefix": ["10.1.0.0/16", "2001:db8::/32"],
    "protocol": 6,
    "remote-port": 443,
    "reqid": 1,
    "if-id": 2,
    "cipher": "aes-cbc-sha256",
    "nat-traversal": True,
    "egress-mtu": 1400,
    "mpls": "both",
}


def test_every_leaf_of_the_rpc_is_known() -> None:
    (rpc,) = [each for each in SCHEMA.rpcs.values() if each.name == "establish-tunnel"]
    assert {leaf.name for leaf in rpc.input.children} == set(FULL)
    assert tunnel_of(FULL) == Tunnel(
        "t1",
        "wan0",
        "east",
        "2001:db8::1",
        "2001:db8::2",
        ("10.0.0.0/8",),
        ("10.1.0.0/16", "2001:db8::/32"),
        6,
        443,
        1,
        2,
        "aes-cbc-sha256",
        True,
        1400,
        "both",
    )


def test_defaults_are_those_of_the_rpc() -> None:
    least = tunnel_of({"id": "t1", "interface": "wan0", "connection": None})
    assert least == Tunnel("t1", "wan0")
    assert (least.local_address, least.remote_address) == ("192.0.2.1", "192.0.2.2")


@pytest.mark.parametrize(
    ("leaf", "value", "words"),
    [
        ("id", "", "1 to 255 characters"),
        ("interface", None, "needs the leaf interface"),
        ("local-address", "x", "local-address"),
        ("local-address", "2001:db8::1", "different IP versions"),
        ("remote-prefix", ["10.0.0.0/33"], "remote-prefix"),
        ("protocol", 256, "0..255"),
        ("egress-mtu", 1279, "1280..65535"),
        ("cipher", "rot13", "aes-gcm"),
        ("nat-traversal", "yes", "true or false"),
        ("reqid", True, "a number"),
        ("colour", "red", "no leaf 'colour'"),
    ],
)
def test_what_is_wrong_is_named(leaf: str, value: Any, words: str) -> None:
    with pytest.raises(BridgeError, match=words):
        tunnel_of({"id": "t1", "interface": "wan0", leaf: value})


def test_tunnels_come_from_json_and_toml(tmp_path: Path) -> None:
    json, toml = tmp_path / "tunnels.json", tmp_path / "tunnels.toml"
    json.write_text('{"tunnel": [{"id": "a", "interface": "wan0"}]}')
    toml.write_text('[[tunnel]]\nid = "a"\ninterface = "wan0"\n')
    assert load_tunnels(json) == load_tunnels(toml) == (Tunnel("a", "wan0"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ('{"tunnel": 1}', "no list of tunnels"),
        ('{"tunnel": [{"id": "a", "interface": "b"}, {"id": "a", "interface": "b"}]}', "same id"),
    ],
)
def test_a_bad_file_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "tunnels.json"
    path.write_text(text)
    with pytest.raises(BridgeError, match=words):
        load_tunnels(path)
    with pytest.raises(BridgeError, match="cannot be read"):
        load_tunnels(tmp_path / "absent.json")
