"""A change on its way into the dataplane.

The law: it ends exactly once, published or aborted; until then nothing else is applied.
"""

from typing import Protocol

from dataplane_bridge.compiler import Compiled
from dataplane_bridge.delta import Steps
from dataplane_bridge.driver import BridgeError, DataplaneFailed


class Reconciling(Protocol):
    """What a change needs of the reconciler that prepared it."""

    compiled: Compiled

    def apply_verified(self, steps: Steps, after: Compiled) -> None:
        """Apply the steps and read back what they touched."""

    def restore(self, compiled: Compiled) -> int:
        """Make the dataplane hold that plan."""

    def note_applied(self, steps: int) -> None:
        """Remember that the dataplane agrees."""

    def fail(self, reason: str, *, undone: bool, tunnels: frozenset[str]) -> None:
        """Tell everybody that something could not be applied."""

    def release(self) -> None:
        """Let the tunnel events happen that waited."""


class PreparedChange:
    """Steps that the dataplane has agreed to."""

    def __init__(
        self, reconciler: Reconciling, before: Compiled, after: Compiled, steps: Steps
    ) -> None:
        self.steps = steps
        self._reconciler = reconciler
        self._before = before
        self._after = after
        self._begun = False
        self._ended = False
        self._fault: str | None = None

    def apply(self) -> None:
        """Apply and verify; on ``BridgeError`` the caller aborts."""
        self._begun = True
        try:
            self._reconciler.apply_verified(self.steps, self._after)
        except BridgeError as error:
            self._fault = str(error)
            raise

    def publish(self) -> None:
        """Make what was applied the state to keep; the caller has persisted it."""
        if self._ended:
            return
        self._ended = True
        self._reconciler.compiled = self._after
        self._reconciler.note_applied(len(self.steps))
        self._reconciler.release()

    def abort(self) -> None:
        """Return to the plan before, from wherever applying stopped; a second call does nothing.

        Raise ``DataplaneFailed`` when that fails: the state says so until it is repaired.
        """
        if self._ended:
            return
        self._ended = True
        try:
            if self._begun:
                self._undo()
        finally:
            self._reconciler.release()

    def _undo(self) -> None:
        tunnels = frozenset(step.key.tunnel for step in self.steps)
        reason = self._fault or "The change was given up after it had been applied."
        try:
            steps = self._reconciler.restore(self._before)
        except BridgeError as error:
            sentence = f"{reason} Going back failed too: {error}"
            self._reconciler.fail(sentence, undone=False, tunnels=tunnels)
            raise DataplaneFailed(sentence) from error
        self._reconciler.note_applied(steps)
        if self._fault is not None:
            self._reconciler.fail(reason, undone=True, tunnels=tunnels)
