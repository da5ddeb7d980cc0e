"""Settings of the server: a TOML file into values that never change.

The law: every limit is here with its unit and default; a key that is not known and a value that
is not accepted stop the start with a sentence; no secret is in a repr, a log or an error.
"""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from server.audit_settings import AuditSettings, read_audit
from server.call_home_settings import CallHomeSettings, read_call_home
from server.datastore.partial_locks import PartialLockLimits
from server.events.log import LogLimits
from server.events.stream import StreamLimits
from server.passwords import BadHash, PasswordHash
from server.protocol.xml_reader import MAX_ATTRIBUTES, MAX_DEPTH, XmlLimits
from server.sessions import SessionLimits
from server.subscriptions.pushing import PushLimits
from server.subscriptions.registry import SubscriptionLimits
from server.subscriptions.subscription import QueueLimits
from server.tls_settings import TlsSettings, read_tls
from server.toml_table import SettingsError, Table
from server.transport_settings import UnixSettings, read_unix
from server.xpath.evaluation import EvaluationLimits

__all__ = [
    "AccessSettings",
    "HistorySettings",
    "Limits",
    "Settings",
    "SettingsError",
    "SshSettings",
    "User",
    "development_settings",
    "load_settings",
]

_log = logging.getLogger(__name__)

STATE_DIRECTORY = Path("/var/lib/ipsec-qos-netconf")
"""Where the state is kept unless the settings say otherwise."""

_MAX_SIZE = (1 << 31) - 1
_DAY = 86_400.0


def _limit(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"range": (low, high)})


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits; the table ``[limits]`` has a key for each of them."""

    max_message_bytes: int = _limit(64 << 20, 4096, _MAX_SIZE)
    """Octets of the longest message taken, default 64 MiB. A longer one gets too-big, and the
    session ends."""
    max_depth: int = _limit(MAX_DEPTH, 16, MAX_DEPTH)
    """Levels of elements in a message, default 255, which is what clients can read back. libxml2
    itself would take 2,048 in messages of more than 10 MB; this limit holds for them too."""
    max_attributes: int = _limit(MAX_ATTRIBUTES, 16, 4096)
    """Attributes of one element, default 256; as many namespace declarations in its scope."""
    sessions_total: int = _limit(4096, 1, 1_000_000)
    """NETCONF sessions at the same time, default 4,096."""
    sessions_per_user: int = _limit(2048, 1, 1_000_000)
    """NETCONF sessions of one user at the same time, default 2,048."""
    sessions_per_address: int = _limit(2048, 1, 1_000_000)
    """NETCONF sessions from one client address at the same time, default 2,048."""
    private_candidates: int = _limit(1024, 1, 1_000_000)
    """Sessions with a private candidate of their own at the same time, default 1,024."""
    partial_locks: int = _limit(1024, 1, 1_000_000)
    """Partial locks of all sessions at the same time, default 1,024."""
    partial_lock_nodes: int = _limit(10_000, 1, 10_000_000)
    """Nodes that partial locks have selected, in all, default 10,000."""
    logins: int = _limit(1024, 1, 1_000_000)
    """SSH connections, and as many TLS connections, at the same time on which nobody has logged
    in yet, default 1,024."""
    login_timeout: float = _limit(120.0, 1.0, _DAY)
    """Seconds from connecting to being logged in, default 120."""
    hello_timeout: float = _limit(60.0, 0.05, _DAY)
    """Seconds from opening a session to the end of the client's hello, default 60."""
    message_timeout: float = _limit(60.0, 0.05, _DAY)
    """Seconds without a byte in the middle of a message, default 60."""
    idle_timeout: float = _limit(0.0, 0.0, 366 * _DAY)
    """Seconds without a byte between messages, default 0: never. Never for subscribers."""
    linger_timeout: float = _limit(30.0, 0.05, _DAY)
    """Seconds that a client may take to read the last reply of a session, default 30."""
    pending_requests: int = _limit(256, 1, 1_000_000)
    """Requests of one session that wait, default 256. With more the server stops reading."""
    pending_bytes: int = _limit(8 << 20, 1024, _MAX_SIZE)
    """Octets of requests of one session that wait, default 8 MiB; the same then. A single
    longer message is taken."""
    pending_notifications: int = _limit(10_000, 1, 10_000_000)
    """Events that wait for one client to read, default 10,000. With more it is hung up."""
    replay_events: int = _limit(10_000, 1, 10_000_000)
    """Events that are kept for replay, default 10,000. Who has not read what goes is hung up."""
    replay_bytes: int = _limit(16 << 20, 1024, _MAX_SIZE)
    """Octets of memory for them, about, default 16 MiB; the newest one is kept in any case."""
    xpath_octets: int = _limit(64 << 20, 1024, _MAX_SIZE)
    """Octets of data that an XPath may be evaluated on, default 64 MiB; lookups read no more than
    they show."""
    xpath_visits: int = _limit(50_000_000, 1000, _MAX_SIZE)
    """Nodes that evaluating an XPath may visit by its form and the size of the data, default
    50,000,000: about two seconds."""
    call_home_connect_timeout: float = _limit(30.0, 0.05, _DAY)
    """Seconds for a TCP connection to a client that we call, default 30."""
    call_home_retry_min: float = _limit(1.0, 0.05, _DAY)
    """Seconds between a connection that we opened and the next attempt, default 1; doubled after
    each that lets nobody in. A random part of up to a half is taken off."""
    call_home_retry_max: float = _limit(60.0, 0.05, _DAY)
    """Seconds at most between two such attempts, default 60."""
    subscriptions_total: int = _limit(4096, 1, 1_000_000)
    """Subscriptions by establish-subscription at the same time, default 4,096."""
    subscriptions_per_session: int = _limit(64, 1, 100_000)
    """Such subscriptions of one session, default 64."""
    pending_updates: int = _limit(1000, 1, 1_000_000)
    """Updates that wait for the subscriber of one such subscription to a datastore, default 1,000.
    With more it is suspended."""
    pending_update_bytes: int = _limit(16 << 20, 1024, _MAX_SIZE)
    """Octets of the updates that wait for one session, default 16 MiB; the same then. A single
    longer one is taken."""
    push_update_bytes: int = _limit(64 << 20, 1024, _MAX_SIZE)
    """Octets of the contents of one push-update, default 64 MiB. Of more none is made."""
    push_period: float = _limit(1.0, 0.01, _DAY)
    """Seconds of the shortest period of updates, default 1."""
    push_dampening: float = _limit(0.0, 0.0, _DAY)
    """Seconds of the shortest dampening period of changes, default 0."""
    push_dampened: int = _limit(10_000, 1, 10_000_000)
    """Entries whose changes one subscription dampens, default 10,000. With more it is suspended."""
    told_edits: int = _limit(1000, 1, 1_000_000)
    """Edits that one netconf-config-change tells, default 1,000. Of more it tells only which nodes
    at the top have changed."""
    etag_changes: int = _limit(20_000, 0, 100_000_000)
    """Changes of the newest commits that are read back when the first etag is asked for after a
    start, default 20,000. What has not changed since has the etag of the oldest one read."""
    workers: int = _limit(8, 1, 256)
    """Threads for requests that are not quick, default 8."""

    @property
    def xml(self) -> XmlLimits:
        """The limits of a message's elements."""
        return XmlLimits(self.max_depth, self.max_attributes)

    @property
    def sessions(self) -> SessionLimits:
        """The limits of sessions."""
        return SessionLimits(self.sessions_total, self.sessions_per_user, self.sessions_per_address)

    @property
    def partially_locked(self) -> PartialLockLimits:
        """The limits of partial locks."""
        return PartialLockLimits(self.partial_locks, self.partial_lock_nodes)

    @property
    def evaluation(self) -> EvaluationLimits:
        """The limits of evaluating XPath."""
        return EvaluationLimits(self.xpath_octets, self.xpath_visits)

    @property
    def events(self) -> StreamLimits:
        """The limits of events."""
        log = LogLimits(self.replay_events, self.replay_bytes)
        return StreamLimits(log, self.pending_notifications)

    @property
    def subscriptions(self) -> SubscriptionLimits:
        """The limits of subscriptions."""
        queue = QueueLimits(self.pending_updates, self.pending_update_bytes)
        return SubscriptionLimits(self.subscriptions_total, self.subscriptions_per_session, queue)

    @property
    def push(self) -> PushLimits:
        """The limits of subscriptions to datastores."""
        return PushLimits(
            self.push_period, self.push_dampening, self.push_update_bytes, self.push_dampened
        )


@dataclass(frozen=True, slots=True)
class SshSettings:
    """The table ``[ssh]``."""

    listen: bool = True
    """Whether to listen, default true; without it there are the other transports."""
    address: str = "127.0.0.1"
    """Address to listen on, default 127.0.0.1; empty for all."""
    port: int = 2022
    """TCP port, default 2022; 830 is NETCONF's own (RFC 6242, section 3). 0: any free one."""
    host_keys: tuple[Path, ...] = ()
    """Files of private keys; without any, three are made in the state directory."""
    keepalive_interval: float = 30.0
    """Seconds of silence before the client is asked whether it lives, default 30. 0: never."""
    keepalive_count: int = 3
    """Questions without an answer before the connection counts as lost, default 3."""


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """The table ``[history]``."""

    generations: int = 1000
    """Commits that are kept to be compared with and returned to, default 1,000."""


@dataclass(frozen=True, slots=True)
class User:
    """The table ``[users.NAME]``."""

    name: str
    password: PasswordHash | None = field(default=None, repr=False)
    authorized_keys: tuple[str, ...] = ()
    """Lines as in OpenSSH's authorized_keys, those of the file after those of the settings."""
    groups: tuple[str, ...] = ()
    """Groups of access control, besides those that are configured. None: see ``admin_group``."""


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """The table ``[access]``: what of access control is not in the datastore."""

    admin_group: str = "admin"
    """The group whose rules are written at a start without any, default admin. Empty: none."""
    recovery_users: tuple[str, ...] = ()
    """Users to whom nothing is denied (RFC 8341, section 2.2), default none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    state_directory: Path = STATE_DIRECTORY
    ssh: SshSettings = SshSettings()
    unix: UnixSettings = UnixSettings()
    tls: TlsSettings = TlsSettings()
    call_home: tuple[CallHomeSettings, ...] = ()
    limits: Limits = Limits()
    history: HistorySettings = HistorySettings()
    users: Mapping[str, User] = field(default_factory=dict)
    access: AccessSettings = AccessSettings()
    audit: AuditSettings = AuditSettings()
    modules: Mapping[str, object] = field(default_factory=dict)
    """The table ``[modules]`` as it stands: YANG module sets."""
    dataplane: Mapping[str, object] = field(default_factory=dict)
    """The table ``[dataplane]`` as it stands: for the bridge."""
    directory: Path = Path()
    """Where the settings file is; relative paths in the tables above are relative to it."""


def load_settings(file: Path) -> Settings:
    """Read a settings file; raises SettingsError."""
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not a TOML file: {error}") from None
    settings = _settings(Table(file, "", values))
    _warn(file, settings)
    return settings


def development_settings(state_directory: Path) -> Settings:
    """What a first try needs: loopback, port 2022, user admin with the password admin.

    Port and login are what netconf-console2 takes by itself.
    """
    admin = User("admin", PasswordHash.make("admin"))
    return Settings(state_directory, users={"admin": admin})


def _settings(table: Table) -> Settings:
    users = _users(table.table("users"))
    tls = read_tls(table.table("tls"), users)
    settings = Settings(
        state_directory=table.path("state_directory", STATE_DIRECTORY),
        ssh=_ssh(table.table("ssh")),
        unix=read_unix(table.table("unix"), users),
        tls=tls,
        call_home=read_call_home(table.tables("call_home"), tls),
        limits=_limits(table.table("limits")),
        history=_history(table.table("history")),
        users=users,
        access=_access(table.table("access")),
        audit=read_audit(table.table("audit")),
        modules=table.plain("modules"),
        dataplane=table.plain("dataplane"),
        directory=table.file.parent,
    )
    table.refuse_rest()
    return settings


def _ssh(table: Table) -> SshSettings:
    default = SshSettings()
    ssh = SshSettings(
        listen=table.flag("listen", default.listen),
        address=table.text("address", default.address),
        port=table.integer("port", default.port, 0, 65_535),
        host_keys=tuple(table.file.parent / each for each in table.texts("host_keys")),
        keepalive_interval=table.number(
            "keepalive_interval", default.keepalive_interval, 0.0, _DAY
        ),
        keepalive_count=table.integer("keepalive_count", default.keepalive_count, 1, 1000),
    )
    table.refuse_rest()
    return ssh


def _access(table: Table) -> AccessSettings:
    access = AccessSettings(
        table.text("admin_group", AccessSettings().admin_group), table.texts("recovery_users")
    )
    table.refuse_rest()
    if access.admin_group.startswith("*"):
        raise table.error("admin_group", "a group's name, which does not begin with *")
    return access


def _limits(table: Table) -> Limits:
    default = Limits()
    values: dict[str, Any] = {}
    for each in fields(Limits):
        low, high = each.metadata["range"]
        read = table.integer if each.type is int else table.number
        values[each.name] = read(each.name, getattr(default, each.name), low, high)
    table.refuse_rest()
    return Limits(**values)


def _history(table: Table) -> HistorySettings:
    default = HistorySettings()
    history = HistorySettings(
        generations=table.integer("generations", default.generations, 1, 100_000)
    )
    table.refuse_rest()
    return history


def _users(table: Table) -> dict[str, User]:
    return {name: _user(name, table.table(name)) for name in table.names()}


def _user(name: str, table: Table) -> User:
    user = User(
        name,
        _password(table),
        table.texts("authorized_keys") + _keys_of_file(table),
        table.texts("groups"),
    )
    table.refuse_rest()
    return user


def _password(table: Table) -> PasswordHash | None:
    text = table.text("password", "", secret=True)
    if not text:
        return None
    try:
        return PasswordHash.parse(text)
    except BadHash as error:
        raise table.error("password", f"a password hash: {error}") from None


def _keys_of_file(table: Table) -> tuple[str, ...]:
    name = table.text("authorized_keys_file", "")
    if not name:
        return ()
    try:
        lines = (table.file.parent / name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise table.error("authorized_keys_file", f"a readable file ({error})") from None
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


def _warn(file: Path, settings: Settings) -> None:
    """Tell of what is accepted and hardly meant."""
    users = settings.users.values()
    mode = file.stat().st_mode
    if any(user.password for user in users) and mode & 0o004:
        _log.warning("%s holds password hashes and everybody can read it: chmod o-r", file)
    if mode & 0o002:
        _log.warning("%s says who may log in and everybody can write it: chmod o-w", file)
    is_only_ssh = settings.unix.path is None and settings.tls.certificate is None
    for user in users:
        if is_only_ssh and not (user.password or user.authorized_keys):
            _log.warning("%s: user %r has no password and no key to log in with", file, user.name)
    if not users:
        _log.warning("%s: nobody can log in, there is no table [users.NAME]", file)
