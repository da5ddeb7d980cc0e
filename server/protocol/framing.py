"""How messages are told apart on the wire (RFC 6242, section 4).

The laws: no byte is searched twice, and what may be buffered is bounded ahead of any parser.
Before the hellos, and for ever in base:1.0, a message ends with ``]]>]]>`` (section 4.3); in
base:1.1 messages come in chunks (section 4.2).
"""

from collections.abc import Iterable, Iterator

END_OF_MESSAGE = b"]]>]]>"
END_OF_CHUNKS = b"\n##\n"
MAX_CHUNK = 65_536
"""Octets of the chunks that we send; ncclient is quadratic in the length of one chunk."""

CHUNKS_AT_ONCE = 1000
"""Chunks looked at in one call, about a millisecond; a client may send chunks of one byte."""

_MAX_HEADER = len(b"\n#4294967295\n")
_MAX_CHUNK_SIZE = 4_294_967_295
_BLANKS = b" \t\r\n"


class FramingError(Exception):
    """The bytes are no message; nothing behind them can be understood."""


class MessageTooBig(Exception):
    """A message is longer than the limit; ``head`` is how it begins."""

    def __init__(self, limit: int, head: bytes) -> None:
        super().__init__(f"the message is longer than the limit of {limit} bytes")
        self.head = head


class Framer:
    """Cuts a stream of bytes into messages.

    Give it what was read with ``receive``, then take messages with ``next_message`` until there
    is none. ``chunked`` may be set between two messages: the bytes behind the last message taken
    are then read in the new framing, also those that came in the same read (section 4.1).
    """

    def __init__(self, limit: int) -> None:
        self.chunked = False
        self.limit = limit
        """Octets of the longest message taken, without the framing."""
        self.is_halfway = False
        """Whether ``next_message`` gave None though there is more to look at: call it again."""
        self._input = bytearray()
        self._message = bytearray()
        self._searched = 0
        self._chunk_left = 0
        self._any_chunk = False

    def receive(self, data: bytes) -> None:
        """Take what was read."""
        self._input += data

    def next_message(self) -> bytes | None:
        """The next whole message, or None until more bytes come (but see ``is_halfway``).

        Raises FramingError or MessageTooBig; the stream is then of no use any more.
        """
        return self._next_chunked() if self.chunked else self._next_delimited()

    @property
    def in_message(self) -> bool:
        """Whether a message has begun and not ended; blanks between messages begin none."""
        if self._message or self._any_chunk:
            return True
        return self._input[:_MAX_HEADER].strip(_BLANKS) != b""

    def _next_delimited(self) -> bytes | None:
        buffer = self._input
        # The terminator may have begun in the read before.
        start = max(0, self._searched - len(END_OF_MESSAGE) + 1)
        end = buffer.find(END_OF_MESSAGE, start)
        length = end if end >= 0 else len(buffer) - len(END_OF_MESSAGE)
        if length > self.limit:
            raise MessageTooBig(self.limit, bytes(buffer[:1024]))
        if end < 0:
            self._skip_blanks()
            self._searched = len(buffer)
            return None
        message = bytes(buffer[:end])
        del buffer[: end + len(END_OF_MESSAGE)]
        self._searched = 0
        return message

    def _next_chunked(self) -> bytes | None:
        self.is_halfway = False
        for _ in range(CHUNKS_AT_ONCE):
            if self._chunk_left:
                self._take_chunk_data()
                if self._chunk_left:
                    return None
            if not self._any_chunk:
                # Kinder than section 4.2: scrapli and others send a line feed too many, or too
                # few, between two messages.
                self._skip_blanks()
            size = self._next_header()
            if size is None:
                return None
            if size == 0:
                return self._end_of_chunks()
            self._begin_chunk(size)
        self.is_halfway = True
        return None

    def _take_chunk_data(self) -> None:
        part = self._input[: self._chunk_left]
        self._message += part
        del self._input[: len(part)]
        self._chunk_left -= len(part)

    def _skip_blanks(self) -> None:
        buffer = self._input
        if buffer and buffer[0] in _BLANKS:
            buffer[:] = buffer.lstrip(_BLANKS)

    def _next_header(self) -> int | None:
        """The size of the chunk that follows, 0 at the end of chunks, None until it is there."""
        buffer = self._input
        begin = b"\n#" if self._any_chunk else b"#"
        if not buffer.startswith(begin[: len(buffer)]):
            raise FramingError("a chunk must begin with a line feed and '#' (RFC 6242, 4.2)")
        end = buffer.find(b"\n", len(begin), _MAX_HEADER)
        if end < 0:
            if len(buffer) >= _MAX_HEADER:
                raise FramingError("a chunk size has at most 10 digits (RFC 6242, section 4.2)")
            return None
        digits = bytes(buffer[len(begin) : end])
        del buffer[: end + 1]
        return 0 if digits == b"#" else _chunk_size(digits)

    def _begin_chunk(self, size: int) -> None:
        if len(self._message) + size > self.limit:
            head = self._message[:1024] or self._input[:1024]
            raise MessageTooBig(self.limit, bytes(head))
        self._chunk_left = size
        self._any_chunk = True

    def _end_of_chunks(self) -> bytes:
        if not self._any_chunk:
            raise FramingError("a message must have at least one chunk (RFC 6242, section 4.2)")
        message = bytes(self._message)
        self._message = bytearray()
        self._any_chunk = False
        return message


def frame(parts: Iterable[bytes], chunked: bool) -> Iterator[bytes]:
    """Yield one message, framed, in pieces of at most 64 KiB and a header.

    The parts are ASCII, so that a cut cannot split a character (ncclient dies of that).
    """
    yield from frame_part(parts, chunked)
    yield end_of_message(chunked)


def frame_part(parts: Iterable[bytes], chunked: bool) -> Iterator[bytes]:
    """Yield a part of a message, framed; others may follow, then its end."""
    for block in blocks(parts):
        yield b"\n#%d\n%b" % (len(block), block) if chunked else block


def end_of_message(chunked: bool) -> bytes:
    """What stands behind the last part of a message."""
    return END_OF_CHUNKS if chunked else END_OF_MESSAGE


def frame_whole(message: bytes, chunked: bool) -> bytes:
    """One message of at most 64 KiB, framed."""
    if not chunked:
        return message + END_OF_MESSAGE
    return b"\n#%d\n%b\n##\n" % (len(message), message)


def blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in blocks of 64 KiB and a rest, each byte copied once."""
    pending: list[bytes | memoryview] = []
    size = 0
    for part in parts:
        rest: bytes | memoryview = part
        while size + len(rest) >= MAX_CHUNK:
            view = memoryview(rest)
            cut = MAX_CHUNK - size
            yield b"".join((*pending, view[:cut]))
            pending.clear()
            size = 0
            rest = view[cut:]
        if rest:
            pending.append(rest)
            size += len(rest)
    if pending:
        yield b"".join(pending)


def _chunk_size(digits: bytes) -> int:
    # int() alone would take "+5", "1_0" and a leading zero.
    if not digits.isdigit() or digits[:1] == b"0" or int(digits) > _MAX_CHUNK_SIZE:
        shown = digits[:12].decode("ascii", "replace")
        raise FramingError(f"{shown!r} is not a chunk size (RFC 6242, section 4.2)")
    return int(digits)
