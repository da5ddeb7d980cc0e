"""The bridge as the server's front door sees it: one object for one dataplane.

The law: called from one thread; nothing here waits, and nothing here knows the server.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from dataplane_bridge.configuration import Root
from dataplane_bridge.constraints import Violation
from dataplane_bridge.driver import EXACT_BURST, BridgeError, Clock, Driver
from dataplane_bridge.exceed_watch import ExceedWatch
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.operations import Input, Keys, Operation, Output, operations_of
from dataplane_bridge.prepared import PreparedChange
from dataplane_bridge.rates import Rates
from dataplane_bridge.reconciler import Health, OnEvent, Reconciler
from dataplane_bridge.state import (
    dataplane_state,
    tunnel_state,
    tunnel_states,
    whole_state,
)
from yang.changes import Change

YANG_FEATURES = (EXACT_BURST,)
"""The features of the YANG module that a dataplane decides on."""


class Bridge:
    """Makes configuration true in one dataplane, and tells its state.

    ``clock`` gives seconds since 1970 (UTC); ``on_event`` is called with the name of a notification
    of the module ``ipsec-qos`` and its content.
    """

    def __init__(
        self, driver: Driver, clock: Clock, on_event: OnEvent, *, repair_drift: bool = True
    ) -> None:
        self._clock = clock
        self._on_event = on_event
        self._driver = driver
        self._watch = ExceedWatch()
        self._rates = Rates()
        self._reconciler = Reconciler(driver, clock, self._pass_on, repair_drift=repair_drift)
        embedded = driver if isinstance(driver, MemoryDataplane) else None
        self.operations: Mapping[str, Operation] = {
            path: self._watched(operation)
            for path, operation in operations_of(self._reconciler, embedded).items()
        }

    @property
    def health(self) -> Health:
        """Whether the dataplane agrees with the configuration, and why not."""
        return self._reconciler.health

    @property
    def yang_features(self) -> frozenset[str]:
        """The YANG features of the module ``ipsec-qos`` that this dataplane can serve."""
        features = self._driver.features()
        return frozenset(name for name in YANG_FEATURES if features.supports(name))

    def start(self, root: Root) -> None:
        """Make the dataplane agree with this configuration; failure shows in ``health``."""
        self._reconciler.start(root)

    def check(self, root: Root, changes: Iterable[Change]) -> tuple[Violation, ...]:
        """Return what this dataplane cannot do of the configuration that the changes lead to.

        The changes are relative to the configuration last published.
        """
        return self._reconciler.check(root, changes)

    def prepare(self, root: Root, changes: Iterable[Change]) -> PreparedChange:
        """Return the change ready to apply, or raise ``ConfigurationRefused``.

        The caller calls ``apply()``, persists, then ``publish()``; or ``abort()`` at any point.
        """
        return self._reconciler.prepare(root, changes)

    def state(self) -> dict[str, Any]:
        """Return all state, by YANG names, below ``ipsec-qos:ipsec-qos``."""
        return whole_state(self._reconciler, self._rates)

    def tunnels_state(self) -> dict[str, Any]:
        """Return the state of all tunnels, below the container ``tunnels``."""
        return {"tunnel": list(tunnel_states(self._reconciler, self._rates))}

    def tunnel_state(self, tunnel_id: str) -> Mapping[str, Any] | None:
        """Return the state of one tunnel, or ``None``."""
        return tunnel_state(self._reconciler, self._rates, tunnel_id)

    def dataplane_state(self) -> dict[str, Any]:
        """Return the state of the dataplane without the tunnels."""
        return dataplane_state(self._reconciler)

    def poll(self) -> None:
        """Do what time brings: limit-exceeded events, rates, and another try after a
        failure.

        To be called about once a second.
        """
        self._look(None)
        self._measure()
        if self._reconciler.health.status == "failed":
            self._reconciler.try_again()

    def _watched(self, operation: Operation) -> Operation:
        def run(keys: Keys, values: Input) -> Output:
            output = operation(keys, values)
            tunnel = values.get("tunnel")
            if tunnel is not None:
                self._look((str(tunnel),))
            return output

        return run

    def _look(self, tunnel_ids: tuple[str, ...] | None) -> None:
        try:
            exceeded = self._driver.exceeded(tunnel_ids)
        except BridgeError:
            return  # The next look sees it; a broken dataplane is told by whoever applies.
        for tunnel, direction, state in self._watch.look(exceeded, self._clock(), tunnel_ids):
            content = {"tunnel": tunnel, "direction": direction, "state": state}
            self._on_event("limit-exceeded", content)

    def _measure(self) -> None:
        now = self._clock()
        if self._rates.is_due(now):
            try:
                self._rates.take(self._driver.volumes(), now)
            except BridgeError:
                return  # as above

    def _pass_on(self, name: str, content: Mapping[str, Any]) -> None:
        if name == "tunnel-down":
            self._watch.forget(content["tunnel"])
        self._on_event(name, content)
