"""Sessions are limited, and released once whatever ends them."""

import threading
from datetime import UTC, datetime
from itertools import count

import pytest

from server.sessions import (
    MAX_SESSION_ID,
    EndReason,
    NetconfSession,
    Peer,
    SessionLimits,
    SessionRefused,
    Sessions,
    Statistics,
)

NOW = datetime(2024, 1, 1, tzinfo=UTC)
ADA = Peer("ada", "192.0.2.1", "netconf-ssh")


def new(**limits: int) -> tuple[Sessions, list[int]]:
    sessions = Sessions(lambda: NOW, SessionLimits(**limits))
    released: list[int] = []
    sessions.on_close.append(lambda session: released.append(session.id))
    return sessions, released


def test_sessions_have_ids_of_their_own_from_1() -> None:
    sessions, _ = new()
    first, second = sessions.open(ADA), sessions.open(ADA)
    assert (first.id, second.id, first.opened_at) == (1, 2, NOW)
    assert sessions.get(2) is second
    assert list(sessions) == [first, second]


def test_ids_begin_again_behind_the_last_one_and_skip_those_in_use() -> None:
    sessions, _ = new()
    sessions.open(ADA)
    sessions._last_id = MAX_SESSION_ID
    assert sessions.open(ADA).id == 2


def test_closing_releases_once() -> None:
    sessions, released = new()
    session = sessions.open(ADA)
    sessions.close(session)
    sessions.close(session)
    assert released == [1]
    assert sessions.get(1) is None
    assert len(sessions) == 0


def test_a_hook_that_fails_stops_no_other_hook(caplog: pytest.LogCaptureFixture) -> None:
    sessions, released = new()

    def fail(session: NetconfSession) -> None:
        raise ZeroDivisionError("a fault of ours")

    sessions.on_close.insert(0, fail)
    sessions.close(sessions.open(ADA))
    assert released == [1]
    assert "a fault of ours" in caplog.text


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"total": 2}, "limit of 2 sessions is reached"),
        ({"per_user": 2}, "user 'ada' has the limit of 2 sessions open"),
        ({"per_address": 2}, "192.0.2.1 has the limit of 2 sessions open"),
    ],
)
def test_each_limit_is_told_and_ends_with_a_session(limits: dict[str, int], sentence: str) -> None:
    sessions, _ = new(**limits)
    first, _ = sessions.open(ADA), sessions.open(ADA)
    with pytest.raises(SessionRefused, match=sentence):
        sessions.open(ADA)
    sessions.close(first)
    assert sessions.open(ADA).id == 3


def test_local_sessions_have_no_address_to_be_limited_by() -> None:
    sessions, _ = new(per_address=1)
    local = Peer("ada", "", "netconf-ssh")
    assert [sessions.open(local).id for _ in range(3)] == [1, 2, 3]


def test_sessions_tell_how_they_ended_and_are_counted() -> None:
    sessions, _ = new()
    opened: list[int] = []
    sessions.on_open.append(lambda session: opened.append(session.id))
    ada, bob, eve, bad = (sessions.open(ADA) for _ in range(4))
    ada.in_rpcs, bob.in_rpcs, eve.out_notifications = 3, 4, 5
    sessions.kill(bob.id, ada)
    sessions.close(eve, EndReason.TIMEOUT)
    sessions.close(eve, EndReason.DROPPED)
    sessions.close(bad, EndReason.BAD_HELLO)
    assert opened == [1, 2, 3, 4]
    assert (bob.ended, bob.killed_by) == (EndReason.KILLED, ada.id)
    assert eve.ended is EndReason.TIMEOUT
    assert sessions.statistics() == Statistics(4, 1, 1, in_rpcs=7, out_notifications=5)
    sessions.close(ada)
    assert sessions.statistics() == Statistics(4, 1, 1, in_rpcs=7, out_notifications=5)


def test_killing_hangs_up_and_has_released_on_return() -> None:
    sessions, released = new()
    reasons: list[str] = []
    session = sessions.open(ADA)
    session.hang_up = reasons.append
    assert sessions.kill(1, "session 9 of eve")
    assert (reasons, released) == (["killed by session 9 of eve"], [1])
    assert not sessions.kill(1, "session 9 of eve")


def test_a_request_under_way_ends_before_the_release() -> None:
    sessions, released = new()
    session = sessions.open(ADA)
    with sessions.working(session) as alive:
        assert alive
        sessions.kill(1, "somebody")
        assert released == []
        assert sessions.get(1) is None
    assert released == [1]
    with sessions.working(session) as alive:
        assert not alive
    assert released == [1]


def test_many_threads_release_each_session_once() -> None:
    sessions, released = new()
    opened = [sessions.open(ADA) for _ in range(200)]
    numbers = count()

    def close_all() -> None:
        for session in opened:
            if next(numbers) % 2:
                sessions.kill(session.id, "a thread")
            else:
                sessions.close(session)
            with sessions.working(session):
                pass

    threads = [threading.Thread(target=close_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(released) == [session.id for session in opened]
