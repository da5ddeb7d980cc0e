"""Host keys are made once, and only we can read them."""

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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


def damaged(where: Path, key: RSAPrivateKey) -> Path:
    """Write the key with another private exponent, as damage to a file of OpenSSH makes it."""
    numbers, public = key.private_numbers(), key.public_key().public_numbers()
    d, dmp1, dmq1 = (each + 2 for each in (numbers.d, numbers.dmp1, numbers.dmq1))
    made = RSAPrivateNumbers(numbers.p, numbers.q, d, dmp1, dmq1, numbers.iqmp, public)
    where.write_bytes(
        made.private_key(unsafe_skip_rsa_key_validation=True).private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
    )
    where.chmod(0o600)
    return where


def test_an_rsa_key_whose_signatures_do_not_fit_it_is_refused(tmp_path: Path) -> None:
    own = Settings(state_directory=tmp_path / "state")
    load_host_keys(own)
    file = damaged(tmp_path / "state" / "ssh_host_rsa_key", generate_private_key(65537, 2048))
    for settings in (own, Settings(ssh=SshSettings(host_keys=(file,)))):
        with pytest.raises(SettingsError, match="a damaged private key") as caught:
            load_host_keys(settings)
        assert str(file) in str(caught.value)


def test_an_rsa_key_of_numbers_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    load_host_keys(Settings(state_directory=tmp_path))
    file = tmp_path / "ssh_host_rsa_key"
    key: Any = asyncssh.read_private_key(file).pyca_key
    text = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    octets = bytearray(b64decode(b"".join(text.splitlines()[1:-1])))
    octets[100] ^= 0x5A  # within the modulus
    file.write_bytes(
        b"-----BEGIN RSA PRIVATE KEY-----\n"
        + b64encode(octets)
        + b"\n-----END RSA PRIVATE KEY-----\n"
    )
    with pytest.raises(SettingsError, match="private"):
        load_host_keys(Settings(state_directory=tmp_path))
