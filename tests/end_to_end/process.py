"""The real server, started as an operator starts it: a process, a settings file, a directory."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any

from server.passwords import PasswordHash
from tests.end_to_end.client import CLIENT_KEY, RSA_KEY

ROOT = Path(__file__).parents[2]
PASSWORD = "s3cret of the gateway"
HOST_KEY_NAME = "host_key"
_TLS = re.compile(r"NETCONF over TLS on \S+ port (\d+)")
_AUDIT = re.compile(r" audit: (\{.*\})$")
_READY = re.compile(r"NETCONF over SSH on \S+ port (\d+)")
PATIENCE = 30.0


ACCESS = """
[access]
admin_group = ""
recovery_users = ["admin", "other"]
"""
"""Users to whom nothing is denied and a configuration that is empty at the start: what a test says
of access control, it says itself."""


@cache
def password_hash() -> str:
    return PasswordHash.make(PASSWORD).to_text()


def settings_text(directory: Path, more: str = "", ssh: str = "") -> str:
    """Return settings for two users, any free port and a state directory below this one."""
    keys = [each.export_public_key("openssh").decode().strip() for each in (CLIENT_KEY, RSA_KEY)]
    user = f'password = "{password_hash()}"\nauthorized_keys = ["{keys[0]}", "{keys[1]}"]'
    if "[access]" not in more:
        more += ACCESS
    return (
        f'state_directory = "{directory / "state"}"\n'
        f"[ssh]\nport = 0\n{ssh}\n"
        f"[users.admin]\n{user}\n[users.other]\n{user}\n{more}\n"
    )


class ServerProcess:
    """A server in a process of its own."""

    def __init__(self, directory: Path, more: str = "", ssh: str = "") -> None:
        self.directory = directory
        self.state = directory / "state"
        self.settings = directory / "settings.toml"
        self.settings.write_text(settings_text(directory, more, ssh))
        self.settings.chmod(0o600)
        self.port = self.tls_port = 0
        self.module = "server"
        self.options: tuple[str, ...] = ()
        self.umask = -1
        self.log: deque[str] = deque(maxlen=2000)
        self.audit: deque[dict[str, Any]] = deque(maxlen=5000)
        """The lines of the audit, which are not in ``log``."""
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> "ServerProcess":
        """Start, and wait until it listens."""
        ready = threading.Event()
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.options, "serve", "-s", str(self.settings)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            umask=self.umask,
        )

        def read() -> None:
            assert process.stderr is not None
            for line in process.stderr:
                if found := _AUDIT.search(line):
                    self.audit.append(json.loads(found[1]))
                    continue
                self.log.append(line)
                if found := _TLS.search(line):
                    self.tls_port = int(found[1])
                found = _READY.search(line)
                if found:
                    self.port = int(found[1])
                    ready.set()
            ready.set()

        self._reader = threading.Thread(target=read, daemon=True)
        self.port = 0
        self._reader.start()
        assert ready.wait(PATIENCE), self.log
        assert self.port, "".join(self.log)
        return self

    def start_without_listening(self) -> None:
        """Start where there is no port to wait for."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "-s", str(self.settings)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        process = self._process
        assert process.stderr is not None
        self._reader = threading.Thread(target=self.log.extend, args=(process.stderr,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """End it as a service manager does; return its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it as a power cut does."""
        return self._end(signal.SIGKILL)

    def _end(self, number: int) -> int:
        process = self._process
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(number)
        status = process.wait(PATIENCE)
        assert self._reader is not None
        self._reader.join(PATIENCE)
        if process.stderr is not None:
            process.stderr.close()
        self._process = None
        return status

    def refusal(self) -> tuple[int, str]:
        """Start it where it must refuse to; its exit status and what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "server", "serve", "-s", str(self.settings)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.returncode, done.stderr

    def resident_bytes(self) -> int:
        """Memory that the process holds now."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found is not None
        return int(found[1]) * 1024

    def open_sockets(self) -> int:
        """Sockets that the process holds now."""
        count = 0
        for each in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                count += os.readlink(each).startswith("socket:")
            except OSError:
                continue
        return count

    def tracebacks(self) -> list[str]:
        """Lines of the log that tell of a fault of the server."""
        time.sleep(0)
        return [line for line in self.log if "Traceback" in line]
