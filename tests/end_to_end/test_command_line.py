"""The command line, as an operator types it."""

import subprocess
import sys
from pathlib import Path

from server.passwords import PasswordHash
from tests.end_to_end.process import ROOT


def command(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_hash_password_prints_what_the_settings_take() -> None:
    done = command("hash-password", typed="geheim\u00e9\n")
    assert done.returncode == 0
    assert PasswordHash.parse(done.stdout.strip()).fits("geheim\u00e9")
    assert "geheim" not in done.stdout + done.stderr


def test_an_empty_password_is_not_taken() -> None:
    done = command("hash-password", typed="\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "empty password" in done.stderr


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = command("serve", "--settings", str(tmp_path / "none.toml"))
    assert done.returncode == 1
    assert done.stderr == f"error: {tmp_path}/none.toml: No such file or directory\n"


def test_serve_asks_for_settings_or_a_directory_to_try_it_in() -> None:
    done = command("serve")
    assert done.returncode == 2
    assert "--settings" in done.stderr and "--try" in done.stderr
