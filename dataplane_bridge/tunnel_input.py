"""Tunnels from outside: the input of ``establish-tunnel``, and files of such inputs.

The law: whatever is wrong is told in one sentence that names the leaf and its value. Reading the
file is the only input of this package.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, get_args

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.tunnels import Cipher, Mpls, Tunnel

SMALLEST_EGRESS_MTU = 1280


class BadInput(BridgeError):
    """A leaf of an input is missing or has a value that it cannot have."""


def tunnel_of(values: Mapping[str, Any]) -> Tunnel:
    """Return the tunnel that an input by YANG names describes."""
    fields = {}
    for name, value in values.items():
        entry = LEAVES.get(name)
        if entry is None:
            raise BadInput(f"A tunnel has no leaf {name!r}.")
        if value is None:
            continue
        field, check = entry
        try:
            fields[field] = check(value)
        except (TypeError, ValueError) as error:
            raise BadInput(f"{name} of a tunnel cannot be {value!r}: {error}.") from error
    for name in ("id", "interface"):
        if name not in fields:
            raise BadInput(f"A tunnel needs the leaf {name}.")
    tunnel = Tunnel(**fields)
    if (":" in tunnel.local_address) != (":" in tunnel.remote_address):
        raise BadInput(f"The addresses of tunnel {tunnel.id!r} are of different IP versions.")
    return tunnel


def load_tunnels(path: Path) -> tuple[Tunnel, ...]:
    """Return the tunnels of a JSON or TOML file: ``{"tunnel": [{"id": ...}, ...]}``."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BridgeError(f"The tunnels file {path} cannot be read: {why}.") from error
    entries = document.get("tunnel", []) if isinstance(document, dict) else document
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BridgeError(f"The tunnels file {path} holds no list of tunnels named 'tunnel'.")
    tunnels = tuple(tunnel_of(entry) for entry in entries)
    if len({tunnel.id for tunnel in tunnels}) < len(tunnels):
        raise BridgeError(f"The tunnels file {path} gives two tunnels the same id.")
    return tunnels


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= longest:
            raise ValueError(f"it must be a text of 1 to {longest} characters")
        return value

    return check


def _number(least: int, most: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"it must be a number within {least}..{most}")
        return value

    return check


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"it must be one of {', '.join(choices)}")
        return str(value)

    return check


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false")
    return value


def _address(value: Any) -> str:
    return str(ip_address(value))


def _prefixes(value: Any) -> tuple[str, ...]:
    texts: Iterable[str] = (value,) if isinstance(value, str) else value
    return tuple(str(ip_network(text, strict=False)) for text in texts)


LEAVES: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "id": ("id", _text(255)),
    "interface": ("interface", _text(64)),
    "connection": ("connection", _text(64)),
    "local-address": ("local_address", _address),
    "remote-address": ("remote_address", _address),
    "local-prefix": ("local_prefixes", _prefixes),
    "remote-prefix": ("remote_prefixes", _prefixes),
    "protocol": ("protocol", _number(0, 255)),
    "remote-port": ("remote_port", _number(0, 65535)),
    "reqid": ("reqid", _number(0, 2**32 - 1)),
    "if-id": ("if_id", _number(0, 2**32 - 1)),
    "cipher": ("cipher", _one_of(get_args(Cipher))),
    "nat-traversal": ("nat_traversal", _boolean),
    "egress-mtu": ("egress_mtu", _number(SMALLEST_EGRESS_MTU, 65535)),
    "mpls": ("mpls", _one_of(get_args(Mpls))),
}
"""Name of each leaf, the field it becomes, and the check of its value."""
