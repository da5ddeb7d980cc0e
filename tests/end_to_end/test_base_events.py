"""RFC 6470 against the real server: sessions and changes of running, as events."""

from collections.abc import Callable

import pytest

from tests.end_to_end.client import EOM, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import (
    BASE_EVENTS,
    Notification,
    next_named,
    next_notification,
    subscription,
)
from tests.end_to_end.gateway import (
    OPERATION,
    QOS,
    Gateway,
    binding,
    description,
    embedded,
    eventually,
    policy,
    qos,
)

POLICIES = "/iq:ipsec-qos/iq:policies"
POLICY = f"{POLICIES}/iq:policy[iq:name='p'][iq:sequence-number='1']"


def only(name: str) -> str:
    return subscription(f'<filter><{name} xmlns="{BASE_EVENTS}"/></filter>')


def policies(count: int, content: str = "") -> str:
    """An edit of so many policies."""
    texts = (policy(f"p{number}", 1, content) for number in range(count))
    inside = (each.removeprefix("<policies>").removesuffix("</policies>") for each in texts)
    return qos(f"<policies>{''.join(inside)}</policies>")


def edits(change: Notification) -> list[tuple[str, str]]:
    return list(zip(change.values("edit/operation"), change.values("edit/target"), strict=True))


@pytest.fixture
def changes(gateway: Gateway) -> RawSession:
    """A session that is told of changes of running."""
    subscriber = gateway.session()
    subscriber.do(only("netconf-config-change"))
    return subscriber


def test_a_commit_is_told_with_who_and_what(gateway: Gateway, changes: RawSession) -> None:
    session = gateway.session()
    session.edit(description("a policy"))
    session.commit()
    change = next_notification(changes)
    assert change.namespace == BASE_EVENTS
    assert change["datastore"] == "running"
    assert change["changed-by/username"] == "admin"
    assert change["changed-by/session-id"] == str(session.id)
    assert change["changed-by/source-host"] == "127.0.0.1"
    assert edits(change) == [("create", POLICY)]


def test_what_the_server_commits_at_its_first_start_is_the_servers(
    start_server: StartServer,
) -> None:
    """RFC 6470, section 2.2: changed-by is the server where no session is."""
    subscriber = start_server('[access]\nadmin_group = "admin"').session()
    subscriber.do(subscription("<startTime>2020-01-01T00:00:00Z</startTime>"))
    change = next_notification(subscriber)
    assert change.name == "netconf-config-change"
    assert change.values("changed-by/server") == [""]
    assert not change.values("changed-by/session-id")


def test_targets_have_their_prefixes_declared(gateway: Gateway, changes: RawSession) -> None:
    session = gateway.session()
    session.edit(description("a policy"))
    session.commit()
    (target,) = next_notification(changes).body.iter(f"{{{BASE_EVENTS}}}target")
    assert target.nsmap["iq"] == QOS


def test_edits_inside_of_an_entry(gateway: Gateway, changes: RawSession) -> None:
    session = gateway.session()
    session.edit(qos(policy("p", 1, "<description>one</description><df-bit>set</df-bit>")))
    session.commit()
    inside = f"<description>two</description><df-bit {OPERATION}='delete'/>"
    session.edit(qos(policy("p", 1, inside + "<outbound><dscp>46</dscp></outbound>")))
    session.commit()
    session.edit(qos(policy("p", 1, attributes=f"{OPERATION}='delete'")))
    session.commit()
    assert edits(next_notification(changes)) == [("create", POLICY)]
    assert sorted(edits(next_notification(changes))) == [
        ("create", f"{POLICY}/iq:outbound"),
        ("delete", f"{POLICY}/iq:df-bit"),
        ("replace", f"{POLICY}/iq:description"),
    ]
    assert edits(next_notification(changes)) == [("delete", POLICY)]


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.edit(description("direct"), "running"),
        lambda session: session.do(
            "<copy-config><target><running/></target><source><config>"
            f"{description('copied')}</config></source></copy-config>"
        ),
    ],
)
def test_every_way_to_change_running_is_told(
    gateway: Gateway, changes: RawSession, change: Callable[[RawSession], None]
) -> None:
    change(gateway.session())
    assert edits(next_notification(changes)) == [("create", POLICY)]


def test_what_changes_nothing_is_not_told(gateway: Gateway, changes: RawSession) -> None:
    session = gateway.session()
    session.edit(description("candidate only"))
    session.do("<discard-changes/>")
    session.commit()
    session.edit(qos(binding("eth0", "nobody")))
    assert session.rpc("<commit/>").faults
    session.do("<discard-changes/>")
    session.edit(description("first"))
    session.commit()
    assert edits(next_notification(changes)) == [("create", POLICY)]


def test_who_commits_hears_of_it_behind_the_reply(gateway: Gateway) -> None:
    session = gateway.session()
    session.do(only("netconf-config-change"))
    for number in range(10):
        session.edit(description(f"number {number}"))
        session.commit()
        assert next_notification(session)["changed-by/session-id"] == str(session.id)


def test_a_bulk_edit_is_told_in_brief(gateway: Gateway, changes: RawSession) -> None:
    """The limit ``told_edits``."""
    session = gateway.session()
    session.edit(policies(1001))
    session.commit()
    assert edits(next_notification(changes)) == [("merge", "/iq:ipsec-qos")]


def test_the_start_and_end_of_a_session(gateway: Gateway) -> None:
    subscriber = gateway.session()
    subscriber.do(subscription())
    session = gateway.session()
    started = next_notification(subscriber)
    assert started.name == "netconf-session-start"
    who = {"username": "admin", "session-id": str(session.id), "source-host": "127.0.0.1"}
    assert started.leafs() == who
    session.close()
    ended = next_notification(subscriber)
    assert ended.name == "netconf-session-end"
    assert ended.leafs() == who | {"termination-reason": "closed"}


def test_the_reasons_of_ends(gateway: Gateway) -> None:
    """RFC 6470: closed, killed (and by whom), dropped, bad-hello; each once."""
    subscriber, killer = gateway.session(), gateway.session()
    subscriber.do(only("netconf-session-end"))

    killed = gateway.session()
    killer.do(f"<kill-session><session-id>{killed.id}</session-id></kill-session>")
    told = next_notification(subscriber)
    assert (told["session-id"], told["termination-reason"]) == (str(killed.id), "killed")
    assert told["killed-by"] == str(killer.id)

    dropping = gateway.connect()
    dropped = dropping.session()
    dropping.drop()
    told = next_notification(subscriber)
    assert (told["session-id"], told["termination-reason"]) == (str(dropped.id), "dropped")
    assert told.values("killed-by") == []

    rude = gateway.channel()
    rude.take_hello()
    rude.send(b"<hello/>" + EOM)
    told = next_notification(subscriber)
    assert (told["session-id"], told["termination-reason"]) == (str(rude.id), "bad-hello")


def test_an_idle_session_ends_by_timeout(start_server: StartServer) -> None:
    gateway = start_server("[limits]\nidle_timeout = 0.2")
    subscriber = gateway.session()
    subscriber.do(only("netconf-session-end"))
    gateway.session()
    assert next_notification(subscriber)["termination-reason"] == "timeout"


CONFIRMED = "<commit><confirmed/><confirm-timeout>{}</confirm-timeout></commit>"


def test_the_course_of_a_confirmed_commit(gateway: Gateway) -> None:
    """RFC 6470: start, extend, complete with who did it, the first two with the time left."""
    subscriber, session = gateway.session(), gateway.session()
    subscriber.do(only("netconf-confirmed-commit"))
    who = {"username": "admin", "session-id": str(session.id), "source-host": "127.0.0.1"}
    session.edit(description("one"))
    for request in (CONFIRMED.format(77), CONFIRMED.format(88), "<commit/>"):
        session.do(request)
    start, extend, complete = (next_notification(subscriber).leafs() for _ in range(3))
    assert start == who | {"confirm-event": "start", "timeout": "77"}
    assert extend == who | {"confirm-event": "extend", "timeout": "88"}
    assert complete == who | {"confirm-event": "complete"}


@pytest.mark.parametrize("end", ["<cancel-commit/>", "<close-session/>"])
def test_a_confirmed_commit_is_cancelled_by_its_session(gateway: Gateway, end: str) -> None:
    subscriber, session = gateway.session(), gateway.session()
    subscriber.do(subscription())
    session.edit(description("one"))
    session.do(CONFIRMED.format(100))
    session.do(end)
    change = next_named(subscriber, "netconf-config-change")
    assert change["changed-by/session-id"] == str(session.id)
    assert next_named(subscriber, "netconf-confirmed-commit")["confirm-event"] == "start"
    assert edits(next_named(subscriber, "netconf-config-change")) == [("delete", POLICY)]
    cancelled = next_named(subscriber, "netconf-confirmed-commit")
    assert cancelled["confirm-event"] == "cancel"
    assert cancelled["session-id"] == str(session.id)


def test_a_confirmed_commit_that_nobody_confirms_is_rolled_back_by_the_server(
    gateway: Gateway,
) -> None:
    subscriber, session = gateway.session(), gateway.session()
    subscriber.do(subscription())
    session.edit(description("one"))
    session.do(CONFIRMED.format(1))
    next_named(subscriber, "netconf-confirmed-commit")
    change = next_named(subscriber, "netconf-config-change")
    assert change.values("changed-by/server") == [""]
    assert change.values("changed-by/username") == []
    timeout = next_named(subscriber, "netconf-confirmed-commit")
    assert timeout.leafs() == {"confirm-event": "timeout"}


def test_locks_are_free_once_the_end_of_a_session_is_told(gateway: Gateway) -> None:
    subscriber, holder = gateway.session(), gateway.session()
    subscriber.do(only("netconf-session-end"))
    assert holder.lock("running").ok
    holder.abort()
    assert next_notification(subscriber)["session-id"] == str(holder.id)
    assert subscriber.lock("running").ok
    assert subscriber.unlock("running").ok


def test_the_dataplane_tells_what_happens_in_it(gateway: Gateway) -> None:
    """The module's own notifications, with their values as the schema writes them."""
    subscriber, session = gateway.session(), gateway.session()
    session.edit(
        qos(
            policy("p", 1, "<outbound><speed-limit><rate>8</rate></speed-limit></outbound>")
            + binding("eth0", "p")
        )
    )
    session.commit()
    wanted = "".join(f'<{name} xmlns="{QOS}"/>' for name in ("tunnel-up", "limit-exceeded"))
    subscriber.do(subscription(f"<filter>{wanted}</filter>"))
    gateway.establish(session)
    up = next_notification(subscriber)
    assert up.leafs() == {"tunnel": "t1", "policy": "p", "sequence-number": "1"}
    gateway.sends(session, count=200, length=1400)
    exceeded = next_named(subscriber, "limit-exceeded")
    assert exceeded.namespace == QOS
    assert exceeded.leafs() == {"tunnel": "t1", "direction": "outbound", "state": "begin"}


def test_a_subscriber_that_does_not_read_is_dropped_and_nobody_else_waits(
    start_server: StartServer,
) -> None:
    gateway = start_server("[limits]\npending_notifications = 20")
    session, reader = gateway.session(), gateway.session()
    slow = gateway.connect().channel(window=2048).hello()
    for each in (slow, reader):
        each.do(only("netconf-config-change"))
    for number in range(120):  # Each event has about 30,000 octets.
        session.edit(policies(100, f"<description>{number}</description>"), "running")
        assert next_notification(reader).name == "netconf-config-change"
    eventually(lambda: any("does not read them fast enough" in line for line in gateway.server.log))
    assert reader.is_open()
    assert session.is_open()


def test_every_event_of_thousands_comes_once_and_in_order(gateway: Gateway) -> None:
    subscriber, session = gateway.session(), gateway.session()
    wanted = f'<filter><tunnel-up xmlns="{QOS}"/></filter>'
    subscriber.do(subscription(wanted))
    for number in range(3000):
        session.send_rpc(embedded("establish-tunnel", id=f"t{number}", interface="eth0"))
        if number % 100 == 99:
            for _ in range(100):
                assert session.read_reply().ok
    found = [next_notification(subscriber)["tunnel"] for _ in range(3000)]
    assert found == [f"t{number}" for number in range(3000)]
