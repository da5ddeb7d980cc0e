"""A Debian kernel with ESP and MPLS in an emulated machine: one boot, one run of a command.

The machine shows this one's files, so that nothing is installed in it; only one folder of it comes
back. It is emulated, never KVM: nested machines hang.

The law: whatever happens in it, it ends within its time, and tells what happened.
"""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
SECONDS = 900


class Outcome(NamedTuple):
    """The exit status of the command, and what it printed."""

    status: int
    text: str


def kernel() -> Path | None:
    """Return the newest Debian kernel that is installed, or ``None``."""
    found = sorted(Path("/boot").glob("vmlinuz-*-amd64"), key=lambda file: file.stat().st_mtime)
    return found[-1] if found else None


def why_not() -> str | None:
    """Return why no machine can be made here, or ``None``."""
    missing = [
        package
        for package, is_there in (
            ("linux-image-amd64", kernel() is not None),
            ("qemu-system-x86", which("qemu-system-x86_64") is not None),
            ("busybox-static", which("busybox") is not None),
            ("virtme-ng (pip)", _vng().exists()),
        )
        if not is_there
    ]
    return f"needs {', '.join(missing)}" if missing else None


def run_inside(command: list[str], seconds: float = SECONDS) -> Outcome:
    """Run a command as root in a machine of its own, in the folder of this project."""
    with tempfile.TemporaryDirectory(prefix="machine-") as name:
        folder = Path(name)
        script = folder / "run"
        log, status = folder / "log", folder / "status"
        script.write_text(
            f"cd {shlex.quote(str(ROOT))}\n"
            f"{shlex.join(command)} > {log} 2>&1 < /dev/null\n"
            f"echo $? > {status}\nsync\n"
        )
        console = _boot(folder, script, seconds)
        if not status.exists():
            text = log.read_text(errors="replace") if log.exists() else ""
            return Outcome(124, f"{text}\nThe machine ended before the command did:\n{console}")
        return Outcome(int(status.read_text()), log.read_text(errors="replace"))


def _vng() -> Path:
    return Path(sys.prefix) / "bin" / "vng"


def _boot(folder: Path, script: Path, seconds: float) -> str:
    # Outlives whoever started it by so much at most.
    command = ["timeout", "--kill-after=5", str(round(seconds) + 30)]
    command += [str(_vng()), "-r", str(kernel()), "--disable-kvm", "--force-9p"]
    command += ["--memory", "2G", "--cpus", "2", "--user", "root", f"--rwdir={folder}"]
    # Some folders are the machine's own, and hide what this one has there.
    command += [f"--rodir={ROOT}", f"--rodir={sys.prefix}", "--", "bash", str(script)]
    path = f"{Path(sys.prefix) / 'bin'}:{os.environ.get('PATH', '')}"
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PATH": path},
        start_new_session=True,
    )
    try:
        console, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        console, _ = process.communicate()
    return str(console)[-2000:]
