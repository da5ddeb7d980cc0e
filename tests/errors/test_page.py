"""docs/errors.md is what servers really answer, and has every kind of error."""

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from server.subscriptions.faults import TAGS
from tests.end_to_end.process import ROOT
from tests.errors.page import CHAPTERS, NOT_HERE, Performed, page, perform_all

PAGE = ROOT / "docs" / "errors.md"
RFC_6241 = [
    "in-use",
    "invalid-value",
    "too-big",
    "missing-attribute",
    "bad-attribute",
    "unknown-attribute",
    "missing-element",
    "bad-element",
    "unknown-element",
    "unknown-namespace",
    "access-denied",
    "lock-denied",
    "resource-denied",
    "rollback-failed",
    "data-exists",
    "data-missing",
    "operation-not-supported",
    "operation-failed",
    "partial-operation",
    "malformed-message",
]
"""The error-tags of appendix A."""

RFC_7950 = [
    "data-not-unique",
    "too-many-elements",
    "too-few-elements",
    "must-violation",
    "instance-required",
    "missing-choice",
    "missing-instance",
]
"""The error-app-tags of section 15."""


@pytest.fixture(scope="module")
def performed() -> Performed:
    return perform_all()


def errors(performed: Performed) -> list[etree._Element]:
    return [error for _, found in performed for each in found for error in each.errors]


def test_the_page_is_what_the_servers_answer(performed: Performed) -> None:
    made = page(performed).splitlines()
    assert made == PAGE.read_text().splitlines(), "python -m tests.errors > docs/errors.md"


def test_every_error_tag_and_app_tag_of_the_standards_is_on_it(performed: Performed) -> None:
    found = {error.findtext("error-tag") for error in errors(performed)}
    assert {tag for tag in RFC_6241 if f"`{tag}`" not in NOT_HERE} <= found
    apps = {error.findtext("error-app-tag") for error in errors(performed)}
    assert set(RFC_7950) <= apps
    for name, (module, _) in TAGS.items():
        assert f"{module}:{name}" in apps or f"`{name}`" in NOT_HERE, name


def test_every_app_tag_of_our_modules_is_on_it(performed: Performed) -> None:
    apps = {error.findtext("error-app-tag") for error in errors(performed)}
    for file in (ROOT / "yang" / "modules" / "ipsec-qos").glob("*.yang"):
        for tag in re.findall(r'error-app-tag\s+"([^"]+)"', file.read_text()):
            assert tag in apps, (file.name, tag)
    for file in (ROOT / "dataplane_bridge").rglob("*.py"):
        for tag in re.findall(r'Violation\(\s*"([^"]+)"', file.read_text()):
            assert tag in apps or f"`{tag}`" in NOT_HERE, (file.name, tag)


def test_every_error_has_type_tag_and_a_sentence(performed: Performed) -> None:
    for error in errors(performed):
        message = error.findtext("error-message") or ""
        assert error.findtext("error-type") in ("transport", "rpc", "protocol", "application")
        assert error.findtext("error-tag") in RFC_6241
        assert error.findtext("error-severity") == "error"
        assert len(message.split()) > 2 and "\n" not in message
        assert not re.search(r"b'|None|Traceback|Error\b|0x[0-9a-f]|<\w+ object|\.;|  ", message)


def test_what_is_about_data_has_its_path(performed: Performed) -> None:
    of_data = ("Data of an edit", "Rules of the model", "Constraints of your own modules")
    for chapter, found in performed:
        if chapter.title in of_data:
            for each in found:
                for error in each.errors:
                    at_top = error.findtext("error-tag") in ("unknown-namespace",) or (
                        "not offered" in (error.findtext("error-message") or "")
                    )
                    assert at_top or error.findtext("error-path"), each.case.title


def test_titles_are_links_and_each_says_what_to_do() -> None:
    titles = [case.title for chapter in CHAPTERS for case in chapter.cases]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    assert all(case.todo.endswith(".") for chapter in CHAPTERS for case in chapter.cases)


def test_the_tests_of_what_is_not_shown_are_there() -> None:
    there = {file.name for file in Path(ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"test_\w+\.py", NOT_HERE)) <= there
