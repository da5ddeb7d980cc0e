"""What access control lets somebody have of an event (RFC 8341, section 3.4.6).

The law: an event that tells of nodes tells nobody of those that he may not read. RFC 6470 names
the nodes that were changed, which RFC 8341 leaves to the rule for the notification as a whole.
"""

from server.events.base_events import MODULE
from server.events.event import Event
from server.nacm.control import AccessControl
from server.sessions import NetconfSession

CONFIG_CHANGE = "netconf-config-change"


def seen_by(access: AccessControl, session: NetconfSession, event: Event) -> Event | None:
    """Return the event as a session may have it; None where it may not, or nothing is left."""
    if not access.may_be_told(session, event.notification):
        return None
    notification = event.notification
    if notification.module.name != MODULE or notification.name != CONFIG_CHANGE:
        return event
    edits = event.content["edit"]
    kept = [each for each in edits if access.may_see(session, each.get("target"))]
    if len(kept) == len(edits):
        return event
    if not kept:
        access.denied.notifications += 1
        return None
    return event.with_content({**event.content, "edit": kept})
