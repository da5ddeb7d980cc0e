"""The scenarios on each dataplane; run one with ``python -m tests.packets DATAPLANE [words]``."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.dataplane_bridge.linux import namespaces
from tests.packets import scenarios  # noqa: F401
from tests.packets.lab.charon import PROGRAM
from tests.packets.scenario import Scenario, in_order, run
from tests.packets.virtual_machine import ROOT, run_inside, why_not

PLUGINS = Path("/usr/lib/ipsec/plugins")


def no_libipsec() -> str | None:
    """Return why kernel-libipsec cannot be run here, or ``None``."""
    if (reason := namespaces.why_not()) is not None:
        return reason
    if not PROGRAM.exists() or not (PLUGINS / "libstrongswan-kernel-libipsec.so").exists():
        return "needs strongSwan (apt install strongswan-charon libcharon-extra-plugins)"
    if not (PLUGINS / "libstrongswan-openssl.so").exists():
        return "needs apt install libstrongswan-standard-plugins"
    return None if Path("/dev/net/tun").exists() else "needs /dev/net/tun"


@pytest.mark.parametrize("which", in_order(), ids=lambda each: each.sentence.replace(" ", "-"))
def test_the_reference_does_as_the_semantics_say(which: Scenario) -> None:
    result = run(which)
    assert result.verdict != "DIFFERS", "\n".join(result.details)


@pytest.mark.slow
@pytest.mark.skipif(no_libipsec() is not None, reason=str(no_libipsec()))
def test_user_space_esp_agrees_with_the_reference() -> None:
    command = [sys.executable, "-m", "tests.packets", "libipsec"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_the_kernels_esp_agrees_with_the_reference() -> None:
    outcome = run_inside([sys.executable, "-m", "tests.packets", "kernel-here"])
    print(outcome.text)
    assert outcome.status == 0, outcome.text
