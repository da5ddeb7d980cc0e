"""A server whose embedded dataplane breaks where a file beside its settings says so."""

import sys
from collections.abc import Iterable
from pathlib import Path

from dataplane_bridge.delta import Remove, Steps, apply_steps
from dataplane_bridge.driver import DataplaneFailed, DataplaneRefused
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.plan import ObjectKey, Plan
from server import bridged
from server.__main__ import main

DIRECTORY = Path(sys.argv[-1]).parent
TAMPERING = DIRECTORY / "somebody-changes"


class Failing(MemoryDataplane):
    """Applies nothing while ``apply-breaks`` is there, reads nothing while ``read-breaks`` is, and
    refuses every change while ``check-refuses`` is. Somebody takes an object away once
    ``somebody-changes`` is there.
    """

    def apply(self, steps: Steps) -> None:
        if (DIRECTORY / "apply-breaks").exists():
            raise DataplaneFailed("The dataplane does not answer.")
        super().apply(steps)

    def check(self, steps: Steps) -> None:
        if (DIRECTORY / "check-refuses").exists():
            raise DataplaneRefused("There is no room for another object.")
        super().check(steps)

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Plan:
        if (DIRECTORY / "read-breaks").exists():
            raise DataplaneFailed("The dataplane cannot be read.")
        if TAMPERING.exists():
            TAMPERING.unlink()
            key = next(key for key in self._plan if key.tunnel)
            self._plan = apply_steps(self._plan, (Remove(key),))
        return super().read(keys)


if __name__ == "__main__":
    vars(bridged)["MemoryDataplane"] = Failing
    sys.exit(main())
