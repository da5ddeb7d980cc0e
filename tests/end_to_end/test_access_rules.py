"""Rules that can match nothing: taken, as RFC 8341 has it, and told in the log."""

from tests.end_to_end.gateway import description
from tests.end_to_end.house import House, path_rule
from tests.server.nacm.gate import rule

P = "/iq:ipsec-qos/iq:policies/iq:policy"
WRONG = {
    "typo": path_rule("typo", f"{P}/iq:descripton", "deny"),
    "top": path_rule("top", "/iq:ipsec", "deny"),
    "key": path_rule("key", f"{P}[iq:sequence-number='many']", "deny"),
    "no-key": path_rule("no-key", f"{P}[iq:description='x']", "deny"),
    "module": rule("module", "deny", module_name="ipsec-qs"),
    "rpc": rule("rpc", "deny", rpc_name="lokc"),
    "rpc-of": rule("rpc-of", "deny", module_name="ipsec-qos", rpc_name="lock"),
    "event": rule("event", "deny", notification_name="tunnel-upp"),
    "other": path_rule("other", P, "deny").replace(
        "<path", "<module-name>ietf-netconf</module-name><path"
    ),
}
RIGHT = (
    path_rule("right", f"{P}[iq:name='p']/iq:description", "permit"),
    path_rule("all", "/", "permit"),
    path_rule("state", "/iq:ipsec-qos/iq:tunnels/iq:tunnel[iq:id='t1']", "permit"),
    path_rule("action", "/iq:ipsec-qos/iq:dataplane/iq:resynchronize", "permit"),
    rule("commit", "permit", module_name="ietf-netconf", rpc_name="commit"),
    rule("any-rpc", "permit", rpc_name="*"),
    rule("tunnel", "permit", module_name="ipsec-qos", notification_name="tunnel-up"),
)


def complaints(house: House) -> list[str]:
    return [line for line in house.gateway.server.log if "matches nothing" in line]


def test_a_rule_that_can_match_nothing_is_told_once(house: House) -> None:
    house.rules(*WRONG.values(), *RIGHT)
    house.viewer.get_config("running")
    told = complaints(house)
    for name in WRONG:
        found = [line for line in told if f"the rule '{name}' of the rule-list 'viewers'" in line]
        assert len(found) == 1, (name, told)
    assert len(told) == len(WRONG)
    assert any("there is no ipsec-qos:descripton in /ipsec-qos:ipsec-qos/" in line for line in told)
    house.rules(*WRONG.values(), *RIGHT[1:])
    house.viewer.get_config("running")
    assert complaints(house) == told


def test_rules_that_match_something_are_not_told(house: House) -> None:
    house.rules(*RIGHT)
    assert house.viewer.edit_config("candidate", description("x")).ok
    assert complaints(house) == []
