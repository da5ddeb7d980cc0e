"""The demo of the README: the limit holds, and the other tunnel loses nothing."""

import subprocess
import sys

import pytest

from tests.dataplane_bridge.linux.namespaces import why_not
from tests.demo.stage import ROOT


@pytest.mark.slow
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_a_gateway_is_configured_under_traffic() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.demo"], cwd=ROOT, capture_output=True, text=True, timeout=180
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "arrives as 1236 + 34" in shown.stdout or "arrives as 1436 + 84" in shown.stdout
    assert "46" in shown.stdout and "t2 lost 0" in shown.stdout
