"""Each problem of operators that docs/clients.md lists has tests, which are there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| [^|]+ \| (.*) \|$", re.MULTILINE)
PAINS = 25


@cache
def names_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def listed() -> dict[int, list[str]]:
    page = (ROOT / "docs" / "clients.md").read_text().split("## What operators suffer elsewhere")[1]
    return {int(number): re.findall(r"`(test_\w+)`", names) for number, names in ROW.findall(page)}


def test_each_of_them_has_tests_that_are_there() -> None:
    there = {name for file in (ROOT / "tests").rglob("test_*.py") for name in names_in(file)}
    found = listed()
    assert list(found) == list(range(1, PAINS + 1))
    for number, names in found.items():
        assert names, number
        assert set(names) <= there, number
        named = f"test_{number:02}_"
        assert any(name.startswith(named) for name in names), f"{number} has no {named}..."


def test_each_test_that_has_a_number_is_listed_with_it() -> None:
    found = listed()
    for file in (ROOT / "tests" / "end_to_end").glob("test_operator_pains*.py"):
        for name in names_in(file):
            if number := re.match(r"test_(\d\d)_", name):
                assert name in found[int(number[1])], name
