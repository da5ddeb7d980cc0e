"""The committed bindings, and our modules by the tools of the field."""

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from yang.bindings import gateway, gateway_linux
from yang.constraints import FALLBACK
from yang.library import OWN_MODULES
from yang.pyang_plugin.compile import CompileError, ModuleSet, compile_set

SET = OWN_MODULES / "gateway.toml"
OURS = sorted(
    file
    for folder in ("history", "ipsec-qos", "push")
    for file in (OWN_MODULES / folder).glob("*.yang")
)
GATEWAY = OWN_MODULES / "ipsec-qos"
IETF = OWN_MODULES / "ietf"


@pytest.mark.parametrize("name", ["gateway.toml", "gateway-linux.toml"])
def test_the_bindings_are_what_the_modules_compile_to(name: str) -> None:
    wanted = ModuleSet.read(OWN_MODULES / name)
    assert wanted.output.read_text() == compile_set(wanted, io.StringIO()), "run: make bindings"


def test_a_linux_gateway_offers_only_what_a_kernel_can() -> None:
    schema = gateway_linux.SCHEMA
    assert set(gateway.SCHEMA.modules) - set(schema.modules) == {"ipsec-qos-embedded"}
    limit = "/ipsec-qos:ipsec-qos/policies/policy/outbound/speed-limit"
    assert f"{limit}/rate" in schema.by_path
    assert f"{limit}/burst" not in schema.by_path


def test_no_constraint_of_ours_walks_the_datastore() -> None:
    ours = [each for each in gateway.SCHEMA.constraints if "/ipsec-qos:" in each.node]
    assert len(ours) >= 10
    assert not [each.node for each in ours if each.how == FALLBACK]


def test_the_digest_tells_sets_apart() -> None:
    whole = ModuleSet.read(SET)
    less = replace(whole, modules=tuple(m for m in whole.modules if m != "iana-if-type"))
    digests = {
        line
        for each in (whole, less)
        for line in compile_set(each, io.StringIO()).splitlines()
        if line.strip().startswith("digest=")
    }
    assert len(digests) == 2


def test_a_module_that_is_not_there_is_told() -> None:
    with pytest.raises(CompileError, match="no-such-module"):
        compile_set(replace(ModuleSet.read(SET), modules=("no-such-module",)), io.StringIO())


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_pyang_finds_nothing_to_complain_about(file: Path) -> None:
    pyang = Path(sys.executable).with_name("pyang")
    found = subprocess.run(
        [pyang, "--strict", "--lint", "-p", IETF, "-p", file.parent, file],
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout + found.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("yanglint"), reason="YANGLINT IS NOT INSTALLED")
def test_yanglint_takes_our_modules() -> None:
    found = subprocess.run(
        ["yanglint", "-p", IETF, "-p", GATEWAY, *OURS], capture_output=True, text=True
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_the_tree_in_the_documentation_is_fresh() -> None:
    docs = OWN_MODULES.parent.parent / "docs"
    pyang = Path(sys.executable).with_name("pyang")
    for page_name, file in (
        ("model.md", GATEWAY / "ipsec-qos.yang"),
        ("model.md", GATEWAY / "ipsec-qos-embedded.yang"),
        ("commits.md", OWN_MODULES / "history" / "netconf-commit-history.yang"),
    ):
        page = (docs / page_name).read_text()
        shown = subprocess.run(
            [pyang, "-f", "tree", "-p", IETF, "-p", file.parent, file],
            capture_output=True,
            text=True,
        )
        assert shown.stdout and shown.stdout in page
