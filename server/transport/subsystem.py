"""Joins standard input and output with the server's socket: an OpenSSH subsystem.

The law: not a byte is changed or lost. The end of one direction is passed on and leaves the
other open, so that what came before the end of the input is still answered. A terminal, which
sshd makes when a client asks for one, is raw; what a client says before we are there, that
terminal echoes, which nobody but sshd can prevent (``PermitTTY no``).
"""

import contextlib
import os
import select
import socket
import sys
import termios
import tty
from collections.abc import Iterator

_SIZE = 65_536


def join(path: str) -> int:
    """Join until the server has ended; return the exit status."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        try:
            server.connect(path)
        except OSError as error:
            print(f"error: {path}: {error.strerror or error}", file=sys.stderr)
            return 1
        with _raw_terminal(0), contextlib.suppress(BrokenPipeError):
            _Joint(server).run()
    return 0


class _Joint:
    """The two directions; each holds at most what was read at once."""

    def __init__(self, server: socket.socket) -> None:
        server.setblocking(False)
        self._server = server
        self._to_server = b""
        self._to_client = memoryview(b"")
        self._input_ended = self._server_ended = False

    def run(self) -> None:
        """Pass on until the server has sent all that it will."""
        poll = select.poll()
        while not self._server_ended or self._to_client:
            # Registered anew each time: what is not wanted must not wake us.
            for end, events in self._wanted().items():
                poll.register(end, events)
            for end, _ in poll.poll():
                self._move(end)
            for end in (0, 1, self._server.fileno()):
                with contextlib.suppress(KeyError):
                    poll.unregister(end)

    def _wanted(self) -> dict[int, int]:
        wanted: dict[int, int] = {}
        if not (self._input_ended or self._to_server):
            wanted[0] = select.POLLIN
        if self._to_client:
            wanted[1] = select.POLLOUT
        of_server = 0 if self._to_client or self._server_ended else select.POLLIN
        of_server |= select.POLLOUT if self._to_server else 0
        if of_server:
            wanted[self._server.fileno()] = of_server
        return wanted

    def _move(self, end: int) -> None:
        if end == 0:
            self._read_input()
        elif end == 1:
            # No more than a pipe takes without waiting: whoever writes before reading must not
            # wait for us while we wait for it.
            self._to_client = self._to_client[os.write(1, self._to_client[: select.PIPE_BUF]) :]
        else:
            self._send()
            self._receive()

    def _read_input(self) -> None:
        try:
            self._to_server = os.read(0, _SIZE)
        except OSError:  # a terminal whose other end is gone
            self._to_server = b""
        if not self._to_server:
            self._input_ended = True
            with contextlib.suppress(OSError):  # the server has ended before
                self._server.shutdown(socket.SHUT_WR)

    def _send(self) -> None:
        try:
            if self._to_server:
                self._to_server = self._to_server[self._server.send(self._to_server) :]
        except BlockingIOError:
            return
        except OSError:
            # It takes no more; what it said before is still to be read.
            self._to_server = b""
            self._input_ended = True

    def _receive(self) -> None:
        if self._to_client or self._server_ended:
            return
        try:
            self._to_client = memoryview(self._server.recv(_SIZE))
        except BlockingIOError:
            return
        except ConnectionResetError:
            self._server_ended = True
        self._server_ended = self._server_ended or not self._to_client


@contextlib.contextmanager
def _raw_terminal(end: int) -> Iterator[None]:
    """No echo, no change of line ends, no limit of a line, where it is a terminal."""
    if not os.isatty(end):
        yield
        return
    before = termios.tcgetattr(end)
    tty.setraw(end, termios.TCSANOW)  # its default drops what the client has said already
    try:
        yield
    finally:
        termios.tcsetattr(end, termios.TCSADRAIN, before)
