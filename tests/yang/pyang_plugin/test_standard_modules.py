"""Every module that pyang brings along, in a set with what it needs, becomes bindings."""

import re
import sys
from pathlib import Path

import pytest

from server.validation.validator import Validator
from tests.yang.compiled import bindings
from yang.pyang_plugin.compile import CompileError
from yang.schema import Schema

BROUGHT = Path(sys.prefix) / "share" / "yang" / "modules"
FOLDERS = (BROUGHT / "ietf", BROUGHT / "iana")
NAMES = sorted(
    file.stem
    for folder in FOLDERS
    for file in folder.glob("*.yang")
    if not file.read_text().lstrip().startswith("submodule")
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", NAMES)
def test_a_standard_module_becomes_bindings(name: str) -> None:
    schema = compiled_with_what_it_needs(name)
    assert name in schema.modules
    assert all(node.at.path == path for path, node in schema.by_path.items())
    Validator(schema)


def compiled_with_what_it_needs(name: str) -> Schema:
    names = [name]
    while True:
        try:
            schema = bindings(names, FOLDERS)[0].SCHEMA
        except CompileError as error:
            needed = re.search(r"(\S+), which the set must implement", str(error))
            if needed is None or needed[1] in names:
                raise
            names.append(needed[1])
        else:
            assert isinstance(schema, Schema)
            return schema


def test_there_are_modules_to_try() -> None:
    assert len(NAMES) > 50
