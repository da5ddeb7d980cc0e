"""Errors of subscriptions to datastores (RFC 8641)."""

from tests.end_to_end.gateway import description, qos
from tests.errors.case import Ask, Case, Chapter, edit
from tests.errors.of_reading import DS, SN

YP = "urn:ietf:params:xml:ns:yang:ietf-yang-push"
PERIODIC = "<yp:periodic><yp:period>{}</yp:period></yp:periodic>"
SYNC = "<yp:on-change/>"
MANY = qos(
    "<policies>"
    + "".join(
        f"<policy><name>p</name><sequence-number>{number}</sequence-number></policy>"
        for number in range(1, 31)
    )
    + "</policies>"
)
NO_SYNC = "<yp:on-change><yp:sync-on-start>false</yp:sync-on-start></yp:on-change>"


def establish(trigger: str, datastore: str = "running", wanted: str = "") -> str:
    return (
        f'<establish-subscription xmlns="{SN}" xmlns:yp="{YP}" {DS}>'
        f"<yp:datastore>ds:{datastore}</yp:datastore>{wanted}{trigger}</establish-subscription>"
    )


def resync(number: str) -> str:
    return f'<resync-subscription xmlns="{YP}"><id>{number}</id></resync-subscription>'


PUSHING = Chapter(
    "Subscriptions to datastores",
    "See `docs/events.md`. The identities are those of RFC 8641.",
    (
        Case(
            "A datastore that cannot be subscribed to",
            establish(SYNC, "candidate"),
            "Take one of those that are named.",
        ),
        Case(
            "Changes of operational",
            establish(SYNC, "operational"),
            "Subscribe periodically, or to the stream NETCONF.",
        ),
        Case(
            "A period that is too short",
            establish(PERIODIC.format(1)),
            "Take the `period-hint`, in hundredths of a second (`[limits] push_period`).",
        ),
        Case(
            "Neither periodic nor on-change",
            establish(""),
            "Say when to send.",
        ),
        Case(
            "A filter that names nothing",
            establish(
                SYNC,
                wanted="<yp:datastore-subtree-filter>"
                '<none xmlns="urn:none"/></yp:datastore-subtree-filter>',
            ),
            "Check names and namespaces of the filter: nothing could ever be sent.",
        ),
        Case(
            "More than one update may have, periodically",
            establish(PERIODIC.format(100)),
            "Select less; the limit is `[limits] push_update_bytes` (here 1024).",
            (edit(MANY, target="running"),),
            "Running holds thirty policies.",
        ),
        Case(
            "More than one update may have, at the start",
            establish(SYNC),
            "Select less, or ask for no sync-on-start.",
            (edit(MANY, target="running"),),
            "Running holds thirty policies.",
        ),
        Case(
            "A resync of what is not there",
            resync("7"),
            "Establish it anew.",
        ),
        Case(
            "A resync of what has no sync-on-start",
            resync("{subscription}"),
            "Establish it with sync-on-start.",
            (edit(description("small"), target="running"), Ask(establish(NO_SYNC))),
            "The session has subscribed to changes without sync-on-start.",
        ),
    ),
)
