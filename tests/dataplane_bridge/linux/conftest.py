"""A namespace of its own for each test of the driver on the running kernel."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.dataplane_bridge.linux.namespaces import inside, namespace


@pytest.fixture
def inside_namespace() -> Iterator[str]:
    name = f"ipsecqos-{os.getpid()}"
    with namespace(name), inside(name):
        subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
        subprocess.run(["ip", "link", "set", "ipsec0", "up"], check=True)
        yield name
