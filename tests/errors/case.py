"""What the page of errors is made of: chapters of cases, each with the request that is refused."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.end_to_end.process import ServerProcess

ADMIN, OTHER, VIEWER = "admin", "other", "viewer"


@dataclass(frozen=True)
class Ask:
    """A request that must succeed before the case."""

    operation: str
    by: str = ADMIN


Happens = Callable[[ServerProcess], None]
"""Something that happens to the server before the case."""


@dataclass(frozen=True)
class Case:
    """One error: ``request`` is what is inside ``<rpc>``, or bytes that are sent as they stand."""

    title: str
    request: str | bytes
    todo: str
    """What to do about it, one line."""
    before: tuple[Ask | Happens, ...] = ()
    given: str = ""
    """What is the case before, in words."""
    by: str = ADMIN


@dataclass(frozen=True)
class Chapter:
    """Cases on one server: ``gateway``, ``fresh``, ``example`` or ``failing`` (see ``page``)."""

    title: str
    intro: str
    cases: tuple[Case, ...]
    server: str = "gateway"


def edit(config: str, by: str = ADMIN, target: str = "candidate") -> Ask:
    """An edit that succeeds."""
    return Ask(editing(config, target), by)


def editing(config: str, target: str = "candidate", options: str = "") -> str:
    """The operation that edits."""
    return (
        f"<edit-config><target><{target}/></target>{options}<config>{config}</config></edit-config>"
    )


COMMIT = "<commit/>"
VALIDATE = "<validate><source><candidate/></source></validate>"
