"""RFC 8639 over NETCONF (RFC 8640) against the real server: subscriptions to the stream."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import BASE_EVENTS, next_named, next_notification, subscription
from tests.end_to_end.gateway import QOS, Gateway, description, eventually, policy, qos
from tests.end_to_end.house import House
from tests.end_to_end.subscribed import (
    PUSH,
    SUBSCRIBED,
    establish,
    listed,
    names_until,
    next_about,
    number_of,
    of,
    reason_in,
    subscribe,
    to_stream,
)
from tests.server.nacm.gate import rule

UP = f'<stream-subtree-filter><tunnel-up xmlns="{QOS}"/></stream-subtree-filter>'
DOWN = f'<stream-subtree-filter><tunnel-down xmlns="{QOS}"/></stream-subtree-filter>'
CHANGES = (
    f'<stream-subtree-filter><netconf-config-change xmlns="{BASE_EVENTS}"/></stream-subtree-filter>'
)
ERRORS = "establish-subscription-stream-error-info"


def xpath(text: str) -> str:
    return f'<stream-xpath-filter xmlns:q="{QOS}">{text}</stream-xpath-filter>'


def policies(count: int, content: str) -> str:
    every = "".join(policy(f"p{at}", 1, content) for at in range(count))
    return qos(every.replace("</policies><policies>", ""))


def test_the_streams_are_told(session: RawSession) -> None:
    """RFC 8639, section 2.1."""
    answer = session.get(f'<streams xmlns="{SUBSCRIBED}"/>')
    assert answer.value("stream/name") == "NETCONF"
    assert answer.values("stream/replay-support") == [""]
    assert datetime.fromisoformat(answer.value("stream/replay-log-creation-time")) < datetime.now(
        UTC
    )


def test_several_subscriptions_of_a_session_have_numbers_of_their_own(gateway: Gateway) -> None:
    """RFC 8639, sections 2.4.2 and 6: dynamic ones in the upper half; no id in an event."""
    session = gateway.session()
    up, both = subscribe(session, to_stream(UP)), subscribe(session, to_stream(xpath("/q:*")))
    assert 2**31 <= up < both
    gateway.establish(session, "t1")
    assert [next_notification(session).name for _ in range(2)] == ["tunnel-up", "tunnel-up"]
    session.do(of("delete-subscription", up))
    gateway.establish(session, "t2")
    assert next_notification(session)["tunnel"] == "t2"
    assert session.is_open()


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        ("/q:tunnel-up[q:tunnel='t1']", True),
        ("/q:tunnel-up[q:tunnel='t2']", False),
        ("/ipsec-qos:tunnel-up", True),
        ("count(/q:tunnel-up) = 1", True),
        ("count(/q:tunnel-up)", True),
        ("q:tunnel-up/q:tunnel = 't2'", False),
        ("false()", False),
    ],
)
def test_an_xpath_is_true_or_not(gateway: Gateway, wanted: str, passes: bool) -> None:
    """stream-xpath-filter: a boolean by XPath's rules; module names are prefixes too."""
    session = gateway.session()
    number = subscribe(session, to_stream(xpath(wanted)))
    gateway.establish(session, "t1")
    names = names_until(session, of("modify-subscription", number, DOWN), "subscription-modified")
    assert ("tunnel-up" in names) is passes


def test_a_replay_ends_with_replay_completed(gateway: Gateway) -> None:
    """RFC 8639, section 2.4.2.1; the start before the log is revised."""
    session, subscriber = gateway.session(), gateway.session()
    before = datetime.now(UTC)
    gateway.establish(session, "past")
    start = f"<replay-start-time>{before.isoformat()}</replay-start-time>"
    answer = subscriber.rpc(to_stream(UP + start))
    assert not answer.values("replay-start-time-revision")
    assert next_notification(subscriber)["tunnel"] == "past"
    next_about(subscriber, number_of(answer), "replay-completed")
    long_ago = "<replay-start-time>2020-01-01T00:00:00Z</replay-start-time>"
    answer = subscriber.rpc(to_stream(DOWN + long_ago))
    revised = datetime.fromisoformat(answer.value("replay-start-time-revision"))
    assert datetime(2020, 1, 1, tzinfo=UTC) < revised < before


def test_a_stop_time_ends_a_subscription(gateway: Gateway) -> None:
    session = gateway.session()
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    number = subscribe(session, to_stream(f"{UP}<stop-time>{soon.isoformat()}</stop-time>"))
    found = next_about(session, number, "subscription-terminated")
    assert found.time >= soon
    assert found["reason"].endswith(":no-such-subscription")
    assert not listed(session).values("subscription/id")
    gateway.establish(session, "unheard")
    assert session.is_open()


def test_a_subscription_goes_on_by_other_terms(gateway: Gateway) -> None:
    """RFC 8639, section 2.4.3: subscription-modified has what was modified and what was not."""
    session = gateway.session()
    number = subscribe(session, to_stream(UP))
    later = datetime.now(UTC) + timedelta(hours=1)
    session.do(of("modify-subscription", number, f"<stop-time>{later.isoformat()}</stop-time>"))
    found = next_about(session, number, "subscription-modified")
    assert found["stream"] == "NETCONF"
    assert found.values("stream-subtree-filter/tunnel-up") == [""]
    assert datetime.fromisoformat(found["stop-time"]) == later
    session.do(of("modify-subscription", number, DOWN))
    found = next_about(session, number, "subscription-modified")
    assert found.values("stream-subtree-filter/tunnel-down") == [""]
    assert found["stop-time"]
    gateway.establish(session, "t1")
    session.do(
        '<remove-tunnel xmlns="urn:ipsec-qos:yang:ipsec-qos-embedded"><id>t1</id></remove-tunnel>'
    )
    assert next_notification(session).name == "tunnel-down"


def test_the_subscriptions_are_listed_as_state(gateway: Gateway) -> None:
    """RFC 8639, section 3.3; configuration in the module, and only state here."""
    session, other = gateway.session(), gateway.session()
    number = subscribe(session, to_stream(UP))
    other.close()
    gateway.establish(session, "t1")
    next_notification(session)
    found = listed(session)
    assert found.value("subscription/id") == str(number)
    assert found.value("subscription/stream") == "NETCONF"
    assert found.value("subscription/encoding").endswith(":encode-xml")
    assert found.value("receiver/state") == "active"
    assert found.value("receiver/sent-event-records") == "1"
    assert int(found.value("receiver/excluded-event-records")) >= 1
    receiver = "<receivers><receiver><name>r</name></receiver></receivers>"
    configured = f"<subscription><id>1</id><stream>NETCONF</stream>{receiver}</subscription>"
    refused = session.edit_config(
        "running", f'<subscriptions xmlns="{SUBSCRIBED}">{configured}</subscriptions>'
    )
    assert "establish-subscription" in refused.fault.message
    other = gateway.session()
    assert other.get(f'<subscriptions xmlns="{SUBSCRIBED}"/>').value("id") == str(number)


def test_a_subscription_ends_with_its_session(gateway: Gateway) -> None:
    """RFC 8640, section 2."""
    session, other = gateway.session(), gateway.session()
    subscribe(session, to_stream())
    assert listed(other).values("subscription/id")
    session.close()
    eventually(lambda: not listed(other).values("subscription/id"))


def test_who_kills_a_subscription_needs_a_rule(house: House) -> None:
    """RFC 8639, section 2.4.5: default-deny-all; the subscriber is told, and its session lives."""
    number = subscribe(house.viewer, to_stream(DOWN))
    fault = house.session("rescue").rpc(of("kill-subscription", 1)).fault
    assert fault.tag == "invalid-value"
    assert house.viewer.rpc(of("kill-subscription", number)).fault.tag == "access-denied"
    house.admin.do(of("kill-subscription", number))
    found = next_about(house.viewer, number, "subscription-terminated")
    assert found["reason"].endswith(":no-such-subscription")
    assert house.viewer.is_open()


def test_events_that_rules_deny_are_not_sent_but_words_about_the_subscription_are(
    house: House,
) -> None:
    house.rules(rule("no-up", "deny", notification_name="tunnel-up"), rule("all", "permit"))
    number = subscribe(house.viewer, to_stream())
    house.gateway.establish(house.admin, "t1")
    asked = of("modify-subscription", number, DOWN)
    assert "tunnel-up" not in names_until(house.viewer, asked, "subscription-modified")


def test_the_two_ways_to_subscribe_exclude_each_other_on_a_session(gateway: Gateway) -> None:
    """RFC 8640, section 3."""
    old, new = gateway.session(), gateway.session()
    old.do(subscription(f'<filter><tunnel-up xmlns="{QOS}"/></filter>'))
    assert old.rpc(to_stream()).fault.tag == "operation-not-supported"
    number = subscribe(new, to_stream(UP))
    assert new.rpc(subscription()).fault.tag == "operation-not-supported"
    new.do(of("delete-subscription", number))
    new.do(subscription(f'<filter><tunnel-up xmlns="{QOS}"/></filter>'))


def test_only_the_subscriber_may_modify_and_delete(gateway: Gateway) -> None:
    session, other = gateway.session(), gateway.session()
    number = subscribe(session, to_stream(UP))
    tags = (
        "invalid-value",
        "ietf-subscribed-notifications:no-such-subscription",
        "sn:no-such-subscription",
    )
    found = reason_in(
        other.rpc(of("delete-subscription", number)), "delete-subscription-error-info"
    )
    assert found == tags
    found = reason_in(
        other.rpc(of("modify-subscription", number, DOWN)),
        "modify-subscription-stream-error-info",
    )
    assert found == tags
    assert (
        reason_in(other.rpc(of("kill-subscription", 7)), "delete-subscription-error-info") == tags
    )


@pytest.mark.parametrize("text", ["/q:tunnel-up[", "/nobody:tunnel-up", "$x"])
def test_a_filter_that_is_none_is_told_with_a_hint(session: RawSession, text: str) -> None:
    """RFC 8639, section 2.4.6; RFC 8640, section 7."""
    answer = session.rpc(to_stream(xpath(text)))
    assert reason_in(answer, ERRORS) == (
        "invalid-value",
        "ietf-subscribed-notifications:filter-unsupported",
        "sn:filter-unsupported",
    )
    assert answer.value("filter-failure-hint") == answer.fault.message
    assert not listed(session).values("subscription/id")


@pytest.mark.parametrize(
    ("content", "tag", "element"),
    [
        ("", "missing-element", "stream"),
        ("<stream>SNMP</stream>", "invalid-value", "stream"),
        ("<stream>NETCONF</stream><stream>NETCONF</stream>", "bad-element", "stream"),
        (f'<stream>NETCONF</stream><on-change xmlns="{PUSH}"/>', "bad-element", "on-change"),
        ("<stream>NETCONF</stream><speed>1</speed>", "unknown-element", "speed"),
        (f"<stream>NETCONF</stream>{UP}{xpath('/x')}", "bad-element", "stream-xpath-filter"),
        (
            "<stream>NETCONF</stream><stop-time>2020-01-01T00:00:00Z</stop-time>",
            "bad-element",
            "stop-time",
        ),
        (
            "<stream>NETCONF</stream><replay-start-time>2999-01-01T00:00:00Z</replay-start-time>",
            "bad-element",
            "replay-start-time",
        ),
    ],
)
def test_what_cannot_be_subscribed_to(
    session: RawSession, content: str, tag: str, element: str
) -> None:
    fault = session.rpc(establish(content)).fault
    assert (fault.tag, fault.info) == (tag, {"bad-element": element})


def test_an_encoding_that_is_not_xml_is_none(session: RawSession) -> None:
    """RFC 8640, section 5; the feature encode-json is not offered."""
    answer = session.rpc(to_stream(f'<encoding xmlns:sn="{SUBSCRIBED}">sn:encode-json</encoding>'))
    assert answer.fault.tag == "invalid-value"
    subscribe(session, to_stream(f'<encoding xmlns:sn="{SUBSCRIBED}">sn:encode-xml</encoding>'))


def test_a_filter_of_the_configuration_is_used_by_its_name(gateway: Gateway) -> None:
    """RFC 8639, section 2.2: by-reference."""
    session = gateway.session()
    named = f"<stream-filter><name>ups</name>{UP}</stream-filter>"
    session.edit(f'<filters xmlns="{SUBSCRIBED}">{named}</filters>', "running")
    number = subscribe(session, to_stream("<stream-filter-name>ups</stream-filter-name>"))
    assert listed(session).value("stream-filter-name") == "ups"
    gateway.establish(session, "t1")
    assert next_notification(session).name == "tunnel-up"
    answer = session.rpc(to_stream("<stream-filter-name>downs</stream-filter-name>"))
    assert reason_in(answer, ERRORS)[2] == "sn:filter-unsupported"
    session.do(of("delete-subscription", number))


def test_the_number_of_subscriptions_is_bounded(start_server: StartServer) -> None:
    """``subscriptions_per_session`` and ``subscriptions_total``: insufficient-resources."""
    gateway = start_server("[limits]\nsubscriptions_total = 3\nsubscriptions_per_session = 2")
    one, other = gateway.session(), gateway.session()
    first = subscribe(one, to_stream(UP))
    subscribe(one, to_stream(UP))
    full = (
        "resource-denied",
        "ietf-subscribed-notifications:insufficient-resources",
        "sn:insufficient-resources",
    )
    assert reason_in(one.rpc(to_stream(UP)), ERRORS) == full
    subscribe(other, to_stream(UP))
    assert reason_in(other.rpc(to_stream(UP)), ERRORS) == full
    one.do(of("delete-subscription", first))
    subscribe(other, to_stream(UP))


def test_who_falls_behind_is_suspended_and_resumed_once_it_reads(
    start_server: StartServer,
) -> None:
    """RFC 8639, section 2.4.1; nobody else waits, and the session lives."""
    gateway = start_server("[limits]\npending_notifications = 20")
    slow, session = gateway.connect().channel(window=1024).hello(), gateway.session()
    number = subscribe(slow, to_stream(CHANGES))
    for at in range(120):  # Each event has about 30,000 octets.
        session.edit(policies(100, f"<description>{at}</description>"), "running")
    assert listed(session).value("receiver/state") == "suspended"
    suspended = next_named(slow, "subscription-suspended")
    assert suspended["reason"].endswith(":unsupportable-volume")
    next_about(slow, number, "subscription-resumed")
    assert listed(session).value("receiver/state") == "active"
    session.edit(description("after"), "running")
    assert b"name='p'" in next_notification(slow).text


def test_the_idle_timeout_is_never_for_subscribers_and_again_for_those_who_were(
    start_server: StartServer,
) -> None:
    """CLIENTS.md, pain 14; a subscription that its own session deletes ends the exception."""
    gateway = start_server("[limits]\nidle_timeout = 0.3")
    subscriber, ending, killed = (gateway.session() for _ in range(3))
    subscribe(subscriber, to_stream(UP))
    ending.do(of("delete-subscription", subscribe(ending, to_stream(UP))))
    number = subscribe(killed, to_stream(UP))
    gateway.session().do(of("kill-subscription", number))
    next_about(killed, number, "subscription-terminated")
    assert ending.rest() == b""
    assert killed.rest() == b""
    gateway.establish(gateway.session(), "t1")
    assert next_notification(subscriber)["tunnel"] == "t1"


def test_the_hello_offers_the_module_with_what_works(gateway: Gateway) -> None:
    hello = gateway.channel().take_hello()
    assert (
        b"?module=ietf-subscribed-notifications&amp;revision=2019-09-09"
        b"&amp;features=encode-xml,replay,subtree,xpath" in hello
    )
