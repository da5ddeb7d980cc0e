"""How violations are told: exactly as RFC 7950, section 15 says, and all in one reply."""

from pathlib import Path

import pytest

from server.errors import RpcError
from server.namespaces import YANG
from tests.server.configuration import Configuration
from tests.yang.compiled import bindings
from yang.scalars import canonical

NON_UNIQUE, MISSING_CHOICE = f"{{{YANG}}}non-unique", f"{{{YANG}}}missing-choice"


def told(error: RpcError) -> tuple[str, str | None, str | None]:
    return error.tag, error.app_tag, error.path


@pytest.mark.parametrize(
    ("statements", "content", "expected"),
    [
        ("leaf-list l { type string; max-elements 1; }", "<l>1</l><l>2</l>",
         ("operation-failed", "too-many-elements", "/t:l")),
        ("list l { key k; max-elements 1; leaf k { type string; } }",
         "<l><k>1</k></l><l><k>2</k></l>", ("operation-failed", "too-many-elements", "/t:l")),
        ("container p { presence p; leaf-list l { type string; min-elements 2; } }", "<p/>",
         ("operation-failed", "too-few-elements", "/t:p/t:l")),
        ("leaf x { type string; must '. = 1'; }", "<x>2</x>",
         ("operation-failed", "must-violation", "/t:x")),
        ("leaf x { type string; must '. = 1' { error-app-tag own; error-message Own; } }",
         "<x>2</x>", ("operation-failed", "own", "/t:x")),
        ("leaf x { type leafref { path '../y'; } } leaf y { type string; }", "<x>2</x>",
         ("data-missing", "instance-required", "/t:x")),
        ("list l { key k; leaf k { type string; } } leaf x { type leafref { path '../l/k'; } }",
         "<x>2</x>", ("data-missing", "instance-required", "/t:x")),
        ("leaf x { type instance-identifier; }", "<x>/t:x[.='1']</x>",
         ("data-missing", "instance-required", "/t:x")),
        ("container p { presence p; choice c { mandatory true; leaf x { type string; } } }",
         "<p/>", ("data-missing", "missing-choice", "/t:p")),
        ("container p { presence p; leaf x { type string; mandatory true; } }", "<p/>",
         ("data-missing", None, "/t:p/t:x")),
    ],
)  # fmt: skip
def test_the_tags_of_section_15(
    tmp_path: Path, statements: str, content: str, expected: tuple[str, str | None, str]
) -> None:
    (fault,) = Configuration(statements, tmp_path).faults(content)
    assert told(fault) == expected
    if "own" in expected:
        assert fault.message == "Own"


def test_a_missing_choice_is_named(tmp_path: Path) -> None:
    configured = Configuration(
        """container p { presence p; choice outer { case a { leaf x { type string; }
             choice inner { mandatory true; leaf y { type string; } } } } }""",
        tmp_path,
    )
    (fault,) = configured.faults("<p><x>1</x></p>")
    assert fault.info == ((MISSING_CHOICE, "inner"),)


UNIQUE = """
list l {
  key k;
  unique "in/a ch/one/b";
  leaf k { type string; }
  container in { leaf a { type string; } }
  choice ch { case one { leaf b { type uint8; } } leaf two { type string; } }
}"""


def entry(key: str, value: str) -> str:
    return f"<l><k>{key}</k><b>{value}</b><in><a>x</a></in></l>"


def test_what_is_not_unique_is_told_once_with_each_leaf_of_each_entry(tmp_path: Path) -> None:
    configured = Configuration(UNIQUE, tmp_path)
    (fault,) = configured.faults(entry("1", "5") + entry("2", "05") + entry("3", "6"))
    assert told(fault) == ("operation-failed", "data-not-unique", "/t:l[t:k='1']")
    assert fault.info == (
        (NON_UNIQUE, "/t:l[t:k='1']/t:in/t:a"),
        (NON_UNIQUE, "/t:l[t:k='1']/t:b"),
        (NON_UNIQUE, "/t:l[t:k='2']/t:in/t:a"),
        (NON_UNIQUE, "/t:l[t:k='2']/t:b"),
    )
    configured.edit(entry("1", "5"))
    (fault,) = configured.faults(entry("2", "5"))
    assert fault.path == "/t:l[t:k='2']"
    assert "/t:l[t:k='1']" in fault.message


def test_two_values_that_are_not_unique_are_two_faults(tmp_path: Path) -> None:
    configured = Configuration(UNIQUE, tmp_path)
    faults = configured.faults("".join(entry(str(at), str(at // 2)) for at in range(4)))
    assert [each.path for each in faults] == ["/t:l[t:k='0']", "/t:l[t:k='2']"]


def test_everything_that_is_wrong_is_told_together(tmp_path: Path) -> None:
    configured = Configuration(
        """
        list l {
          key k; unique u; max-elements 2;
          leaf k { type string; } leaf u { type uint8; }
          leaf m { type string; mandatory true; }
          leaf up { type leafref { path "../../l/k"; } }
          list in { key k; min-elements 1; leaf k { type string; } leaf v { type uint8;
            must ". < ../../u" { error-app-tag small; } } }
        }
        leaf sum { type uint8; must "sum(../l/u) = ." { error-app-tag sum; } }
        """,
        tmp_path,
    )
    faults = configured.faults(
        "<l><k>1</k><u>1</u><in><k>1</k><v>1</v></in></l>"
        "<l><k>2</k><u>1</u><m/><up>9</up></l><l><k>3</k><m/></l><sum>9</sum>"
    )
    assert {told(each) for each in faults} == {
        ("operation-failed", "small", "/t:l[t:k='1']/t:in[t:k='1']/t:v"),
        ("data-missing", None, "/t:l[t:k='1']/t:m"),
        ("operation-failed", "data-not-unique", "/t:l[t:k='1']"),
        ("data-missing", "instance-required", "/t:l[t:k='2']/t:up"),
        ("operation-failed", "too-few-elements", "/t:l[t:k='2']/t:in"),
        ("operation-failed", "too-few-elements", "/t:l[t:k='3']/t:in"),
        ("operation-failed", "too-many-elements", "/t:l"),
        ("operation-failed", "sum", "/t:sum"),
    }
    assert len(faults) == 8


@pytest.mark.parametrize(
    ("statements", "content", "words"),
    [
        # By the fall-back: the sentence says what the module says, not what is evaluated.
        ("leaf x { type string; must \"re-match(., '\\\\i+')\"; }", "<x>1</x>",
         "re-match(., '\\i+')"),
        ("leaf x { type leafref { path '../y'; } } leaf y { type string; }", "<x>2</x>",
         "'2' names nothing that exists at ../y"),
        ("list l { key k; leaf k { type string; } }"
         "leaf x { type union { type leafref { path '../l/k'; } type uint8; } }", "<x>z</x>",
         "'z' names nothing that exists at ../l/k"),
        ("list l { key k; leaf k { type string; } }"
         "leaf-list x { type leafref { path '../l/k'; } }", "<x>a</x><x>b</x>",
         "'a' or 'b' names nothing that exists at ../l/k"),
        ("leaf x { type instance-identifier; }", "<x>/t:x[.='1']</x>", "/t:x"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_value_and_the_rule(
    tmp_path: Path, statements: str, content: str, words: str
) -> None:
    (fault,) = Configuration(statements, tmp_path).faults(content)
    assert words in fault.message
    assert "parent::" not in fault.message


def test_modules_with_one_prefix_are_told_apart_in_a_path(tmp_path: Path) -> None:
    (tmp_path / "one.yang").write_text(
        """module one { yang-version 1.1; namespace "urn:one"; prefix p; container c; }"""
    )
    (tmp_path / "two.yang").write_text(
        """module two { yang-version 1.1; namespace "urn:two"; prefix p; import one { prefix o; }
           augment /o:c { leaf x { type string; must 'false()'; }
                          leaf i { type instance-identifier { require-instance false; } } } }"""
    )
    schema = bindings(["one", "two"], (tmp_path,))[0].SCHEMA
    configured = Configuration.of(schema)
    (fault,) = configured.faults('<c xmlns="urn:one"><x xmlns="urn:two">1</x></c>')
    assert fault.path == "/p:c/p2:x"
    assert fault.namespaces == {"p": "urn:one", "p2": "urn:two"}
    path = '<i xmlns="urn:two" xmlns:a="urn:one" xmlns:b="urn:two">/a:c/b:x</i>'
    configured.edit(f'<c xmlns="urn:one">{path}</c>')
    assert canonical(configured.version.root.c.i) == "/one:c/two:x"
    assert '<i xmlns="urn:two" xmlns:p="urn:one" xmlns:p2="urn:two">/p:c/p2:x</i>' in (
        configured.shown
    )
