"""Settings of the audit."""

from dataclasses import dataclass
from pathlib import Path

from server.toml_table import Table

DESTINATIONS = ("log", "file", "none")


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """The table ``[audit]``."""

    to: str = "log"
    """Where the lines go, default log: with the log to standard error. file, or none."""
    file: Path | None = None
    """The file, which is appended to; SIGHUP opens it anew."""
    mode: int = 0o640
    """Permissions of the file, default 0o640."""
    reads: bool = True
    """Whether reads that are permitted have lines too, default true."""
    waiting: int = 10_000
    """Lines that wait to be written, default 10,000. More are counted as lost."""


def read_audit(table: Table) -> AuditSettings:
    """Read the table; raises SettingsError."""
    default = AuditSettings()
    name = table.text("file", "")
    audit = AuditSettings(
        to=table.text("to", "file" if name else default.to),
        file=table.file.parent / name if name else None,
        mode=table.integer("mode", default.mode, 0o400, 0o777),
        reads=table.flag("reads", default.reads),
        waiting=table.integer("waiting", default.waiting, 1, 10_000_000),
    )
    table.refuse_rest()
    if audit.to not in DESTINATIONS:
        raise table.error("to", f"one of {', '.join(DESTINATIONS)}", value=audit.to)
    if (audit.to == "file") is (audit.file is None):
        raise table.error("file", "the path of a file where to is file, and only there", value=name)
    return audit
