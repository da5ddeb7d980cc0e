"""The pump: order, fairness, bounds, deadlines and failures."""

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from tests.server.transport.feeds import ListFeed

if TYPE_CHECKING:
    from tests.server.transport.conftest import Client, Play, World


def test_every_request_is_answered_exactly_once_and_in_order(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        async def ask(client: "Client", number: int) -> None:
            for each in range(60):
                # Quick, slow, and big ones, pipelined.
                name = ("get", "slow", "get", "big")[(each + number) % 4]
                client.request(name, "1" if name != "get" else str(each), message_id=each)
            replies = [await client.reply() for _ in range(60)]
            ids = [re.findall(rb'message-id="(\d+)"', reply) for reply in replies]
            assert ids == [[b"%d" % each] for each in range(60)]
            client.request("close-session")
            assert (await client.rest()).count(b"<rpc-reply ") == 1

        clients = [await (await world.channel()).open() for _ in range(8)]
        await asyncio.gather(*(ask(each, number) for number, each in enumerate(clients)))

    play(scenario)


def test_a_slow_request_does_not_stall_another_session(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        slow = await (await world.channel()).open()
        quick = await (await world.channel()).open()
        slow.request("slow-wait")
        slow.request("get", message_id=2)
        for _ in range(20):
            assert b"<data>" in await quick.ask("get", "1")
        world.service.gate.set()
        assert b"<ok/>" in await slow.reply()
        assert b'message-id="2"' in await slow.reply()

    play(scenario)


def test_a_flood_of_quick_requests_leaves_the_loop_to_others(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        flood = await (await world.channel()).open()
        other = await (await world.channel()).open()
        for number in range(3000):
            flood.request("get", "1", message_id=number)
        await other.ask("get", "2")
        assert flood.received.count(b"\n##\n") < 3000
        for number in range(3000):
            assert b'message-id="%d"' % number in await flood.reply()

    play(scenario)


def test_a_flood_of_tiny_chunks_leaves_the_loop_to_others(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        flood = await (await world.channel()).open()
        other = await (await world.channel()).open()
        text = b'<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="7"><get>'
        text += b" " * 400_000 + b"</get></rpc>"
        flood.send(b"".join(b"\n#1\n%c" % each for each in text) + b"\n##\n")
        answered_meanwhile = 0
        while b"\n##\n" not in flood.received:
            await other.ask("get", "2")
            answered_meanwhile += 1
        assert b'message-id="7"' in await flood.reply()
        assert answered_meanwhile > 50

    play(scenario)


def test_quick_requests_run_on_the_loop_and_big_ones_beside_it(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        await client.ask("get", "1")
        await client.ask("get", "x" * 70_000)
        await client.ask("slow", "1")
        threads = world.service.threads
        assert [each.startswith("request") for each in threads] == [False, True, True]

    play(scenario)


def test_a_fault_of_ours_is_an_answer_and_the_session_stays(
    play: "Play", caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        reply = await client.ask("fail", message_id=8)
        assert b"<error-tag>operation-failed</error-tag>" in reply
        assert b"ZeroDivision" not in reply
        assert b'message-id="8"' in reply
        assert b"<data>2</data>" in await client.ask("get", "2")

    play(scenario)
    assert "ZeroDivisionError: a fault of ours" in caplog.text


def test_a_fault_in_reading_a_big_message_ends_the_session_rather_than_stalling_it(
    play: "Play", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        monkeypatch.setattr("server.transport.performing.parse_rpc", fail)
        client.request("get", "x" * 70_000)
        assert await client.rest() == b""
        await world.until(lambda: world.released == [1])

    play(scenario)
    assert "a fault of ours" in caplog.text


def test_errors_are_told_together_and_never_with_ok(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        reply = await client.ask("refuse")
        assert reply.count(b"<rpc-error>") == 2
        assert b"<ok/>" not in reply
        (session,) = world.sessions
        assert (session.in_rpcs, session.in_bad_rpcs, session.out_rpc_errors) == (1, 0, 1)
        client.send(b"\n#6\n<rpc/>\n##\n")
        await client.reply()
        assert (session.in_rpcs, session.in_bad_rpcs, session.out_rpc_errors) == (1, 1, 2)

    play(scenario)


def test_broken_framing_is_told_and_closes_that_channel_only(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        connection = await world.connect()
        broken = await (await world.channel_on(connection)).open()
        other = await (await world.channel_on(connection)).open()
        broken.send(b"\n#0\n")
        assert b"<error-tag>malformed-message</error-tag>" in await broken.rest()
        await broken.channel.wait_closed()
        assert broken.channel.get_exit_status() == 1
        assert b"<data>" in await other.ask("get", "1")

    play(scenario)


def test_rpc_before_hello_closes(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        await client.hello()
        client.send(b'<rpc message-id="1"><get/></rpc>]]>]]>')
        assert await client.rest() == b""
        await world.until(lambda: world.released == [1])
        assert world.sessions.statistics().in_bad_hellos == 1

    play(scenario)


def test_a_message_over_the_limit_is_told_and_closes(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("get", "x" * 10_000)
        assert b"<error-tag>too-big</error-tag>" in await client.rest()

    play(scenario, max_message_bytes=5000)


def test_a_client_that_sends_much_and_waits_is_slowed_not_lost(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("slow-wait", message_id=0)
        for number in range(1, 500):
            client.request("get", "y" * 1000, message_id=number)
        await asyncio.sleep(0.1)
        world.service.gate.set()
        for number in range(500):
            assert b'message-id="%d"' % number in await client.reply()

    play(scenario, pending_requests=4, pending_bytes=2000)


def test_a_client_that_does_not_read_holds_up_nobody(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        lazy = await (await world.channel(window=100_000)).open()
        lazy.channel.pause_reading()
        for number in range(5):
            lazy.request("big", "4000", message_id=number)
        other = await (await world.channel()).open()
        for _ in range(20):
            await other.ask("get")
        performed = world.service.threads
        # One reply waits for the reader; the requests behind it are not even performed.
        assert len(performed) - 20 == 1
        lazy.channel.resume_reading()
        for _ in range(5):
            assert len(await lazy.reply()) > 4_000_000

    play(scenario)


def test_a_killed_session_ends_and_is_released_once(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        assert await asyncio.to_thread(world.sessions.kill, 1, "session 2")
        assert world.released == [1]
        assert await client.rest() == b""
        assert not world.sessions.kill(1, "session 2")

    play(scenario)


def test_a_request_under_way_ends_before_its_killed_session_is_released(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.request("slow-wait")
        await world.until(lambda: len(world.service.threads) == 1)
        world.sessions.kill(1, "session 2")
        assert await client.rest() == b""
        assert world.released == []
        world.service.gate.set()
        await world.until(lambda: world.released == [1])

    play(scenario)


def test_no_hello_within_the_deadline_closes(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        client.send(b"<hello")
        assert (await client.rest()).startswith(b"<hello ")
        await world.until(lambda: world.released == [1])

    play(scenario, hello_timeout=0.2)


def test_half_a_message_closes_after_its_deadline(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.send(b"\n#50\n<rpc")
        assert await client.rest() == b""
        await world.until(lambda: world.released == [1])

    play(scenario, message_timeout=0.1)


def test_idle_sessions_end_only_when_asked_for_and_never_subscribers(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        idle = await (await world.channel()).open()
        subscriber = await (await world.channel()).open()
        await subscriber.ask("subscribe", "0")
        waiting = await (await world.channel()).open()
        waiting.request("slow", "400")
        assert await idle.rest() == b""
        assert b"<data>" in await waiting.reply()
        assert b"<data>" in await subscriber.ask("get")

    play(scenario, idle_timeout=0.2)


def test_notifications_come_behind_the_reply_in_order(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        assert b"<ok/>" in await client.ask("subscribe", "3")
        assert [await client.reply() for _ in range(3)] == [
            b"<notification>%d</notification>" % number for number in range(3)
        ]
        (session,) = world.sessions
        assert session.out_notifications == 3

    play(scenario)


def test_no_more_is_taken_for_a_subscriber_than_it_reads(play: "Play") -> None:
    """What it does not take may be forgotten elsewhere; nothing piles up here."""

    async def scenario(world: "World") -> None:
        client = await (await world.channel(window=65_536)).open()
        await client.ask("subscribe", "0")
        client.channel.pause_reading()
        (session,) = world.sessions
        feed = ListFeed([b"<notification>" + b"x" * 100_000 + b"</notification>"] * 60)
        session.feeds = (feed,)
        session.wake()
        await world.until(lambda: feed.taken > 0)
        other = await (await world.channel()).open()
        assert b"<data>" in await other.ask("get")
        assert feed.taken < 40
        client.channel.resume_reading()
        for _ in range(60):
            assert (await client.reply()).startswith(b"<notification>x")

    play(scenario)


def test_many_notifications_do_not_hold_up_other_sessions(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        other = await (await world.channel()).open()
        session = next(iter(world.sessions))
        feed = ListFeed(
            [b"<notification>%d</notification>" % n for n in range(1000)], seconds=0.001
        )
        session.feeds = (feed,)
        session.wake()
        assert b"<data>" in await other.ask("get")
        assert feed.taken < 1000
        for number in range(1000):
            assert await client.reply() == b"<notification>%d</notification>" % number

    play(scenario)


def test_a_subscription_that_fails_ends_its_session_only(play: "Play") -> None:
    class Broken:
        def take(self) -> None:
            raise ZeroDivisionError("a fault of ours")

    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        (session,) = world.sessions
        session.feeds = (Broken(),)
        session.wake()
        await client.rest()
        await world.until(lambda: world.released == [1])
        other = await (await world.channel()).open()
        assert b"<data>" in await other.ask("get")

    play(scenario)
