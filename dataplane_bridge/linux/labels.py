"""The table that writes the class of a packet into its MPLS label, on the devices that are there.

The law: it holds nothing that counts, so that whatever differs it is made anew; a table of that
name which this server did not make is never touched.
"""

import hashlib
import json
from collections.abc import Callable, Container
from typing import NamedTuple

from dataplane_bridge.driver import DataplaneRefused
from dataplane_bridge.linux.libnftables import Nftables, NftRefused
from dataplane_bridge.linux.ruleset import STAMP, TABLE, label_table

_NAME = f"netdev {TABLE}"


class _Found(NamedTuple):
    """A table of that name: its stamp, if it is ours, and a digest of the rest."""

    stamp: str | None
    digest: str


class LabelTable:
    """Our table of the egress hooks of devices; ``change`` takes commands of nftables."""

    def __init__(
        self, nftables: Nftables, devices: tuple[str, ...], change: Callable[[str], object]
    ) -> None:
        self._nftables = nftables
        self._devices = devices
        self._change = change

    def is_as_made(self, present: Container[str]) -> bool:
        """Tell whether the table is as it should be, given the devices that are there."""
        found, devices = self._find(), self._wanted(present)
        if not devices:
            return found is None or found.stamp is None
        return found is not None and found.stamp == _stamp(found.digest, devices)

    def install(self, present: Container[str]) -> None:
        """Make the table what it should be; raise ``DataplaneRefused``."""
        if self.is_as_made(present):
            return
        found, devices = self._find(), self._wanted(present)
        if found is not None and found.stamp is None:
            raise DataplaneRefused(
                f"There is an nftables table '{_NAME}' that this server did not make; remove or"
                f" rename it: nft delete table {_NAME}."
            )
        self._change(f"add table {_NAME}\ndelete table {_NAME}\n{_text(devices)}")
        made = self._find()
        if made is not None:
            stamp = _stamp(made.digest, devices)
            self._change(f"delete chain {_NAME} {STAMP}\nadd chain {_NAME} {stamp}\n")

    def _wanted(self, present: Container[str]) -> tuple[str, ...]:
        return tuple(name for name in self._devices if name in present)

    def _find(self) -> _Found | None:
        try:
            things = list(self._nftables.list(f"table {_NAME}"))
        except NftRefused:
            return None
        stamp, fixed = None, []
        for kind, content in things:
            name = str(content.get("name", ""))
            if kind == "chain" and name.startswith(STAMP):
                stamp = name
            elif kind != "table":
                steady = {each: value for each, value in content.items() if each != "handle"}
                fixed.append(json.dumps([kind, steady], sort_keys=True))
        return _Found(stamp, _digest("\n".join(fixed)))


def _text(devices: tuple[str, ...]) -> str:
    return label_table(devices) if devices else ""


def _stamp(digest: str, devices: tuple[str, ...]) -> str:
    return f"{STAMP}_rules_{digest}_{_digest(_text(devices))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
