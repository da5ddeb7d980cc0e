"""What the hello offers is what docs/capabilities.md lists, and each of it is driven by tests."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.client import BASE, RawSession
from tests.end_to_end.process import ROOT
from tests.test_pains import names_in
from yang.bindings.gateway import SCHEMA

PAGE = (ROOT / "docs" / "capabilities.md").read_text()
ROW = re.compile(r"^\| (`.*?) \| [^|]+ \| (\S+) \| (.*) \|$", re.MULTILINE)
SHORT = "urn:ietf:params:netconf:capability:"
RPCS = [tag for tag in SCHEMA.rpcs if not tag.endswith("}close-session")]
AFTER_A_CONFIRMED_COMMIT = "there is no confirmed commit"


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def listed(part: str) -> set[str]:
    return {name for cell, _, _ in ROW.findall(part) for name in words(cell)}


def offered(session: RawSession) -> tuple[set[str], set[str]]:
    """The capabilities of the hello, as the page writes them, and the modules."""
    capabilities, modules = set(), set()
    for each in session.capabilities:
        found = re.search(r"[?&]module=([^&]+)", each)
        if found:
            modules.add(found[1])
        else:
            capabilities.add(each.split("?")[0].replace(SHORT, ":"))
    return capabilities, modules


def test_what_the_hello_offers_is_what_the_page_lists(session: RawSession) -> None:
    capabilities, modules = offered(session)
    of_capabilities, of_modules = PAGE.split("## Modules")
    assert listed(of_capabilities) == capabilities
    assert listed(of_modules.split("## What is not offered")[0]) == modules


def test_each_of_it_has_a_page_and_tests_that_are_there() -> None:
    files = (ROOT / "tests").rglob("test_*.py")
    there = {name for file in files for name in names_in(Path(file))}
    for names, page, tests in ROW.findall(PAGE):
        assert (ROOT / "docs" / page).exists(), names
        assert words(tests), names
        assert set(words(tests)) <= there, set(words(tests)) - there


def test_the_page_names_no_capability_that_is_not_offered(session: RawSession) -> None:
    """RFC 6241, section 8: what is not offered is operation-not-supported, or unknown."""
    text = " ".join(session.capabilities)
    for name in (":startup", ":url", "features=configured", "encode-json"):
        assert name not in text
    for request in (
        "<copy-config><source><running/></source><target><startup/></target></copy-config>",
        "<validate><source><url>file:///tmp/x</url></source></validate>",
    ):
        assert session.rpc(request).fault.tag == "operation-not-supported"


@pytest.mark.parametrize("tag", RPCS)
def test_every_rpc_of_a_module_is_performed_or_its_input_is_judged(
    session: RawSession, tag: str
) -> None:
    namespace, name = tag[1:].split("}")
    answer = session.rpc(f'<{name} xmlns="{namespace}"/>')
    for fault in answer.faults:
        # None says that there is no such operation, or that the server has failed.
        assert fault.tag in ("missing-element", "operation-failed"), fault
        assert fault.tag == "missing-element" or fault.message.startswith(
            (AFTER_A_CONFIRMED_COMMIT, "this session edits the candidate that all share")
        ), fault
    assert session.is_open()
    if not answer.faults:
        # An unknown parameter is refused where none is taken.
        fault = session.rpc(f'<{name} xmlns="{namespace}"><colour xmlns="{BASE}"/></{name}>').fault
        assert fault.tag in ("unknown-element", "unknown-namespace")
