"""Things to do at a certain time."""

import threading
from datetime import UTC, datetime, timedelta

from server.events.timers import Timers
from tests.server.events.streams import Clock, at


def test_what_is_due_is_done_in_the_order_of_its_time() -> None:
    clock, done = Clock(), list[str]()
    timers = Timers(clock)
    timers.at(at(2), lambda: done.append("second"))
    timers.at(at(1), lambda: done.append("first"))
    timers.at(at(9), lambda: done.append("later"))
    assert timers.run_due() == 1.0
    clock.seconds = 3
    assert timers.run_due() == 6.0
    assert done == ["first", "second"]


def test_what_was_cancelled_is_not_done_and_not_kept() -> None:
    clock, done = Clock(), list[str]()
    timers = Timers(clock)
    cancel = timers.at(at(1), lambda: done.append("never"))
    cancel()
    cancel()
    assert len(timers) == 0
    clock.seconds = 5
    assert timers.run_due() is None
    assert done == []


def test_of_what_was_cancelled_little_stays_in_the_order() -> None:
    timers = Timers(Clock())
    kept = timers.at(at(7), lambda: None)
    for seconds in range(1000):
        timers.at(at(100 + seconds), lambda: None)()
    assert len(timers) == 1
    assert len(timers._order) < 100
    assert timers.run_due() == 7
    kept()
    assert timers.run_due() is None


def test_what_is_due_is_done_in_the_order_of_its_times() -> None:
    clock, done = Clock(), list[int]()
    timers = Timers(clock)
    for seconds in (3, 1, 2):
        timers.at(at(seconds), lambda seconds=seconds: done.append(seconds))  # type: ignore[misc]
    clock.seconds = 5
    assert timers.run_due() is None
    assert done == [1, 2, 3]


def test_what_fails_stops_nothing_else() -> None:
    clock, done = Clock(), list[str]()
    timers = Timers(clock)
    timers.at(at(0), lambda: [][0])
    timers.at(at(0), lambda: done.append("done"))
    assert timers.run_due() is None
    assert done == ["done"]


def test_the_thread_does_what_is_due_and_ends_when_told_to() -> None:
    timers = Timers(lambda: datetime.now(UTC))
    timers.start()
    done = threading.Event()
    timers.at(datetime.now(UTC) + timedelta(seconds=0.05), done.set)
    assert done.wait(10)
    timers.stop()
