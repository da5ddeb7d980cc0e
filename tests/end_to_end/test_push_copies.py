"""Subscribers keep copies of running while others commit: each has what it would read."""

from random import Random
from typing import Any

from lxml import etree

from server.datastore.edit import applied
from server.datastore.filter import Filter
from server.subscriptions.selection import selected
from tests.end_to_end.client import RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.events import Notification, next_notification
from tests.end_to_end.gateway import OPERATION, policy, qos
from tests.end_to_end.pushed import POLICIES, nacm_of, push_rpc, subtree, to_changes
from tests.end_to_end.subscribed import PUSH, subscribe
from tests.server.nacm.gate import NACM
from tests.server.subscriptions.receiver import Receiver
from yang.bindings.gateway import SCHEMA

DSCPS = qos("<policies><policy><outbound><dscp/></outbound></policy></policies>")
NAMED = qos("<policies><policy><name>p1</name></policy></policies>")
FAST = qos("<policies><policy><outbound><dscp>ef</dscp></outbound></policy></policies>")
COMMITS = 150


def root_of(content: etree._Element) -> Any:
    config = etree.Element("config")
    config.extend(list(content))
    return applied(SCHEMA, SCHEMA.root.empty, config, "merge")


def random_edit(random: Random) -> str:
    """An edit of some policies: made, changed, and gone."""
    entries = []
    for name in random.sample(range(6), random.randint(1, 3)):
        if random.random() < 0.25:
            entries.append(policy(f"p{name}", 1, "", f'{OPERATION}="remove"'))
        else:
            dscp = random.choice(("ef", "af11", "8"))
            content = f"<description>{random.random()}</description>"
            entries.append(
                policy(f"p{name}", 1, f"{content}<outbound><dscp>{dscp}</dscp></outbound>")
            )
    return qos("".join(entries).replace("</policies><policies>", ""))


class Copy:
    """What a subscriber has made of what it was sent."""

    def __init__(self, session: RawSession, wanted: str, content: str) -> None:
        self.session = session
        self.wanted = Filter.compile(SCHEMA.root, etree.fromstring(f"<filter>{wanted}</filter>"))
        self.number = subscribe(session, to_changes(subtree(wanted), content))
        self.receiver = Receiver(SCHEMA, SCHEMA.root.empty)
        self.patches = 0

    def take(self) -> None:
        told = next_notification(self.session)
        assert told["id"] == str(self.number)
        if told.name == "push-update":
            (contents,) = told.body.iter(f"{{{PUSH}}}datastore-contents")
            self.receiver.root = root_of(contents)
        else:
            self._apply(told)

    def _apply(self, told: Notification) -> None:
        assert told.name == "push-change-update", told.text
        assert told["datastore-changes/yang-patch/patch-id"] == str(self.patches)
        self.patches += 1
        (patch,) = told.body.iter(f"{{{PUSH}}}yang-patch")
        edits = b"".join(map(etree.tostring, patch.iter(f"{{{PUSH}}}edit")))
        self.receiver.apply(edits)


def test_copies_follow_what_others_commit(start_server: StartServer) -> None:
    gateway = start_server()
    random = Random(20)
    editors = [gateway.session() for _ in range(2)]
    editors[0].edit(random_edit(random), "running")
    for editor in editors:  # Both commit at the same time, while others subscribe.
        for _ in range(COMMITS // 2):
            editor.send_rpc(
                "<edit-config><target><running/></target><config>"
                f"{random_edit(random)}</config></edit-config>"
            )
    copies = [
        Copy(gateway.session(), wanted, content)
        for wanted, content in (
            (POLICIES, ""),
            (POLICIES, "<dampening-period>3</dampening-period>"),
            (DSCPS, ""),
            (NAMED, ""),
            (FAST, "<dampening-period>1</dampening-period>"),
        )
    ]
    for editor in editors:
        for _ in range(COMMITS // 2):
            assert editor.read_reply().ok
    copies[0].session.send_rpc(push_rpc("resync-subscription", copies[0].number))
    last = policy("p1", 1, "<description>last</description><outbound><dscp>ef</dscp></outbound>")
    editors[0].edit(qos(policy("p1", 1, "", f'{OPERATION}="remove"')), "running")
    editors[0].edit(qos(last), "running")
    running = root_of(editors[0].get_config("running", POLICIES).data)
    for copy in copies:
        expected = selected(SCHEMA.root, running, copy.wanted)
        copy.session.send_rpc("<get-config><source><running/></source><filter/></get-config>")
        while copy.receiver.root != expected:
            _take(copy)


def test_what_comes_into_sight_has_its_place(start_server: StartServer) -> None:
    """An entry that its user ordered, and which a change of it makes selected."""
    gateway = start_server()
    editor = gateway.session()

    def of_group(name: str, group: str) -> str:
        return nacm_of(f"<rule-list><name>{name}</name><group>{group}</group></rule-list>")

    for name, group in (("a", "others"), ("b", "us"), ("c", "others"), ("d", "us")):
        editor.edit(of_group(name, group), "running")
    ours = f'<nacm xmlns="{NACM}"><rule-list><group>us</group></rule-list></nacm>'
    copy = Copy(gateway.session(), ours, "")
    copy.take()
    for name in ("a", "c"):
        editor.edit(of_group(name, "us"), "running")
        copy.take()
        running = root_of(editor.get_config("running", f'<nacm xmlns="{NACM}"/>').data)
        assert copy.receiver.root == selected(SCHEMA.root, running, copy.wanted)


def _take(copy: Copy) -> None:
    """Take a notification; replies are passed over."""
    read = copy.session.read_message

    def next_told() -> bytes:
        while (text := read()).startswith(b"<rpc-reply"):
            pass
        return text

    copy.session.read_message = next_told  # type: ignore[method-assign]
    try:
        copy.take()
    finally:
        copy.session.read_message = read  # type: ignore[method-assign]
