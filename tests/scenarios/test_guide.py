"""Replays the guide's procedure, one command after the other, and compares what is in force.

Each folder of ``guide/`` holds the edit that a command of the guide becomes (``request.xml``) and
what the tunnels show after it is committed (``plan.xml``). To write expectations anew after a
change that is meant: ``python -m tests.scenarios.test_guide``, and read every difference.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from server.app import App
from server.sessions import NetconfSession, Peer
from server.settings import Settings, User

FOLDER = Path(__file__).parent / "guide"
BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
EMBEDDED = "urn:ipsec-qos:yang:ipsec-qos-embedded"
TUNNELS = (("branch-1/net", "branch-1"), ("dial-in/1", "dial-in"))
SHOWN = (
    f'<get xmlns="{BASE}"><filter><ipsec-qos xmlns="{NAMESPACE}"><tunnels><tunnel><id/><policy/>'
    "<effective/><status/><condition/></tunnel></tunnels><dataplane><fragment-aging-time/>"
    "</dataplane></ipsec-qos></filter></get>"
)


class Replay:
    """A gateway with two tunnels on one interface."""

    def __init__(self, directory: Path) -> None:
        self._app = App(Settings(directory, users={"guide": User("guide")}))
        self._app.start()
        self._session: NetconfSession = self._app.sessions.open(Peer("guide", "", "netconf-ssh"))
        for tunnel, connection in TUNNELS:
            self.ask(
                f'<establish-tunnel xmlns="{EMBEDDED}"><id>{tunnel}</id><interface>eth0</interface>'
                f"<connection>{connection}</connection><mpls>both</mpls></establish-tunnel>"
            )

    def ask(self, request: str) -> bytes:
        reply = self._app.operations.perform(self._session, etree.fromstring(request))
        return b"".join(reply.parts)

    def step(self, folder: Path) -> str:
        """Commit the folder's edit and return what is in force, indented for reading."""
        edit = (folder / "request.xml").read_text()
        self.ask(
            f'<edit-config xmlns="{BASE}"><target><candidate/></target>'
            f"<config>{edit}</config></edit-config>"
        )
        assert self.ask(f'<commit xmlns="{BASE}"/>') == b"<ok/>"
        return etree.tostring(etree.fromstring(self.ask(SHOWN)), pretty_print=True).decode()

    def close(self) -> None:
        self._app.close()


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[Replay]:
    made = Replay(tmp_path / "state")
    yield made
    made.close()


def steps() -> list[Path]:
    return sorted(each for each in FOLDER.iterdir() if each.is_dir())


def test_each_command_of_the_guide_has_its_effect(replay: Replay) -> None:
    assert len(steps()) >= 12
    for folder in steps():
        indented = etree.fromstring(replay.step(folder), etree.XMLParser(remove_blank_text=True))
        shown = etree.tostring(indented, pretty_print=True).decode()
        assert shown == (folder / "plan.xml").read_text(), folder.name


def record() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        replay = Replay(Path(name) / "state")
        for folder in steps():
            indented = etree.fromstring(
                replay.step(folder), etree.XMLParser(remove_blank_text=True)
            )
            (folder / "plan.xml").write_bytes(etree.tostring(indented, pretty_print=True))
        replay.close()


if __name__ == "__main__":
    record()
