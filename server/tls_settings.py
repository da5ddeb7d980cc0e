"""Settings of NETCONF over TLS (RFC 7589): the table ``[tls]``."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from server.cert_to_name import MAPS, CertToName, Fingerprint, parse_fingerprint
from server.toml_table import Table

PORT = 6513
"""Of NETCONF over TLS (RFC 7589, section 8)."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The table ``[tls]``; files are in PEM."""

    certificate: Path | None = None
    """The server's certificate and those between it and the root; without it there is no TLS."""
    private_key: Path | None = None
    """Its private key, readable by its owner only."""
    ca_files: tuple[Path, ...] = ()
    """Certificates of the authorities whose clients are let in."""
    crl_files: tuple[Path, ...] = ()
    """Revocation lists; with any, each authority of a client's chain needs a current one."""
    cert_to_name: tuple[CertToName, ...] = ()
    """The tables ``[[tls.cert_to_name]]``, the first that fits decides."""
    listen: bool = True
    """Whether to listen, default true; without it TLS is for calling home only."""
    address: str = "127.0.0.1"
    """Address to listen on, default 127.0.0.1; empty for all."""
    port: int = PORT
    """TCP port, default 6513. 0: any free one."""
    keepalive_interval: int = 30
    """Seconds of silence before TCP asks whether the client lives, default 30. 0: never."""
    keepalive_count: int = 3
    """Questions without an answer before the connection counts as lost, default 3."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All files whose change matters."""
        own = (self.certificate, self.private_key)
        return (*(each for each in own if each), *self.ca_files, *self.crl_files)


def read_tls(table: Table, users: Collection[str]) -> TlsSettings:
    """Read the table; raises SettingsError."""
    default = TlsSettings()
    tls = TlsSettings(
        certificate=_file(table, "certificate"),
        private_key=_file(table, "private_key"),
        ca_files=_files(table, "ca_files"),
        crl_files=_files(table, "crl_files"),
        cert_to_name=tuple(_entry(each, users) for each in table.tables("cert_to_name")),
        listen=table.flag("listen", default.listen),
        address=table.text("address", default.address),
        port=table.integer("port", default.port, 0, 65_535),
        keepalive_interval=table.integer("keepalive_interval", 30, 0, 32_767),
        keepalive_count=table.integer("keepalive_count", 3, 1, 127),
    )
    table.refuse_rest()
    if tls.certificate is not None and tls.private_key is None:
        raise table.error("private_key", "the file of the certificate's private key", value="")
    if tls.certificate is not None and not tls.ca_files:
        raise table.error("ca_files", "files of CA certificates: clients need one", value=[])
    return tls


def _file(table: Table, key: str) -> Path | None:
    name = table.text(key, "")
    return table.file.parent / name if name else None


def _files(table: Table, key: str) -> tuple[Path, ...]:
    return tuple(table.file.parent / each for each in table.texts(key))


def _entry(table: Table, users: Collection[str]) -> CertToName:
    map_type = table.text("map_type", "")
    if map_type not in MAPS:
        raise table.error("map_type", f"one of {', '.join(MAPS)}", value=map_type)
    name = table.text("name", "")
    if map_type == "specified" and name not in users:
        raise table.error("name", f"a user with a table [users.{name or 'NAME'}]", value=name)
    if map_type != "specified" and name:
        raise table.error("name", "absent but for the map_type specified", value=name)
    entry = CertToName(map_type, _fingerprint(table), name)
    table.refuse_rest()
    return entry


def _fingerprint(table: Table) -> Fingerprint | None:
    text = table.text("fingerprint", "")
    if not text:
        return None
    try:
        return parse_fingerprint(text)
    except ValueError as error:
        accepted = f"a fingerprint such as sha256:A1:B2:... ({error})"
        raise table.error("fingerprint", accepted, value=text) from None
