"""The laws of the house, read off the sources."""

import ast
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("yang", "server", "dataplane_bridge")
ASYNC = {"asyncio", "asyncssh", "socket", "uvloop"}
VAGUE = {"utils", "common", "core", "helpers", "manager"}
TOP_LEVEL = {
    "pyproject.toml",
    "yang",
    "server",
    "dataplane_bridge",
    "tests",
    "README.md",
    "Makefile",
    "docs",
}
MOST_LINES = 400
MOST_LINES_OF_A_TEST = 450


def sources(*rooms: str) -> list[Path]:
    return [file for room in rooms for file in sorted((ROOT / room).rglob("*.py"))]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." if node.level else "") + (node.module or "")


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def packages(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(file)}


@pytest.mark.parametrize("file", sources(*ROOMS), ids=named)
def test_imports_follow_the_arrows(file: Path) -> None:
    ours = packages(file) & {*ROOMS, "tests"}
    room = named(file).partition("/")[0]
    allowed = {"yang": {"yang"}, "dataplane_bridge": {"dataplane_bridge", "yang"}}.get(
        room, {"server", "yang"}
    )
    if named(file) == "server/bridged.py":
        allowed = {*allowed, "dataplane_bridge"}
    assert ours <= allowed


@pytest.mark.parametrize("file", sources(*ROOMS), ids=named)
def test_only_transports_know_the_event_loop(file: Path) -> None:
    if named(file).startswith("server/transport/"):
        return
    # Scalars and elements need inet_pton; the Linux dataplane opens all its sockets in one file.
    files = ("dataplane_bridge/linux/sockets.py", "dataplane_bridge/linux/encoding.py")
    socket = "scalars" in named(file) or named(file) in files
    assert not packages(file) & ASYNC - ({"socket"} if socket else set())
    tree = ast.parse(file.read_text())
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert not any(isinstance(node, waiting) for node in ast.walk(tree))


@pytest.mark.parametrize("file", sources(*ROOMS), ids=named)
def test_only_the_plugin_knows_pyang(file: Path) -> None:
    assert "pyang" not in packages(file) or named(file).startswith("yang/pyang_plugin/")


@pytest.mark.parametrize("file", sources(*ROOMS, "tests"), ids=named)
def test_files_are_small_and_named_for_what_they_hold(file: Path) -> None:
    assert file.stem not in VAGUE
    if not named(file).startswith("yang/bindings/"):
        most = MOST_LINES_OF_A_TEST if named(file).startswith("tests/") else MOST_LINES
        assert len(file.read_text().splitlines()) <= most


@pytest.mark.parametrize("file", sources("server", "dataplane_bridge"), ids=named)
def test_time_is_a_parameter(file: Path) -> None:
    if named(file) == "server/app.py":
        return
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert ast.unparse(node.func) not in ("time.time", "datetime.now", "datetime.utcnow")


def test_the_top_level_is_the_house_plan() -> None:
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True
    )
    names = {name for name in listed.stdout.split() if not name.startswith(".")}
    assert names <= TOP_LEVEL


def test_nobody_else_owns_our_import_names() -> None:
    owners = metadata.packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ())) <= {"ipsec-qos-netconf"}


def test_each_decision_has_a_number_of_its_own() -> None:
    numbers = [page.name[:4] for page in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == sorted(set(numbers))
