"""Settings are read strictly, and secrets stay where they are."""

import logging
from dataclasses import fields
from pathlib import Path

import pytest

from server.passwords import hash_password
from server.settings import (
    Limits,
    Settings,
    SettingsError,
    development_settings,
    load_settings,
)

HASH = hash_password("s3cret")


def load(directory: Path, text: str) -> Settings:
    file = directory / "settings.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    return load_settings(file)


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert settings == Settings(directory=tmp_path)
    assert (settings.ssh.address, settings.ssh.port) == ("127.0.0.1", 2022)
    assert settings.limits.max_message_bytes == 64 * 1024 * 1024


def test_everything_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("# a comment\n\nssh-ed25519 BBBB b\n")
    settings = load(
        tmp_path,
        f"""
        state_directory = "state"
        [ssh]
        address = "::1"
        port = 830
        host_keys = ["/etc/keys/one", "two"]
        keepalive_interval = 0
        keepalive_count = 5
        [limits]
        pending_requests = 7
        hello_timeout = 5
        idle_timeout = 1.5
        [users.admin]
        password = "{HASH}"
        authorized_keys = ["ssh-ed25519 AAAA a"]
        authorized_keys_file = "keys"
        [users."second user"]
        [modules]
        sets = ["gateway"]
        [dataplane.memory]
        seed = 4
        """,
    )
    assert settings.state_directory == tmp_path / "state"
    assert settings.ssh.host_keys == (Path("/etc/keys/one"), tmp_path / "two")
    assert settings.limits.pending_requests == 7
    assert settings.limits.hello_timeout == 5.0
    admin = settings.users["admin"]
    assert admin.password is not None
    assert admin.password.fits("s3cret")
    assert admin.authorized_keys == ("ssh-ed25519 AAAA a", "ssh-ed25519 BBBB b")
    assert settings.users["second user"].password is None
    assert settings.modules == {"sets": ["gateway"]}
    assert settings.dataplane == {"memory": {"seed": 4}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "port = 1",
            "the top level has no key 'port'; accepted are: access, audit, call_home",
        ),
        ("[ssh]\nprot = 1", "table [ssh] has no key 'prot'; accepted are: address, host_keys"),
        ("[history]\ngenerations = 0", "[history], key 'generations': 0 is not accepted"),
        ("[history]\nkeep = 1", "table [history] has no key 'keep'; accepted are: generations"),
        ("[ssh]\nport = 70000", "[ssh], key 'port': 70000 is not accepted, it must be an integer"),
        ("[ssh]\nport = true", "True is not accepted, it must be an integer from 0 to 65535"),
        ("[ssh]\nport = '830'", "'830' is not accepted"),
        ("ssh = 1", "key 'ssh': 1 is not accepted, it must be a table"),
        ("[ssh]\nhost_keys = 'x'", "it must be an array of strings"),
        ("[limits]\nhello_timeout = 'x'", "it must be a number from 0.05 to 86400"),
        ("[limits]\nworkers = 0", "it must be an integer from 1 to 256"),
        ("[limits]\nidle_timeout = nan", "nan is not accepted"),
        ("[users.a]\nshell = 'x'", "table [users.a] has no key 'shell'; accepted are: auth"),
        ("[users.a]\nauthorized_keys_file = 'none'", "it must be a readable file"),
        ("state_directory = 1", "it must be a string"),
        ("=", "not a TOML file"),
    ],
)
def test_what_is_not_accepted_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert sentence in str(caught.value)
    assert str(tmp_path / "settings.toml") in str(caught.value)


@pytest.mark.parametrize("password", ["'s3cret'", "'scrypt$1$2$3$s3cret'", "['s3cret']"])
def test_an_error_does_not_repeat_a_secret(tmp_path: Path, password: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, f"[users.admin]\npassword = {password}")
    assert "[users.admin], key 'password'" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    settings = load(tmp_path, f"[users.admin]\npassword = '{HASH}'")
    assert "scrypt" not in repr(settings)
    assert HASH.rsplit("$", 1)[1] not in repr(settings)
    assert HASH.rsplit("$", 1)[1] not in repr(settings.users["admin"].password)


@pytest.mark.parametrize(("mode", "warns"), [(0o644, True), (0o640, False)])
def test_hashes_that_everybody_can_read_are_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, warns: bool
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[users.admin]\npassword = '{HASH}'")
    file.chmod(mode)
    with caplog.at_level(logging.WARNING):
        load_settings(file)
    assert ("everybody can read" in caplog.text) is warns
    assert HASH not in caplog.text


def test_a_file_that_everybody_can_write_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[users.admin]\nauthorized_keys = ['ssh-ed25519 AAAA']")
    file.chmod(0o602)
    load_settings(file)
    assert "everybody can write it" in caplog.text


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", "nobody can log in"),
        ("[users.admin]", "user 'admin' has no password and no key"),
        (f"[users.admin]\npassword = '{HASH}'", ""),
    ],
)
def test_users_that_cannot_log_in_are_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, warning: str
) -> None:
    load(tmp_path, text)
    if warning:
        assert warning in caplog.text
    else:
        assert not caplog.text


def test_a_missing_file_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "none.toml")


def test_every_default_limit_is_within_its_range() -> None:
    for each in fields(Limits):
        low, high = each.metadata["range"]
        assert low <= getattr(Limits(), each.name) <= high


def test_development_settings_take_what_netconf_console_takes(tmp_path: Path) -> None:
    settings = development_settings(tmp_path)
    password = settings.users["admin"].password
    assert password is not None
    assert password.fits("admin")
    assert (settings.ssh.address, settings.ssh.port) == ("127.0.0.1", 2022)
