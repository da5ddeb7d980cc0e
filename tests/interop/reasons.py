"""Why a client does not have an operation: each empty cell of the matrix is told here."""

NO_TLS = "It connects over SSH only."
NO_SOCKET = "It cannot connect to a unix socket."
ONE_HOME = "It can be called home over SSH only."
DROPS = "It has no such method: it closes the connection, which ends the session as well."
PLAY = "The session ends with the play; in a task it would end what the tasks after it need."
REPLIES = "It reads nothing but replies."
TASK = "A task ends with its reply; nothing waits for notifications."
NO_START = "`--create-subscription` has no start time, and `--rpc` prints no notifications."

_OVER_SSH_ONLY = ("netconf-console2", "scrapli-netconf", "scrapli", "ansible.netcommon")

REASONS: dict[tuple[str, str], str] = {
    **{
        (client, transport): NO_TLS
        for client in _OVER_SSH_ONLY
        for transport in ("TLS", "call home over SSH", "call home over TLS")
    },
    **{(client, "unix socket"): NO_SOCKET for client in ("netconf-client", *_OVER_SSH_ONLY)},
    ("ncclient", "call home over TLS"): ONE_HOME,
    ("netconf-console2", "replay"): NO_START,
    ("scrapli-netconf", "close-session"): DROPS,
    ("ansible.netcommon", "close-session"): PLAY,
    **{
        (client, operation): reason
        for client, reason in (("scrapli-netconf", REPLIES), ("ansible.netcommon", TASK))
        for operation in ("create-subscription", "notifications", "replay")
    },
    ("ansible.netcommon", "establish-subscription"): TASK,
}
"""(client, operation): a sentence for its user."""
