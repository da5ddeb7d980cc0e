"""What TLS needs to know of certificates and keys, read anew when a file has changed.

The law: a client without a certificate of our authorities is never let in (RFC 7589, section 5);
a private key that others can read is refused; a new file that is no good leaves the old one in use.
"""

import contextlib
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

from server.settings import SettingsError
from server.tls_settings import TlsSettings

_log = logging.getLogger(__name__)

_Stamps = tuple[tuple[int, int, int], ...]


class TlsContext:
    """Gives the context for the next connection."""

    def __init__(self, settings: TlsSettings) -> None:
        """Read the files; raises SettingsError."""
        self._settings = settings
        self._stamps = self._look()
        self._context = _read(settings)

    def current(self) -> ssl.SSLContext:
        """The context, with what the files hold now: a renewed certificate, a new CRL."""
        stamps = self._look()
        if stamps != self._stamps:
            self._stamps = stamps
            try:
                self._context = _read(self._settings)
                _log.info("[tls]: the files have changed and are read anew")
            except SettingsError as error:
                _log.error("%s; what was read before stays in use", error)
        return self._context

    def _look(self) -> _Stamps:
        return tuple(_stamp(each) for each in self._settings.files)


def _stamp(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(settings: TlsSettings) -> ssl.SSLContext:
    assert settings.certificate is not None and settings.private_key is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    # Each session proves anew who it is: a certificate may have been revoked meanwhile.
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    _refuse_open_key(settings.private_key)
    with _naming(f"certificate {settings.certificate} with private_key {settings.private_key}"):
        # An empty password, so that for a key that has one nobody is asked on the terminal.
        context.load_cert_chain(settings.certificate, settings.private_key, "")
    for file in (*settings.ca_files, *settings.crl_files):
        with _naming(str(file)):
            context.load_verify_locations(file)
    if settings.crl_files:
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    return context


def _refuse_open_key(file: Path) -> None:
    try:
        mode = file.stat().st_mode
    except OSError as error:
        raise SettingsError(f"[tls] private_key: {file}: {error.strerror}") from None
    if mode & 0o077:
        raise SettingsError(f"{file}: a private key that others can read: chmod 600")


@contextlib.contextmanager
def _naming(what: str) -> Iterator[None]:
    """Turn what OpenSSL says into a sentence that names the file."""
    try:
        yield
    except ssl.SSLError as error:
        reason = (error.reason or "not PEM").replace("_", " ").lower()
        raise SettingsError(f"[tls]: {what} cannot be used: {reason}") from None
    except OSError as error:
        raise SettingsError(f"[tls]: {what}: {error.strerror}") from None
