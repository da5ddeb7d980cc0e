"""RFC 8641 over NETCONF against the real server: subscriptions to datastores."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from tests.end_to_end.client import RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import next_notification
from tests.end_to_end.gateway import OPERATION, QOS, Gateway, description, policy, qos
from tests.end_to_end.house import HIDE, House
from tests.end_to_end.pushed import (
    BASE_PATH,
    NO_SYNC,
    POLICIES,
    contents,
    datastore,
    edits,
    nacm_of,
    on_change,
    periodic,
    push_rpc,
    subtree,
    to_changes,
    values,
    xpath,
)
from tests.end_to_end.subscribed import (
    PUSH,
    SUBSCRIBED,
    establish,
    listed,
    names_until,
    next_about,
    of,
    reason_in,
    subscribe,
)
from tests.server.nacm.gate import NACM, rule


def test_the_hello_offers_the_module_with_changes(gateway: Gateway) -> None:
    hello = gateway.channel().take_hello()
    assert b"?module=ietf-yang-push&amp;revision=2019-09-09&amp;features=on-change" in hello


def test_a_sync_then_each_change(gateway: Gateway) -> None:
    """RFC 8641, sections 3.1, 3.3 and 3.7."""
    session, editor = gateway.session(), gateway.session()
    editor.edit(description("before"), "running")
    number = subscribe(session, to_changes(subtree(POLICIES), ""))
    sync = next_about(session, number, "push-update")
    assert "<description>before</description>" in contents(sync)
    editor.edit(description("after"), "running")
    change = next_about(session, number, "push-change-update")
    assert change["datastore-changes/yang-patch/patch-id"] == "0"
    assert change["datastore-changes/yang-patch/edit/edit-id"] == "edit1"
    assert edits(change) == [("replace", f"{BASE_PATH}=p,1/description")]
    assert values(change) == ["<description>after</description>\n"]
    editor.edit(qos(policy("p", 1, "", f'{OPERATION}="delete"')), "running")
    gone = next_about(session, number, "push-change-update")
    assert gone["datastore-changes/yang-patch/patch-id"] == "1"
    assert edits(gone) == [("delete", f"{BASE_PATH}=p,1")]
    assert values(gone) == []


def test_an_entry_appears_whole_and_in_its_namespace(gateway: Gateway) -> None:
    session = gateway.session()
    subscribe(session, to_changes(subtree(POLICIES)))
    other = gateway.session()
    other.edit(qos(policy("a/b, c", 7, "<outbound><dscp>ef</dscp></outbound>")), "running")
    change = next_notification(session)
    assert edits(change) == [("create", f"{BASE_PATH}=a%2Fb%2C%20c,7")]
    (value,) = change.body.iter(f"{{{PUSH}}}value")
    assert value[0].tag == f"{{{QOS}}}policy"
    assert [etree.QName(each).localname for each in value[0]] == [
        "name",
        "sequence-number",
        "outbound",
    ]


def test_what_a_filter_does_not_select_is_not_told(gateway: Gateway) -> None:
    """Entries by key, leafs of entries, and content that begins and ceases to match."""
    session, editor = gateway.session(), gateway.session()
    one = "<policies><policy><name>a</name></policy></policies>"
    named = subscribe(session, to_changes(subtree(qos(one))))
    leaf = subscribe(
        session, to_changes(xpath("/q:ipsec-qos/q:policies/q:policy/q:outbound/q:dscp"))
    )
    fast = "<policies><policy><outbound><dscp>ef</dscp></outbound></policy></policies>"
    matching = subscribe(session, to_changes(subtree(qos(fast))))
    editor.edit(qos(policy("a", 1)), "running")
    assert edits(next_about(session, named, "push-change-update")) == [
        ("create", f"{BASE_PATH}=a,1")
    ]
    editor.edit(qos(policy("b", 1, "<outbound><dscp>ef</dscp></outbound>")), "running")
    found = {}
    for _ in range(2):
        change = next_notification(session)
        found[int(change["id"])] = edits(change)
    assert found[leaf] == [("create", f"{BASE_PATH}=b,1")]
    assert found[matching] == [("create", f"{BASE_PATH}=b,1")]
    editor.edit(qos(policy("b", 1, "<outbound><dscp>af11</dscp></outbound>")), "running")
    found = {}
    for _ in range(2):
        change = next_notification(session)
        found[int(change["id"])] = edits(change)
    assert found[leaf] == [("replace", f"{BASE_PATH}=b,1/outbound/dscp")]
    assert found[matching][0][0] == "delete"
    assert session.is_open()


def test_an_xpath_is_told_with_names_of_modules_for_prefixes(session: RawSession) -> None:
    """yang:xpath1.0 in /subscriptions: prefixes that need no declaration; literals stay."""
    wanted = "/q:ipsec-qos/child::q:policies/q:policy[q:name = 'q:name']"
    subscribe(session, to_changes(xpath(wanted)))
    assert listed(session).value("datastore-xpath-filter") == (
        "/ipsec-qos:ipsec-qos/child::ipsec-qos:policies/ipsec-qos:policy[ipsec-qos:name = 'q:name']"
    )


@pytest.mark.parametrize("name", ["running", "intended"])
def test_running_and_intended_are_the_same(gateway: Gateway, name: str) -> None:
    session = gateway.session()
    number = subscribe(session, establish(datastore(name) + subtree(POLICIES) + on_change(NO_SYNC)))
    session.send_rpc(
        f"<edit-config><target><running/></target><config>{description('x')}</config></edit-config>"
    )
    assert session.read_reply().ok
    assert edits(next_about(session, number, "push-change-update")) == [
        ("create", f"{BASE_PATH}=p,1")
    ]


def test_changes_that_are_excluded_are_not_told(gateway: Gateway) -> None:
    """RFC 8641, section 3.3: excluded-change."""
    session, editor = gateway.session(), gateway.session()
    excluded = "<excluded-change>create</excluded-change><excluded-change>replace</excluded-change>"
    number = subscribe(session, to_changes(subtree(POLICIES), NO_SYNC + excluded))
    for text in ("one", "two"):
        editor.edit(description(text), "running")
    editor.edit(qos(policy("p", 1, "", f'{OPERATION}="delete"')), "running")
    assert edits(next_about(session, number, "push-change-update")) == [
        ("delete", f"{BASE_PATH}=p,1")
    ]


def test_a_dampening_period_gathers_the_net_change(gateway: Gateway) -> None:
    """RFC 8641, section 3.1: the first change at once, the rest once the period has elapsed."""
    session, editor = gateway.session(), gateway.session()
    number = subscribe(
        session,
        to_changes(subtree(POLICIES), NO_SYNC + "<dampening-period>40</dampening-period>"),
    )
    editor.edit(description("0"), "running")
    first = next_about(session, number, "push-change-update")
    for text in ("1", "2", "3"):
        editor.edit(description(text), "running")
    editor.edit(qos(policy("q", 1)), "running")
    editor.edit(qos(policy("q", 1, "", f'{OPERATION}="delete"')), "running")
    second = next_about(session, number, "push-change-update")
    assert second.time - first.time >= timedelta(milliseconds=390)
    assert edits(second) == [("replace", f"{BASE_PATH}=p,1/description")]
    assert values(second) == ["<description>3</description>\n"]


def test_entries_that_their_user_orders_are_inserted_and_moved(house: House) -> None:
    """RFC 8072, section 2.5: where and point."""
    session, editor = house.gateway.session(), house.admin
    lists = "<rule-list><name>{}</name></rule-list>"
    editor.edit(nacm_of(lists.format("a") + lists.format("b")), "running")
    subscribe(session, to_changes(subtree(f'<nacm xmlns="{NACM}"><rule-list/></nacm>')))
    insert = 'xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert="first"'
    editor.edit(
        nacm_of(lists.format("c").replace("<rule-list>", f"<rule-list {insert}>")), "running"
    )
    change = next_notification(session)
    assert edits(change) == [("insert", "/ietf-netconf-acm:nacm/rule-list=c")]
    assert change["datastore-changes/yang-patch/edit/where"] == "first"
    editor.edit(
        nacm_of(lists.format("a").replace("<rule-list>", f"<rule-list {insert}>")), "running"
    )
    change = next_notification(session)
    assert edits(change) == [("move", "/ietf-netconf-acm:nacm/rule-list=a")]
    after = 'xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert="last"'
    editor.edit(
        nacm_of(lists.format("a").replace("<rule-list>", f"<rule-list {after}>")), "running"
    )
    change = next_notification(session)
    assert change["datastore-changes/yang-patch/edit/where"] == "after"
    assert change["datastore-changes/yang-patch/edit/point"].startswith(
        "/ietf-netconf-acm:nacm/rule-list="
    )


def test_what_is_outside_of_lists_is_told_leaf_by_leaf(house: House) -> None:
    session = house.gateway.session()
    subscribe(session, to_changes(subtree(f'<nacm xmlns="{NACM}"/>')))
    house.admin.edit(nacm_of("<exec-default>deny</exec-default>"), "running")
    assert edits(next_notification(session)) == [("create", "/ietf-netconf-acm:nacm/exec-default")]
    house.admin.edit(nacm_of(f'<exec-default {OPERATION}="delete">deny</exec-default>'), "running")
    assert edits(next_notification(session)) == [("delete", "/ietf-netconf-acm:nacm/exec-default")]


def test_what_may_not_be_read_is_not_pushed(house: House) -> None:
    """RFC 8641, section 3.9: neither in a sync nor in changes, and rules are felt at once."""
    house.rules(HIDE, rule("all", "permit"))
    viewer = house.viewer
    number = subscribe(viewer, to_changes(subtree(POLICIES), ""))
    told = contents(next_about(viewer, number, "push-update"))
    assert "<name>p</name>" in told
    assert "secret" not in told
    secret = qos(policy("secret", 1, "<description>new</description>"))
    house.admin.edit(secret, "running")
    house.admin.edit(description("seen"), "running")
    change = next_about(viewer, number, "push-change-update")
    assert edits(change) == [("replace", f"{BASE_PATH}=p,1/description")]
    house.rules(rule("none", "deny", notification_name="push-change-update"), HIDE)
    next_about(viewer, number, "push-update")
    house.admin.edit(description("not told"), "running")
    asked = of("modify-subscription", number, subtree(POLICIES))
    assert "push-change-update" not in names_until(viewer, asked, "push-update")


def test_other_rights_are_felt_at_once(house: House) -> None:
    """RFC 8641, section 3.9: what may no longer be read goes, by a sync or an end."""
    house.rules(rule("all", "permit"))
    viewer = house.viewer
    synced = subscribe(viewer, to_changes(subtree(POLICIES), ""))
    assert "secret" in contents(next_about(viewer, synced, "push-update"))
    unsynced = subscribe(viewer, to_changes(subtree(POLICIES)))
    whole = house.admin
    all_seen = subscribe(whole, to_changes(subtree(POLICIES)))
    house.rules(HIDE, rule("all", "permit"))
    found = [next_notification(viewer) for _ in range(2)]
    told = {int(each["id"]): each for each in found}
    assert told[unsynced].name == "subscription-terminated"
    assert told[synced].name == "push-update"
    assert "secret" not in contents(told[synced])
    viewer.do(of("delete-subscription", synced))
    whole.do(of("delete-subscription", all_seen))


def test_a_resync_sends_all_again(gateway: Gateway) -> None:
    """RFC 8641, section 4.4.4."""
    session, editor = gateway.session(), gateway.session()
    editor.edit(description("one"), "running")
    number = subscribe(session, to_changes(subtree(POLICIES), ""))
    next_about(session, number, "push-update")
    session.do(push_rpc("resync-subscription", number))
    assert "one" in contents(next_about(session, number, "push-update"))
    structure = "resync-subscription-error"
    assert reason_in(editor.rpc(push_rpc("resync-subscription", number)), structure) == (
        "invalid-value",
        "ietf-yang-push:no-such-subscription-resync",
        "yp:no-such-subscription-resync",
    )
    unsynced = subscribe(session, to_changes(subtree(POLICIES)))
    found = reason_in(session.rpc(push_rpc("resync-subscription", unsynced)), structure)
    assert found[2] == "yp:on-change-sync-unsupported"


def test_updates_come_periodically(start_server: StartServer) -> None:
    """RFC 8641, section 3.1: the first at once without an anchor time; state, too."""
    gateway = start_server("[limits]\npush_period = 0.1")
    session = gateway.session()
    gateway.establish(session, "t1")
    wanted = subtree(qos("<tunnels><tunnel><id/></tunnel></tunnels>"))
    number = subscribe(session, establish(datastore("operational") + wanted + periodic(20)))
    times = []
    for _ in range(3):
        update = next_about(session, number, "push-update")
        assert contents(update).count("<id>t1</id>") == 1
        times.append(update.time)
    assert times[2] - times[0] >= timedelta(milliseconds=300)
    session.send_rpc(of("delete-subscription", number))
    while b"<ok/>" not in session.read_message():
        pass
    assert session.is_open()


def test_an_anchor_time_says_when(start_server: StartServer) -> None:
    gateway = start_server("[limits]\npush_period = 0.1")
    session = gateway.session()
    anchor = "<anchor-time>2020-01-01T00:00:00.25Z</anchor-time>"
    number = subscribe(session, establish(datastore() + subtree(POLICIES) + periodic(50, anchor)))
    for _ in range(2):
        update = next_about(session, number, "push-update")
        past = (update.time - datetime(2020, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)).total_seconds()
        assert past % 0.5 < 0.4  # Behind its time, and not before.


def test_a_subscription_to_a_datastore_goes_on_by_other_terms(gateway: Gateway) -> None:
    """RFC 8639, section 2.4.3; RFC 8641, section 4.4.2: a new selection begins with a sync."""
    session, editor = gateway.session(), gateway.session()
    editor.edit(qos(policy("a", 1)), "running")
    number = subscribe(session, to_changes(subtree(qos("<policy-templates/>")), ""))
    assert contents(next_about(session, number, "push-update")) == ""
    more = datastore() + subtree(POLICIES)
    session.do(of("modify-subscription", number, more))
    modified = next_about(session, number, "subscription-modified")
    assert modified["datastore"].endswith(":running")
    assert modified.values("datastore-subtree-filter/ipsec-qos/policies") == [""]
    assert modified["on-change/sync-on-start"] == "true"
    assert "<name>a</name>" in contents(next_about(session, number, "push-update"))
    found = listed(session)
    assert found.value("subscription/datastore").endswith(":running")
    assert found.value("subscription/on-change/dampening-period") == "0"
    fault = session.rpc(of("modify-subscription", number, periodic(100))).fault
    assert fault.tag == "bad-element"


def test_a_stop_time_ends_it(gateway: Gateway) -> None:
    session = gateway.session()
    soon = (datetime.now(UTC) + timedelta(seconds=0.3)).isoformat()
    number = subscribe(
        session,
        establish(
            f"{datastore()}{subtree(POLICIES)}<stop-time>{soon}</stop-time>{on_change(NO_SYNC)}"
        ),
    )
    next_about(session, number, "subscription-terminated")
    assert not listed(session).values("subscription/id")


def test_a_filter_of_the_configuration_that_changes_and_goes(gateway: Gateway) -> None:
    """RFC 8639, section 2.2: a shared filter; filter-unavailable once it is gone."""
    session, editor = gateway.session(), gateway.session()

    def named(wanted: str, attributes: str = "") -> str:
        return (
            f'<filters xmlns="{SUBSCRIBED}"><selection-filter xmlns="{PUSH}" {attributes}>'
            f"<filter-id>mine</filter-id>{wanted}</selection-filter></filters>"
        )

    editor.edit(named(subtree(qos("<policy-templates/>"))), "running")
    reference = f'<selection-filter-ref xmlns="{PUSH}">mine</selection-filter-ref>'
    number = subscribe(session, to_changes(reference, ""))
    next_about(session, number, "push-update")
    editor.edit(named(subtree(POLICIES)), "running")
    next_about(session, number, "push-update")
    editor.edit(description("told"), "running")
    assert edits(next_about(session, number, "push-change-update")) == [
        ("create", f"{BASE_PATH}=p,1")
    ]
    editor.edit(named("", f'{OPERATION}="delete"'), "running")
    found = next_about(session, number, "subscription-terminated")
    assert found["reason"].endswith(":filter-unavailable")


@pytest.mark.parametrize("content", [NO_SYNC, ""])
def test_the_dampening_period_can_be_modified(gateway: Gateway, content: str) -> None:
    """RFC 8641, section 4.4.2: it is all of on-change that can."""
    session, editor = gateway.session(), gateway.session()
    period = "<dampening-period>{}</dampening-period>".format
    number = subscribe(session, to_changes(subtree(POLICIES), period(100_000) + content))
    if not content:
        next_about(session, number, "push-update")
    else:
        editor.edit(description("told"), "running")
        next_about(session, number, "push-change-update")
    editor.edit(description("dampened"), "running")
    modify = of("modify-subscription", number, datastore() + on_change(period(0)))
    session.send_rpc(modify)
    found = [session.read_message() for _ in range(3)]
    assert sum(b"<ok/>" in each for each in found) == 1
    told = [each for each in found if each.startswith(b"<notification")]
    assert b"subscription-modified" in told[0]
    assert b"<dampening-period>0</dampening-period>" in told[0]
    assert b">dampened</description>" in told[1]
    editor.edit(description("at once"), "running")
    change = next_about(session, number, "push-change-update")
    assert values(change) == ["<description>at once</description>\n"]
