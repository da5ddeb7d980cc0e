"""Events between the thread that hears charon and the one that asks it."""

import threading

import pytest

from dataplane_bridge.linux import news as rooms
from dataplane_bridge.linux.news import URGENT, News


def test_all_that_came_is_taken_at_once_and_in_order() -> None:
    news = News()
    for number in range(5):
        news.put(f"e{number}", {})
    assert [name for name, _ in news.take(0) or ()] == ["e0", "e1", "e2", "e3", "e4"]
    assert news.take(0) == []


def test_a_ring_wakes_without_an_event() -> None:
    news = News()
    threading.Timer(0.05, news.ring).start()
    assert news.take(30) == []


def test_what_came_before_the_end_is_taken_and_then_the_end() -> None:
    news = News()
    news.put("last", {})
    news.end()
    assert news.take(30) == [("last", {})]
    assert news.take(30) is None


def test_a_rekey_is_not_waited_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "GATHER_SECONDS", 3600.0)
    news, taken = News(), []
    news.put("child-updown", {})
    taker = threading.Thread(target=lambda: taken.append(news.take(3600)), daemon=True)
    taker.start()
    news.put(URGENT, {})
    taker.join(30)
    assert taken == [[("child-updown", {}), (URGENT, {})]]
