"""Two hosts, two gateways with charon, and the server in the near gateway, as one context.

The law: everything is taken away at the end, whatever happens; the server is the real command.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ncclient import manager

from server.passwords import PasswordHash
from tests.dataplane_bridge.linux.namespaces import inside
from tests.packets.lab.charon import Charon
from tests.packets.lab.spokes import IF_ID, far_connection, near_connection, secret, spokes
from tests.packets.lab.topology import Topology, topology

ROOT = Path(__file__).parents[2]
_PASSWORD = "only for the demo"
_PORT = 830
_PATIENCE = 20.0
_WAN_MTU = {True: 1300, False: 1500}


class Stage:
    """A lab with a NETCONF server in the near gateway."""

    def __init__(self, lab: Topology, near: Charon, directory: Path, *, userspace: bool) -> None:
        self.lab = lab
        self.near = near
        self.userspace = userspace
        self._settings = directory / "settings.toml"
        self._log = directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start_server(self) -> None:
        """Start the server in the near gateway's namespace."""
        mode = 'mode = "selector"' if self.userspace else f"if-id = {IF_ID}"
        self._settings.touch(mode=0o600)
        self._settings.write_text(
            f'state_directory = "{self._settings.parent / "state"}"\n[ssh]\nport = {_PORT}\n'
            f'[users.admin]\npassword = "{PasswordHash.make(_PASSWORD).to_text()}"\n'
            f'[dataplane]\ndriver = "linux"\nvici = "{self.near.socket}"\n{mode}\n'
        )
        command = ["serve", "--settings", str(self._settings)]
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self.lab.name("gA"), sys.executable, "-m", "server", *command],
            stderr=self._log.open("wb"),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def stop_server(self) -> None:
        """Stop the server; what it made in the kernel stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(_PATIENCE)
            self._process = None

    def connect(self) -> Any:
        """Return an ncclient session; raise ``TimeoutError`` where the server does not come."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with inside(self.lab.name("gA")):
                    return manager.connect(
                        host="127.0.0.1",
                        port=_PORT,
                        username="admin",
                        password=_PASSWORD,
                        hostkey_verify=False,
                        allow_agent=False,
                        look_for_keys=False,
                    )
            except Exception as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(self._log.read_text()[-2000:]) from error
                time.sleep(0.2)


@contextmanager
def stage() -> Iterator[Stage]:
    """Set the stage; kernel ESP where this kernel has it, else charon's own."""
    userspace = not _kernel_has_esp()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-")))
        lab = stack.enter_context(topology("demo", _WAN_MTU[userspace]))
        for place in ("gA", "gB"):
            # The outer DF bit stays clear only on sockets that are opened after this.
            lab.sysctl(place, (("net/ipv4/ip_no_pmtu_disc", "1"),) if userspace else ())
        near = Charon(lab, "gA", directory / "gA", userspace=userspace)
        far = Charon(lab, "gB", directory / "gB", userspace=userspace)
        found = Stage(lab, near, directory, userspace=userspace)
        for daemon in (near, far):
            stack.callback(daemon.stop)
            daemon.start()
        spoke = spokes(userspace=userspace)[0]
        near.load(secret(spoke), near_connection(spoke, if_id=None if userspace else IF_ID))
        far.load(secret(spoke), far_connection(spoke))
        stack.callback(found.stop_server)
        found.start_server()
        found.connect().close_session()
        for child in spoke.children:
            near.initiate(child.name)
        yield found


def _kernel_has_esp() -> bool:
    subprocess.run(["modprobe", "-q", "-a", "esp4", "xfrm_interface"], check=False)
    return Path("/sys/module/esp4").exists() and Path("/sys/module/xfrm_interface").exists()
