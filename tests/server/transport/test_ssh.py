"""NETCONF over SSH: channels, what they offer, and how they end."""

import asyncio
import re
from typing import TYPE_CHECKING

import asyncssh
import pytest

if TYPE_CHECKING:
    from tests.server.transport.conftest import Link, Play, World

GET = b'<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="%d"><get>%d</get></rpc>'


def framed(number: int) -> bytes:
    text = GET % (number, number)
    return b"\n#%d\n%b\n##\n" % (len(text), text)


def test_hello_comes_at_once(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        text = await client.hello()
        assert text.startswith(b"<hello ")
        assert b"<session-id>1</session-id>" in text

    play(scenario)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_requests_right_behind_the_hello_are_answered(play: "Play", version: str) -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        end = b"\n##\n" if version == "1.1" else b"]]>]]>"
        requests = [framed(n) if version == "1.1" else GET % (n, n) + end for n in (1, 2)]
        client.say_hello(version, b"".join(requests))
        await client.hello()
        for number in (b"1", b"2"):
            assert b"<data>%b</data>" % number in await client.until(end)

    play(scenario)


def test_close_session_is_answered_then_ends_with_status_0(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.send(framed(1))
        client.request("close-session", message_id=2)
        client.request("get", message_id=3)
        stream = await client.rest()
        assert re.findall(rb'message-id="(\d)"', stream) == [b"1", b"2"]
        assert stream.endswith(b"<ok/></rpc-reply>\n##\n")
        assert client.at_eof
        await client.channel.wait_closed()
        assert client.channel.get_exit_status() == 0

    play(scenario)


def test_close_session_has_released_when_it_is_answered(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        assert b"<ok/>" in await client.ask("close-session")
        assert world.released == [1]

    play(scenario)


def test_the_last_reply_arrives_whole_through_a_small_window(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel(window=10_000, max_pktsize=1000)).open()
        client.request("big", "3000")
        client.request("close-session", message_id=2)
        assert len(await client.reply()) > 3_000_000
        assert b"<ok/>" in await client.reply()
        assert await client.rest() == b""
        await client.channel.wait_closed()
        assert client.channel.get_exit_status() == 0

    play(scenario)


def test_end_of_file_right_behind_requests_still_answers_them_all(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel()
        client.say_hello(more=framed(1))
        client.request("slow", "20", message_id=2)
        client.send(framed(3))
        client.channel.write_eof()
        stream = await client.rest()
        assert re.findall(rb'message-id="(\d)"', stream) == [b"1", b"2", b"3"]
        await client.channel.wait_closed()
        assert client.channel.get_exit_status() == 0

    play(scenario)


def test_a_dropped_connection_releases_at_once(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        connection = await world.connect()
        await (await world.channel_on(connection)).open()
        await (await world.channel_on(connection)).open()
        connection.abort()
        await world.until(lambda: sorted(world.released) == [1, 2])

    play(scenario)


def test_a_channel_closed_by_the_client_releases_at_once(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await (await world.channel()).open()
        client.channel.close()
        await world.until(lambda: world.released == [1])

    play(scenario)


def test_a_pty_changes_no_byte(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel(term_type="xterm", env={"LANG": "C.UTF-8"})
        client.say_hello()
        assert not (await client.hello()).startswith(b"<hello><")
        # Longer than a terminal's line, with what a terminal would act on.
        text = "x" * 9000 + "&#13;" + "\n\t\u00e9"
        client.request("get", text)
        stream = await client.until(b"\n##\n")
        assert b"\r" not in stream
        assert stream.startswith(b"\n#")
        assert stream.count(b"<rpc") == 1

    play(scenario)


def test_each_channel_is_a_session_of_its_own(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        connection = await world.connect()
        clients = [await world.channel_on(connection) for _ in range(3)]
        ids = [re.findall(rb"<session-id>(\d+)<", await each.hello()) for each in clients]
        assert ids == [[b"1"], [b"2"], [b"3"]]
        clients[0].say_hello()
        await clients[0].ask("close-session")
        clients[2].say_hello()
        assert b"<data>7</data>" in await clients[2].ask("get", "7")

    play(scenario)


@pytest.mark.parametrize("command", ["ls", None])
def test_commands_and_shells_are_told_what_there_is(play: "Play", command: str | None) -> None:
    async def scenario(world: "World") -> None:
        connection = await world.connect()
        result = await connection.run(command)
        assert result.exit_status == 1
        assert "subsystem 'netconf'" in str(result.stderr)
        await world.until(lambda: world.released == [1])

    play(scenario)


def test_other_subsystems_are_refused(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        with pytest.raises(asyncssh.ChannelOpenError):
            await world.channel(subsystem="sftp")

    play(scenario)


def test_sessions_over_a_limit_are_refused_with_the_reason(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        first = await world.channel()
        await first.open()
        with pytest.raises(asyncssh.ChannelOpenError, match="'admin' has the limit of 1 sessions"):
            await world.channel()
        other = await world.connect(username="other")
        with pytest.raises(asyncssh.ChannelOpenError, match=r"limit of 1 sessions"):
            await world.channel_on(other)
            await world.channel_on(other)
        await first.ask("close-session")
        await (await world.channel()).open()

    play(scenario, sessions_per_user=1)


def test_forwarding_is_refused(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        connection = await world.connect()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", world.server.port)

    play(scenario)


def test_the_server_going_down_ends_all_sessions(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        clients = [await (await world.channel()).open() for _ in range(3)]
        await world.server.close()
        for client in clients:
            assert await client.rest() == b""
        await world.until(lambda: sorted(world.released) == [1, 2, 3])

    play(scenario)


def test_a_client_that_does_not_live_is_noticed(play: "Play", new_link: "type[Link]") -> None:
    async def scenario(world: "World") -> None:
        link = new_link()
        connection = await world.connect_over_link(link)
        await (await world.channel_on(connection)).open()
        await asyncio.sleep(0.3)
        assert world.released == []
        link.flowing.clear()
        await world.until(lambda: world.released == [1])
        link.flowing.set()
        connection.abort()

    play(scenario, ssh={"keepalive_interval": 0.1, "keepalive_count": 1})


def test_a_full_socket_stops_the_requests_behind_it(play: "Play", new_link: "type[Link]") -> None:
    async def scenario(world: "World") -> None:
        link = new_link()
        connection = await world.connect_over_link(link)
        # A window that lets us send all at once: only the socket can hold us back.
        client = await (await world.channel_on(connection, window=1 << 30)).open()
        for number in range(12):
            client.request("big", "4000", message_id=number)
        await world.until(lambda: len(world.service.threads) >= 1)
        link.flowing.clear()
        await asyncio.sleep(0.2)
        performed = len(world.service.threads)
        await asyncio.sleep(0.1)
        assert len(world.service.threads) == performed < 12
        link.flowing.set()
        for _ in range(12):
            assert len(await client.reply()) > 4_000_000

    play(scenario)
