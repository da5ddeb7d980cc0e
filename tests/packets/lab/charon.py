"""strongSwan's charon in a place of the lab, led by VICI.

The law: each has a /run of its own (its pid file is compiled in) and ends with the lab.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vici

from tests.packets.lab.topology import Topology

PROGRAM = Path("/usr/lib/ipsec/charon")
_PLUGINS = (
    "random nonce openssl aes sha1 sha2 hmac kdf gcm pem pkcs1 x509 vici updown"
    " {esp} socket-default"
)
_CONFIGURATION = """\
charon {{
  load = {plugins}
  install_routes = {routes}
  retransmit_tries = 3
  filelog {{
    log {{
      path = {directory}/log
      default = 1
      flush_line = yes
      time_format = %T
    }}
  }}
  syslog {{
    daemon {{
      default = -1
    }}
    auth {{
      default = -1
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{directory}/vici
    }}
  }}
}}
"""
START_SECONDS = 60.0


class Charon:
    """One daemon; ``userspace`` with ESP of its own (kernel-libipsec) instead of the kernel's."""

    def __init__(self, lab: Topology, place: str, directory: Path, *, userspace: bool) -> None:
        self.socket = str(directory / "vici")
        self._lab = lab
        self._place = place
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded: list[Mapping[str, Any]] = []
        self._secrets: list[Mapping[str, Any]] = []
        directory.mkdir(parents=True, exist_ok=True)
        esp = "kernel-libipsec kernel-netlink" if userspace else "kernel-netlink"
        (directory / "strongswan.conf").write_text(
            _CONFIGURATION.format(
                plugins=_PLUGINS.format(esp=esp),
                routes="yes" if userspace else "no",
                directory=directory,
            )
        )

    def start(self) -> None:
        """Start the daemon, and give it again what it was given before."""
        environment = {**os.environ, "STRONGSWAN_CONF": str(self._directory / "strongswan.conf")}
        run = f"mount -t tmpfs none /run && exec {PROGRAM}"
        with (self._directory / "out").open("wb") as out:
            # Killed, whoever started it cannot end it: then the kernel does.
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "ip", "netns", "exec"]
                + [self._lab.name(self._place), "unshare", "-m", "sh", "-c", run],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self._wait_for_socket()
        with self._session() as session:
            for secret in self._secrets:
                session.load_shared(secret)
            for connection in self._loaded:
                _load(session, connection)

    def stop(self, *, kill: bool = False) -> None:
        """End the daemon; killed it leaves the kernel's SAs behind."""
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        Path(self.socket).unlink(missing_ok=True)

    def load(self, secret: Mapping[str, Any], connection: Mapping[str, Any]) -> None:
        """Give the daemon a secret and connections, now and after each start."""
        self._secrets.append(secret)
        self._loaded.append(connection)
        with self._session() as session:
            session.load_shared(secret)
            _load(session, connection)

    def initiate(self, child: str, seconds: int = 20) -> None:
        """Bring a CHILD_SA up, within so many seconds; with 0 do not wait for it."""
        timeout = seconds * 1000 or -1
        with self._session() as session:
            list(session.initiate({"child": child, "timeout": timeout, "loglevel": 1}))

    def terminate(self, child: str) -> None:
        """Take a CHILD_SA down."""
        with self._session() as session:
            list(session.terminate({"child": child, "timeout": 20_000, "loglevel": 1}))

    def terminate_connection(self, name: str) -> None:
        """Take all IKE_SAs of a connection down."""
        with self._session() as session:
            list(session.terminate({"ike": name, "timeout": 20_000, "loglevel": 1}))

    def rekey(self, child: str) -> None:
        """Begin to rekey a CHILD_SA."""
        with self._session() as session:
            session.rekey({"child": child})

    def rekey_ike(self, connection: str) -> None:
        """Begin to rekey an IKE_SA."""
        with self._session() as session:
            session.rekey({"ike": connection})

    def ike_numbers(self) -> set[str]:
        """Return the numbers of the IKE_SAs there are."""
        with self._session() as session:
            return {
                ike["uniqueid"].decode() for each in session.list_sas() for ike in each.values()
            }

    def log(self) -> str:
        """Return what the daemon wrote."""
        file = self._directory / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    @contextmanager
    def _session(self) -> Iterator[Any]:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        try:
            connection.connect(self.socket)
            yield vici.Session(connection)
        except vici.exception.CommandException as error:
            raise RuntimeError(f"charon in {self._place}: {error}\n{self.log()[-3000:]}") from error
        finally:
            connection.close()

    def _wait_for_socket(self) -> None:
        process = self._process
        assert process is not None, "it was started"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with self._session() as session:
                    session.version()
                return
            except (OSError, vici.exception.SessionException):
                time.sleep(0.05)
        out = (self._directory / "out").read_text(errors="replace")
        raise RuntimeError(f"charon in {self._place} does not answer: {out}{self.log()[-2000:]}")


def _load(session: Any, connections: Mapping[str, Any]) -> None:
    for name, connection in connections.items():
        session.load_conn({name: connection})
