"""Who may log in over SSH: public key, password, keyboard-interactive with one password prompt.

The law: nobody learns from us whether a user exists, neither by an answer nor by its delay; and
no password is looked at on the event loop.
"""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

import asyncssh

from server.passwords import Passwords
from server.sessions import Peer
from server.settings import Settings, SettingsError
from server.transport.host import Host

_log = logging.getLogger(__name__)

TRANSPORT = "netconf-ssh"

_LONGEST_NAME = 64
"""Characters of a name that anybody may have made up."""

_MAX_FAILURES = 6
"""Wrong passwords on one connection, as OpenSSH's MaxAuthTries."""


class Logins:
    """Checks users of the settings, and counts connections on which nobody is logged in yet."""

    def __init__(self, settings: Settings, host: Host) -> None:
        self.waiting = 0
        self.limit = settings.limits.logins
        self._host = host
        self._keys = _authorized_keys(settings)
        hashes = {user.name: user.password for user in settings.users.values() if user.password}
        self._passwords = Passwords(hashes)

    def keys_of(self, user: str) -> asyncssh.SSHAuthorizedKeys | None:
        """The public keys that may log in as this user."""
        return self._keys.get(user)

    def failed(self, user: str, address: str, reason: str) -> None:
        """Have the audit tell of a login that failed."""
        self._host.login_failed(Peer(user[:_LONGEST_NAME], address, TRANSPORT), reason)

    async def is_password(self, user: str, password: str) -> bool:
        """Whether it is the user's password."""
        # One that fitted before does not queue behind those who are guessing.
        if self._passwords.has_fitted(user, password):
            return True
        check = partial(self._passwords.check, user, password)
        return await asyncio.wrap_future(self._host.check_login(check))


class LoginServer(asyncssh.SSHServer):
    """The part of an SSH connection that lets somebody in."""

    def __init__(self, logins: Logins) -> None:
        self.connection: asyncssh.SSHServerConnection
        self.address = ""
        self._user = ""
        self._logins = logins
        self._failures = 0
        self._is_waiting = True
        logins.waiting += 1

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """A client connected."""
        self.connection = conn
        peer = conn.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        if self._logins.waiting > self._logins.limit:
            limit = self._logins.limit
            _log.warning("%s is refused: %d connections wait for a login", self.address, limit)
            asyncio.get_running_loop().call_soon(conn.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        if self._is_waiting and self._user and not self._failures:
            self._logins.failed(self._user, self.address, "no key that fits, and no password")
        self._waits_no_more()
        if exc is not None and not isinstance(exc, (asyncssh.Error, OSError)):
            # asyncssh ends the connection on a fault of ours, and logs it as debug only.
            _log.error("a fault ended the connection of %s", self.address, exc_info=exc)

    def begin_auth(self, username: str) -> bool:
        """Ask everybody for a proof, also those who do not exist."""
        self._user = username
        keys = self._logins.keys_of(username)
        if keys is not None:
            self.connection.set_authorized_keys(keys)
        return True

    def auth_completed(self) -> None:
        """Somebody is logged in."""
        self._waits_no_more()

    def public_key_auth_supported(self) -> bool:
        """Offered to everybody."""
        return True

    def password_auth_supported(self) -> bool:
        """Offered to everybody; keyboard-interactive comes with it, asking for the password."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether it is the user's password."""
        if await self._logins.is_password(username, password):
            return True
        self._failures += 1
        _log.warning("wrong user or password: %r from %s", username[:_LONGEST_NAME], self.address)
        self._logins.failed(username, self.address, "wrong user or password")
        if self._failures >= _MAX_FAILURES:
            raise asyncssh.PermissionDenied("too many wrong passwords")
        return False

    def _waits_no_more(self) -> None:
        self._logins.waiting -= self._is_waiting
        self._is_waiting = False


def _authorized_keys(settings: Settings) -> Mapping[str, asyncssh.SSHAuthorizedKeys]:
    keys = {}
    for user in settings.users.values():
        if user.authorized_keys:
            keys[user.name] = _import(user.name, user.authorized_keys)
    return keys


def _import(user: str, lines: tuple[str, ...]) -> asyncssh.SSHAuthorizedKeys:
    try:
        return asyncssh.import_authorized_keys("\n".join(lines))
    except ValueError as error:
        raise SettingsError(f"the authorized keys of user {user!r}: {error}") from None
