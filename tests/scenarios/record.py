"""``python -m tests.scenarios.record [NAME...]``: write replies and states anew, and show the diff.

What it writes is what the server does, not what it should do: read the diff against the semantics
before you commit it.
"""

import difflib
import sys
import tempfile
from pathlib import Path

from tests.end_to_end.client import background
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.process import ServerProcess
from tests.scenarios.replay import replay, scenarios


def main() -> int:
    """Record the scenarios named, or all."""
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory, background() as loop:
        server = ServerProcess(Path(directory)).start()
        try:
            gateway = Gateway(loop, server)
            for folder in scenarios():
                if not wanted or folder.name in wanted:
                    _record(gateway, folder)
                    gateway.reset()
        finally:
            server.stop()
    return 0


def _record(gateway: Gateway, folder: Path) -> None:
    for file in (*folder.glob("*.reply.xml"), *folder.glob("*.state.xml")):
        if not file.with_name(f"{file.name.split('.')[0]}.request.xml").exists():
            print(f"removed {file.name}: its request is gone")
            file.unlink()
    state = ""
    for step in replay(gateway.session(), folder):
        _write(step.reply_file, step.reply)
        _write(step.state_file, step.state if step.state != state else "")
        state = step.state


def _write(file: Path, text: str) -> None:
    before = file.read_text() if file.exists() else ""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), text.splitlines(keepends=True), file.name, "now"
    )
    print("".join(lines), end="")
    if text:
        file.write_text(text)
    else:
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
