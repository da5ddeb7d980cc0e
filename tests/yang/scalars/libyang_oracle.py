"""libyang, in this process, as the oracle of what a value is and how it is written.

``tests.libyang`` loads the library; here it judges one leaf of one type.
"""

import ctypes
import json
from collections.abc import Mapping
from html import escape

from tests.libyang import PARSE_ONLY, PARSE_STRICT, XML, load

__all__ = ["Leaf", "load"]

_LYS_IN_YANG = 1


class Leaf:
    """One leaf ``v`` of one type: XML text in, canonical text (JSON form) or None out."""

    def __init__(self, library: ctypes.CDLL, type_statement: str, extra: str = "") -> None:
        self._library = library
        self._context = ctypes.c_void_p()
        assert library.ly_ctx_new(None, 0, ctypes.byref(self._context)) == 0
        module = f"""module t {{
          yang-version 1.1; namespace "urn:t"; prefix t;
          import ietf-inet-types {{ prefix inet; }}
          import ietf-yang-types {{ prefix yang; }}
          {extra}
          leaf v {{ {type_statement} }}
        }}"""
        failed = library.lys_parse_mem(self._context, module.encode(), _LYS_IN_YANG, None)
        assert failed == 0, module

    def canonical(
        self, text: str, namespaces: Mapping[str | None, str] | None = None
    ) -> str | None:
        """Give the canonical text, None if libyang refuses the value."""
        declarations = "".join(
            f' xmlns:{prefix}="{namespace}"' for prefix, namespace in (namespaces or {}).items()
        )
        content = escape(text, quote=False).replace("\r", "&#13;")
        return self._parse(f'<v xmlns="urn:t"{declarations}>{content}</v>')

    def _parse(self, document: str) -> str | None:
        tree = ctypes.c_void_p()
        failed = self._library.lyd_parse_data_mem(
            self._context,
            document.encode("utf-8", "surrogatepass"),
            XML,
            PARSE_ONLY | PARSE_STRICT,
            0,
            ctypes.byref(tree),
        )
        if failed:
            return None
        try:
            return self._print(tree)
        finally:
            self._library.lyd_free_all(tree)

    def _print(self, tree: ctypes.c_void_p) -> str:
        """Give what JSON says the value is, as text."""
        out = ctypes.c_void_p()
        assert self._library.lyd_print_mem(ctypes.byref(out), tree, 2, 2) == 0
        try:
            value = json.loads(ctypes.string_at(out))["t:v"]
        finally:
            self._library.free(out)
        return _text(value)

    def close(self) -> None:
        """Free what the library holds."""
        self._library.ly_ctx_destroy(self._context)


def _text(value: object) -> str:
    """Give the canonical text of a JSON value (RFC 7951, section 6)."""
    if isinstance(value, str):
        return value
    return "" if value == [None] else json.dumps(value)
