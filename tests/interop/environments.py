"""Clients that live in environments of their own, which ``make test`` prepares."""

import sys
from pathlib import Path

import pytest


def program(client: str, name: str) -> Path:
    """Return a program of a client's environment; skips the test where there is none."""
    found = Path(sys.prefix) / "clients" / client / "bin" / name
    if not found.exists():
        pytest.skip(f"the client {client} is not installed: make test installs it")
    return found
