"""A session: hellos, versions, one reply for each request, and how it ends."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.protocol.framing import CHUNKS_AT_ONCE
from server.protocol.messages import BadMessage, parse_rpc
from server.protocol.session import (
    MAX_HELLO,
    Broken,
    Event,
    HelloReceived,
    MessageReceived,
    Session,
)

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
V10 = "urn:ietf:params:netconf:base:1.0"
V11 = "urn:ietf:params:netconf:base:1.1"
EOM = b"]]>]]>"


def hello(*versions: str) -> bytes:
    listed = "".join(f"<capability>{each}</capability>" for each in versions)
    text = f'<hello xmlns="{BASE}"><capabilities>{listed}</capabilities></hello>'
    return text.encode() + EOM


def rpc(message_id: int, body: bytes = b"<get/>") -> bytes:
    return b'<rpc xmlns="%b" message-id="%d">%b</rpc>' % (BASE.encode(), message_id, body)


def chunks(text: bytes) -> bytes:
    return b"\n#%d\n%b\n##\n" % (len(text), text)


def new_session(limit: int = 1 << 20) -> Session:
    return Session(4, ("urn:x",), limit)


def opened(version: str, limit: int = 1 << 20) -> Session:
    session = new_session(limit)
    list(session.receive_data(hello(version)))
    assert session.is_open
    sent(session)
    return session


def sent(session: Session) -> bytes:
    return b"".join(session.take(1 << 40))


def serve(session: Session, events: list[Event]) -> None:
    """Answer as a transport would."""
    for event in events:
        if isinstance(event, MessageReceived):
            try:
                session.reply(parse_rpc(event.text).head, (b"<ok/>",))
            except BadMessage as bad:
                session.reject(bad)
        elif isinstance(event, Broken) and event.error is not None:
            session.reject(event.error)


def test_hello_is_there_before_the_client_says_anything() -> None:
    text = sent(new_session())
    assert text.startswith(b"<hello ")
    assert text.endswith(b"</hello>" + EOM)
    assert re.sub(b"\n", b"", text) == text


@pytest.mark.parametrize(
    ("versions", "is_1_1"), [((V10,), False), ((V11,), True), ((V10, V11), True)]
)
def test_the_highest_common_version_is_spoken(versions: tuple[str, ...], is_1_1: bool) -> None:
    session = new_session()
    events = list(session.receive_data(hello(*versions)))
    assert events == [HelloReceived(frozenset(versions), is_1_1)]
    assert session.base_1_1 is is_1_1


def test_bytes_behind_the_hello_in_the_same_read_are_processed() -> None:
    for stream in (
        hello(V10) + rpc(1) + EOM + b"\n" + rpc(2) + EOM,
        hello(V11) + chunks(rpc(1)) + chunks(rpc(2)),
    ):
        events = list(new_session().receive_data(stream))
        assert [each.text.strip() for each in events if isinstance(each, MessageReceived)] == [
            rpc(1),
            rpc(2),
        ]


def test_rpc_before_hello_closes() -> None:
    session = new_session()
    (event,) = session.receive_data(rpc(1) + EOM + hello(V11))
    assert isinstance(event, Broken)
    assert event.error is None
    assert session.is_closed
    assert list(session.receive_data(hello(V11))) == []


def test_a_hello_without_end_closes() -> None:
    (event,) = new_session().receive_data(b"x" * (MAX_HELLO + 100))
    assert isinstance(event, Broken)


@pytest.mark.parametrize("version", [V10, V11])
def test_replies_are_in_order_and_start_with_an_element(version: str) -> None:
    session = opened(version)
    frame = chunks if version == V11 else (lambda text: text + EOM)
    serve(session, list(session.receive_data(b"".join(frame(rpc(n)) for n in range(5)))))
    stream = sent(session)
    assert re.findall(rb'message-id="(\d+)"', stream) == [b"0", b"1", b"2", b"3", b"4"]
    if version == V11:
        # Not one byte between the end of a message and the next one.
        assert re.fullmatch(rb"(\n#\d{1,9}\n<rpc-reply [^#]*</rpc-reply>\n##\n){5}", stream)
    else:
        assert all(each.startswith(b"<rpc-reply ") for each in stream.split(EOM)[:-1])


@pytest.mark.parametrize("version", [V10, V11])
def test_a_big_reply_is_sent_in_small_ascii_pieces(version: str) -> None:
    session = opened(version)
    parts = (b"<data>", *([b"<a>" + b"x" * 9_993 + b"</a>"] * 100), b"</data>")
    session.reply(b'<rpc-reply message-id="1">', parts)
    assert session.queued >= 1_000_000
    pieces = []
    while taken := session.take(200_000):
        assert sum(map(len, taken)) < 300_000
        pieces += taken
    assert session.queued == 0
    assert all(len(piece) <= 65_536 + 16 for piece in pieces)
    sizes = [int(size) for size in re.findall(rb"\n#(\d+)\n", b"".join(pieces))]
    assert all(4096 <= size <= 65_536 for size in sizes[:-1])
    assert len(sizes) == (16 if version == V11 else 0)


def test_a_missing_message_id_is_told_and_the_session_stays() -> None:
    session = opened(V11)
    bad = b'<rpc xmlns="%b" k="v"><get/></rpc>' % BASE.encode()
    serve(session, list(session.receive_data(chunks(bad) + chunks(rpc(2)))))
    first, second = re.findall(rb"<rpc-reply .*?</rpc-reply>", sent(session))
    assert b"<error-tag>missing-attribute</error-tag>" in first
    assert b"<bad-attribute>message-id</bad-attribute><bad-element>rpc</bad-element>" in first
    assert b' k="v"' in first
    assert b"<ok/>" not in first
    assert b"<ok/>" in second
    assert not session.is_closed


def test_malformed_xml_is_told_in_1_1_and_ends_the_session() -> None:
    session = opened(V11)
    serve(session, list(session.receive_data(chunks(b'<rpc message-id="9"><oops></rpc>'))))
    text = sent(session)
    assert b"<error-tag>malformed-message</error-tag>" in text
    assert b'message-id="9"' in text
    assert session.is_closed


def test_malformed_xml_ends_a_1_0_session_without_a_word() -> None:
    session = opened(V10)
    serve(session, list(session.receive_data(b"<rpc>" + EOM)))
    assert sent(session) == b""
    assert session.is_closed


def test_broken_chunks_are_told_behind_the_replies_before() -> None:
    session = opened(V11)
    serve(session, list(session.receive_data(chunks(rpc(1)) + b"\n#x\n" + chunks(rpc(2)))))
    text = sent(session)
    assert text.index(b"<ok/>") < text.index(b"malformed-message")
    assert text.count(b"<rpc-reply ") == 2
    assert session.is_closed


@pytest.mark.parametrize("version", [V10, V11])
def test_a_message_over_the_limit_is_told_and_ends_the_session(version: str) -> None:
    session = opened(version, limit=5000)
    big = rpc(3, b"<get>" + b"x" * 6000 + b"</get>")
    serve(session, list(session.receive_data(chunks(big) if version == V11 else big)))
    text = sent(session)
    assert b"<error-tag>too-big</error-tag>" in text
    assert b"limit of 5000 bytes" in text
    assert session.is_closed


def test_many_small_chunks_are_looked_at_a_few_at_a_time() -> None:
    session = opened(V11)
    text = rpc(1, b"<get/>" + b" " * 5000)
    data = b"".join(b"\n#1\n%c" % each for each in text) + b"\n##\n"
    found = list(session.receive_data(data))
    calls = 1
    while session.has_unread:
        assert found == []
        found += session.receive_data(b"")
        calls += 1
    assert found == [MessageReceived(text)]
    assert calls == 1 + len(text) // CHUNKS_AT_ONCE


def test_who_stops_taking_events_gets_the_others_later() -> None:
    session = opened(V11)
    for event in session.receive_data(chunks(rpc(1)) + chunks(rpc(2))):
        assert event == MessageReceived(rpc(1))
        break
    assert session.has_unread
    assert list(session.receive_data(b"")) == [MessageReceived(rpc(2))]
    assert not session.has_unread


def test_a_notification_is_a_message_of_its_own() -> None:
    session = opened(V11)
    session.send((b"<notification>", b"</notification>"))
    assert sent(session) == b"\n#29\n<notification></notification>\n##\n"


def test_in_message_tells_a_half_message_from_blanks() -> None:
    session = opened(V11)
    assert list(session.receive_data(b"\n")) == []
    assert not session.in_message
    assert list(session.receive_data(b"#9\n")) == []
    assert session.in_message


@settings(deadline=None)
@given(
    st.sampled_from([(V10,), (V11,)]),
    st.lists(st.sampled_from([b"<get/>", b"", b"<a/><b/>", b"<x>" + b"y" * 90 + b"</x>"])),
    st.sampled_from([b"", b"\n#zz\n", b"<"]),
    st.lists(st.integers(0, 3000), max_size=40),
)
def test_any_split_of_a_session_into_reads_gives_the_same(
    versions: tuple[str, ...], bodies: list[bytes], tail: bytes, cuts: list[int]
) -> None:
    texts = [rpc(number, body) for number, body in enumerate(bodies)]
    frame = chunks if V11 in versions else (lambda text: text + EOM)
    stream = hello(*versions) + b"".join(map(frame, texts)) + tail
    whole, split = new_session(), new_session()
    events = list(whole.receive_data(stream))
    places = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    pieces = [stream[a:b] for a, b in zip(places, places[1:], strict=False)]
    same = [event for piece in pieces for event in split.receive_data(piece)]
    assert [repr(each) for each in same[1:]] == [repr(each) for each in events[1:]]
    serve(whole, events)
    serve(split, same)
    answer = sent(split)
    assert answer == sent(whole)
    assert answer.count(b"<rpc-reply ") >= len(bodies)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", hello(V10), hello(V11)]))
def test_garbage_ends_a_session_or_waits(junk: bytes, before: bytes) -> None:
    session = new_session()
    serve(session, list(session.receive_data(before + junk)))
    for text in re.findall(rb"<rpc-reply .*?</rpc-reply>", sent(session)):
        assert etree.fromstring(text).find(f"{{{BASE}}}rpc-error") is not None
