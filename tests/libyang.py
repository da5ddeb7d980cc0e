"""libyang, in this process, as the oracle of what a document is worth.

Only the C library is needed (``apt install libyang2``); it is called through ctypes.
"""

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

XML = 1
PARSE_ONLY, PARSE_STRICT, PARSE_NO_STATE = 0x010000, 0x020000, 0x080000
VALIDATE_NO_STATE = 0x0001
PRINT_WITH_SIBLINGS, PRINT_SHRINK = 0x01, 0x02
_STORE_NOTHING, _STORE_LAST = 0, 0x06
_NO_YANG_LIBRARY, _NO_WORKING_DIRECTORY = 0x04, 0x10


def load() -> ctypes.CDLL | None:
    """Give the library, quiet, or None where it is not installed."""
    try:
        library = ctypes.CDLL("libyang.so.2")
    except OSError:
        return None
    library.ly_log_options(_STORE_NOTHING)
    library.ly_ctx_load_module.restype = ctypes.c_void_p
    library.ly_errmsg.restype = ctypes.c_char_p
    library.ly_errpath.restype = ctypes.c_char_p
    return library


class Context:
    """A set of modules: says whether a document is a valid configuration of it."""

    def __init__(
        self,
        library: ctypes.CDLL,
        path: Iterable[Path],
        modules: Sequence[str],
        features: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._library = library
        self._context = ctypes.c_void_p()
        where = ":".join(str(each) for each in path).encode()
        options = _NO_YANG_LIBRARY | _NO_WORKING_DIRECTORY
        assert library.ly_ctx_new(where, options, ctypes.byref(self._context)) == 0
        library.ly_log_options(_STORE_LAST)
        for name in modules:
            chosen = (features or {}).get(name, ("*",))
            array = (ctypes.c_char_p * (len(chosen) + 1))(*(f.encode() for f in chosen), None)
            loaded = library.ly_ctx_load_module(self._context, name.encode(), None, array)
            assert loaded, f"libyang refuses {name}: {self.reason()}"
        library.ly_log_options(_STORE_NOTHING)

    def accepts(self, document: bytes) -> bool:
        """Tell whether the top-level elements are a valid configuration."""
        tree = ctypes.c_void_p()
        failed = self._library.lyd_parse_data_mem(
            self._context,
            document,
            XML,
            PARSE_STRICT | PARSE_NO_STATE,
            VALIDATE_NO_STATE,
            ctypes.byref(tree),
        )
        self._library.lyd_free_all(tree)
        return not failed

    def explain(self, document: bytes) -> str:
        """Give the last thing that libyang has against a document."""
        self._library.ly_log_options(_STORE_LAST)
        accepted = self.accepts(document)
        self._library.ly_log_options(_STORE_NOTHING)
        return "accepted" if accepted else self.reason()

    def reason(self) -> str:
        """Give the last message that was stored."""
        message = self._library.ly_errmsg(self._context) or b"no message"
        path = self._library.ly_errpath(self._context) or b""
        return f"{message.decode()} {path.decode()}"

    def close(self) -> None:
        """Free what the library holds."""
        self._library.ly_ctx_destroy(self._context)
