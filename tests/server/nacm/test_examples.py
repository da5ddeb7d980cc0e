"""The examples of RFC 8341, appendix A, and what follows from them."""

from pathlib import Path

import pytest

from server.namespaces import BASE
from tests.server.nacm.gate import NACM, Gate, group, rule, rule_list, schema_of
from yang.schema import Schema

ACME = """
  container acme-netconf { container config-parameters {
    leaf retries { type uint8; } leaf hidden { type string; } } }
  container interfaces { list interface { key name;
    leaf name { type string; } leaf mtu { type uint16; } leaf description { type string; } } }
  notification sys-config-change { leaf by { type string; } }
"""
T = 'xmlns:acme="urn:t"'
GROUPS = (
    group("admin", "admin", "andy")
    + group("limited", "wilma", "bam-bam")
    + group("guest", "guest", "guest@example.com")
)
DATA = (
    "<acme-netconf><config-parameters><retries>3</retries></config-parameters></acme-netconf>"
    "<interfaces><interface><name>dummy</name></interface>"
    "<interface><name>eth0</name><mtu>1500</mtu></interface></interfaces>"
)

PERMIT_ALL = rule_list("admin-acl", "admin", rule("permit-all", "permit", module_name="*"))

MODULE_RULES = (
    rule_list("guest-acl", "guest", rule("deny-all-t", module_name="t", access_operations="*"))
    + rule_list(
        "limited-acl",
        "limited",
        rule("permit-t", "permit", module_name="t", access_operations="read"),
    )
    + PERMIT_ALL
)

OPERATION_RULES = (
    rule_list(
        "guest-limited-acl",
        "limited guest",
        rule(
            "deny-kill",
            module_name="ietf-netconf",
            rpc_name="kill-session",
            access_operations="exec",
        ),
        rule(
            "deny-delete",
            module_name="ietf-netconf",
            rpc_name="delete-config",
            access_operations="exec",
        ),
    )
    + rule_list(
        "limited-acl",
        "limited",
        rule(
            "permit-edit",
            "permit",
            module_name="ietf-netconf",
            rpc_name="edit-config",
            access_operations="exec",
        ),
    )
    + PERMIT_ALL
)


def path_rule(name: str, path: str, action: str, accesses: str = "*") -> str:
    return rule(name, action, access_operations=accesses).replace(
        "<action>", f'<path {T} xmlns:n="{NACM}">{path}</path><action>'
    )


DATA_RULES = (
    rule_list("guest-acl", "guest", path_rule("deny-nacm", "/n:nacm", "deny"))
    + rule_list(
        "limited-acl",
        "limited",
        path_rule(
            "permit-acme-config",
            "/acme:acme-netconf/acme:config-parameters",
            "permit",
            "read create update delete",
        ),
        path_rule(
            "permit-dummy-interface",
            "/acme:interfaces/acme:interface[acme:name='dummy']",
            "permit",
            "read update",
        ),
    )
    + rule_list(
        "admin-acl",
        "admin",
        path_rule("permit-interface", "/acme:interfaces/acme:interface", "permit"),
    )
)

NOTIFICATION_RULES = rule_list(
    "sys-acl",
    "limited guest",
    rule(
        "deny-config-change",
        module_name="t",
        notification_name="sys-config-change",
        access_operations="read",
    ),
)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(ACME, Path(tmp_path_factory.mktemp("acme")))


def parameters(content: str) -> str:
    return f"<acme-netconf><config-parameters>{content}</config-parameters></acme-netconf>"


def interface(name: str, content: str, attributes: str = "") -> str:
    return (
        f"<interfaces><interface {attributes}><name>{name}</name>{content}</interface></interfaces>"
    )


def test_module_rules(schema: Schema) -> None:
    gate = Gate(schema, GROUPS + MODULE_RULES, DATA)
    assert gate.sees("guest") == ""
    assert gate.sees("wilma") == DATA
    assert not gate.may("wilma", parameters("<retries>4</retries>"))
    assert gate.may("andy", parameters("<retries>4</retries>"))


def test_protocol_operation_rules(schema: Schema) -> None:
    gate = Gate(schema, GROUPS + OPERATION_RULES, DATA)
    for user in ("wilma", "guest"):
        assert not gate.may_invoke(user, f"{{{BASE}}}kill-session")
        assert not gate.may_invoke(user, f"{{{BASE}}}delete-config")
        assert gate.may_invoke(user, f"{{{BASE}}}edit-config")
    assert gate.may_invoke("admin", f"{{{BASE}}}kill-session")


def test_data_node_rules(schema: Schema) -> None:
    gate = Gate(schema, GROUPS + DATA_RULES, DATA)
    assert gate.may("wilma", parameters("<retries>4</retries>"))
    assert gate.may("wilma", parameters("<hidden>x</hidden>"))
    assert gate.may("wilma", interface("dummy", "<mtu>9000</mtu>", 'nc:operation="merge"')) is False
    gate.configuration.edit(interface("dummy", "<mtu>1400</mtu>"))
    assert gate.may("wilma", interface("dummy", "<mtu>9000</mtu>"))
    assert not gate.may("wilma", interface("eth0", "<mtu>9000</mtu>"))
    assert not gate.may("wilma", interface("dummy", "", 'nc:operation="delete"'))
    assert gate.may("andy", interface("eth1", "<mtu>9000</mtu>"))
    assert gate.may("andy", interface("dummy", "", 'nc:operation="delete"'))
    assert not gate.may("andy", parameters("<retries>4</retries>"))
    assert not gate.sees_rules("guest")


def test_notification_rules(schema: Schema) -> None:
    gate = Gate(schema, GROUPS + NOTIFICATION_RULES)
    (notification,) = (each for each in schema.notifications.values() if each.module.name == "t")
    assert not gate.is_told("wilma", notification)
    assert not gate.is_told("guest", notification)
    assert gate.is_told("andy", notification)
    assert gate.control.denied.notifications == 2
