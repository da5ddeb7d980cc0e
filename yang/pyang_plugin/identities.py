"""Identities and what derives from them (RFC 7950, section 7.18)."""

from typing import Any

from yang.pyang_plugin.features import is_supported


class Identities:
    """Every identity of the set, by module and name."""

    def __init__(self, context: Any, modules: list[Any]) -> None:
        self._bases: dict[str, set[str]] = {}
        for module in modules:
            for identity in module.i_identities.values():
                if is_supported(identity, context):
                    self._bases[qualified(identity)] = {
                        qualified(base.i_identity) for base in identity.search("base")
                    }

    def derived_from(self, base: str) -> set[str]:
        """Return every identity derived from this one, however far; not itself."""
        found: set[str] = set()
        grown = {base}
        while grown:
            grown = {
                name for name, bases in self._bases.items() if bases & grown and name not in found
            }
            found |= grown
        return found

    def all_bases(self) -> dict[str, tuple[str, ...]]:
        """Return, for each identity, every identity that it is derived from."""
        found: dict[str, list[str]] = {name: [] for name in sorted(self._bases)}
        for base in sorted(self._bases):
            for name in self.derived_from(base):
                found[name].append(base)
        return {name: tuple(bases) for name, bases in found.items() if bases}


def qualified(identity: Any) -> str:
    """Return ``module:name`` of an identity statement."""
    return f"{identity.i_module.i_modulename}:{identity.arg}"
