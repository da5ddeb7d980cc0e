"""What a test of the gateway's server works with: the server, sessions, and words for its data."""

from collections.abc import Callable
from typing import Any

from tests.end_to_end.client import Answer, Background, Client, RawSession
from tests.end_to_end.process import ServerProcess

QOS = "urn:ipsec-qos:yang:ipsec-qos"
EMBEDDED = "urn:ipsec-qos:yang:ipsec-qos-embedded"
OPERATION = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation'


def qos(content: str) -> str:
    return f'<ipsec-qos xmlns="{QOS}">{content}</ipsec-qos>'


def policy(name: str, number: int, content: str = "", attributes: str = "") -> str:
    return (
        f"<policies><policy {attributes}><name>{name}</name>"
        f"<sequence-number>{number}</sequence-number>{content}</policy></policies>"
    )


def template(name: str, number: int, content: str = "") -> str:
    return (
        f"<policy-templates><policy-template><name>{name}</name>"
        f"<sequence-number>{number}</sequence-number>{content}"
        "</policy-template></policy-templates>"
    )


def binding(interface: str, group: str) -> str:
    return (
        f"<interface-bindings><interface-binding><interface>{interface}</interface>"
        f"<policy-group>{group}</policy-group></interface-binding></interface-bindings>"
    )


def description(text: str) -> str:
    """An edit of one leaf: the description of the policy ``p 1``."""
    return qos(policy("p", 1, f"<description>{text}</description>"))


def embedded(name: str, **leafs: object) -> str:
    """An rpc of the embedded dataplane, leafs with underscores for hyphens."""
    content = "".join(
        f"<{leaf.replace('_', '-')}>{value}</{leaf.replace('_', '-')}>"
        for leaf, value in leafs.items()
    )
    return f'<{name} xmlns="{EMBEDDED}">{content}</{name}>'


class Gateway:
    """A running server, and the sessions that a test has opened."""

    def __init__(self, background: Background, server: ServerProcess) -> None:
        self.server = server
        self._background = background
        self._clients: list[Client] = []
        self._shared: Client | None = None

    def connect(self, **options: Any) -> Client:
        """Open an SSH connection of its own."""
        client = Client.connect(self._background, self.server.port, **options)
        self._clients.append(client)
        return client

    def session(self) -> RawSession:
        """Open a session; all of a test share one SSH connection."""
        return self._connection().session()

    def channel(self) -> RawSession:
        """Open a session in which no hello has been said."""
        return self._connection().channel()

    def _connection(self) -> Client:
        if self._shared is None:
            self._shared = self.connect()
        return self._shared

    def disconnect(self) -> None:
        """Close all that has been opened."""
        for client in self._clients:
            client.close()
        self._clients.clear()
        self._shared = None

    def reset(self) -> None:
        """Make the server empty again; fails where locks or edits are left over."""
        self.disconnect()
        session = self.session()
        eventually(lambda: session.rpc("<discard-changes/>").ok)
        session.do(
            "<copy-config><target><running/></target><source><config/></source></copy-config>"
        )
        tunnels = session.get(qos("<tunnels><tunnel><id/></tunnel></tunnels>"))
        for tunnel in tunnels.values("tunnel/id"):
            session.do(embedded("remove-tunnel", id=tunnel))
        for name in ("candidate", "running"):
            assert session.lock(name).ok
            assert session.unlock(name).ok
        self.disconnect()
        assert self.server.is_running
        assert not self.server.tracebacks(), "".join(self.server.log)

    def establish(self, session: RawSession, tunnel: str = "t1", **leafs: object) -> None:
        """Make a tunnel on eth0."""
        session.do(embedded("establish-tunnel", id=tunnel, **({"interface": "eth0"} | leafs)))

    def tunnel(self, session: RawSession, tunnel: str = "t1") -> Answer:
        """Return the state of a tunnel."""
        return session.get(qos(f"<tunnels><tunnel><id>{tunnel}</id></tunnel></tunnels>"))

    def running(self, session: RawSession) -> str:
        """Return what running holds, as indented text."""
        return session.get_config("running").shown

    def sends(self, session: RawSession, direction: str = "outbound", **leafs: object) -> Answer:
        """Send packets through t1."""
        leafs = {"tunnel": "t1", "direction": direction} | leafs
        return session.rpc(embedded("send-packets", **leafs))


def eventually(condition: Callable[[], bool], patience: float = 10.0) -> None:
    """Wait until a condition holds."""
    import time

    until = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.005)
