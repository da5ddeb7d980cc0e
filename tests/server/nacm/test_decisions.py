"""What decides, in which order (RFC 8341, sections 3.4.4 to 3.4.6)."""

import logging
from pathlib import Path

import pytest

from server.namespaces import BASE, NOTIFICATION
from tests.server.nacm.gate import NACM, Gate, group, rule, rule_list, schema_of
from tests.server.nacm.test_examples import path_rule
from yang.schema import Schema

MODULE = """
  import ietf-netconf-acm { prefix nacm; }
  container a {
    leaf x { type string; }
    leaf-list tags { type string; }
    leaf secret { nacm:default-deny-all; type string; }
    container guarded { nacm:default-deny-write; leaf y { type string; } }
    container flag { presence "it says something"; leaf z { type string; } }
    choice c { leaf one { type string; } leaf two { type string; } }
    list b { key "k l"; leaf k { type string; } leaf l { type uint8; } leaf v { type string; }
      list d { key n; leaf n { type string; } leaf w { type string; } }
      action poke { nacm:default-deny-all; } action stroke;
      notification moved; }
    list o { key n; ordered-by user; leaf n { type string; } }
  }
  container z { leaf q { type string; } }
  rpc reset { nacm:default-deny-all; }
  rpc ping;
  notification alarm { nacm:default-deny-all; }
"""
GROUPS = group("g", "u") + group("h", "v", "u")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(MODULE, Path(tmp_path_factory.mktemp("decisions")))


def a(content: str) -> str:
    return f"<a>{content}</a>"


def b(k: str, number: int, content: str = "", attributes: str = "") -> str:
    return a(f"<b {attributes}><k>{k}</k><l>{number}</l>{content}</b>")


def path(text: str, action: str, accesses: str = "*", name: str = "r") -> str:
    return path_rule(name, text.replace("/", "/acme:").replace("[", "[acme:"), action, accesses)


X = a("<x>1</x>")


@pytest.mark.parametrize(
    ("rules", "sees", "writes"),
    [
        ("", True, False),
        ("<enable-nacm>false</enable-nacm>", True, True),
        ("<read-default>deny</read-default>", False, False),
        ("<write-default>permit</write-default>", True, True),
        (rule_list("l", "g", rule("r", "permit")), True, True),
        (rule_list("l", "*", rule("r", "permit")), True, True),
        (rule_list("l", "other", rule("r", "permit")), True, False),
        (rule_list("l", "", rule("r", "permit")), True, False),
        # The first rule that matches decides, within a list and across them.
        (rule_list("l", "g", rule("p", "permit"), rule("d")), True, True),
        (rule_list("l", "g", rule("d"), rule("p", "permit")), False, False),
        (rule_list("l", "g", rule("d")) + rule_list("m", "h", rule("p", "permit")), False, False),
        (rule_list("l", "h", rule("p", "permit")) + rule_list("m", "g", rule("d")), True, True),
        # Of a rule everything must match.
        (rule_list("l", "g", rule("r", "permit", module_name="t")), True, True),
        (rule_list("l", "g", rule("r", "permit", module_name="u")), True, False),
        (rule_list("l", "g", rule("r", access_operations="read")), False, False),
        (rule_list("l", "g", rule("r", "permit", access_operations="create")), True, True),
        (rule_list("l", "g", rule("r", "permit", access_operations="update delete")), True, False),
        # Rules about operations and notifications say nothing of data.
        (rule_list("l", "g", rule("r", "permit", rpc_name="*")), True, False),
        (rule_list("l", "g", rule("r", notification_name="*")), True, False),
        # A path is the node and what is in it, and nothing else.
        (rule_list("l", "g", path("/a/x", "permit")), True, True),
        (rule_list("l", "g", path("/a", "permit")), True, True),
        (rule_list("l", "g", path("/a", "deny", "read")), False, False),
        (rule_list("l", "g", path_rule("r", "/", "permit")), True, True),
        (rule_list("l", "g", path("/z", "permit")), True, False),
        (rule_list("l", "g", path("/a/tags", "permit")), True, False),
        (rule_list("l", "g", path("/a/nothing", "permit")), True, False),
    ],
)
def test_what_decides_about_a_leaf(schema: Schema, rules: str, sees: bool, writes: bool) -> None:
    gate = Gate(schema, GROUPS + rules, a("<tags>t</tags>"))
    assert gate.may("u", X) is writes
    gate.configuration.edit(X)
    assert ("<x>1</x>" in gate.sees("u")) is sees


def test_rules_for_all_groups_are_for_those_who_are_in_one(schema: Schema) -> None:
    """RFC 8341, section 3.4.5, step 4: without a group the rules are not looked at."""
    gate = Gate(schema, GROUPS + rule_list("l", "*", rule("r", "permit")))
    assert gate.may("v", X)
    assert not gate.may("stranger", X)


@pytest.mark.parametrize("uses", ["true", "false"])
def test_groups_of_the_settings_count_if_external_groups_do(schema: Schema, uses: str) -> None:
    gate = Gate(
        schema,
        f"<enable-external-groups>{uses}</enable-external-groups>"
        + rule_list("l", "ops", rule("r", "permit")),
        external={"w": frozenset({"ops"})},
    )
    assert gate.may("w", X) is (uses == "true")


def test_nothing_is_denied_to_a_recovery_user(schema: Schema) -> None:
    rules = "<read-default>deny</read-default><exec-default>deny</exec-default>"
    gate = Gate(schema, rules, a("<secret>s</secret>"), recovery="root")
    assert gate.sees("root") == a("<secret>s</secret>")
    assert gate.sees_rules("root")
    assert gate.may("root", X)
    assert gate.may_invoke("root", f"{{{BASE}}}kill-session")


def test_default_deny_markers_hold_where_no_rule_does(schema: Schema) -> None:
    data = a("<x>1</x><secret>s</secret><guarded><y>2</y></guarded>")
    open_to_all = "<write-default>permit</write-default>"
    gate = Gate(schema, GROUPS + open_to_all, data)
    assert gate.sees("u") == a("<x>1</x><guarded><y>2</y></guarded>")
    assert gate.may("u", X)
    for edit in (a("<secret>t</secret>"), a("<guarded><y>3</y></guarded>")):
        assert not gate.may("u", edit)
    gate.rules(
        rule_list("l", "g", path("/a/secret", "permit"), path("/a/guarded", "permit", name="s"))
    )
    assert gate.sees("u") == data
    assert gate.may("u", a("<secret>t</secret><guarded><y>3</y></guarded>"))


def test_the_rules_themselves_are_hidden_and_guarded_by_their_marker(schema: Schema) -> None:
    gate = Gate(schema, GROUPS + "<write-default>permit</write-default>")
    assert not gate.sees_rules("u")
    edit = f'<nacm xmlns="{NACM}"><enable-nacm>false</enable-nacm></nacm>'
    assert [each.path for each in gate.refusals("u", edit)] == [None]


@pytest.mark.parametrize(
    ("rules", "tag", "may"),
    [
        ("", f"{{{BASE}}}get", True),
        ("", "{urn:t}ping", True),
        ("", "{urn:t}reset", False),
        ("", f"{{{BASE}}}kill-session", False),
        ("", f"{{{BASE}}}delete-config", False),
        ("<exec-default>deny</exec-default>", f"{{{BASE}}}get", False),
        ("<exec-default>deny</exec-default>", f"{{{BASE}}}close-session", True),
        (rule_list("l", "g", rule("r", rpc_name="*")), f"{{{BASE}}}close-session", True),
        (rule_list("l", "g", rule("r", "permit", rpc_name="reset")), "{urn:t}reset", True),
        (rule_list("l", "g", rule("r", rpc_name="ping")), "{urn:t}ping", False),
        (rule_list("l", "g", rule("r", rpc_name="ping")), f"{{{BASE}}}get", True),
        (rule_list("l", "g", rule("r", module_name="ietf-netconf")), "{urn:t}ping", True),
        (rule_list("l", "g", rule("r", module_name="ietf-netconf")), f"{{{BASE}}}get", False),
        (rule_list("l", "g", rule("r", access_operations="read")), f"{{{BASE}}}get", True),
        (rule_list("l", "g", path_rule("r", "/", "deny")), f"{{{BASE}}}get", True),
    ],
)
def test_what_decides_about_an_operation(schema: Schema, rules: str, tag: str, may: bool) -> None:
    gate = Gate(schema, GROUPS + rules)
    assert gate.may_invoke("u", tag) is may
    assert gate.control.denied.operations == (not may)


def test_an_action_takes_reading_what_is_around_it(schema: Schema) -> None:
    poke, stroke = schema.by_path["/t:a/b"].actions  # type: ignore[union-attr]
    key = ("k", 1)
    assert Gate(schema).may_act("u", stroke, key)
    assert not Gate(schema).may_act("u", poke, key)
    permits = rule_list("l", "g", path("/a/b/poke", "permit"))
    assert Gate(schema, GROUPS + permits).may_act("u", poke, key)
    one = rule_list("l", "g", path("/a/b[k='k']", "deny", "read"))
    assert not Gate(schema, GROUPS + one).may_act("u", stroke, key)
    assert Gate(schema, GROUPS + one).may_act("u", stroke, ("j", 1))
    denied = rule_list("l", "g", path("/a/b/stroke", "deny", "exec"))
    assert not Gate(schema, GROUPS + denied).may_act("u", stroke, key)


def test_notifications_tied_to_a_node_follow_the_rules_of_data(schema: Schema) -> None:
    (moved,) = schema.by_path["/t:a/b"].notifications  # type: ignore[union-attr]
    (alarm,) = (each for each in schema.notifications.values() if each.name == "alarm")
    gate = Gate(schema, GROUPS + rule_list("l", "g", path("/a/b[k='k']", "deny", "read")))
    assert not gate.is_told("u", moved, ("k", 1))
    assert gate.is_told("u", moved, ("j", 1))
    assert not gate.is_told("u", alarm)
    assert gate.control.denied.notifications == 2
    assert NOTIFICATION  # What every subscriber must know is of its namespace.


def test_the_log_says_what_denied_and_the_client_is_not_told(
    schema: Schema, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(schema, GROUPS + rule_list("lists", "g", path("/a/x", "deny", name="no-x")))
    with caplog.at_level(logging.INFO):
        (error,) = gate.refusals("u", X)
        gate.may_invoke("u", "{urn:t}reset")
        gate.may("v", a("<tags>q</tags>"))
    assert "no-x" not in error.message
    assert "create /t:a/t:x is denied by the rule 'no-x' of the rule-list 'lists'" in caplog.text
    assert "<reset> is denied by the statement default-deny-all" in caplog.text
    assert "is denied by write-default (deny)" in caplog.text
    assert "u@192.0.2.9" in caplog.text
