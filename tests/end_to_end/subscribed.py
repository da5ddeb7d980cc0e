"""Words of the tests about subscriptions by rpc (RFC 8639, RFC 8641)."""

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.events import Notification, next_notification

SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"
PUSH = "urn:ietf:params:xml:ns:yang:ietf-yang-push"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"


def establish(content: str) -> str:
    return f'<establish-subscription xmlns="{SUBSCRIBED}">{content}</establish-subscription>'


def to_stream(content: str = "") -> str:
    return establish(f"<stream>NETCONF</stream>{content}")


def of(name: str, number: int, content: str = "") -> str:
    """An rpc about a subscription."""
    return f'<{name} xmlns="{SUBSCRIBED}"><id>{number}</id>{content}</{name}>'


def number_of(answer: Answer) -> int:
    """The id of the subscription that was made."""
    assert not answer.faults, answer.text
    return int(answer.value("id"))


def subscribe(session: RawSession, rpc: str) -> int:
    return number_of(session.rpc(rpc))


def listed(session: RawSession) -> Answer:
    return session.get(f'<subscriptions xmlns="{SUBSCRIBED}"/>')


def reason_in(answer: Answer, structure: str) -> tuple[str, str | None, str]:
    """error-tag, error-app-tag and the reason that error-info gives (RFC 8640, section 7)."""
    fault = answer.fault
    assert fault.type == "application"
    (reason,) = answer.values(f"error-info/{structure}/reason")
    return fault.tag, fault.app_tag, reason


def next_about(session: RawSession, number: int, name: str) -> Notification:
    """The next notification, which is of that name and about that subscription."""
    found = next_notification(session)
    assert (found.name, found["id"]) == (name, str(number)), found.text
    return found


def names_until(session: RawSession, rpc: str, name: str) -> list[str]:
    """Send a request; the names of the notifications up to one of that name, reply aside."""
    session.send_rpc(rpc)
    names: list[str] = []
    while name not in names:
        text = session.read_message()
        if text.startswith(b"<notification"):
            names.append(Notification(text).name)
        else:
            assert b"<ok/>" in text, text
    return names
