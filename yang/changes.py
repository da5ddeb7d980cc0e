"""The change list: what one edit or commit changed, the one currency between the rooms.

Validation, persistence, the dataplane, notifications and history all take it; nobody walks a
datastore to find out what changed.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

Key = tuple[Hashable, ...]
"""The values of the keys of one list entry, in the order of the ``key`` statement."""

ROOT = "/"
"""The path of the change record for everything outside lists."""


class Change(NamedTuple):
    """One list entry, or the root, before and after.

    ``path`` is the schema path of the list as RFC 7951 writes names: the module where it differs
    from the parent's (``/ipsec-qos:ipsec-qos/policies/policy``); ``keys`` holds one ``Key`` for
    each list on the way, the entry's own last. An entry's value is the bound tuple, in which a
    nested list is a map; ``None`` where the entry does not exist. A change inside a nested list
    gives a record for the nested entry and, behind it, one for each entry around it.
    """

    path: str
    keys: tuple[Key, ...]
    old: Any
    new: Any
