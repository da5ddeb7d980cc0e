"""A reconciler over a flaky dataplane, for tests of what it does when things go wrong."""

from typing import Any

from dataplane_bridge.plan import ObjectKey
from dataplane_bridge.reconciler import Reconciler
from tests.dataplane_bridge.flaky import FlakyDriver
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    policy,
)
from yang.bindings import gateway as g

EMPTY = configuration(bindings={})
CLEAR = configuration([policy(df_bit="clear")])
DF_BIT = ObjectKey("df-bit", "t1")


class Bench:
    """A reconciler over a flaky dataplane, started, with what it told."""

    def __init__(self, root: g.Configuration = EMPTY, *existing: Any, **options: Any) -> None:
        self.clock = Clock()
        # No port-selective configuration is refused here: these tests are about applying.
        self.driver = FlakyDriver(self.clock, existing, defragmentation=True)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.reconciler = Reconciler(
            self.driver,
            self.clock,
            lambda name, content: self.told.append((name, dict(content))),
            **options,
        )
        self.root = root
        self.reconciler.start(root)

    def prepare(self, root: g.Configuration) -> Any:
        return self.reconciler.prepare(root, changes_between(self.root, root))

    def commit(self, root: g.Configuration) -> None:
        change = self.prepare(root)
        change.apply()
        change.publish()
        self.root = root

    @property
    def status(self) -> str:
        return self.reconciler.health.status
