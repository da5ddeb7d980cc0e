"""What the demo shows: rates as a plot, answers before and after as a table, counters.

The law: each figure is counted where packets arrive; the server's counters stand beside it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

LIMIT = 1000
"""kbit/s that the configuration allows t1."""
_HEIGHT, _TOP = 10, 5000.0
_MARKS = {"t1": "*", "t2": "o"}


class Answer(NamedTuple):
    """What became of a packet."""

    question: str
    answer: str


class Samples:
    """How many packets of each tunnel arrived, from one look to the next."""

    def __init__(self, commit_at: float, length: int) -> None:
        self.commit_at = commit_at
        self.sent: Mapping[str, int] = {}
        self._length = length
        self._begin = self._last = 0.0
        self._rows: list[tuple[float, float, Mapping[str, int]]] = []

    def begin(self, now: float) -> None:
        """Start the clock."""
        self._begin = self._last = now

    def take(self, now: float, packets: Mapping[str, int]) -> None:
        """Enter what arrived since the last look."""
        self._rows.append((self._last - self._begin, now - self._begin, packets))
        self._last = now

    def rates(self, tunnel: str) -> list[tuple[float, float]]:
        """Return (seconds, kbit/s) of each look."""
        return [
            (end, packets[tunnel] * self._length * 8 / 1000 / max(end - start, 1e-3))
            for start, end, packets in self._rows[:-1]  # nothing was sent any more in the last
        ]

    def arrived(self, tunnel: str) -> int:
        """Return how many packets arrived in all."""
        return sum(packets[tunnel] for _, _, packets in self._rows)

    def late_rate(self, tunnel: str) -> float:
        """Return the rate from two seconds after the commit, when the bucket is used up."""
        rows = [row for row in self._rows[:-1] if row[0] >= self.commit_at + 2.0]
        octets = sum(packets[tunnel] for _, _, packets in rows) * self._length
        return octets * 8 / 1000 / (rows[-1][1] - rows[0][0])

    def verdict(self) -> int:
        """Return 0 if t1 keeps to its limit and t2 lost nothing; say so."""
        lost = self.sent["t2"] - self.arrived("t2")
        holds = abs(self.late_rate("t1") / LIMIT - 1) < 0.05
        print(f"t1 is held to {self.late_rate('t1'):.0f} kbit/s (limit {LIMIT}); t2 lost {lost}")
        return 0 if holds and not lost else 1


def show_plot(samples: Samples) -> None:
    """Draw the rates at which packets arrived."""
    columns = len(samples.rates("t1"))
    grid = [[" "] * columns for _ in range(_HEIGHT + 1)]
    for tunnel, mark in _MARKS.items():
        for column, (_, rate) in enumerate(samples.rates(tunnel)):
            row = _HEIGHT - min(_HEIGHT, round(rate / _TOP * _HEIGHT))
            grid[row][column] = "#" if grid[row][column] not in (" ", mark) else mark
    print("kbit/s that arrive   * t1   o t2   # both   | commit")
    at = next((i for i, (end, _) in enumerate(samples.rates("t1")) if end >= samples.commit_at), 0)
    for row, cells in enumerate(grid):
        line = "".join(cells)
        if line[at] == " ":
            line = f"{line[:at]}|{line[at + 1 :]}"
        print(f"{(_HEIGHT - row) * _TOP / _HEIGHT:6.0f} {line}")
    seconds = round(samples.rates("t1")[-1][0])
    print(f"       0{'seconds'.center(columns - 3)}{seconds}\n")


def show_answers(before: Sequence[Answer], after: Sequence[Answer]) -> None:
    """Print what became of packets before and after the commit."""
    rows = [("", "before", "after")]
    rows += [(b.question, b.answer, a.answer) for b, a in zip(before, after, strict=True)]
    _show(rows)


def show_counters(tunnels: Mapping[str, Mapping[str, str]]) -> None:
    """Print what the state of the server shows of each tunnel."""
    columns = ("status", "conform-packets", "exceed-packets", "fragmented-packets")
    rows: list[tuple[str, ...]] = [("tunnel", *columns)]
    for name, values in sorted(tunnels.items()):
        rows.append((name.split()[0], *(values.get(column, "-") for column in columns)))
    _show(rows)


def _show(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    print()
