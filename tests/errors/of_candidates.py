"""Errors that come from others' changes and partial locks."""

from tests.end_to_end.gateway import OPERATION, QOS, description, policy, qos
from tests.end_to_end.privates import update
from tests.errors.case import COMMIT, OTHER, Ask, Case, Chapter, edit, editing

PARTIAL = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0"
POLICIES = "/iq:ipsec-qos/iq:policies/iq:policy"
LIMIT = "<speed-limit><rate>8</rate></speed-limit>"
BOTH = qos(policy("p", 1, f"<inbound>{LIMIT}</inbound><outbound>{LIMIT}</outbound>"))
BEFORE = edit(description("before"), target="running")


def lock(*selects: str) -> str:
    wanted = selects or (f"{POLICIES}[iq:name='p']",)
    inside = "".join(f'<select xmlns:iq="{QOS}">{select}</select>' for select in wanted)
    return f'<partial-lock xmlns="{PARTIAL}">{inside}</partial-lock>'


LOCKED = (BEFORE, Ask(lock(), OTHER))
HELD = "Another session holds a partial lock on the policy p."

CONFLICTS = Chapter(
    "Changes of others",
    "See `docs/candidates.md`. A commit makes the candidate's edits on running as it is then; what"
    " both have changed is told node by node, with the error-app-tag `update-conflict`.",
    (
        Case(
            "A commit of what somebody else has changed meanwhile",
            COMMIT,
            "Look at running; then `<discard-changes/>` and edit again, or in a session with a"
            " private candidate `<update>` with a resolution mode.",
            (BEFORE, edit(description("mine")), edit(description("theirs"), OTHER, "running")),
            "Another session has changed the same leaf in running.",
        ),
        Case(
            "A commit of what somebody else has deleted meanwhile",
            COMMIT,
            "The same.",
            (
                BEFORE,
                edit(description("mine")),
                edit(qos(policy("p", 1, attributes=f"{OPERATION}='delete'")), OTHER, "running"),
            ),
            "Another session has deleted the entry in running.",
        ),
        Case(
            "Updating a candidate that all share",
            update(),
            "Say the capability `:private-candidate` in the hello.",
        ),
    ),
)

PARTIAL_LOCKS = Chapter(
    "Partial locks",
    "See `docs/candidates.md`. `<error-info>` has the session that holds the lock.",
    (
        Case(
            "A change of what somebody else has locked in part",
            editing(description("mine"), "running"),
            "Wait for the lock, or end that session with `<kill-session>`.",
            LOCKED,
            HELD,
        ),
        Case(
            "A partial lock that overlaps another",
            lock(f"{POLICIES}[iq:name='p']/iq:description"),
            "Wait for the lock, or lock something else.",
            LOCKED,
            HELD,
        ),
        Case(
            "A lock on running while a part is locked",
            "<lock><target><running/></target></lock>",
            "Wait for the lock, or lock what you need in part.",
            LOCKED,
            HELD,
        ),
        Case(
            "A partial lock while a confirmed commit waits",
            lock(),
            "Wait until it is confirmed or cancelled.",
            (
                BEFORE,
                edit(description("tried"), OTHER),
                Ask("<commit><confirmed/></commit>", OTHER),
            ),
            "A confirmed commit of another session waits for its confirmation.",
        ),
        Case(
            "Nothing to lock",
            lock(f"{POLICIES}[iq:name='none']"),
            "Make the node first, or lock the node around it.",
        ),
        Case(
            "An expression that selects no nodes",
            lock("count(//iq:policy)"),
            "Select data nodes: containers, entries, leafs.",
        ),
        Case(
            "An expression that is none",
            lock("/iq:ipsec-qos["),
            "Mend the expression.",
        ),
        Case(
            "Expressions that together could take minutes",
            lock(f"{POLICIES}[iq:name='p']/iq:inbound", f"{POLICIES}[iq:name='p']/iq:outbound"),
            "Do as it says; the limit is `[limits] xpath_visits`, and each takes 1,000 of it.",
            (edit(BOTH, target="running"),),
            "The limit here is 1,000 nodes.",
        ),
        Case(
            "Releasing what is not one's own",
            f'<partial-unlock xmlns="{PARTIAL}"><lock-id>4711</lock-id></partial-unlock>',
            "Give the `<lock-id>` that `<partial-lock>` answered.",
        ),
    ),
)
