"""Settings of the transports beside the server's own SSH.

The law: each name that a client can get here is a user of the settings, or the start is refused.
"""

import grp
import pwd
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.toml_table import SettingsError, Table


@dataclass(frozen=True, slots=True)
class UnixSettings:
    """The table ``[unix]``: a socket of this machine."""

    path: Path | None = None
    """Where the socket is made; without it there is none."""
    mode: int = 0o600
    """Permissions of the socket, default 0o600; who may write to it may connect."""
    owner: str = ""
    """Account that owns the socket; empty for the server's own."""
    group: str = ""
    """Group of the socket; empty for the server's own."""
    users: Mapping[str, str] = field(default_factory=dict)
    """The table ``[unix.users]``: name or number of an account -> NETCONF user."""
    match_names: bool = False
    """Whether an account that is not in the table is the NETCONF user of its own name."""


class Accounts:
    """Which NETCONF user an account of this machine is."""

    def __init__(self, settings: UnixSettings, users: Collection[str]) -> None:
        """Look the accounts of the table up; raises SettingsError for one that is not there."""
        self._match_names = settings.match_names
        self._users = users
        self._by_uid = {uid_of(account): user for account, user in settings.users.items()}

    def user_of(self, uid: int) -> str | None:
        """The NETCONF user of an account, None when it is none. May wait for a directory."""
        user = self._by_uid.get(uid)
        if user is None and self._match_names:
            user = _account_name(uid)
        return user if user in self._users else None


def uid_of(account: str) -> int:
    """The number of an account, given as name or number; raises SettingsError."""
    if account.isdecimal():
        return int(account)
    try:
        return pwd.getpwnam(account).pw_uid
    except KeyError:
        raise SettingsError(f"[unix]: there is no account {account!r} on this machine") from None


def gid_of(group: str) -> int:
    """The number of a group, given as name or number; raises SettingsError."""
    if group.isdecimal():
        return int(group)
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise SettingsError(f"[unix]: there is no group {group!r} on this machine") from None


def read_unix(table: Table, users: Collection[str]) -> UnixSettings:
    """Read the table; raises SettingsError."""
    default = UnixSettings()
    path = table.text("path", "")
    unix = UnixSettings(
        path=table.file.parent / path if path else None,
        mode=table.integer("mode", default.mode, 0, 0o777),
        owner=table.text("owner", ""),
        group=table.text("group", ""),
        users=_mapping(table.table("users"), users),
        match_names=table.flag("match_names", False),
    )
    table.refuse_rest()
    return unix


def _mapping(table: Table, users: Collection[str]) -> dict[str, str]:
    return {account: known_user(table, account, users) for account in table.names()}


def known_user(table: Table, key: str, users: Collection[str]) -> str:
    """The user that a key names; raises SettingsError when there is no such user."""
    user = table.text(key, "")
    if user not in users:
        raise table.error(key, f"a user with a table [users.{user or 'NAME'}]", value=user)
    return user


def _account_name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None
