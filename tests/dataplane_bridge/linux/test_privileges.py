"""Root's capabilities: what is kept, and what is said where the needed one is missing."""

import os
import subprocess
import sys

import pytest

from tests.packets.virtual_machine import ROOT

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

GIVE_UP = """
import subprocess
from dataplane_bridge.linux.privileges import effective_capabilities, keep_only
keep_only()
print(f"{effective_capabilities():x}")
print(subprocess.run(["grep", "CapEff", "/proc/self/status"], stdout=-1, text=True).stdout)
"""
WITHOUT = """
from dataplane_bridge.linux.privileges import check_capable, keep_only
keep_only(())
check_capable()
"""


def run(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)


def test_only_the_two_that_are_needed_stay_also_for_programs_that_are_started() -> None:
    lines = run(GIVE_UP).stdout.split()
    needed = 1 << 10 | 1 << 12  # CAP_NET_BIND_SERVICE, CAP_NET_ADMIN
    assert int(lines[0], 16) == needed & int(lines[0], 16)
    assert lines[0] == "1400"
    assert int(lines[2], 16) & ~needed == 0


def test_without_the_needed_one_it_is_said_what_to_do() -> None:
    told = run(WITHOUT)
    assert told.returncode != 0
    assert "needs CAP_NET_ADMIN: start the server as root" in told.stderr
