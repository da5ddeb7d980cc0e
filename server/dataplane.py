"""What the server needs of whatever makes configuration true. It knows no more than this."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from yang.changes import Change, Key

State: TypeAlias = Mapping[str, Any]
"""State by YANG names: dicts for containers, lists for lists and leaf-lists, Python values."""
Call: TypeAlias = Callable[[tuple[Key, ...], Mapping[str, Any]], Mapping[str, Any]]
"""An rpc or action: the keys of the lists on its way and its input -> its output."""


class Prepared(Protocol):
    """A change that the dataplane has agreed to."""

    def apply(self) -> None:
        """Make it true; raises RpcError, after which ``abort`` is called."""

    def abort(self) -> None:
        """Make what was true before true again; raises RpcError if that fails."""

    def publish(self) -> None:
        """The change is kept: forget what was before. Never fails."""


class Dataplane(Protocol):
    """Makes configuration true."""

    calls: Mapping[str, Call]
    """Rpcs and actions by schema path."""
    states: Mapping[str, Callable[[], Any]]
    """State by the schema path of the node that it fills."""

    def start(self, root: Any) -> None:
        """Make the dataplane agree with the configuration that the store holds."""

    def check(self, root: Any, changes: Sequence[Change]) -> None:
        """Raise RpcErrors for what the dataplane cannot do, and change nothing."""

    def prepare(self, root: Any, changes: Sequence[Change]) -> Prepared:
        """Return the change ready to apply; raises RpcErrors and has changed nothing."""


class _Nothing:
    def apply(self) -> None:
        """There is nothing to make true."""

    def abort(self) -> None:
        """There is nothing to undo."""

    def publish(self) -> None:
        """There is nothing to forget."""


class NoDataplane:
    """Keeps configuration and applies it to nothing: for labs and for modules of the user."""

    calls: Mapping[str, Call] = {}
    states: Mapping[str, Callable[[], Any]] = {}

    def start(self, root: Any) -> None:
        """There is nothing to start."""

    def check(self, root: Any, changes: Sequence[Change]) -> None:
        """Everything can be done."""

    def prepare(self, root: Any, changes: Sequence[Change]) -> Prepared:
        """Return a change of nothing."""
        return _Nothing()
