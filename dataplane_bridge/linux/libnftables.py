"""libnftables in this process: commands as text in, listings as JSON out.

The law: a command is one transaction: the kernel takes all of it or nothing.
"""

import ctypes
import ctypes.util
import json
from collections.abc import Iterator
from typing import Any

from dataplane_bridge.driver import BridgeError

# NFT_CTX_OUTPUT_JSON and _TERSE, nftables/libnftables.h
_JSON_OUTPUT, _TERSE_OUTPUT = 1 << 4, 1 << 11
_SONAME = "libnftables.so.1"


class NftRefused(BridgeError):
    """The library or the kernel refused a command; nothing of it has happened."""


class Nftables:
    """A context of libnftables: it works in the network namespace of the thread that made it."""

    def __init__(self) -> None:
        self._library = _load()
        self._context = self._library.nft_ctx_new(0)
        if not self._context:
            raise BridgeError("libnftables gives no context; the server needs CAP_NET_ADMIN.")
        self._library.nft_ctx_buffer_output(self._context)
        self._library.nft_ctx_buffer_error(self._context)

    def close(self) -> None:
        """Let the context go."""
        if self._context:
            self._library.nft_ctx_free(self._context)
            self._context = None

    def run(self, commands: str) -> None:
        """Take the commands as one transaction, or raise ``NftRefused``."""
        self._run(commands, json_output=False, dry_run=False)

    def check(self, commands: str) -> None:
        """Raise ``NftRefused`` if the library would refuse the commands; change nothing."""
        self._run(commands, json_output=False, dry_run=True)

    def list(self, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the kind and the content of each thing that ``list <what>`` shows.

        Sets come without their elements, which the library is slow at.
        """
        answer = json.loads(self._run(f"list {what}", json_output=True, dry_run=False) or "{}")
        for thing in answer.get("nftables", ()):
            for kind, content in thing.items():
                if kind != "metainfo":
                    yield kind, content

    def _run(self, commands: str, *, json_output: bool, dry_run: bool) -> str:
        library, context = self._library, self._context
        library.nft_ctx_output_set_flags(
            context, _JSON_OUTPUT | _TERSE_OUTPUT if json_output else 0
        )
        library.nft_ctx_set_dry_run(context, dry_run)
        failed = library.nft_run_cmd_from_buffer(context, commands.encode())
        output = library.nft_ctx_get_output_buffer(context) or b""
        error = library.nft_ctx_get_error_buffer(context) or b""
        if failed:
            raise NftRefused(_sentence(error.decode(errors="replace")))
        return str(output.decode())


def _sentence(error: str) -> str:
    """Return the first line of an error, without where in the batch it is."""
    first = next((line for line in error.splitlines() if "Error:" in line), error.strip())
    return f"nftables: {first.split('Error:')[-1].strip() or 'refused without a reason'}."


def _load() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(_SONAME)
    except OSError as error:
        raise BridgeError(
            f"{_SONAME} is not there ({error}); install the package nftables."
        ) from None
    library.nft_ctx_new.restype = ctypes.c_void_p
    library.nft_ctx_new.argtypes = [ctypes.c_uint32]
    library.nft_ctx_free.argtypes = [ctypes.c_void_p]
    for name in ("nft_ctx_buffer_output", "nft_ctx_buffer_error"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    for name in ("nft_ctx_get_output_buffer", "nft_ctx_get_error_buffer"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
        getattr(library, name).restype = ctypes.c_char_p
    library.nft_ctx_output_set_flags.argtypes = [ctypes.c_void_p, ctypes.c_uint]
    library.nft_ctx_set_dry_run.argtypes = [ctypes.c_void_p, ctypes.c_bool]
    library.nft_run_cmd_from_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    return library
