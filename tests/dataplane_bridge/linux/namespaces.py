"""Network namespaces for tests: made, entered by this process, and taken away."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)


def why_not() -> str | None:
    """Return why namespaces and nftables cannot be had here, or ``None``."""
    if os.geteuid() != 0:
        return "needs root"
    try:
        ctypes.CDLL("libnftables.so.1")
    except OSError:
        return "needs libnftables (apt install nftables)"
    return None


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Let this thread be in the namespace of that name."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        if _LIBC.setns(there, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        _LIBC.setns(before, _CLONE_NEWNET)
        os.close(before)
        os.close(there)


@contextmanager
def namespace(name: str) -> Iterator[str]:
    """Make a namespace with a loopback device, and take it away at the end."""
    if Path(f"/run/netns/{name}").exists():
        subprocess.run(["ip", "netns", "del", name], check=True)
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)
