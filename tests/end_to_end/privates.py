"""Sessions with a private candidate."""

from tests.end_to_end.client import EOM, RawSession, client_hello
from tests.end_to_end.gateway import Gateway

CAPABILITY = "urn:ietf:params:netconf:capability:private-candidate:1.0"
PRIVATE = "urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate"
COMPARE = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"


def hello_private(session: RawSession) -> RawSession:
    """Exchange hellos, asking for a private candidate."""
    hello = client_hello("1.0", "1.1").decode()
    asked = hello.replace(
        "</capabilities>", f"<capability>{CAPABILITY}</capability></capabilities>"
    )
    session.send(asked.encode() + EOM)
    session.take_hello()
    session.chunked = True
    return session


def private_session(gateway: Gateway) -> RawSession:
    return hello_private(gateway.channel())


def update(mode: str | None = None) -> str:
    inside = "" if mode is None else f"<resolution-mode>{mode}</resolution-mode>"
    return f'<update xmlns="{PRIVATE}">{inside}</update>'


def compare(source: str, target: str, more: str = "") -> str:
    return (
        f'<compare xmlns="{COMPARE}" xmlns:ds="{DATASTORES}"><source>ds:{source}</source>'
        f"<target>ds:{target}</target>{more}</compare>"
    )
