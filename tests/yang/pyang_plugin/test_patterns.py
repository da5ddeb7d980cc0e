import re
import time
from pathlib import Path

import pytest

from yang.pyang_plugin.patterns import python_regex

pyang = pytest.importorskip("pyang")

CASES = [
    # expression, what it takes, what it does not
    ("a$", ["a$"], ["a", "a\n"]),
    ("^a", ["^a"], ["a"]),
    ("[$^]+", ["$^"], ["a"]),
    (r"\^\$", ["^$"], ["", "\\^"]),
    ("a|b", ["a", "b"], ["ab", "", "a\n"]),
    (".", ["a", "\u2028", "\U0001f600"], ["", "\n", "\r", "ab"]),
    (r"\.", ["."], ["a"]),
    (r"\d+", ["09", "\u0669"], ["", "a", "\u00b2"]),
    (r"\D", ["a"], ["1", "\u0669"]),
    (r"[\d]", ["0", "\u0669"], ["a"]),
    (r"\p{L}+", ["aZ\u00e9\u0416"], ["1", "_"]),
    (r"\P{L}", ["1"], ["a"]),
    (r"[\p{N}\p{L}]+", ["a1\u216b"], ["-"]),
    (r"\p{IsBasicLatin}*", ["a~"], ["\u00e9"]),
    (r"\i\c*", ["a-1.b:c", "_", ":x"], ["1a", "-", ""]),
    (r"[\i-[:]][\c-[:]]*", ["a-1"], ["a:b", ":a"]),
    (r"\I\C", ["1 "], ["ab"]),
    (r"\w+", ["a1+$"], ["_", "-", " ", "a_b"]),
    (r"\W", ["_", " "], ["a", "+"]),
    (r"[\w]", ["+"], ["_"]),
    (r"\s+", [" \t\r\n"], ["\u00a0", "\v"]),
    (r"\S", ["a", "\u00a0"], [" "]),
    (r"[^\s]", ["a"], ["\n"]),
    ("[a-z-[x]]+", ["abyz"], ["x", "-", "["]),
    ("[a-z-[aeiou]]", ["b"], ["a"]),
    ("[^a-[b]]", ["c"], ["a", "b"]),
    ("[a-z-9]", ["-", "9", "q"], ["8"]),
    ("[-a]+", ["-a"], ["b"]),
    (r"[\-\]\[\\^]+", ["-][\\^"], ["a"]),
    (r"[.*+?(){}|]+", [".*+?(){}|"], ["a"]),
    (r"\(\)\{\}\[\]\|\?\*\+\-", ["(){}[]|?*+-"], [""]),
    ("a{2}b{1,}c{0,1}", ["aab", "aabbc"], ["ab", "aabcc"]),
    (r"\n\r\t", ["\n\r\t"], ["nrt"]),
    (r"\\d", ["\\d"], ["1"]),
    (r"\\w", ["\\w"], ["a"]),
    ("", [""], ["a", "\n"]),
    ("(a|b)*c", ["ababc", "c"], ["ab"]),
    ("a&&b~~#c /", ["a&&b~~#c /"], ["a"]),
]


@pytest.mark.parametrize(("xsd", "taken", "refused"), CASES)
def test_python_reads_it_as_xsd_does(xsd: str, taken: list[str], refused: list[str]) -> None:
    match = re.compile(python_regex(xsd)).fullmatch
    assert [text for text in taken if match(text) is None] == []
    assert [text for text in refused if match(text) is not None] == []


@pytest.mark.parametrize(
    "xsd",
    ["(", ")", "[", "]", "[]", "*", "a**", "a??", "(?i)a", "(?:a)", "(?=a)", "a{2", r"\1", r"(a)\1"]
    + [r"\x41", r"\u0041", r"\b", r"\A", r"\e", r"\p{Klingon}", r"\p", "[z-a]", "a{3,2}", "\\"],
)
def test_what_is_no_xsd_expression_is_refused(xsd: str) -> None:
    with pytest.raises(ValueError, match="is not an XSD regular expression"):
        python_regex(xsd)


def patterns_of_the_ietf() -> list[str]:
    """Give the patterns in pyang's IETF and IANA modules, as pyang reads the statements."""
    from pyang import context, repository

    modules = Path(pyang.__file__).parents[4] / "share/yang/modules"
    found = set()
    for path in sorted(modules.glob("i[ea][ta][fn]*/*.yang")):
        module = context.Context(repository.FileRepository()).add_module(
            str(path), path.read_text(), "yang"
        )
        found |= {arg for arg in _patterns(module)}
    return sorted(found)


def _patterns(statement: object) -> set[str]:
    own = {statement.arg} if statement.keyword == "pattern" else set()  # type: ignore[attr-defined]
    return own.union(*(_patterns(child) for child in statement.substmts))  # type: ignore[attr-defined]


def test_all_patterns_of_the_ietf_translate() -> None:
    patterns = patterns_of_the_ietf()
    assert len(patterns) > 30
    for pattern in patterns:
        assert "(?P" not in python_regex(pattern)


@pytest.mark.parametrize("text", ["a" * 63 + ".", "a.", "_" * 62, "a-" * 31 + "."])
def test_hostile_domain_names_cost_little(text: str) -> None:
    pattern = next(p for p in patterns_of_the_ietf() if r"){0,61})?[a-zA-Z0-9]\.)*" in p)
    match = re.compile(python_regex(pattern)).fullmatch
    began = time.perf_counter()
    assert match((text * 253)[:252] + "!") is None
    assert time.perf_counter() - began < 1
