"""Host keys are made once, and only we can read them."""

from pathlib import Path

import pytest

from server.settings import Settings, SettingsError, SshSettings
from server.transport.host_keys import load_host_keys


def test_three_keys_are_made_at_the_first_start_and_stay(tmp_path: Path) -> None:
    settings = Settings(state_directory=tmp_path / "state")
    keys = load_host_keys(settings)
    assert [key.get_algorithm() for key in keys] == [
        "ssh-ed25519",
        "ecdsa-sha2-nistp256",
        "ssh-rsa",
    ]
    assert settings.state_directory.stat().st_mode & 0o777 == 0o700
    for file in settings.state_directory.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    again = load_host_keys(settings)
    assert [key.public_data for key in again] == [key.public_data for key in keys]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_host_keys(Settings(state_directory=tmp_path))
    file = tmp_path / "ssh_host_ed25519_key"
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_host_keys(Settings(ssh=SshSettings(host_keys=(file,))))


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("nothing")
    file.chmod(0o600)
    with pytest.raises(SettingsError, match="not a private SSH key"):
        load_host_keys(Settings(ssh=SshSettings(host_keys=(file,))))
    with pytest.raises(SettingsError, match="No such file"):
        load_host_keys(Settings(ssh=SshSettings(host_keys=(tmp_path / "none",))))
