"""Access control over SSH: several users, rules that change, and what each is told."""

import re

import pytest
from lxml import etree
from ncclient import manager
from ncclient.operations import RPCError

from tests.end_to_end.client import plain
from tests.end_to_end.events import next_notification, subscription
from tests.end_to_end.gateway import EMBEDDED, OPERATION, QOS, description, policy, qos, template
from tests.end_to_end.house import (
    DATA,
    HIDE,
    SECRET,
    House,
    denied,
    nacm,
    names,
    path_rule,
    viewers,
)
from tests.end_to_end.process import PASSWORD, ROOT
from tests.server.nacm.gate import rule

# ---- the first start


def test_the_first_start_writes_a_group_that_may_do_everything(house: House) -> None:
    shown = house.admin.get_config("running", nacm(""))
    assert shown.value("groups/group/name") == "admin"
    assert shown.values("groups/group/user-name") == ["admin", "other"]
    assert shown.value("rule-list/group") == "admin"
    assert shown.value("rule-list/rule/action") == "permit"
    assert house.session("other").edit_config("candidate", description("y")).ok
    assert "the group 'admin' may do everything (admin, other)" in house.log()


def test_what_is_written_at_the_first_start_is_written_once(house: House) -> None:
    house.admin.edit(
        nacm("<groups><group><name>admin</name><user-name>x</user-name></group></groups>"),
        "running",
    )
    house.gateway.disconnect()
    house.gateway.server.stop()
    house.gateway.server.start()
    again = House(house.gateway)
    assert again.admin.get_config("running", nacm("")).values("groups/group/user-name") == [
        "admin",
        "other",
        "x",
    ]
    assert len(again.admin.get_config("candidate").text) == len(
        again.admin.get_config("running").text
    )


def test_who_takes_all_rules_away_is_let_in_again_by_a_restart(house: House) -> None:
    house.admin.do(
        "<copy-config><target><running/></target><source><config/></source></copy-config>"
    )
    assert house.admin.edit_config("running", DATA).faults[0].tag == "access-denied"
    house.gateway.disconnect()
    house.gateway.server.stop()
    house.gateway.server.start()
    again = House(house.gateway)
    again.admin.edit(DATA, "running")


def test_nothing_is_denied_to_the_recovery_user_and_it_shows(house: House) -> None:
    everything = nacm("<read-default>deny</read-default><exec-default>deny</exec-default>")
    house.admin.edit(everything, "running")
    rescue = house.session("rescue")
    assert names(rescue.get_config("running")) == ["p", "secret"]
    rescue.edit(description("rescued"), "running")
    assert house.admin.get(nacm("")).values("nacm/recovery-user") == ["rescue"]
    groups = house.admin.get(nacm("")).values("external-group/name")
    assert groups == ["nobody", "viewers"]


def blocks(page: str) -> list[str]:
    """The XML of a page of the documentation."""
    return re.findall(r"```xml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)


def test_the_page_says_what_the_first_start_writes(house: House) -> None:
    written, _ = blocks("access.md")
    shown = plain(house.admin.get_config("running", nacm("")).data)
    members = "<user-name>admin</user-name>\n      <user-name>other</user-name>"
    expected = etree.fromstring(written.replace("<user-name>operator</user-name>", members))
    assert shown.replace(" ", "") == f"<nacm>\n{plain(expected)}</nacm>\n".replace(" ", "")


def test_the_example_of_the_page_works(house: House) -> None:
    _, example = blocks("access.md")
    house.admin.edit(example.replace("wilma", "viewer"), "running")
    branch = policy("branch", 1, "<description>{}</description>")
    house.admin.edit(qos(branch.format("a") + template("hidden", 1)), "running")
    house.viewer.edit(qos(branch.format("b")), "running")
    denied(house.viewer.edit_config("running", description("c")))
    assert house.viewer.get_config("running").values("policy-template/name") == []
    assert house.admin.get_config("running").values("policy-template/name") == ["hidden"]


# ---- reading


def test_by_default_everybody_reads_and_nobody_else_writes(house: House) -> None:
    assert names(house.viewer.get_config("running")) == ["p", "secret"]
    assert house.viewer.get_config("running").values("nacm/enable-nacm") == []
    assert house.viewer.get_config("running").elements(".//*[local-name()='nacm']") == []
    assert house.viewer.get(nacm("")).shown == ""
    kind, _ = denied(house.viewer.edit_config("candidate", description("x")))
    assert kind == "application"


def test_hidden_entries_are_in_no_answer(house: House) -> None:
    house.rules(HIDE)
    viewer = house.viewer
    for answer in (
        viewer.get(),
        viewer.get_config("running"),
        viewer.get_config("candidate"),
        viewer.get_config("running", qos("<policies/>")),
        viewer.get(qos("")),
    ):
        assert names(answer) == ["p"]
        assert b"hidden" not in answer.text


def test_filters_work_on_what_may_be_read(house: House) -> None:
    house.rules(
        HIDE,
        path_rule("no-text", "/iq:ipsec-qos/iq:policies/iq:policy/iq:description", "deny", "read"),
    )
    viewer = house.viewer
    by_key = qos("<policies><policy><name>secret</name></policy></policies>")
    by_value = qos("<policies><policy><description>open</description></policy></policies>")
    for wanted in (by_key, by_value):
        assert viewer.get_config("running", wanted).shown == ""
        assert viewer.get(wanted).shown == ""
    only = viewer.get_config("running", qos(policy("p", 1)))
    assert names(only) == ["p"] and only.values("description") == []


def test_an_entry_whose_key_is_hidden_is_not_shown(house: House) -> None:
    number = "/iq:ipsec-qos/iq:policies/iq:policy/iq:sequence-number"
    house.rules(path_rule("no-number", number, "deny", "read"))
    assert names(house.viewer.get_config("running")) == []


def test_state_is_pruned_too(house: House) -> None:
    house.gateway.establish(house.admin, "t1")
    house.gateway.establish(house.admin, "t2")
    house.rules(
        path_rule("one", "/iq:ipsec-qos/iq:tunnels/iq:tunnel[iq:id='t2']", "deny"),
        path_rule("status", "/iq:ipsec-qos/iq:dataplane/iq:status", "deny"),
        rule("monitoring", module_name="ietf-netconf-monitoring", access_operations="read"),
    )
    told = house.viewer.get()
    assert told.values("tunnel/id") == ["t1"]
    assert told.values("dataplane/status") == []
    assert told.values("dataplane/driver") != []
    assert told.elements(".//*[local-name()='netconf-state']") == []


def test_what_is_seen_follows_each_commit(house: House) -> None:
    house.rules(HIDE)
    for number in range(2, 6):
        house.admin.edit(qos(policy("p", number)), "running")
        house.admin.edit(qos(policy("secret", number)), "running")
        assert names(house.viewer.get_config("running")) == ["p"] * number


# ---- changing


def test_a_change_takes_the_right_to_each_node_that_is_not_the_same(house: House) -> None:
    text = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p']/iq:description"
    house.rules(path_rule("text", text, "permit", "update"))
    viewer = house.viewer
    viewer.edit(description("new"))
    viewer.commit()
    assert house.admin.get_config("running", qos("<policies/>")).values("description")[0] == "new"
    place = (
        "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p'][iq:sequence-number='1']/iq:description"
    )
    remove = description("").replace("<description>", f'<description {OPERATION}="remove">')
    assert denied(viewer.edit_config("candidate", remove)) == ("application", place)
    assert denied(viewer.edit_config("running", qos("<global><df-bit>set</df-bit></global>")))[1]
    # Naming what stays as it is takes no right.
    viewer.edit(DATA.replace("<description>open</description>", ""))
    viewer.do("<discard-changes/>")


def test_a_commit_takes_the_right_to_all_that_differs_from_running(house: House) -> None:
    house.rules()
    house.admin.edit(description("of the admin"))
    kind, path = denied(house.viewer.rpc("<commit/>"))
    assert path is not None and path.endswith("/iq:description")
    assert house.counters()[1] == 1
    # RFC 8341, section 3.2.7: no right to data is needed.
    house.viewer.do("<discard-changes/>")
    house.viewer.commit()


def test_all_that_is_denied_is_told_in_one_reply(house: House) -> None:
    edit = qos("<global><df-bit>set</df-bit></global>" + policy("q", 1))
    faults = house.viewer.edit_config("candidate", edit).faults
    assert {fault.tag for fault in faults} == {"access-denied"}
    assert len(faults) == 4  # the leaf, the entry and its keys


def test_a_copy_takes_the_same_rights(house: House) -> None:
    house.rules(HIDE)
    copy = "<copy-config><target><candidate/></target><source><running/></source></copy-config>"
    house.admin.edit(description("other"))
    assert denied(house.viewer.rpc(copy))
    house.admin.do("<discard-changes/>")
    house.rules(HIDE, path_rule("p", "/iq:ipsec-qos", "permit"))
    house.admin.edit(description("other"))
    house.viewer.do(copy)  # What is hidden is the same there, the rules among it.
    assert house.admin.get_config("candidate").shown == (house.admin.get_config("running").shown)
    # What cannot be read is not copied (RFC 8341, section 3.2.4), and so would be deleted.
    house.admin.edit(qos(SECRET.replace("hidden", "changed")))
    assert denied(house.viewer.rpc(copy)) == ("application", None)
    house.viewer.do("<discard-changes/>")


def test_hidden_nodes_and_nodes_that_are_not_there_give_the_same_errors(house: House) -> None:
    house.rules(HIDE, path_rule("others", "/iq:ipsec-qos/iq:policies", "permit"))
    hide_more = HIDE.replace("'secret'", "'absent'").replace("hide", "hide-more")
    house.rules(hide_more, HIDE, path_rule("others", "/iq:ipsec-qos/iq:policies", "permit"))
    viewer = house.viewer
    for operation in ("create", "delete", "remove", "replace", "merge"):
        answers = []
        for name in ("secret", "absent"):
            content = policy(name, 1, "<description>x</description>", f'{OPERATION}="{operation}"')
            answer = viewer.edit_config("candidate", qos(content))
            answers.append([(f.type, f.tag, f.path, f.message) for f in answer.faults])
        if operation == "remove":
            assert answers[1] == []  # Nothing is asked for, so nothing is denied.
            answers[1] = answers[0]
        assert answers[0] == answers[1]
        assert [path for _, _, path, _ in answers[0]] == [None]
        assert answers[0][0][1] == "access-denied"


def test_a_violation_at_a_hidden_node_tells_nothing_of_it(house: House) -> None:
    house.rules(HIDE)
    house.admin.edit(qos(policy("secret", 1, "<template>nowhere</template>")))
    fault = house.viewer.rpc("<validate><source><candidate/></source></validate>").fault
    assert (fault.tag, fault.path) == ("access-denied", None)
    assert "secret" not in fault.message and "nowhere" not in fault.message
    house.admin.do("<discard-changes/>")


# ---- operations


def test_operations_are_denied_by_rule_and_by_marker(house: House) -> None:
    viewer = house.viewer
    before = house.counters()
    assert denied(
        viewer.rpc(f"<kill-session><session-id>{house.admin.id}</session-id></kill-session>")
    )
    assert denied(viewer.rpc("<delete-config><target><startup/></target></delete-config>"))
    house.rules(rule("no-lock", rpc_name="lock", module_name="ietf-netconf"))
    assert denied(viewer.lock()) == ("protocol", None)
    assert house.counters()[0] == before[0] + 3
    assert "<lock> is denied by the rule 'no-lock' of the rule-list 'viewers'" in house.log()
    house.rules(rule("kill", "permit", rpc_name="kill-session"))
    victim = house.gateway.connect(username="other").session()
    viewer.do(f"<kill-session><session-id>{victim.id}</session-id></kill-session>")


def test_whoever_may_do_nothing_may_still_leave(house: House) -> None:
    house.rules(rule("nothing"))
    denied(house.viewer.get())
    house.viewer.close()


def test_actions_take_reading_what_is_around_them(house: House) -> None:
    house.gateway.establish(house.admin, "t1")
    clear = (
        '<action xmlns="urn:ietf:params:xml:ns:yang:1">'
        + qos("<tunnels><tunnel><id>{}</id><clear-counters/></tunnel></tunnels>")
        + "</action>"
    )
    assert house.viewer.rpc(clear.format("t1")).values("discontinuity-time")
    house.rules(path_rule("hide", "/iq:ipsec-qos/iq:tunnels", "deny", "read"))
    told = [house.viewer.rpc(clear.format(name)).fault for name in ("t1", "absent")]
    assert told[0] == told[1] and told[0].tag == "access-denied"


# ---- changes of the rules


def test_a_change_of_the_rules_is_felt_by_open_sessions(house: House) -> None:
    viewer = house.viewer
    assert names(viewer.get_config("running")) == ["p", "secret"]
    house.rules(HIDE)
    assert names(viewer.get_config("running")) == ["p"]
    house.rules(path_rule("all", "/iq:ipsec-qos", "permit"))
    viewer.edit(description("mine"), "running")
    house.admin.edit(nacm("<enable-external-groups>false</enable-external-groups>"), "running")
    denied(viewer.edit_config("running", description("not mine")))
    house.admin.edit(nacm("<enable-nacm>false</enable-nacm>"), "running")
    viewer.edit(description("anybody's"), "running")
    assert viewer.get_config("running").value("enable-nacm") == "false"


def test_paths_of_rules_are_shown_with_the_prefixes_that_they_need(house: House) -> None:
    house.rules(HIDE)
    shown = house.admin.get_config("running", nacm(""))
    (path,) = shown.elements(".//*[local-name()='path']")
    assert path.text == "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='secret']"
    assert path.nsmap["iq"] == QOS
    unknown = HIDE.replace(f'xmlns:iq="{QOS}"', "")
    fault = house.admin.edit_config("candidate", viewers(unknown)).fault
    assert fault.tag == "invalid-value"


def test_rules_survive_a_restart(house: House) -> None:
    house.rules(HIDE)
    house.gateway.disconnect()
    house.gateway.server.stop()
    house.gateway.server.start()
    again = House(house.gateway)
    assert names(again.viewer.get_config("running")) == ["p"]


# ---- a client


def test_ncclient_is_told_access_denied(house: House) -> None:
    house.rules(HIDE)
    with manager.connect(
        host="127.0.0.1",
        port=house.gateway.server.port,
        username="viewer",
        password=PASSWORD,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
    ) as client:
        assert "secret" not in str(client.get_config("running"))
        config = (
            f'<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">{description("x")}</config>'
        )
        with pytest.raises(RPCError) as caught:
            client.edit_config(target="candidate", config=config)
        assert caught.value.tag == "access-denied"
        with pytest.raises(RPCError) as caught:
            client.kill_session(str(house.admin.id))
        assert caught.value.tag == "access-denied"


# ---- notifications


def test_a_notification_that_rules_deny_is_not_sent_and_counted(house: House) -> None:
    house.rules(
        rule("no-down", notification_name="tunnel-down", module_name="ipsec-qos"),
        rule("subscribe", "permit", rpc_name="create-subscription", module_name="*"),
    )
    before = house.counters()[2]
    house.viewer.do(subscription())
    house.gateway.establish(house.admin, "seen")
    house.admin.do(f'<remove-tunnel xmlns="{EMBEDDED}"><id>seen</id></remove-tunnel>')
    house.gateway.establish(house.admin, "again")
    found = [next_notification(house.viewer) for _ in range(2)]
    assert [each.name for each in found] == ["tunnel-up", "tunnel-up"]
    assert house.counters()[2] == before + 1
    assert "the notification tunnel-down is denied by the rule 'no-down'" in house.log()
