"""Subscriptions of RFC 5277 without any transport: order, replay, ends and bounds."""

from typing import Any

import pytest

from server.errors import RpcError
from tests.server.events.streams import World, at, messages

REPLAYED, ENDED = "replayComplete", "notificationComplete"


def test_a_notification_is_written_by_the_schema() -> None:
    world = World()
    session = world.session()
    world.subscribe(session)
    content = {"tunnel": "a<b", "direction": "outbound", "state": "begin"}
    world.clock.seconds = 1.5
    world.stream.publish("ipsec-qos", "limit-exceeded", content)
    assert messages(session) == [
        b'<notification xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">'
        b"<eventTime>2024-05-01T12:00:01.500000Z</eventTime>"
        b'<limit-exceeded xmlns="urn:ipsec-qos:yang:ipsec-qos"><tunnel>a&lt;b</tunnel>'
        b"<direction>outbound</direction><state>begin</state></limit-exceeded></notification>"
    ]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "tunnel-up",
            {"tunnel": "t", "policy": "p", "sequence-number": 10},
            "<tunnel>t</tunnel><policy>p</policy><sequence-number>10</sequence-number>",
        ),
        ("tunnel-down", {"tunnel": "t"}, "<tunnel>t</tunnel>"),
        (
            "dataplane-drift",
            {"reason": "a rule > 1 is gone", "repaired": True},
            "<reason>a rule &gt; 1 is gone</reason><repaired>true</repaired>",
        ),
        (
            "apply-failed",
            {"reason": "no \N{LATIN SMALL LETTER O WITH DIAERESIS}", "undone": False},
            "<reason>no &#246;</reason><undone>false</undone>",
        ),
    ],
)
def test_what_the_dataplane_tells_has_canonical_values_in_ascii(
    name: str, content: dict[str, object], expected: str
) -> None:
    world = World()
    session = world.session()
    world.subscribe(session)
    world.stream.publish("ipsec-qos", name, content)
    (message,) = messages(session)
    body = f'<{name} xmlns="urn:ipsec-qos:yang:ipsec-qos">{expected}</{name}></notification>'
    assert message.endswith(body.encode("ascii"))


def test_what_happened_before_a_subscription_without_start_time_is_not_told() -> None:
    world = World()
    session = world.session()
    world.tunnel_up("before")
    world.subscribe(session)
    assert world.taken(session) == []
    world.tunnel_up("after")
    assert world.taken(session) == ["after"]


def test_each_subscriber_gets_every_event_once_and_in_order() -> None:
    world = World()
    sessions = [world.session() for _ in range(3)]
    for session in sessions:
        world.subscribe(session)
    for number in range(50):
        world.tunnel_up(f"t{number}")
        if number % 7 == 0:
            assert world.taken(sessions[0])[-1] == f"t{number}"
    assert world.taken(sessions[1]) == world.taken(sessions[2]) == [f"t{n}" for n in range(50)]
    assert world.woken.count(sessions[1].id) == 51


def test_a_replay_begins_at_the_start_time_and_says_when_it_is_complete() -> None:
    """RFC 5277, section 3.3.2: replayComplete, then what happens."""
    world = World()
    session = world.session()
    for number in range(5):
        world.tunnel_up(f"t{number}", seconds=number)
    world.subscribe(session, start=2)
    world.tunnel_up("live", seconds=6)
    assert world.taken(session) == ["t2", "t3", "t4", REPLAYED, "live"]


def test_a_replay_of_nothing_is_complete_at_once() -> None:
    world = World()
    session = world.session()
    world.subscribe(session, start=-3600)
    assert world.taken(session) == [REPLAYED]


def test_a_stop_time_in_the_past_ends_the_subscription_behind_the_replay() -> None:
    world = World()
    session = world.session()
    for number in range(5):
        world.tunnel_up(f"t{number}", seconds=number)
    world.subscribe(session, start=1, stop=3)
    assert world.taken(session) == ["t1", "t2", "t3", REPLAYED, ENDED]
    assert not session.is_subscribed
    world.subscribe(session)  # It may subscribe again.
    assert session.is_subscribed


def test_a_stop_time_in_the_future_ends_the_subscription_when_it_comes() -> None:
    world = World()
    session = world.session()
    world.subscribe(session, start=0, stop=10)
    world.tunnel_up("in time", seconds=9)
    assert world.taken(session) == [REPLAYED, "in time"]
    world.clock.seconds = 10
    world.woken.clear()
    assert world.timers.run_due() is None
    assert world.woken == [session.id]
    assert world.taken(session) == [ENDED]
    assert not session.is_subscribed


def test_what_happens_behind_the_stop_time_is_not_told() -> None:
    world = World()
    session = world.session()
    world.subscribe(session, start=0, stop=10)
    world.tunnel_up("in time", seconds=10)
    world.tunnel_up("too late", seconds=10.5)
    assert world.taken(session) == [REPLAYED, "in time", ENDED]


def test_filters_do_not_hold_back_replay_and_notification_complete() -> None:
    world = World()
    session = world.session()
    world.tunnel_up("t", seconds=1)
    world.subscribe(session, start=0, stop=2, wanted=lambda event: False)
    world.clock.seconds = 3
    assert world.taken(session) == [REPLAYED, ENDED]


def test_a_session_has_one_subscription() -> None:
    world = World()
    session = world.session()
    world.subscribe(session)
    with pytest.raises(RpcError) as caught:
        world.subscribe(session)
    assert (caught.value.tag, caught.value.kind) == ("operation-failed", "protocol")
    world.tunnel_up("once")
    assert world.taken(session) == ["once"]


def test_a_subscription_ends_with_its_session() -> None:
    world = World()
    session = world.session()
    world.subscribe(session, start=0, stop=1_000_000)
    world.sessions.close(session)
    world.woken.clear()
    world.tunnel_up("unheard")
    assert world.woken == []
    assert len(world.timers) == 0, "its stop time is forgotten"
    assert not session.is_subscribed


def test_a_slow_subscriber_loses_its_session_and_nobody_else_notices() -> None:
    world = World(waiting=10)
    slow, quick = world.session(), world.session()
    world.subscribe(slow)
    world.subscribe(quick)
    for number in range(10):
        world.tunnel_up(f"t{number}")
    assert world.hung_up == {}
    assert len(world.taken(quick)) == 10
    world.tunnel_up("one too many")
    assert list(world.hung_up) == [slow.id]
    assert "11 events wait for the client" in world.hung_up[slow.id]
    for number in range(100):
        world.tunnel_up(f"u{number}")
        assert world.taken(quick)[-1] == f"u{number}"
    assert list(world.hung_up) == [slow.id]


def test_a_subscriber_that_the_log_has_overtaken_loses_its_session() -> None:
    world = World(events=5)
    slow = world.session()
    world.subscribe(slow)
    for number in range(5):
        world.tunnel_up(f"t{number}")
    assert world.hung_up == {}
    world.tunnel_up("sixth")
    assert list(world.hung_up) == [slow.id]


def test_a_slow_replay_loses_nothing_that_was_logged_when_it_was_asked_for() -> None:
    world = World(events=5)
    session = world.session()
    for number in range(5):
        world.tunnel_up(f"t{number}", seconds=number)
    world.subscribe(session, start=0)
    for number in range(5):
        world.tunnel_up(f"live{number}", seconds=10)
    expected = [f"t{n}" for n in range(5)] + [REPLAYED] + [f"live{n}" for n in range(5)]
    assert world.taken(session) == expected


def test_the_log_is_bounded_in_events_and_octets() -> None:
    by_number, by_size = World(events=3), World(octets=1900)
    for world in (by_number, by_size):
        for number in range(20):
            world.tunnel_up(f"t{number}", seconds=number)
    session = by_number.session()
    by_number.subscribe(session, start=0)
    assert by_number.taken(session) == ["t17", "t18", "t19", REPLAYED]
    session = by_size.session()
    by_size.subscribe(session, start=0)
    assert by_size.taken(session) == ["t16", "t17", "t18", "t19", REPLAYED]


def test_an_event_larger_than_the_log_is_told_all_the_same() -> None:
    world = World(octets=1024)
    session = world.session()
    world.subscribe(session)
    world.tunnel_up("t" * 5000)
    assert world.taken(session) == ["t" * 5000]


def test_the_stream_is_described() -> None:
    """RFC 5277, section 3.2.5.1."""
    world = World(events=2)
    (stream,) = world.stream.streams()["stream"]
    assert (stream["name"], stream["replaySupport"]) == ("NETCONF", True)
    assert stream["replayLogCreationTime"] == "2024-05-01T12:00:00+00:00"
    assert "replayLogAgedTime" not in stream
    for number in range(4):
        world.tunnel_up("t", seconds=number)
    (stream,) = world.stream.streams()["stream"]
    assert stream["replayLogAgedTime"] == at(1).isoformat(timespec="microseconds")


def test_nothing_is_left_of_subscriptions_that_have_ended() -> None:
    world = World()
    for number in range(1000):
        session = world.session()
        world.subscribe(session, start=0, stop=None if number % 3 else number + 1_000_000)
        world.tunnel_up(f"t{number}")
        if number % 2:
            world.taken(session)
        world.sessions.close(session)
        assert session.feeds == ()
    assert len(world.timers) == 0
    world.woken.clear()
    world.tunnel_up("unheard")
    assert world.woken == []


def test_an_event_is_written_once_for_all_who_get_it_and_for_nobody_not_at_all() -> None:
    world = World()
    sessions = [world.session() for _ in range(2)]
    for session in sessions:
        world.subscribe(session)
    content = Watched(tunnel="t")
    world.stream.publish("ipsec-qos", "tunnel-up", content)
    looked = content.looked
    first, second = (messages(session) for session in sessions)
    assert content.looked > looked
    assert first[0] is not None
    assert first == second
    looked = content.looked
    late = world.session()
    world.subscribe(late, start=0)
    assert messages(late)[0] == first[0]
    assert content.looked == looked


class Watched(dict[str, str]):
    """A content that counts how often it was looked into."""

    looked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.looked += 1
        return super().get(key, default)


def test_an_event_that_no_module_of_the_set_knows_is_passed_over() -> None:
    world = World()
    session = world.session()
    world.subscribe(session)
    world.stream.publish("somebody", "else", {})
    assert messages(session) == []


def test_access_control_is_asked_for_every_event() -> None:
    world = World()
    ada, bob = world.session(), world.session()
    world.stream.seen_by = lambda session, event: event if session is ada else None
    world.tunnel_up("past")
    for session in (ada, bob):
        world.subscribe(session, start=0)
    world.tunnel_up("live")
    assert world.taken(ada) == ["past", REPLAYED, "live"]
    assert world.taken(bob) == [REPLAYED]
