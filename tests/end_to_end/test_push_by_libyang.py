"""What subscriptions send, judged by libyang with the modules that the server offers."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.events import Notification, next_notification
from tests.end_to_end.gateway import OPERATION, Gateway, description, policy, qos
from tests.end_to_end.pushed import POLICIES, datastore, nacm_of, subtree, to_changes
from tests.end_to_end.subscribed import of, subscribe, to_stream
from yang.library import OWN_MODULES

FOLDERS = ("ietf", "ipsec-qos", "push")
MODULES = (
    "ietf/ietf-subscribed-notifications",
    "ietf/ietf-yang-push",
    "push/netconf-push-deviations",
    "ietf/ietf-datastores",
    "ipsec-qos/ipsec-qos",
)
FEATURES = (
    "ietf-subscribed-notifications:encode-xml,replay,subtree,xpath",
    "ietf-yang-push:on-change",
)


def judged(notification: Notification, where: Path) -> str:
    """What libyang has against a notification: nothing, if all is well."""
    file = where / "notification.xml"
    file.write_bytes(notification.text)
    paths = [word for folder in FOLDERS for word in ("-p", str(OWN_MODULES / folder))]
    features = [word for each in FEATURES for word in ("-F", each)]
    modules = [str(OWN_MODULES / f"{name}.yang") for name in MODULES]
    done = subprocess.run(
        ["yanglint", *paths, *features, "-i", "-t", "nc-notif", *modules, str(file)],
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def sent(session: RawSession, editor: RawSession) -> list[Notification]:
    """A notification of each kind."""
    editor.edit(description("before"), "running")
    changes = subscribe(session, to_changes(subtree(POLICIES + nacm_of("")), ""))
    found = [next_notification(session)]
    for edit in (
        description("after"),
        qos(policy("q", 1, "<outbound><dscp>ef</dscp></outbound>")),
        qos(policy("q", 1, "", f'{OPERATION}="delete"')),
        nacm_of("<rule-list><name>ordered</name></rule-list>"),
    ):
        editor.edit(edit, "running")
        found.append(next_notification(session))
    session.do(of("modify-subscription", changes, datastore() + subtree(POLICIES)))
    found += [next_notification(session) for _ in range(2)]
    editor.do(of("kill-subscription", changes))
    found.append(next_notification(session))
    nothing = "<stream-xpath-filter>/nothing</stream-xpath-filter>"
    start = "<replay-start-time>2020-01-01T00:00:00Z</replay-start-time>"
    subscribe(session, to_stream(nothing + start))
    found.append(next_notification(session))
    return found


@pytest.mark.skipif(not shutil.which("yanglint"), reason="YANGLINT IS NOT INSTALLED")
def test_every_notification_of_a_subscription_is_valid(gateway: Gateway, tmp_path: Path) -> None:
    editor = gateway.session()
    found = sent(gateway.session(), editor)
    assert {each.name for each in found} == {
        "push-update",
        "push-change-update",
        "subscription-modified",
        "subscription-terminated",
        "replay-completed",
    }
    for each in found:
        assert judged(each, tmp_path) == "", each.text
    broken = Notification(found[0].text.replace(b"<id>", b"<id>x"))
    assert judged(broken, tmp_path) != ""
