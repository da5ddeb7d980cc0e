"""Replies that are made while they are sent: soon begun, never far ahead, in their order."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.transport.conftest import Play, World

KIB = 1024


def test_a_reply_begins_before_it_is_made(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("slow-stream", "3000 wait")
        await client.until(b"</x>")
        assert world.service.made <= 1000
        world.service.gate.set()
        assert (await client.reply()).endswith(b"</x></rpc-reply>")
        assert world.service.made == 3000

    play(scenario)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_long_reply_is_whole_in_both_framings(play: "Play", version: str) -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        client.say_hello(version)
        await client.hello()
        if version == "1.1":
            text = await client.ask("slow-stream", "3000")
        else:
            rpc = b'<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">'
            client.send(rpc + b"<slow-stream>3000</slow-stream></rpc>]]>]]>")
            text = (await client.until(b"]]>]]>")).removesuffix(b"]]>]]>")
        assert text.count(b"<x>") == text.count(b"</x>") == 3000
        assert text.startswith(b"<rpc-reply")
        assert text.endswith(b"</rpc-reply>")

    play(scenario)


def test_what_is_made_waits_for_the_client_to_read(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel(window=100_000)).open()
        client.channel.pause_reading()
        client.request("slow-stream", "30000")
        await world.until(lambda: world.service.made > 100)
        other = await (await world.channel()).open()
        for _ in range(20):
            await other.ask("get", "1")
        assert world.service.made * KIB < 1_500_000
        client.channel.resume_reading()
        assert (await client.reply()).count(b"<x>") == 30_000

    play(scenario)


def test_requests_behind_a_long_reply_are_answered_in_order(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        for number in range(6):
            client.request("slow-stream" if number % 2 else "get", "1500", message_id=number)
        client.request("close-session", message_id=6)
        for number in range(7):
            assert b'message-id="%d"' % number in await client.reply()
        assert await client.rest() == b""

    play(scenario)


def test_notifications_come_between_replies(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("subscribe", "3")
        client.request("slow-stream", "1500", message_id=2)
        messages = [await client.reply() for _ in range(5)]
        assert sum(each.startswith(b"<notification>") for each in messages) == 3
        (long,) = (each for each in messages if b'message-id="2"' in each)
        assert b"<notification>" not in long

    play(scenario)


def test_a_reply_that_cannot_be_completed_ends_the_session(
    play: "Play", caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("slow-stream", "3000 fail")
        assert b"</rpc-reply>" not in await client.rest()
        await world.until(lambda: len(world.released) == 1)
        assert b"<data>" in await (await (await world.channel()).open()).ask("get", "1")

    play(scenario)
    assert "a fault of ours" in caplog.text


def test_a_session_that_is_killed_while_it_is_answered_makes_no_more(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel(window=100_000)).open()
        client.channel.pause_reading()
        client.request("slow-stream", "30000")
        await world.until(lambda: world.service.made > 100)
        (session,) = world.sessions
        assert world.sessions.kill(session.id, "a test")
        await world.until(lambda: len(world.released) == 1)
        client.channel.resume_reading()
        await client.rest()
        assert world.service.made < 30_000

    play(scenario)
