"""Prefixes in XML: several modules of a set may say the same one (RFC 7950, section 7.1.4)."""

from collections.abc import Iterable, Mapping


def free_prefix(prefix: str, namespace: str, taken: Mapping[str, str]) -> str:
    """Return the prefix, or one like it where another namespace has taken it."""
    free, number = prefix, 1
    while taken.get(free, namespace) != namespace:
        number += 1
        free = f"{prefix}{number}"
    return free


def told_apart(modules: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """Return name -> (prefix, namespace) of modules given as (name, prefix, namespace)."""
    taken: dict[str, str] = {}
    found = {}
    for name, wanted, namespace in modules:
        prefix = free_prefix(wanted, namespace, taken)
        taken[prefix] = namespace
        found[name] = prefix, namespace
    return found
