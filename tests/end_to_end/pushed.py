"""Words of the tests about subscriptions to datastores (RFC 8641)."""

from tests.end_to_end.client import plain
from tests.end_to_end.events import Notification
from tests.end_to_end.gateway import QOS
from tests.end_to_end.subscribed import DATASTORES, PUSH, establish
from tests.server.nacm.gate import NACM

POLICIES = f'<ipsec-qos xmlns="{QOS}"><policies/></ipsec-qos>'
NO_SYNC = "<sync-on-start>false</sync-on-start>"
ERRORS = "establish-subscription-datastore-error-info"
BASE_PATH = "/ipsec-qos:ipsec-qos/policies/policy"


def datastore(name: str = "running") -> str:
    return f'<datastore xmlns="{PUSH}" xmlns:ds="{DATASTORES}">ds:{name}</datastore>'


def subtree(wanted: str) -> str:
    return f'<datastore-subtree-filter xmlns="{PUSH}">{wanted}</datastore-subtree-filter>'


def xpath(wanted: str) -> str:
    return (
        f'<datastore-xpath-filter xmlns="{PUSH}" xmlns:q="{QOS}">{wanted}</datastore-xpath-filter>'
    )


def on_change(content: str = "") -> str:
    return f'<on-change xmlns="{PUSH}">{content}</on-change>'


def periodic(centiseconds: int, content: str = "") -> str:
    return f'<periodic xmlns="{PUSH}"><period>{centiseconds}</period>{content}</periodic>'


def to_changes(wanted: str, content: str = NO_SYNC) -> str:
    return establish(datastore() + wanted + on_change(content))


def push_rpc(name: str, number: int) -> str:
    return f'<{name} xmlns="{PUSH}"><id>{number}</id></{name}>'


def contents(update: Notification) -> str:
    (found,) = update.body.iter(f"{{{PUSH}}}datastore-contents")
    return plain(found)


def edits(update: Notification) -> list[tuple[str, str]]:
    """Operations and targets of a push-change-update."""
    assert update.name == "push-change-update", update.text
    path = "datastore-changes/yang-patch/edit"
    return list(
        zip(update.values(f"{path}/operation"), update.values(f"{path}/target"), strict=True)
    )


def values(update: Notification) -> list[str]:
    return [plain(each) for each in update.body.iter(f"{{{PUSH}}}value")]


def nacm_of(content: str) -> str:
    return f'<nacm xmlns="{NACM}">{content}</nacm>'
