"""Who is let in, and how the others are kept out."""

import asyncio
from typing import TYPE_CHECKING, Any

import asyncssh
import pytest

if TYPE_CHECKING:
    from tests.server.transport.conftest import Play, World

PASSWORD = "s3cret"


class Prompted(asyncssh.SSHClient):
    """A client with keyboard-interactive only."""

    def kbdint_auth_requested(self) -> str:
        return ""

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Any
    ) -> list[str]:
        return [PASSWORD for _ in prompts]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"client_keys": None, "password": PASSWORD, "preferred_auth": "password"},
        {
            "client_keys": None,
            "client_factory": Prompted,
            "preferred_auth": "keyboard-interactive",
        },
    ],
    ids=["publickey", "password", "keyboard-interactive"],
)
def test_each_way_of_login_works(play: "Play", how: dict[str, Any]) -> None:
    async def scenario(world: "World") -> None:
        client = await world.channel_on(await world.connect(**how))
        await client.open()
        (session,) = world.sessions
        assert (session.user, session.peer.address) == ("admin", "127.0.0.1")

    play(scenario)


@pytest.mark.parametrize("user", ["admin", "nobody"])
def test_wrong_passwords_and_unknown_users_look_the_same(
    play: "Play", user: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(world: "World") -> None:
        with pytest.raises(asyncssh.PermissionDenied):
            await world.connect(username=user, client_keys=None, password="wr0ng")

    play(scenario)
    assert f"wrong user or password: '{user}' from 127.0.0.1" in caplog.text
    assert "wr0ng" not in caplog.text


def test_a_key_of_nobody_is_refused(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        stranger = asyncssh.generate_private_key("ssh-ed25519")
        with pytest.raises(asyncssh.PermissionDenied):
            await world.connect(client_keys=[stranger])

    play(scenario)


def test_connections_that_wait_for_a_login_are_limited(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        await world.connect()
        await world.connect()  # who is logged in does not count
        _, waiting = await asyncio.open_connection("127.0.0.1", world.server.port)
        with pytest.raises((asyncssh.Error, OSError)):
            await world.connect()
        waiting.close()
        await asyncio.sleep(0.05)
        await world.connect()

    play(scenario, logins=1)


def test_a_client_that_never_logs_in_is_dropped(play: "Play") -> None:
    async def scenario(world: "World") -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.server.port)
        async with asyncio.timeout(4):
            assert (await reader.read()).startswith(b"SSH-2.0-")
        writer.close()

    play(scenario, login_timeout=1.0)
