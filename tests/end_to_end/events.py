"""Words of the tests about events: subscribing, and taking notifications apart."""

from datetime import datetime

from lxml import etree

from tests.end_to_end.client import RawSession

NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0"
NETMOD = "urn:ietf:params:xml:ns:netmod:notification"
BASE_EVENTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-notifications"


def subscription(content: str = "") -> str:
    return f'<create-subscription xmlns="{NOTIFICATION}">{content}</create-subscription>'


class Notification:
    """One ``<notification>``, taken apart strictly."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        root = etree.fromstring(text)
        assert root.tag == f"{{{NOTIFICATION}}}notification", text
        time, self.body = root
        assert time.tag == f"{{{NOTIFICATION}}}eventTime"
        self.time = datetime.fromisoformat(time.text or "")
        self.event_time = time.text or ""
        self.name = etree.QName(self.body).localname
        self.namespace = etree.QName(self.body).namespace

    def __getitem__(self, path: str) -> str:
        """The text of the only element at a path of local names."""
        (found,) = self.values(path)
        return found

    def values(self, path: str) -> list[str]:
        steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
        return [each.text or "" for each in self.body.xpath(steps)]

    def leafs(self) -> dict[str, str]:
        return {etree.QName(each).localname: each.text or "" for each in self.body}


def next_notification(session: RawSession) -> Notification:
    return Notification(session.read_message())


def next_named(session: RawSession, name: str) -> Notification:
    """The next notification of that name; others are passed over."""
    while (found := next_notification(session)).name != name:
        pass
    return found
