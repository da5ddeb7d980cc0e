"""Makes the dataplane agree with the configuration, and keeps it so.

Theory of operation: the reconciler owns one ``Compiled`` value, which is what must be true. A
commit prepares the next one (``PreparedChange``), and while it is under way tunnel events wait, so
that nothing is computed from a plan that may be taken back. Start-up, drift, the repair after a
failure and the undoing of a change are the same: read, compare, apply the difference, read again.

The law: no failure is silent, and nothing counts as done that could not be read back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from dataplane_bridge.compiler import NOTHING, Compiled, TunnelEvent, entry_changes, recompile
from dataplane_bridge.configuration import POLICIES, TEMPLATES, Root
from dataplane_bridge.constraints import ConfigurationRefused, Scope, Violation, violations
from dataplane_bridge.delta import Steps, diff_plans
from dataplane_bridge.driver import (
    BridgeError,
    Clock,
    DataplaneFailed,
    DataplaneRefused,
    Disturbed,
    Driver,
    DriverEvent,
    TunnelDown,
    TunnelUp,
)
from dataplane_bridge.effective import Effective
from dataplane_bridge.plan import ObjectKey
from dataplane_bridge.prepared import PreparedChange
from dataplane_bridge.tunnels import Tunnel
from yang.changes import Change

OnEvent = Callable[[str, Mapping[str, Any]], None]
"""Called with the name of a notification and its content by YANG names."""


class Health(NamedTuple):
    """Whether the dataplane agrees; ``tunnels`` are those that may not be as configured."""

    status: Literal["in-sync", "drifted", "failed"]
    reason: str | None = None
    tunnels: frozenset[str] = frozenset()


class LastApply(NamedTuple):
    """When (clock) how many steps were applied."""

    time: float
    steps: int


IN_SYNC = Health("in-sync")


class Reconciler:
    """Keeps one dataplane in agreement with one configuration."""

    def __init__(
        self, driver: Driver, clock: Clock, on_event: OnEvent, *, repair_drift: bool = True
    ) -> None:
        self.driver = driver
        self.compiled: Compiled = NOTHING
        self.health: Health = IN_SYNC
        self.last_apply: LastApply | None = None
        self._clock = clock
        self.emit = on_event
        self._repair_drift = repair_drift
        self._drift: Steps = ()
        self._waiting: list[DriverEvent] = []
        self._busy = True

    def start(self, root: Root) -> None:
        """Compile the configuration and make the dataplane agree; failure shows in ``health``."""
        self.driver.subscribe(self._on_driver_events)
        try:
            self._compile_first(root, self.driver.tunnels())
            self.note_applied(self.restore(self.compiled))
        except BridgeError as error:
            if self.compiled is NOTHING:
                # Asked again every second, as after any failure, they may be told then.
                self._compile_first(root, ())
            self.fail(str(error), undone=False)
        self.release()

    def _compile_first(self, root: Root, tunnels: Iterable[Tunnel]) -> None:
        changes, events = entry_changes(root), [TunnelUp(tunnel) for tunnel in tunnels]
        features = self.driver.features()
        self.compiled = recompile(NOTHING, root, changes, events, features).compiled

    def check(self, root: Root, changes: Iterable[Change]) -> tuple[Violation, ...]:
        """Return what the dataplane cannot do of a configuration that the changes lead to."""
        changes = tuple(changes)
        entries = self.compiled.entries.updated(changes)
        scope = Scope(self.compiled.root, root, entries, changes)
        return tuple(violations(scope, self.driver.features()))

    def prepare(self, root: Root, changes: Iterable[Change]) -> PreparedChange:
        """Return the change, checked, ready to apply.

        Raise ``ConfigurationRefused``. The caller ends it with ``publish`` or ``abort``.
        """
        if self._busy:
            raise BridgeError("Another change is being applied; try again when it is done.")
        changes = tuple(changes)
        before, features = self.compiled, self.driver.features()
        after, touched, tunnels = recompile(before, root, changes, (), features)
        self._refuse(violations(Scope(before.root, root, after.entries, changes), features))
        self._refuse(_new_failures(before, after, tunnels))
        if self.health.status == "in-sync":
            steps = diff_plans(before.plan, after.plan, touched)
        else:
            steps = diff_plans(self.driver.read(), after.plan)
        self._let_driver_check(steps, after)
        self._busy = True
        return PreparedChange(self, before, after, steps)

    def resynchronize(self) -> int:
        """Read the dataplane back, make it agree, and return how many steps that took."""
        if self._busy:
            raise BridgeError("A change is being applied; try again when it is done.")
        self._busy = True
        try:
            return self._resynchronize()
        except BridgeError as error:
            self.fail(str(error), undone=False)
            raise
        finally:
            self.release()

    def try_again(self) -> None:
        """Resynchronise after a failure; quiet when it fails again, for that has been told."""
        if self._busy:
            return
        self._busy = True
        try:
            self._resynchronize()
        except BridgeError as error:
            self._fail_once(str(error))
        finally:
            self.release()

    def apply_verified(self, steps: Steps, after: Compiled) -> None:
        """Apply the steps and read back what they touched."""
        if not steps:
            return
        self.driver.apply(steps)
        keys = tuple(step.key for step in steps)
        actual = self.driver.read(keys)
        for key in keys:
            if actual.get(key) != after.plan.get(key):
                raise DataplaneFailed(
                    f"The dataplane accepted {len(steps)} steps, but the {key} did not come out as"
                    " asked."
                )

    def restore(self, compiled: Compiled) -> int:
        """Make the dataplane hold that plan, wherever it is, and return the number of steps."""
        steps = diff_plans(self.driver.read(), compiled.plan)
        self.apply_verified(steps, compiled)
        return len(steps)

    def note_applied(self, steps: int) -> None:
        """Remember that the dataplane agrees."""
        self.health, self._drift = IN_SYNC, ()
        if steps:
            self.last_apply = LastApply(self._clock(), steps)

    def fail(self, reason: str, *, undone: bool, tunnels: Iterable[str] = ()) -> None:
        """Tell everybody that something could not be applied."""
        if not undone:
            self.health = Health("failed", reason, self.health.tunnels | {*tunnels} - {""})
        self.emit("apply-failed", {"reason": reason, "undone": undone})

    def _fail_once(self, reason: str) -> None:
        """As ``fail``, but quiet where a failure has been told already."""
        if self.health.status == "failed":
            self.health = self.health._replace(reason=reason)
        else:
            self.fail(reason, undone=False)

    def release(self) -> None:
        """End what kept the tunnel events waiting, and let them happen."""
        self._busy = False
        while self._waiting and not self._busy:
            waiting, self._waiting = self._waiting, []
            self._busy = True
            try:
                self._take(waiting)
            finally:
                self._busy = False

    def _on_driver_events(self, events: Sequence[DriverEvent]) -> None:
        self._waiting.extend(events)
        if not self._busy:
            self.release()

    def _take(self, events: list[DriverEvent]) -> None:
        tunnel_events = [event for event in events if not isinstance(event, Disturbed)]
        if tunnel_events:
            self._take_tunnel_events(tunnel_events)
        for event in events:
            if isinstance(event, Disturbed):
                self._take_disturbance()
                break

    def _take_tunnel_events(self, events: list[TunnelEvent]) -> None:
        known = self.compiled.tunnels.tunnels
        steps = self._recompile_tunnels(events)
        try:
            if self.health.status != "in-sync":
                # What is held may be nothing at all, and steps from the plan before would leave
                # other tunnels without what they have in force.
                steps = diff_plans(self.driver.read(), self.compiled.plan)
            self.driver.check(steps)
            self.apply_verified(steps, self.compiled)
        except BridgeError as error:
            self._mend(steps, error)
        else:
            self.note_applied(len(steps))
        for event in events:
            self._tell(event, known)

    def _mend(self, steps: Steps, error: BridgeError) -> None:
        """Try once more from what the dataplane really holds."""
        try:
            self.note_applied(self.restore(self.compiled))
        except BridgeError:
            self.fail(str(error), undone=False, tunnels={step.key.tunnel for step in steps})

    def _recompile_tunnels(self, events: Iterable[TunnelEvent]) -> Steps:
        root, before = self.compiled.root, self.compiled
        assert root is not None, "events wait until the first configuration is compiled"
        self.compiled, touched, _ = recompile(before, root, (), events, self.driver.features())
        return diff_plans(before.plan, self.compiled.plan, touched)

    def _tell(self, event: TunnelEvent, known: Mapping[str, object]) -> None:
        match event:
            case TunnelDown(tunnel_id):
                self.emit("tunnel-down", {"tunnel": tunnel_id})
            case TunnelUp(tunnel) if tunnel.id not in known:
                effective = self.compiled.effective.get(tunnel.id)
                content: dict[str, Any] = {"tunnel": tunnel.id}
                if effective is not None and effective.policy is not None:
                    content["policy"] = effective.policy.name
                    content["sequence-number"] = effective.policy.sequence_number
                self.emit("tunnel-up", content)

    def _take_disturbance(self) -> None:
        try:
            if self._repair_drift:
                self._resynchronize()
            else:
                self._note_drift(diff_plans(self.driver.read(), self.compiled.plan))
        except BridgeError as error:
            self._fail_once(str(error))

    def _note_drift(self, steps: Steps) -> None:
        """Tell what somebody else changed, once; what was put back agrees again."""
        if not steps:
            self.health = IN_SYNC
        elif steps != self._drift:
            self.health = Health("drifted", _drift_reason(steps))
            self.emit("dataplane-drift", {"reason": self.health.reason, "repaired": False})
        self._drift = steps

    def _resynchronize(self) -> int:
        known, missed = self.compiled.tunnels.tunnels, self._missed_events()
        self._recompile_tunnels(missed)
        agreed = self.health.status != "failed"
        steps = diff_plans(self.driver.read(), self.compiled.plan)
        self.apply_verified(steps, self.compiled)
        self.note_applied(len(steps))
        if steps and agreed:
            self.emit("dataplane-drift", {"reason": _drift_reason(steps), "repaired": True})
        for event in missed:
            self._tell(event, known)
        return len(steps)

    def _missed_events(self) -> list[TunnelEvent]:
        known = {
            name: tunnel
            for name, tunnel in self.compiled.tunnels.tunnels.items()
            if not tunnel.is_awaited
        }
        actual = {tunnel.id: tunnel for tunnel in self.driver.tunnels()}
        gone = [TunnelDown(name) for name in known if name not in actual]
        new = [TunnelUp(tunnel) for name, tunnel in actual.items() if known.get(name) != tunnel]
        return [*gone, *new]

    def _refuse(self, found: Iterable[Violation]) -> None:
        broken = tuple(found)
        if broken:
            raise ConfigurationRefused(broken)

    def _let_driver_check(self, steps: Steps, after: Compiled) -> None:
        try:
            self.driver.check(steps)
        except DataplaneRefused as error:
            raise ConfigurationRefused((_explain(error, after),)) from error


def _drift_reason(steps: Steps) -> str:
    return f"Objects that were not as left: {len(steps)}, such as the {steps[0].key}."


def _new_failures(before: Compiled, after: Compiled, tunnels: Iterable[str]) -> Iterator[Violation]:
    """Yield what the configuration newly asks of tunnels that cannot have it."""
    for tunnel_id in sorted(tunnels):
        old, new = before.effective[tunnel_id], after.effective.get(tunnel_id)
        if new is None:
            continue  # it was only awaited
        for condition in set(new.conditions) - set(old.conditions):
            if condition.status == "failed" and condition.feature != "tunnel":
                sentence = f"Tunnel {tunnel_id!r}: {condition.reason}"
                yield _violation(new, sentence)


def _explain(error: DataplaneRefused, after: Compiled) -> Violation:
    """Name the policy or template that asked for what the dataplane refuses."""
    key: ObjectKey | None = error.key
    return _violation(None if key is None else after.effective.get(key.tunnel), error.sentence)


def _violation(effective: Effective | None, sentence: str) -> Violation:
    if effective is None or effective.policy is None:
        return Violation("dataplane-refused", "/", (), sentence)
    policy = effective.policy
    if policy.template is None:
        return Violation("dataplane-refused", POLICIES, (policy.key,), sentence)
    template = (policy.template, policy.template_sequence_number)
    return Violation("dataplane-refused", TEMPLATES, (template,), sentence)
