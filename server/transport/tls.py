"""NETCONF over TLS (RFC 7589): a connection is a session, the client's certificate is the login.

The law: nothing of a client is looked at before its certificate has been verified and has given
the name of a user of ours.
"""

import asyncio
import logging
import socket
import ssl
from typing import Any

from server.cert_to_name import user_name
from server.errors import RpcError
from server.sessions import Peer
from server.settings import Settings
from server.tls_settings import TlsSettings
from server.transport.host import Host
from server.transport.listening import address_of, listen_on, place_of, why_not
from server.transport.stream import StreamChannel, Streams
from server.transport.tls_context import TlsContext

_log = logging.getLogger(__name__)

TRANSPORT = "netconf-tls"

_RECORD = 4096
"""Octets of a TLS record at most. ncclient waits on the socket when it has read 4,096 of a longer
one, and the rest, which OpenSSL holds already, never comes to it."""
_PATIENCE = 1.0
"""Seconds until connections are taken again when the system could give none."""


class TlsServer:
    """Lets clients in that come with a certificate; ``listen`` makes one that listens too."""

    def __init__(self, settings: Settings, host: Host) -> None:
        """Read certificates and keys; raises SettingsError."""
        self.place = ""
        self._settings = settings
        self._host = host
        self._context = TlsContext(settings.tls)
        self._streams = Streams()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting = 0  # clients that have shown no certificate yet
        self._listener: socket.socket | None = None

    def listen(self) -> None:
        """Listen where the settings say; raises SettingsError."""
        tls = self._settings.tls
        self._listener = listen_on("tls", tls.address, tls.port)
        self.place = place_of("TLS", tls.address, self._listener)
        self._tasks.add(asyncio.ensure_future(self._accept(self._listener)))

    async def close(self) -> None:
        """Listen no more, and end everybody's session."""
        for each in tuple(self._tasks):
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._listener is not None:
            self._listener.close()
        await self._streams.close()

    async def welcome(self, end: socket.socket) -> StreamChannel | None:
        """Make a session of a TCP connection; None when the client is not let in."""
        address = address_of(end)
        channel = StreamChannel(self._host, self._greet, _RECORD, has_half_close=False)
        try:
            keep_alive(end, self._settings.tls)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: channel,
                end,
                ssl=self._context.current(),
                ssl_handshake_timeout=self._host.limits.login_timeout,
                ssl_shutdown_timeout=self._host.limits.linger_timeout,
            )
        except (OSError, ssl.SSLError) as error:
            _log.warning("TLS with %s failed: %s", address, _reason(error))
            return None
        self._streams.add(channel)
        return channel

    async def serve(self, end: socket.socket) -> bool:
        """Be the server on a connection that we opened; whether a client was let in on it."""
        channel = await self.welcome(end)
        if channel is None:
            return False
        await asyncio.shield(channel.closed)
        return channel.has_session

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                end, _ = await loop.sock_accept(listener)
            except OSError as error:  # out of file descriptors, or of memory
                _log.error("[tls]: no connection can be taken: %s", why_not(error))
                await asyncio.sleep(_PATIENCE)
                continue
            self._arrived(end)

    def _arrived(self, end: socket.socket) -> None:
        limit = self._host.limits.logins
        if self._waiting >= limit:
            _log.warning("%s is refused: %d connections wait", address_of(end), limit)
            end.close()
            return
        self._waiting += 1
        greeting = asyncio.ensure_future(self.welcome(end))
        self._tasks.add(greeting)
        greeting.add_done_callback(self._on_greeted)

    def _on_greeted(self, greeting: "asyncio.Task[Any]") -> None:
        self._waiting -= 1
        self._tasks.discard(greeting)

    def _greet(self, channel: StreamChannel, transport: asyncio.Transport) -> None:
        secured = transport.get_extra_info("ssl_object")
        address = str(transport.get_extra_info("peername")[0])
        certificate = secured.getpeercert() or {}
        name = user_name(self._settings.tls.cert_to_name, certificate, _chain(secured))
        if name is None or name not in self._settings.users:
            found = "gives no name" if name is None else f"gives {name[:64]!r}, who is no user"
            _log.warning(
                "%s is refused: the certificate of %s %s", address, _of(certificate), found
            )
            self._host.login_failed(Peer("", address, TRANSPORT), f"the certificate {found}")
            sentence = f"the certificate {found}, see [[tls.cert_to_name]] in the server's settings"
            channel.refuse(RpcError("access-denied", sentence, kind="protocol"))
            return
        channel.open(Peer(name, address, TRANSPORT))


def keep_alive(end: socket.socket, settings: TlsSettings) -> None:
    """Have TCP notice a client that is gone without a word (RFC 1122, section 4.2.3.6)."""
    if not settings.keepalive_interval:
        return
    interval, count = settings.keepalive_interval, settings.keepalive_count
    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, interval)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, interval)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, count)
    # With data under way there are no questions, and TCP would try for a quarter of an hour.
    patience = 1000 * interval * (count + 1)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)


def _of(certificate: Any) -> str:
    names = [value for each in certificate.get("subject", ()) for _, value in each]
    return repr(", ".join(names)[:80])


def _chain(secured: Any) -> list[bytes]:
    """The verified chain in DER, the client's certificate first."""
    if hasattr(secured, "get_verified_chain"):  # from Python 3.13
        return list(secured.get_verified_chain())
    # The same in Python 3.11 and 3.12, where the module does not show it.
    return [
        ssl.PEM_cert_to_DER_cert(each.public_bytes())
        for each in secured._sslobj.get_verified_chain()
    ]


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return str(error) or type(error).__name__
