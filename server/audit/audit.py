"""The audit as the settings want it."""

import logging
from collections.abc import Callable
from datetime import datetime

from server.audit.trail import Trail
from server.audit.writing import FileSink, LogSink, Sink, Writer
from server.audit_settings import AuditSettings
from server.datastore.datastores import Datastores
from server.sessions import Sessions
from server.toml_table import SettingsError

_log = logging.getLogger(__name__)


class Audit:
    """Hears of sessions and commits; ``trail`` is for those who know of requests and logins."""

    def __init__(self, settings: AuditSettings, clock: Callable[[], datetime]) -> None:
        """Open what the lines go to; raises SettingsError."""
        self.trail: Trail | None = None
        self._writer: Writer | None = None
        if settings.to != "none":
            self._writer = Writer(_sink(settings), settings.waiting, clock)
            self.trail = Trail(self._writer.put, clock, reads=settings.reads)

    def hear_of(self, sessions: Sessions, datastores: Datastores) -> None:
        """Have lines for sessions and commits too."""
        if self.trail is not None:
            sessions.on_open.append(self.trail.session_opened)
            sessions.on_close.append(self.trail.session_closed)
            sessions.on_refuse.append(self.trail.session_refused)
            datastores.on_commit.append(self.trail.committed)

    def start(self) -> None:
        """Start writing."""
        if self._writer is not None:
            self._writer.start()

    def reopen(self) -> None:
        """Open the file anew."""
        _log.info("SIGHUP: the file of the audit is opened anew, if there is one")
        if self._writer is not None:
            self._writer.reopen()

    def close(self) -> None:
        """Write what waits, and end."""
        if self._writer is not None:
            self._writer.close()


def _sink(settings: AuditSettings) -> Sink:
    if settings.file is None:
        return LogSink()
    try:
        return FileSink(settings.file, settings.mode)
    except OSError as error:
        sentence = f"[audit] file: {settings.file} cannot be written: {error.strerror or error}"
        raise SettingsError(sentence) from None
