"""RFC 5277 against the real server: subscribing, filters, replay, interleave, ends."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.end_to_end.client import BASE, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import (
    NETMOD,
    next_named,
    next_notification,
    subscription,
)
from tests.end_to_end.gateway import QOS, Gateway, description, embedded

TUNNELS = f'<filter type="subtree"><tunnel-up xmlns="{QOS}"/><tunnel-down xmlns="{QOS}"/></filter>'


def test_the_hello_offers_notifications_and_interleave(gateway: Gateway) -> None:
    hello = gateway.channel().take_hello()
    for each in ("notification:1.0", "interleave:1.0"):
        assert b"<capability>urn:ietf:params:netconf:capability:%b<" % each.encode() in hello


def test_the_streams_are_told(session: RawSession) -> None:
    """RFC 5277, section 3.2.5.1, with its filter."""
    answer = session.get(f'<netconf xmlns="{NETMOD}"><streams/></netconf>')
    assert answer.value("stream/name") == "NETCONF"
    assert answer.value("stream/replaySupport") == "true"
    created = datetime.fromisoformat(answer.value("stream/replayLogCreationTime"))
    assert created < datetime.now(UTC)


def test_events_come_behind_the_ok(gateway: Gateway) -> None:
    subscriber, session = gateway.session(), gateway.session()
    subscriber.do(subscription(TUNNELS))
    gateway.establish(session, "t1")
    session.do(embedded("remove-tunnel", id="t1"))
    up, down = next_notification(subscriber), next_notification(subscriber)
    assert (up.name, up.namespace, up["tunnel"]) == ("tunnel-up", QOS, "t1")
    assert (down.name, down["tunnel"]) == ("tunnel-down", "t1")
    assert up.time <= down.time <= datetime.now(UTC)
    assert up.event_time.endswith("Z")


def test_a_subscriber_goes_on_working_and_replies_keep_their_place(gateway: Gateway) -> None:
    """RFC 5277, section 6: interleave. What a request causes comes behind its reply."""
    session = gateway.session()
    session.do(subscription(TUNNELS))
    for number in range(20):
        gateway.establish(session, f"t{number}")
        assert next_notification(session)["tunnel"] == f"t{number}"
        session.edit(description(f"edit {number}"))
    session.do("<discard-changes/>")


def test_pipelined_requests_and_their_events_are_whole_messages(gateway: Gateway) -> None:
    session = gateway.session()
    session.do(subscription(TUNNELS))
    for number in range(100):
        session.send_rpc(embedded("establish-tunnel", id=f"t{number}", interface="eth0"))
    replies = notifications = 0
    for _ in range(200):
        text = session.read_message()
        replies += text.startswith(b"<rpc-reply")
        notifications += text.startswith(b"<notification")
    assert (replies, notifications) == (100, 100)


def test_only_one_subscription_at_a_time(session: RawSession) -> None:
    session.do(subscription())
    fault = session.rpc(subscription()).fault
    assert (fault.type, fault.tag) == ("protocol", "operation-failed")
    assert "has a subscription already" in fault.message


def test_a_filter_of_contents_selects_events(gateway: Gateway) -> None:
    subscriber, session = gateway.session(), gateway.session()
    wanted = f'<tunnel-up xmlns="{QOS}"><tunnel>t2</tunnel></tunnel-up>'
    subscriber.do(subscription(f"<stream>NETCONF</stream><filter>{wanted}</filter>"))
    for tunnel in ("t1", "t2", "t3"):
        gateway.establish(session, tunnel)
    found = next_notification(subscriber)
    assert found["tunnel"] == "t2"
    assert subscriber.is_open()  # Nothing comes before the reply.


def test_a_replay_then_what_happens(gateway: Gateway) -> None:
    session, subscriber = gateway.session(), gateway.session()
    before = datetime.now(UTC)
    gateway.establish(session, "past")
    subscriber.do(subscription(f"{TUNNELS}<startTime>{before.isoformat()}</startTime>"))
    assert next_notification(subscriber)["tunnel"] == "past"
    complete = next_notification(subscriber)
    assert (complete.name, complete.namespace) == ("replayComplete", NETMOD)
    gateway.establish(session, "live")
    assert next_notification(subscriber)["tunnel"] == "live"


def test_a_stop_time_ends_the_subscription_and_the_session_may_subscribe_again(
    gateway: Gateway,
) -> None:
    session = gateway.session()
    before, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=0.3)
    period = f"<startTime>{before.isoformat()}</startTime><stopTime>{soon.isoformat()}</stopTime>"
    session.do(subscription(TUNNELS + period))
    assert next_notification(session).name == "replayComplete"
    complete = next_notification(session)
    assert (complete.name, complete.namespace) == ("notificationComplete", NETMOD)
    assert complete.time >= soon
    gateway.establish(session, "unheard")
    session.do(subscription(TUNNELS))


def test_times_are_taken_in_any_time_zone(session: RawSession) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    text = (an_hour_ago + timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S.25+05:30")
    nothing = f'<filter><tunnel-up xmlns="{QOS}"><tunnel>nobody</tunnel></tunnel-up></filter>'
    session.do(subscription(f"{nothing}<startTime> {text} </startTime>"))
    assert next_notification(session).name == "replayComplete"


@pytest.mark.parametrize(
    ("content", "tag", "element"),
    [
        ("<stopTime>2024-01-01T00:00:00Z</stopTime>", "missing-element", "startTime"),
        (
            "<startTime>2024-01-02T00:00:00Z</startTime><stopTime>2024-01-01T00:00:00Z</stopTime>",
            "bad-element",
            "stopTime",
        ),
        ("<startTime>2999-01-01T00:00:00Z</startTime>", "bad-element", "startTime"),
        ("<startTime>yesterday</startTime>", "invalid-value", "startTime"),
        ("<startTime>2024-01-01T00:00:00</startTime>", "invalid-value", "startTime"),
        ("<startTime/>", "invalid-value", "startTime"),
        ("<stream>SNMP</stream>", "invalid-value", "stream"),
        ("<stream/>", "invalid-value", "stream"),
        ("<speed>fast</speed>", "unknown-element", "speed"),
        ("<stream>NETCONF</stream><stream>NETCONF</stream>", "bad-element", "stream"),
    ],
)
def test_what_cannot_be_subscribed_to(
    session: RawSession, content: str, tag: str, element: str
) -> None:
    """RFC 5277, section 2.1.1: the errors of the operation; nothing is subscribed to then."""
    fault = session.rpc(subscription(content)).fault
    assert (fault.type, fault.tag) == ("protocol", tag)
    assert fault.info == {"bad-element": element}
    session.do(subscription())


def test_a_filter_of_another_kind_is_refused(session: RawSession) -> None:
    fault = session.rpc(subscription('<filter type="regex">.*</filter>')).fault
    assert (fault.tag, fault.info["bad-attribute"]) == ("bad-attribute", "type")


def test_an_xpath_selects_events(gateway: Gateway) -> None:
    subscriber, session = gateway.session(), gateway.session()
    select = "/q:tunnel-down | /q:tunnel-up[q:tunnel = 't2' or starts-with(q:tunnel, 'x')]"
    subscriber.do(subscription(f'<filter type="xpath" xmlns:q="{QOS}" select="{select}"/>'))
    for tunnel in ("t1", "t2", "t3", "x4"):
        gateway.establish(session, tunnel)
    session.do(embedded("remove-tunnel", id="t1"))
    found = [next_notification(subscriber) for _ in range(3)]
    assert [(each.name, each["tunnel"]) for each in found] == [
        ("tunnel-up", "t2"),
        ("tunnel-up", "x4"),
        ("tunnel-down", "t1"),
    ]


@pytest.mark.parametrize(
    ("attributes", "tag"),
    [
        ('type="xpath"', "missing-attribute"),
        ('type="xpath" select="/a["', "invalid-value"),
        ('type="xpath" select="1 + 1"', "invalid-value"),
    ],
)
def test_what_is_no_xpath_is_refused_at_once(
    session: RawSession, attributes: str, tag: str
) -> None:
    """RFC 5277, section 2.1.1: a filter with an invalid syntax."""
    assert session.rpc(subscription(f"<filter {attributes}/>")).fault.tag == tag
    session.do(subscription())


def test_a_filter_in_the_namespace_of_the_base_is_a_filter(gateway: Gateway) -> None:
    """ncclient writes it so."""
    session = gateway.session()
    wanted = f'<tunnel-down xmlns="{QOS}"/>'
    session.do(subscription(f'<nc:filter xmlns:nc="{BASE}" nc:type="subtree">{wanted}</nc:filter>'))
    gateway.establish(session, "t1")
    session.do(embedded("remove-tunnel", id="t1"))
    assert next_notification(session).name == "tunnel-down"


def test_closing_and_killing_a_subscriber(gateway: Gateway) -> None:
    closing, killed, session = gateway.session(), gateway.session(), gateway.session()
    for each in (closing, killed):
        each.do(subscription(TUNNELS))
    closing.close()
    number = killed.id
    session.do(f"<kill-session><session-id>{number}</session-id></kill-session>")
    gateway.establish(session, "t1")
    assert killed.rest() == b""
    assert session.is_open()


def test_notifications_are_counted(gateway: Gateway) -> None:
    session = gateway.session()
    session.do(subscription(TUNNELS))
    gateway.establish(session, "t1")
    next_notification(session)
    told = session.get(
        '<netconf-state xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">'
        f"<sessions><session><session-id>{session.id}</session-id></session>"
        "</sessions></netconf-state>"
    )
    assert told.value("session/out-notifications") == "1"


def test_idle_timeout_never_for_subscribers(start_server: StartServer) -> None:
    """CLIENTS.md, pain 14; once the subscription has ended the client may be idle as anybody."""
    gateway = start_server("[limits]\nidle_timeout = 0.3")
    idle, subscriber, ending = (gateway.session() for _ in range(3))
    subscriber.do(subscription(TUNNELS))
    now = datetime.now(UTC)
    soon = (now + timedelta(seconds=0.5)).isoformat()
    ending.do(
        subscription(
            f"{TUNNELS}<startTime>{now.isoformat()}</startTime><stopTime>{soon}</stopTime>"
        )
    )
    assert idle.rest() == b""
    assert next_named(ending, "notificationComplete")
    assert ending.rest() == b""
    session = gateway.session()
    gateway.establish(session, "t1")
    assert next_notification(subscriber)["tunnel"] == "t1"
