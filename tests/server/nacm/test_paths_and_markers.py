"""Which nodes a path names, what markers do to what is in them, and which values are the same."""

from pathlib import Path

import pytest

from server.errors import RpcError
from tests.server.nacm.gate import BASE_SET, Gate, group, rule, rule_list, schema_of, session_of
from tests.server.nacm.test_examples import path_rule
from yang.schema import Schema

MODULE = """
  import ietf-netconf-acm { prefix nacm; }
  container a {
    leaf x { type uint8; }
    leaf either { type union { type uint8; type boolean; } }
    container g { leaf y { type uint8; } }
    container secret { nacm:default-deny-all;
      leaf p { nacm:default-deny-write; type uint8; } }
    list b { key "k l m"; leaf k { type string; } leaf l { type uint8; } leaf m { type uint8; }
      leaf v { type uint8; } }
    leaf-list t { type string; }
  }
  notification twin;
"""
BESIDE = """module u { yang-version 1.1; namespace "urn:u"; prefix u; import t { prefix t; }
  augment "/t:a" { leaf x { type uint8; } } }"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    where = Path(tmp_path_factory.mktemp("paths"))
    (where / "u.yang").write_text(BESIDE)
    return schema_of(MODULE, where, more=("u", *BASE_SET))


def gate(schema: Schema, *rules: str, data: str = "") -> Gate:
    return Gate(schema, group("g", "u") + rule_list("l", "g", *rules), data and a(data))


def a(content: str) -> str:
    return f'<a xmlns="urn:t" xmlns:u="urn:u">{content}</a>'


def test_a_path_names_nodes_of_its_module_only(schema: Schema) -> None:
    permitted = gate(schema, path_rule("x", "/acme:a/acme:x", "permit"))
    assert permitted.may("u", a("<x>1</x>"))
    assert not permitted.may("u", a("<u:x>1</u:x>"))


@pytest.mark.parametrize("path", ["/acme:a/acme:g[acme:y='1']", "/acme:a/acme:x[.='1']"])
def test_a_predicate_where_there_are_no_entries_names_nothing(schema: Schema, path: str) -> None:
    permitted = gate(schema, path_rule("p", path, "permit"))
    assert not permitted.may("u", a("<g><y>1</y></g>"))
    assert not permitted.may("u", a("<x>1</x>"))


def test_every_predicate_of_a_part_of_the_keys_must_fit(schema: Schema) -> None:
    part = gate(schema, path_rule("b", "/acme:a/acme:b[acme:k='n'][acme:l='1']", "permit"))

    def may(k: str, number: int) -> bool:
        return part.may("u", a(f"<b><k>{k}</k><l>{number}</l><m>5</m><v>1</v></b>"))

    assert may("n", 1)
    assert not may("n", 2)
    assert not may("o", 1)


def test_what_is_in_a_node_that_is_denied_by_default_is_no_less_so(schema: Schema) -> None:
    hidden = gate(schema, data="<x>1</x><secret><p>1</p></secret>")
    assert "secret" not in hidden.sees("u")
    container = path_rule("c", "/acme:a/acme:secret", "permit", "read")
    assert "<p>" in gate(schema, container, data="<secret><p>1</p></secret>").sees("u")
    inside = path_rule("p", "/acme:a/acme:secret/acme:p", "permit", "create")
    assert not gate(schema, inside, data="<secret><p>1</p></secret>").may(
        "u", a("<secret><p>2</p></secret>")
    )
    (refusal,) = hidden.refusals("u", a("<secret><p>2</p></secret>"))
    assert refusal.denied_by == "the statement default-deny-all"


def test_a_number_is_not_a_truth_value(schema: Schema) -> None:
    readable = path_rule("r", "/acme:a", "permit", "read")
    held = gate(schema, readable, data="<either>1</either>")
    assert held.may("u", a("<either>1</either>"))
    assert not held.may("u", a("<either>true</either>"))


@pytest.mark.parametrize(
    "path", ["/acme:a/acme:t[acme:x='1']", "/acme:a/acme:b[acme:l='no-number']"]
)
def test_a_predicate_that_cannot_be_names_nothing(schema: Schema, path: str) -> None:
    permitted = gate(schema, path_rule("p", path, "permit"))
    assert not permitted.may("u", a("<t>1</t>"))
    assert not permitted.may("u", a("<b><k>n</k><l>1</l><m>5</m></b>"))


def test_a_rule_about_a_notification_is_none_about_an_operation_of_its_name(
    schema: Schema,
) -> None:
    told = schema.notifications["{urn:t}twin"]
    about = rule("n", "permit", notification_name="twin")
    denied = "<exec-default>deny</exec-default><read-default>deny</read-default>"
    both = gate(schema, about)
    both.rules(denied)
    assert both.is_told("u", told)
    assert not both.may_invoke("u", "{urn:t}twin")
    other = gate(schema, rule("o", "permit", rpc_name="twin"))
    other.rules(denied)
    assert not other.is_told("u", told)
    assert other.may_invoke("u", "{urn:t}twin")


def test_a_notification_that_no_rule_names_is_told_by_the_default_for_reading(
    schema: Schema,
) -> None:
    silent = gate(schema)
    silent.rules("<read-default>deny</read-default>")
    assert not silent.is_told("u", schema.notifications["{urn:t}twin"])
    heard = gate(schema)
    heard.rules("<exec-default>deny</exec-default>")
    assert heard.is_told("u", schema.notifications["{urn:t}twin"])


@pytest.mark.parametrize("path", ["/acme:a[", "//acme:a", "/acme:a/acme:b[acme:k=$USER]"])
def test_a_path_that_cannot_be_read_is_no_rule(schema: Schema, path: str) -> None:
    with pytest.raises(RpcError) as refused:
        gate(schema, path_rule("p", path, "permit"))
    assert refused.value.tag == "invalid-value"


def test_a_copy_leaves_out_what_its_session_cannot_read(schema: Schema) -> None:
    hidden = gate(schema, path_rule("x", "/acme:a/acme:x", "deny", "read"), data="<x>1</x>")
    target, source = hidden.root, hidden.configuration.edited(a("<x>2</x>"), "merge")
    copied = hidden.control.copied(session_of("u"), source, target)
    top = schema.by_path["/t:a"].at.slot
    assert copied[top] is not source[top]
    assert hidden.control.copied(session_of("u"), source, source) is source


def test_an_error_whose_path_cannot_be_read_back_is_veiled(schema: Schema) -> None:
    hidden = gate(schema, path_rule("x", "/acme:a/acme:x", "deny", "read"))
    error = RpcError("data-missing", "words", path="/t:nowhere", namespaces={"t": "urn:t"})
    veiled = hidden.control.veil(session_of("u"), [error])
    assert isinstance(veiled, RpcError)
    assert (veiled.tag, veiled.path) == ("access-denied", None)
    assert veiled.denied_by == "what it cannot see (data-missing)"
