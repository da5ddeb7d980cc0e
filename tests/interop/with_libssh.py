"""A session of ncclient over libssh, in a process of its own: python -m tests.interop.with_libssh.

Two things of ncclient 0.7.1 make the process, and the lock, necessary. It reads in one thread and
writes in another one with the same SSH session, which libssh does not allow: now and then a session
hangs or ends. And its socket is closed twice, by Python and by libssh, which closes a file of
somebody else who has been given the same descriptor meanwhile. Both are the client's; what is
tested here is the server.
"""

import select
import socket
import sys
import threading
from typing import Any

from ncclient import manager
from ncclient.transport import libssh
from ssh.exceptions import EOF, SSHError

from tests.interop.edits import config


class OneAtATime(libssh.LibSSHSession):  # type: ignore[misc]
    """Waits for what comes without the lock, and reads and writes with it."""

    def __init__(self, device_handler: Any) -> None:
        super().__init__(device_handler)
        self._guard = threading.Lock()

    def _receiver_loop(self, socket_w: socket.socket, channel: Any) -> None:
        descriptor = channel.session.get_fd()
        data = b""
        while data or self._is_open(channel):
            if data:
                socket_w.sendall(data)
            else:
                select.select([descriptor], [], [], 0.05)
            data = self._read(channel)
        self._closing.set()
        socket_w.close()

    def _is_open(self, channel: Any) -> bool:
        with self._guard:
            return not (channel.is_closed() or channel.is_eof())

    def _read(self, channel: Any) -> bytes:
        try:
            with self._guard:
                return bytes(channel.read_nonblocking()[1])
        except (EOF, SSHError):
            return b""

    def _transport_write(self, data: bytes) -> int:
        with self._guard:
            return int(super()._transport_write(data))

    def close(self) -> None:
        """Close it, where nothing is read or written."""
        with self._guard:
            self._channel.close()
        super().close()


def main(port: int, key_file: str) -> None:
    """Edit, commit and read over libssh."""
    libssh.LibSSHSession = OneAtATime
    with manager.connect(
        host="127.0.0.1",
        port=port,
        username="admin",
        key_filename=key_file,
        hostkey_verify=False,
        use_libssh=True,
    ) as client:
        assert client.edit_config(target="candidate", config=config("libssh")).ok
        assert client.commit().ok
        print(client.get_config("running"))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
