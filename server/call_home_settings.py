"""Settings of calling home (RFC 8071): the tables ``[[call_home]]``."""

from dataclasses import dataclass

from server.tls_settings import TlsSettings
from server.toml_table import Table

PORTS = {"ssh": 4334, "tls": 4335}
"""By transport (RFC 8071, section 5.2)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a client listens for us."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.address} port {self.port}"


@dataclass(frozen=True, slots=True)
class CallHomeSettings:
    """One table ``[[call_home]]``: a client that is to have a connection at all times."""

    name: str
    """For the log."""
    transport: str
    """``ssh`` or ``tls``: what we serve on the connection, with the settings of that table."""
    endpoints: tuple[Endpoint, ...]
    """Where the client is, tried in this order until one answers."""


def read_call_home(tables: list[Table], tls: TlsSettings) -> tuple[CallHomeSettings, ...]:
    """Read the tables; raises SettingsError."""
    return tuple(_read(each, tls) for each in tables)


def _read(table: Table, tls: TlsSettings) -> CallHomeSettings:
    transport = table.text("transport", "ssh")
    if transport not in PORTS:
        raise table.error("transport", "ssh or tls", value=transport)
    if transport == "tls" and tls.certificate is None:
        raise table.error("transport", "ssh unless [tls] has a certificate", value=transport)
    texts = table.texts("endpoints")
    if not texts:
        raise table.error("endpoints", "addresses, with or without :PORT", value=[])
    endpoints = tuple(_endpoint(table, each, PORTS[transport]) for each in texts)
    read = CallHomeSettings(table.text("name", texts[0]), transport, endpoints)
    table.refuse_rest()
    return read


def _endpoint(table: Table, text: str, port: int) -> Endpoint:
    """Read ``ADDRESS``, ``ADDRESS:PORT`` or ``[ADDRESS]:PORT``, which IPv6 needs with a port."""
    address, rest = text, ""
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
    elif text.count(":") == 1:
        address, _, rest = text.partition(":")
        rest = f":{rest}"
    if rest:
        number = rest[1:]
        if rest[0] != ":" or not number.isdecimal() or not 0 < int(number) < 65_536:
            raise table.error("endpoints", "ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT", value=text)
        port = int(number)
    if not address:
        raise table.error("endpoints", "ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT", value=text)
    return Endpoint(address, port)
