"""The two kinds of rules that come and go with tunnels, as text and from a listing."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Longer(NamedTuple):
    """Packets of a protocol whose length field is above this go on in that chain."""

    protocol: str
    length: int
    chain: str

    @property
    def text(self) -> str:
        """The rule as nftables writes it."""
        return f"{self.protocol} length > {self.length} goto {self.chain}"


class Jump(NamedTuple):
    """All packets go through that chain."""

    chain: str

    @property
    def text(self) -> str:
        """The rule as nftables writes it."""
        return f"jump {self.chain}"


Rules = tuple[Longer | Jump | None, ...]
"""Rules of a chain; ``None`` for one that is none of ours."""


def read_rule(expressions: Iterable[Mapping[str, Any]]) -> Longer | Jump | None:
    """Return a rule from the JSON of a listing, or ``None`` if it is none of ours."""
    match list(expressions):
        case [
            {
                "match": {
                    "op": ">",
                    "left": {"payload": {"protocol": protocol, "field": "length"}},
                    "right": int(length),
                }
            },
            {"goto": {"target": chain}},
        ]:
            return Longer(protocol, length, chain)
        case [{"jump": {"target": chain}}]:
            return Jump(chain)
    return None
