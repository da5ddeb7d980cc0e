"""Errors of the dataplane and of the server itself."""

import resource

from tests.end_to_end.gateway import binding, embedded, policy, qos
from tests.end_to_end.process import ServerProcess
from tests.errors.case import COMMIT, Ask, Case, Chapter, edit

TUNNEL = Ask(embedded("establish-tunnel", id="t1", interface="eth0"))
CHANGE = edit(qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>") + binding("eth0", "p")))

DATAPLANE = Chapter(
    "Rpcs of the dataplane",
    "What the embedded dataplane says to its rpcs; the path names the rpc.",
    (
        Case(
            "A tunnel that is not there",
            embedded("remove-tunnel", id="t9"),
            "Look at `/ipsec-qos/tunnels`.",
        ),
        Case(
            "A tunnel that cannot be",
            embedded("establish-tunnel", id="t1", interface="eth0", remote_address="here"),
            "Take a value of its type.",
        ),
    ),
)


def applying_breaks(server: ServerProcess) -> None:
    """Let the dataplane break at the next change."""
    (server.directory / "apply-breaks").touch()


def reading_breaks(server: ServerProcess) -> None:
    """Let the dataplane not be read either."""
    (server.directory / "read-breaks").touch()


def check_refuses(server: ServerProcess) -> None:
    """Let the dataplane have no room for a change."""
    (server.directory / "check-refuses").touch()


def disk_full(server: ServerProcess) -> None:
    """Let no file grow from now on."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


TROUBLE = Chapter(
    "Commits that fail",
    "`<ok/>` is never said of what the dataplane does not hold or the disk has not kept. Running"
    " stays as it was, the candidate keeps the edits: commit again when the cause is gone.",
    (
        Case(
            "The dataplane refuses",
            COMMIT,
            "Do what the dataplane says is missing, or take the change back; nothing was applied.",
            (TUNNEL, CHANGE, check_refuses),
            "The dataplane, asked before anything is applied, has no room for the change.",
        ),
        Case(
            "The dataplane fails",
            COMMIT,
            "See the log of the dataplane; commit again.",
            (TUNNEL, CHANGE, applying_breaks),
            "The dataplane breaks while the change is applied.",
        ),
        Case(
            "The dataplane fails, and going back fails too",
            COMMIT,
            "See `/ipsec-qos/dataplane`; repair the dataplane and call its action resynchronize.",
            (TUNNEL, CHANGE, applying_breaks, reading_breaks),
            "The dataplane breaks, and cannot be read.",
        ),
        Case(
            "The disk fails",
            COMMIT,
            "Make room, or mend the disk that holds the state; then commit again.",
            (CHANGE, disk_full),
            "The commit cannot be written.",
        ),
    ),
    server="failing",
)
