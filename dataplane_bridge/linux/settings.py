"""How the Linux dataplane is told to work.

The law: a setting that cannot be is refused with its name, its value and what it can be.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.ruleset import Mode

_NAMES = {
    "mode",
    "vici",
    "if-id",
    "xfrm-interface",
    "tunnel-interface",
    "mpls-interfaces",
    "route-table",
    "rule-priority",
    "repair-drift",
}
_DEVICE = r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}"
_GREATEST_IF_ID = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class LinuxSettings:
    """``mode``: "reqid" for kernel ESP, "selector" for kernel-libipsec; ``vici``: charon's socket.

    ``if_id`` is the XFRM interface id of the connections that share our device
    ``xfrm_interface`` (``None``: no such device is made); ``tunnel_interface`` is the TUN device of
    kernel-libipsec; ``mpls_interfaces`` are the devices that impose labels; ``route_table`` and
    ``rule_priority`` are where our routes go; ``repair_drift``: what somebody else changed is put
    right, not only told.
    """

    mode: Mode = "reqid"
    vici: str = "/var/run/charon.vici"
    tunnel_interface: str = "ipsec0"
    mpls_interfaces: tuple[str, ...] = ()
    route_table: int = 4510
    rule_priority: int = 219
    if_id: int | None = None
    xfrm_interface: str = "ipsecqos0"
    repair_drift: bool = True


def settings_of(table: Mapping[str, Any]) -> LinuxSettings:
    """Return the settings that a table of the settings file means."""
    unknown = sorted(set(table) - _NAMES)
    if unknown:
        raise BridgeError(
            f"{unknown[0]} is not a setting of the driver linux; those are"
            f" {', '.join(sorted(_NAMES))}"
        )
    defaults = LinuxSettings()
    mode = table.get("mode", defaults.mode)
    if mode not in get_args(Mode):
        raise BridgeError(f"mode is {mode!r}; it can be {' or '.join(get_args(Mode))}")
    devices = table.get("mpls-interfaces", [])
    if not isinstance(devices, list) or not all(map(_is_device, devices)):
        raise BridgeError("mpls-interfaces is not a list of names of interfaces")
    return LinuxSettings(
        mode,
        _text(table, "vici", defaults.vici),
        _device(table, "tunnel-interface", defaults.tunnel_interface),
        tuple(devices),
        _number(table, "route-table", defaults.route_table),
        _number(table, "rule-priority", defaults.rule_priority),
        _if_id(table),
        _device(table, "xfrm-interface", defaults.xfrm_interface),
        _flag(table, "repair-drift", defaults.repair_drift),
    )


def _text(table: Mapping[str, Any], name: str, default: str) -> str:
    value = table.get(name, default)
    if not isinstance(value, str) or not value:
        raise BridgeError(f"{name} is {value!r}; it must be a text")
    return value


def _number(table: Mapping[str, Any], name: str, default: int) -> int:
    value = table.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 32_766:
        raise BridgeError(f"{name} is {value!r}; it must be a number within 1..32765")
    return value


def _if_id(table: Mapping[str, Any]) -> int | None:
    value = table.get("if-id")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _GREATEST_IF_ID:
        raise BridgeError(f"if-id is {value!r}; it must be a number within 1..{_GREATEST_IF_ID}")
    return value


def _device(table: Mapping[str, Any], name: str, default: str) -> str:
    value = table.get(name, default)
    if not _is_device(value):
        raise BridgeError(f"{name} is {value!r}; it must be the name of an interface")
    return str(value)


def _is_device(value: object) -> bool:
    # Names go into rules as they are; the kernel takes no slash and no space either.
    return isinstance(value, str) and bool(re.fullmatch(_DEVICE, value))


def _flag(table: Mapping[str, Any], name: str, default: bool) -> bool:
    value = table.get(name, default)
    if not isinstance(value, bool):
        raise BridgeError(f"{name} is {value!r}; it must be true or false")
    return value
