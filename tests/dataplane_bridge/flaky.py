"""A dataplane that breaks on demand, for tests of what happens then."""

from collections.abc import Iterable
from typing import Any

from dataplane_bridge.delta import Steps, apply_steps
from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.plan import ObjectKey, Plan


class FlakyDriver(MemoryDataplane):
    """Takes batches step by step, and breaks before the given step of each.

    ``breaks_at`` holds, for each batch to come, the number of steps after which it breaks, or
    ``None``; batches beyond it go well. ``forgets``: objects that it says it took, and did not.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.breaks_at: list[int | None] = []
        self.forgets: set[ObjectKey] = set()
        self.reads_break = False

    def apply(self, steps: Steps) -> None:
        at = self.breaks_at.pop(0) if self.breaks_at else None
        if at is None or at > len(steps):
            super().apply(tuple(step for step in steps if step.key not in self.forgets))
            return
        super().apply(steps[:at])
        raise DataplaneFailed(f"The dataplane broke at step {at}.")

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Plan:
        if self.reads_break:
            raise DataplaneFailed("The dataplane cannot be read.")
        return super().read(keys)

    def tamper(self, steps: Steps) -> None:
        """Change what is held, as somebody else would."""
        self._plan = apply_steps(self._plan, steps)
