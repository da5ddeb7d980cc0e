"""Framing: any split of the bytes into reads means the same, and garbage never hurts."""

from collections.abc import Iterator
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.protocol.framing import (
    MAX_CHUNK,
    Framer,
    FramingError,
    MessageTooBig,
    blocks,
    frame,
    frame_whole,
)

LIMIT = 1000
texts = st.binary(min_size=1, max_size=60).filter(lambda text: b"]]>]]>" not in text + b"]]>]]")
stripped = texts.filter(lambda text: text[:1] not in b" \t\r\n" and not text.startswith(b"]]>"))


def chunked(text: bytes, cuts: list[int]) -> bytes:
    """One message in chunks that begin at the cuts."""
    places = sorted({0, len(text), *(cut % len(text) for cut in cuts)})
    parts = [text[a:b] for a, b in zip(places, places[1:], strict=False)]
    return b"".join(b"\n#%d\n%b" % (len(part), part) for part in parts) + b"\n##\n"


def reads(stream: bytes, cuts: list[int]) -> Iterator[bytes]:
    """The stream as reads that end at the cuts."""
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for a, b in zip(places, places[1:], strict=False):
        yield stream[a:b]


def messages(framer: Framer, pieces: Iterator[bytes]) -> list[bytes]:
    found = []
    for piece in pieces:
        framer.receive(piece)
        while (message := framer.next_message()) is not None:
            found.append(message)
    return found


@settings(deadline=None)
@given(st.lists(stripped, max_size=6), st.lists(st.integers(0, 10_000), max_size=30))
def test_any_split_of_delimited_messages_gives_the_same(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(frame_whole(text, chunked=False) for text in sent)
    assert messages(Framer(LIMIT), reads(stream, cuts)) == sent


@settings(deadline=None)
@given(
    st.lists(st.tuples(texts, st.lists(st.integers(0, 100), max_size=3)), max_size=6),
    st.lists(st.integers(0, 10_000), max_size=30),
)
def test_any_split_of_chunked_messages_gives_the_same(
    sent: list[tuple[bytes, list[int]]], cuts: list[int]
) -> None:
    framer = Framer(LIMIT)
    framer.chunked = True
    stream = b"".join(chunked(text, inner) for text, inner in sent)
    assert messages(framer, reads(stream, cuts)) == [text for text, _ in sent]
    assert not framer.in_message


@settings(deadline=None)
@given(st.binary(max_size=400), st.booleans(), st.lists(st.integers(0, 400), max_size=10))
def test_garbage_is_refused_or_waited_for(junk: bytes, is_chunked: bool, cuts: list[int]) -> None:
    framer = Framer(LIMIT)
    framer.chunked = is_chunked
    try:
        found = messages(framer, reads(junk, cuts))
    except (FramingError, MessageTooBig):
        return
    assert sum(map(len, found)) <= len(junk)


@pytest.mark.parametrize(
    "broken",
    [
        b"\n#0\n",
        b"\n#01\nx",
        b"\n#+5\nhello",
        b"\n#1_0\n0123456789",
        b"\n#-1\n",
        b"\n#12345678901\n",
        b"\n#99999999999999999999999",
        b"\n#4294967296\n",
        b"\n#\n",
        b"\n##\n",
        b"<rpc/>",
        b"\n#3\nabcd",
        b"\n#3\nabc\r\n##\r\n",
        b"\n#3\nabc\n\n##\n",
    ],
)
def test_broken_chunks_are_refused(broken: bytes) -> None:
    framer = Framer(LIMIT)
    framer.chunked = True
    framer.receive(broken)
    with pytest.raises((FramingError, MessageTooBig)):
        framer.next_message()


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"  \n\n"])
def test_blanks_between_chunked_messages_are_no_fault(between: bytes) -> None:
    framer = Framer(LIMIT)
    framer.chunked = True
    framer.receive(b"#1\na\n##\n" + between + b"\n#1\nb\n##\n" + between)
    assert [framer.next_message(), framer.next_message()] == [b"a", b"b"]
    assert framer.next_message() is None
    assert not framer.in_message


def test_framing_changes_within_one_read() -> None:
    framer = Framer(LIMIT)
    framer.receive(b"<hello/>]]>]]>\n#2\nab\n##\n")
    assert framer.next_message() == b"<hello/>"
    framer.chunked = True
    assert framer.next_message() == b"ab"


@pytest.mark.parametrize("stream", [b"x" * 11 + b"]]>]]>", b"x" * 17])
def test_a_delimited_message_over_the_limit_is_refused(stream: bytes) -> None:
    framer = Framer(10)
    framer.receive(stream)
    with pytest.raises(MessageTooBig, match="limit of 10 bytes"):
        framer.next_message()


def test_a_chunk_over_the_limit_is_refused_before_it_comes() -> None:
    framer = Framer(10)
    framer.chunked = True
    framer.receive(b"\n#6\nabcdef\n#5\n")
    with pytest.raises(MessageTooBig) as caught:
        framer.next_message()
    assert caught.value.head == b"abcdef"


def test_messages_as_long_as_the_limit_are_taken() -> None:
    framer = Framer(10)
    framer.receive(b"0123456789]]>]]>")
    assert framer.next_message() == b"0123456789"
    framer.chunked = True
    framer.receive(b"\n#4\n0123\n#6\n456789\n##\n")
    assert framer.next_message() == b"0123456789"


@pytest.mark.parametrize("is_chunked", [False, True])
def test_work_is_linear_in_the_bytes_however_they_come(is_chunked: bool) -> None:
    def seconds(size: int) -> float:
        framer = Framer(1 << 30)
        framer.chunked = is_chunked
        stream = b"\n#%d\n" % size if is_chunked else b""
        stream += b"]" * size
        begin = thread_time()
        for start in range(0, len(stream), 16):
            framer.receive(stream[start : start + 16])
            framer.next_message()
        return thread_time() - begin

    # CPU time, not the clock's; work that grew with the square would take 400 times as much.
    small = min(seconds(20_000) for _ in range(3))
    assert seconds(400_000) < 200 * small


@settings(deadline=None)
@given(st.lists(st.binary(max_size=200_000), max_size=4))
def test_blocks_keep_every_byte_and_their_size(parts: list[bytes]) -> None:
    found = list(blocks(parts))
    assert b"".join(found) == b"".join(parts)
    assert all(len(block) == MAX_CHUNK for block in found[:-1])
    assert all(0 < len(block) <= MAX_CHUNK for block in found)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_what_is_framed_is_read_back(is_chunked: bool) -> None:
    parts = (b"a" * 70_000, b"b" * 10, b"c" * 140_000)
    framer = Framer(1 << 20)
    framer.chunked = is_chunked
    stream = b"".join(frame(parts, is_chunked))
    assert messages(framer, iter([stream])) == [b"".join(parts)]
