"""RFC 8641: what is refused, with which hint, and how much there may be of everything."""

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import next_named
from tests.end_to_end.gateway import Gateway, description, policy, qos
from tests.end_to_end.pushed import (
    BASE_PATH,
    ERRORS,
    POLICIES,
    contents,
    datastore,
    edits,
    nacm_of,
    on_change,
    periodic,
    subtree,
    to_changes,
    xpath,
)
from tests.end_to_end.subscribed import (
    PUSH,
    establish,
    listed,
    next_about,
    number_of,
    of,
    reason_in,
    subscribe,
)


@pytest.mark.parametrize(
    ("content", "identity", "tag"),
    [
        (datastore("candidate") + on_change(), "datastore-not-subscribable", "invalid-value"),
        (datastore("startup") + on_change(), "datastore-not-subscribable", "invalid-value"),
        (
            datastore("operational") + on_change(),
            "on-change-unsupported",
            "operation-not-supported",
        ),
        (datastore() + periodic(10), "period-unsupported", "invalid-value"),
        (datastore() + periodic(0), "period-unsupported", "invalid-value"),
        (
            datastore() + subtree('<nothing xmlns="urn:nothing"/>') + on_change(),
            "unchanging-selection",
            "operation-failed",
        ),
    ],
)
def test_what_cannot_be_had_is_refused_by_its_identity(
    session: RawSession, content: str, identity: str, tag: str
) -> None:
    """RFC 8641, section 4.4.1; RFC 8640, section 7."""
    assert reason_in(session.rpc(establish(content)), ERRORS) == (
        tag,
        f"ietf-yang-push:{identity}",
        f"yp:{identity}",
    )
    assert not listed(session).values("subscription/id")


def test_the_path_of_an_error_leads_to_the_term(session: RawSession) -> None:
    """RFC 8641, section 5: the period is in the container periodic."""
    rpc = "/sn:establish-subscription"
    excluded = "<excluded-change>all</excluded-change>"
    for content, path in (
        (f'<periodic xmlns="{PUSH}"/>', f"{rpc}/yp:periodic"),
        (periodic(-1), f"{rpc}/yp:periodic/yp:period"),
        (on_change(excluded), f"{rpc}/yp:on-change/yp:excluded-change[.='all']"),
    ):
        fault = session.rpc(establish(datastore() + content)).fault
        assert (fault.type, fault.path) == ("application", path)


def test_a_hint_says_which_period_can_be_had(start_server: StartServer) -> None:
    gateway = start_server("[limits]\npush_period = 2.5\npush_dampening = 0.5")
    session = gateway.session()
    answer = session.rpc(establish(datastore() + periodic(200)))
    assert answer.value("period-hint") == "250"
    answer = session.rpc(establish(datastore() + on_change()))
    assert answer.value("period-hint") == "50"
    subscribe(session, establish(datastore() + periodic(250)))


@pytest.mark.parametrize(
    "wanted",
    [
        "/q:ipsec-qos/q:policies/q:policy[q:sequence-number > 1]",
        "/q:ipsec-qos/q:policies/q:policy[last()]",
        "count(/q:ipsec-qos)",
        "/q:ipsec-qos[",
    ],
)
def test_changes_are_selected_by_lookups_only(session: RawSession, wanted: str) -> None:
    """What would have to be evaluated on the whole datastore for each commit is refused."""
    answer = session.rpc(to_changes(xpath(wanted.replace(">", "&gt;"))))
    assert reason_in(answer, ERRORS)[2] == "sn:filter-unsupported"
    assert answer.value("filter-failure-hint") == answer.fault.message


def test_a_condition_outside_of_lists_does_not_select_lists(session: RawSession) -> None:
    wanted = nacm_of("<enable-nacm>true</enable-nacm><rule-list/>")
    assert reason_in(session.rpc(to_changes(subtree(wanted))), ERRORS)[2] == "sn:filter-unsupported"
    subscribe(session, establish(datastore() + subtree(wanted) + periodic(100)))


def test_an_update_that_is_too_big_is_none(start_server: StartServer) -> None:
    """sync-too-big and update-too-big, with the limit; a subscription that grows is suspended."""
    gateway = start_server("[limits]\npush_update_bytes = 2000\npush_period = 0.1")
    session, editor = gateway.session(), gateway.session()
    growing = subscribe(session, establish(datastore() + subtree(POLICIES) + periodic(10)))
    for at in range(30):
        editor.edit(qos(policy(f"p{at}", 1, f"<description>{'x' * 100}</description>")), "running")
    suspended = next_named(session, "subscription-suspended")
    assert suspended["id"] == str(growing)
    assert suspended["reason"].endswith(":update-too-big")
    assert listed(session).value("receiver/state") == "suspended"
    answer = session.rpc(to_changes(subtree(POLICIES), ""))
    assert reason_in(answer, ERRORS) == (
        "too-big",
        "ietf-yang-push:sync-too-big",
        "yp:sync-too-big",
    )
    assert answer.value("kilobytes-limit") == "1"
    small = subtree(qos("<policies><policy><name>p1</name></policy></policies>"))
    session.do(of("modify-subscription", growing, small))
    next_about(session, growing, "subscription-modified")
    assert "<name>p1</name>" in contents(next_about(session, growing, "push-update"))


def test_who_does_not_read_is_suspended_and_begins_anew(start_server: StartServer) -> None:
    """RFC 8639, section 2.4.1: nobody else waits, and the one who reads again has all."""
    gateway = start_server("[limits]\npending_updates = 20")
    slow, session = gateway.connect().channel(window=1024).hello(), gateway.session()
    number = subscribe(slow, to_changes(subtree(POLICIES), ""))
    next_about(slow, number, "push-update")
    for at in range(300):
        text = f"{at}-{'x' * 4000}"
        session.edit(
            qos("".join(policy("p", 1, f"<description>{text[:250]}</description>"))), "running"
        )
        session.edit(
            qos(
                "<policies>"
                + "".join(
                    f"<policy><name>p{n}</name><sequence-number>1</sequence-number>"
                    f"<description>{at}</description></policy>"
                    for n in range(60)
                )
                + "</policies>"
            ),
            "running",
        )
        if listed(session).value("receiver/state") == "suspended":
            break
    suspended = next_named(slow, "subscription-suspended")
    assert suspended["reason"].endswith(":unsupportable-volume")
    next_about(slow, number, "subscription-resumed")
    sync = next_about(slow, number, "push-update")
    assert f"<description>{at}</description>" in contents(sync)
    session.edit(description("after"), "running")
    change = next_about(slow, number, "push-change-update")
    assert edits(change) == [("replace", f"{BASE_PATH}=p,1/description")]


def test_a_kill_and_the_end_of_a_session_end_it(gateway: Gateway) -> None:
    session, other = gateway.session(), gateway.session()
    number = number_of(session.rpc(to_changes(subtree(POLICIES))))
    other.do(of("kill-subscription", number))
    next_about(session, number, "subscription-terminated")
    subscribe(session, to_changes(subtree(POLICIES)))
    session.close()
    other.edit(description("unheard"), "running")
    assert not listed(other).values("subscription/id")
