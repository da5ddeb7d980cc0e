"""How long the kernel keeps fragments: two sysctls of this network namespace, in whole seconds."""

from pathlib import Path

from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.plan import FragmentAgingTime

STEP = 1000
"""Milliseconds; the kernel takes nothing finer."""

_FILES = (
    Path("/proc/sys/net/ipv4/ipfrag_time"),
    Path("/proc/sys/net/ipv6/ip6frag_time"),
)


def read_aging_time() -> FragmentAgingTime | None:
    """Return what holds, or ``None`` where IPv4 and IPv6 differ."""
    seconds = {int(file.read_text()) for file in _FILES if file.exists()}
    return FragmentAgingTime(seconds.pop() * STEP) if len(seconds) == 1 else None


def write_aging_time(value: FragmentAgingTime) -> None:
    """Let fragments that come from now on wait so long."""
    for file in _FILES:
        try:
            if file.exists():
                file.write_text(str(value.milliseconds // STEP))
        except OSError as error:
            raise DataplaneFailed(f"{file} cannot be written: {error.strerror}.") from error
