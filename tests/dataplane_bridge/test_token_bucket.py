from hypothesis import given
from hypothesis import strategies as st

from dataplane_bridge.token_bucket import NANOSECONDS, TokenBucket

packets = st.lists(st.tuples(st.integers(0, 10**9), st.integers(40, 9000)), max_size=60)


@given(st.integers(1, 10**9), st.integers(1, 10**6), packets)
def test_never_more_than_rate_times_time_plus_bucket(
    rate: int, size: int, offered: list[tuple[int, int]]
) -> None:
    bucket = TokenBucket(rate, size, 0)
    now = 0
    passed: list[tuple[int, int]] = []
    for wait, length in offered:
        now += wait
        if bucket.draw(length, now):
            passed.append((now, length))
    # Any window, not only the one from the start.
    for index, (begin, _) in enumerate(passed):
        total = 0
        for end, length in passed[index:]:
            total += length
            assert total * NANOSECONDS <= rate * (end - begin) + size * NANOSECONDS


@given(st.integers(10_000, 10**7), st.integers(100, 1500), st.integers(3, 20))
def test_a_saturating_sender_gets_99_percent(rate: int, length: int, factor: int) -> None:
    bucket = TokenBucket(rate, max(rate, 65536), 0)
    bucket.draw(bucket.size, 0)
    duration = 1000 * length * NANOSECONDS // rate
    gap = length * NANOSECONDS // (rate * factor)
    passed = sum(length * bucket.draw(length, now) for now in range(0, duration, gap))
    assert passed * NANOSECONDS >= 0.99 * rate * duration


def test_what_is_refused_takes_nothing() -> None:
    bucket = TokenBucket(1000, 1000, 0)
    assert not bucket.draw(1001, 0)
    assert bucket.draw(1000, 0)
    assert not bucket.draw(1, 0)
    assert bucket.draw(1, NANOSECONDS // 1000)


def test_a_change_keeps_what_fits_the_new_bucket() -> None:
    bucket = TokenBucket(1000, 5000, 0)
    bucket.draw(1000, 0)
    bucket.change(500, 3000, 0)
    assert bucket.level(0) == 3000
    bucket.change(1000, 9000, 0)
    assert bucket.level(0) == 3000
    # What came in before the change came in at the old rate.
    bucket.change(1, 9000, NANOSECONDS)
    assert bucket.level(NANOSECONDS) == 4000


def test_a_clock_that_steps_back_adds_nothing() -> None:
    bucket = TokenBucket(1000, 1000, NANOSECONDS)
    assert bucket.draw(1000, NANOSECONDS)
    assert not bucket.draw(1, 0)
    assert not bucket.draw(1, NANOSECONDS)
