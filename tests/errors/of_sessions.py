"""Errors that come from others: locks, confirmed commits, access control."""

from tests.end_to_end.gateway import OPERATION, description, policy, qos
from tests.end_to_end.house import nacm, path_rule
from tests.errors.case import COMMIT, OTHER, VIEWER, Ask, Case, Chapter, edit, editing
from tests.server.nacm.gate import rule, rule_list

LOCK = "<lock><target><candidate/></target></lock>"
CONFIRMED = "<commit><confirmed/></commit>"
PERSISTED = "<commit><confirmed/><persist>token</persist></commit>"
TRIED = (edit(description("tried"), OTHER), Ask(CONFIRMED, OTHER))
KEPT = (edit(description("tried"), OTHER), Ask(PERSISTED, OTHER))
WAITS = "A confirmed commit of another session waits for its confirmation."
WITH_TOKEN = "A confirmed commit with `<persist>` waits for its confirmation."
P1 = edit(qos(policy("p", 1)), target="running")


def viewers(*rules: str) -> Ask:
    """Rules for the group of the user viewer."""
    return edit(nacm(rule_list("viewers", "viewers", *rules)), target="running")


LOCKS = Chapter(
    "Locks",
    "Locks end with their session, whatever ends it. The message says who holds the lock, from"
    " where and since when; `<error-info>` has the session for `<kill-session>`, 0 if it is none.",
    (
        Case(
            "A lock that somebody else holds",
            LOCK,
            "Wait, talk to them, or end that session with `<kill-session>`.",
            (Ask(LOCK, OTHER),),
            "Another session has locked the candidate.",
        ),
        Case(
            "A lock on a candidate with edits",
            LOCK,
            "Commit or discard the edits first (RFC 6241, section 7.5).",
            (edit(description("theirs"), OTHER),),
            "Another session has edited the candidate.",
        ),
        Case(
            "An edit of what somebody else has locked",
            editing(description("mine")),
            "Wait for the lock, or end that session with `<kill-session>`.",
            (Ask(LOCK, OTHER),),
            "Another session has locked the candidate.",
        ),
        Case(
            "A commit into what somebody else has locked",
            COMMIT,
            "Wait for the lock, or end that session with `<kill-session>`.",
            (edit(description("mine")), Ask(LOCK.replace("candidate", "running"), OTHER)),
            "Another session has locked running.",
        ),
        Case(
            "Unlock what is not locked",
            LOCK.replace("lock>", "unlock>"),
            "Nothing.",
        ),
        Case(
            "Unlock what somebody else has locked",
            LOCK.replace("lock>", "unlock>"),
            "Wait, or end that session with `<kill-session>`.",
            (Ask(LOCK, OTHER),),
            "Another session has locked the candidate.",
        ),
    ),
)

CONFIRMING = Chapter(
    "Confirmed commits",
    "See `docs/commits.md`. Nothing is done where one of these is answered.",
    (
        Case(
            "A commit while another session's waits",
            COMMIT,
            "Wait until it is confirmed, cancelled or rolled back; the session that issued it can.",
            TRIED,
            WAITS,
        ),
        Case(
            "A commit without the id of the one that waits",
            COMMIT,
            "Give its `<persist>` as `<persist-id>`.",
            KEPT,
            WITH_TOKEN,
        ),
        Case(
            "An edit of running meanwhile",
            editing(qos(policy("q", 1)), "running"),
            "Wait until it is confirmed or cancelled.",
            TRIED,
            WAITS,
        ),
        Case(
            "A lock on running meanwhile",
            LOCK.replace("candidate", "running"),
            "Wait until it is confirmed or cancelled.",
            TRIED,
            WAITS,
        ),
        Case(
            "An id that fits nothing",
            "<commit><persist-id>token</persist-id></commit>",
            "Nothing waits any more: read running, and see whether the change is in it.",
        ),
        Case(
            "A wrong id",
            "<cancel-commit><persist-id>guess</persist-id></cancel-commit>",
            "Give the `<persist>` of the confirmed commit.",
            KEPT,
            WITH_TOKEN,
        ),
        Case(
            "Nothing to cancel",
            "<cancel-commit/>",
            "Nothing: it was confirmed, cancelled or rolled back before.",
        ),
    ),
)

ACCESS = Chapter(
    "Access control",
    "See `docs/access.md`: the log and the audit say which rule has denied it. Where the user may"
    " not read the node, neither path nor name is told.",
    (
        Case(
            "An operation that one may not invoke",
            LOCK,
            "Ask for a rule that permits it.",
            (viewers(rule("no-lock", "deny", rpc_name="lock")),),
            "A rule denies `<lock>` to the user viewer.",
            VIEWER,
        ),
        Case(
            "A change that one may not make",
            editing(qos(policy("p", 1, "<df-bit>clear</df-bit>"))),
            "Ask for a rule that permits it; up to 16 nodes are named.",
            (P1,),
            "By default nothing may be written (`write-default`).",
            VIEWER,
        ),
        Case(
            "A commit of what somebody else has edited",
            COMMIT,
            "Whoever may change it, commits it.",
            (edit(qos(policy("p", 1, "<df-bit>clear</df-bit>"))),),
            "Somebody else has edited the candidate.",
            VIEWER,
        ),
        Case(
            "A change of what one may not read",
            editing(qos(policy("secret", 1, "", f'{OPERATION}="delete"'))),
            "Ask for rules; what is there is not told.",
            (
                edit(qos(policy("secret", 1)), target="running"),
                viewers(
                    path_rule(
                        "hide", "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='secret']", "deny"
                    )
                ),
            ),
            "A rule hides the policy `secret` from the user viewer.",
            VIEWER,
        ),
        Case(
            "Killing a session",
            "<kill-session><session-id>{admin}</session-id></kill-session>",
            "Ask for a rule: nobody may by default (RFC 6241, default-deny-all).",
            by=VIEWER,
        ),
    ),
)
