"""How the Linux dataplane is told to work.

The law: a setting that cannot be is refused with its name, its value and what it can be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.ruleset import Mode

_NAMES = {"mode", "vici", "tunnel-interface", "mpls-interfaces", "route-table", "rule-priority"}


@dataclass(frozen=True, slots=True)
class LinuxSettings:
    """``mode``: "reqid" for kernel ESP, "selector" for kernel-libipsec; ``vici``: charon's socket.

    ``tunnel_interface`` is the TUN device of kernel-libipsec; ``mpls_interfaces`` are the devices
    that impose labels; ``route_table`` and ``rule_priority`` are where our routes go.
    """

    mode: Mode = "reqid"
    vici: str = "/var/run/charon.vici"
    tunnel_interface: str = "ipsec0"
    mpls_interfaces: tuple[str, ...] = ()
    route_table: int = 4510
    rule_priority: int = 219


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
    if not isinstance(devices, list) or not all(isinstance(name, str) for name in devices):
        raise BridgeError("mpls-interfaces is not a list of names of interfaces")
    return LinuxSettings(
        mode,
        _text(table, "vici", defaults.vici),
        _text(table, "tunnel-interface", defaults.tunnel_interface),
        tuple(devices),
        _number(table, "route-table", defaults.route_table),
        _number(table, "rule-priority", defaults.rule_priority),
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
