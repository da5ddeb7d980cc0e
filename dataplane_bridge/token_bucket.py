"""A token bucket that is exact: integers only, so nothing is lost to rounding.

The law: over any t seconds no more than ``rate * t + size`` bytes pass, and what is refused takes
nothing.
"""

NANOSECONDS = 1_000_000_000


class TokenBucket:
    """A bucket of ``size`` bytes that fills at ``rate`` bytes a second; it starts full.

    Time is in nanoseconds of any clock; a clock that steps back adds nothing.
    """

    __slots__ = ("_filled_at", "_level", "rate", "size")

    def __init__(self, rate: int, size: int, now: int) -> None:
        self.rate = rate
        self.size = size
        self._level = size * NANOSECONDS
        self._filled_at = now

    def draw(self, amount: int, now: int) -> bool:
        """Take that many bytes if they are there, and tell whether they were."""
        self._fill(now)
        needed = amount * NANOSECONDS
        if needed > self._level:
            return False
        self._level -= needed
        return True

    def change(self, rate: int, size: int, now: int) -> None:
        """Go on with another rate and size; what is in the bucket stays, as far as it fits."""
        self._fill(now)
        self.rate = rate
        self.size = size
        self._level = min(self._level, size * NANOSECONDS)

    def level(self, now: int) -> int:
        """Return the bytes that are in the bucket, rounded down."""
        self._fill(now)
        return self._level // NANOSECONDS

    def _fill(self, now: int) -> None:
        elapsed = now - self._filled_at
        if elapsed > 0:
            self._level = min(self._level + elapsed * self.rate, self.size * NANOSECONDS)
        self._filled_at = max(now, self._filled_at)
