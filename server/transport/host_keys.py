"""The server's own SSH keys.

Three kinds, since clients differ in what they know: ed25519, ecdsa and rsa (signed with SHA-2).
They are made at the first start and stay, so that a client that knows the server still does.
"""

import contextlib
import os
from pathlib import Path

import asyncssh

from server.settings import Settings, SettingsError

_KINDS = {
    "ssh_host_ed25519_key": ("ssh-ed25519", {}),
    "ssh_host_ecdsa_key": ("ecdsa-sha2-nistp256", {}),
    "ssh_host_rsa_key": ("ssh-rsa", {"key_size": 3072}),
}


def load_host_keys(settings: Settings) -> list[asyncssh.SSHKey]:
    """The keys that the settings name, or those of the state directory, made when missing."""
    return [_read(file) for file in settings.ssh.host_keys or _own(settings.state_directory)]


def _own(state_directory: Path) -> list[Path]:
    state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = [state_directory / name for name in _KINDS]
    for file in files:
        if not file.exists():
            _make(file)
    return files


def _make(file: Path) -> None:
    algorithm, options = _KINDS[file.name]
    key = asyncssh.generate_private_key(algorithm, comment="", **options)
    # Written aside and renamed: a crash must not leave half a key to be found.
    draft = file.with_suffix(".new")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as output:
        output.write(key.export_private_key())
        output.flush()
        os.fsync(output.fileno())
    draft.rename(file)


def _read(file: Path) -> asyncssh.SSHKey:
    try:
        if file.stat().st_mode & 0o077:
            raise SettingsError(f"{file}: a private key that others can read: chmod 600")
        # Whether the primes of an RSA key are prime would take long at every start. Whether it
        # signs what clients believe does not, and is what counts: OpenSSL mends some damage.
        key = asyncssh.read_private_key(file, unsafe_skip_rsa_key_validation=True)
        if not _signs(key):
            raise SettingsError(f"{file}: a damaged private key: what it signs does not fit it")
        return key
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except ValueError as error:  # of asyncssh, or of the library below that makes keys of numbers
        raise SettingsError(f"{file}: not a private SSH key: {error}") from None


def _signs(key: asyncssh.SSHKey) -> bool:
    proof = b"what a host key signs fits its public half"
    try:
        signature = key.sign(proof, key.sig_algorithms[0])
    except ValueError:
        return False
    return bool(key.convert_to_public().verify(proof, signature))
