"""The tunnels that exist, as the table sees them, and the elements that each has in the kernel.

The law: a number (reqid) is of one tunnel; what a change of one tunnel does to the boxes or the
IKE packets of another one is worked out here, and nowhere else.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dataplane_bridge.linux.boxes import Boxes
from dataplane_bridge.linux.elements import Elements, Objects, Place, Sight, elements_of
from dataplane_bridge.linux.ruleset import SIZE, Mode
from dataplane_bridge.plan import DIRECTIONS, Direction, Limit, ObjectKey, PlanObject
from dataplane_bridge.tunnels import Tunnel

_NEITHER: frozenset[Direction] = frozenset()
_CHARGED: dict[tuple[bool, bool], frozenset[Direction]] = {
    (False, False): _NEITHER,
    (True, False): frozenset({"inbound"}),
    (False, True): frozenset({"outbound"}),
    (True, True): frozenset(DIRECTIONS),
}
"""The directions of which each of inbound and outbound is true."""


class Known(NamedTuple):
    """A tunnel, and the SPIs of its SAs."""

    tunnel: Tunnel
    spis_in: tuple[int, ...] = ()
    spis_out: tuple[int, ...] = ()


class Registry:
    """The tunnels of one gateway, their objects and elements."""

    def __init__(self, mode: Mode) -> None:
        self.known: dict[str, Known] = {}
        self.objects: dict[str, dict[ObjectKey, PlanObject]] = {}
        self.made: dict[str, Elements] = {}
        self.numbers: dict[int, str] = {}
        self.waiting: dict[int | None, set[str]] = {}
        """The tunnels that another one keeps from their number, by number."""
        self._mode: Mode = mode
        self._boxes = {4: Boxes(4), 6: Boxes(6)}
        self._ike: dict[tuple[Direction, str], list[int]] = {}
        """The numbers of the tunnels whose limits count a peer's IKE packets, ascending."""
        self._spis: dict[int, tuple[str, ...]] = {}
        """The tunnels by an outbound SPI: nearly always one, but peers choose them by chance."""

    def refusal(self, tunnel: Tunnel) -> str | None:
        """Return why this tunnel cannot have QoS, or ``None``: one sentence."""
        number = tunnel.reqid
        if not number:
            return "The SAs of the tunnel have no reqid."
        owner = self.numbers.get(number)
        if owner is not None and owner != tunnel.id and not self.known[owner].tunnel.is_awaited:
            return f"The reqid {number} is that of tunnel {owner!r} too."
        if owner is None and self.is_full:
            return f"There is no room for more than {SIZE} tunnels."
        return None

    @property
    def is_full(self) -> bool:
        """Whether no more tunnels can have QoS."""
        return len(self.numbers) >= SIZE

    def put(self, known: Known) -> frozenset[str]:
        """Enter a tunnel or its change; return the tunnels whose elements may differ."""
        tunnel = known.tunnel
        old = self.known.get(tunnel.id)
        touched = frozenset({tunnel.id})
        if old is not None and old.tunnel != tunnel:
            touched |= self._charge_ike(old.tunnel, {})
            if old.tunnel.reqid != tunnel.reqid:
                touched |= self._leave(old.tunnel)
        self.known[tunnel.id] = known
        self._wait(old)
        spis = () if old is None else old.spis_out
        if self.refusal(known.tunnel) is not None:
            touched |= self._exchange_spis(tunnel.id, spis, ())
            self.waiting.setdefault(tunnel.reqid, set()).add(tunnel.id)
            return touched
        assert tunnel.reqid is not None
        self.numbers[tunnel.reqid] = tunnel.id
        touched |= self._exchange_spis(tunnel.id, spis, known.spis_out)
        touched |= self._charge_ike(tunnel, self.objects.get(tunnel.id, {}))
        return touched | self._claim(tunnel, present=True)

    def drop(self, tunnel_id: str) -> frozenset[str]:
        """Forget a tunnel; return the tunnels whose elements may differ."""
        known = self.known.pop(tunnel_id)
        self._wait(known)
        touched = self._charge_ike(known.tunnel, {}) | {tunnel_id}
        self.objects.pop(tunnel_id, None)
        touched |= self._exchange_spis(tunnel_id, known.spis_out, ())
        return touched | self._leave(known.tunnel)

    def set_objects(self, tunnel_id: str, objects: dict[ObjectKey, PlanObject]) -> frozenset[str]:
        """Give a tunnel these objects; return the tunnels whose elements may differ."""
        known = self.known.get(tunnel_id)
        touched = frozenset({tunnel_id})
        if known is not None:
            touched |= self._charge_ike(known.tunnel, objects)
        if objects:
            self.objects[tunnel_id] = objects
        else:
            self.objects.pop(tunnel_id, None)
        return touched

    def number_of(self, tunnel_id: str) -> int:
        """Return the reqid of a tunnel, or 0."""
        known = self.known.get(tunnel_id)
        return 0 if known is None else known.tunnel.reqid or 0

    def wanted(self, tunnel_id: str) -> Elements:
        """Return the elements that a tunnel needs; none where it is not known."""
        sight = self.sight(tunnel_id)
        if sight is None:
            return {}
        return elements_of(sight, self.objects.get(tunnel_id, {}), self._mode)

    def sight(self, tunnel_id: str) -> Sight | None:
        """Return a tunnel as the table sees it, if it can be seen."""
        known = self.known.get(tunnel_id)
        if known is None:
            return None
        tunnel = known.tunnel
        if tunnel.reqid is None or self.numbers.get(tunnel.reqid) != tunnel.id:
            return None  # refused, or it was only awaited, and the one that it was for is there
        return Sight(
            tunnel,
            tunnel.reqid,
            known.spis_in,
            tuple(spi for spi in known.spis_out if self._spis[spi][0] == tunnel_id),
            tuple(self._boxes[4].of(tunnel.reqid)),
            tuple(self._boxes[6].of(tunnel.reqid)),
            self._charged(tunnel),
        )

    def all_objects(self) -> Iterator[tuple[ObjectKey, PlanObject]]:
        """Yield every object of every tunnel."""
        for objects in self.objects.values():
            yield from objects.items()

    def made_of(self, tunnel_ids: Iterable[str]) -> Elements:
        """Return the elements that these tunnels have in the kernel."""
        found: Elements = {}
        for tunnel_id in tunnel_ids:
            found.update(self.made.get(tunnel_id, {}))
        return found

    def keep_made(self, made: Mapping[str, Elements]) -> None:
        """Remember what these tunnels have in the kernel now."""
        for tunnel_id, elements in made.items():
            if elements:
                self.made[tunnel_id] = elements
            else:
                self.made.pop(tunnel_id, None)

    def places(self) -> dict[Place, str]:
        """Return all elements in the kernel that are somebody's."""
        return self.made_of(self.made)

    def _exchange_spis(
        self, tunnel_id: str, before: tuple[int, ...], after: tuple[int, ...]
    ) -> frozenset[str]:
        """Enter the outbound SPIs of a tunnel; return those that have one now which it had."""
        touched: set[str] = set()
        for spi in set(before) - set(after):
            rest = tuple(each for each in self._spis.pop(spi, ()) if each != tunnel_id)
            if rest:
                self._spis[spi] = rest
                touched.update(rest)
        for spi in after:
            holders = self._spis.get(spi, ())
            if tunnel_id not in holders:
                self._spis[spi] = (*holders, tunnel_id)
        return frozenset(touched)

    def _wait(self, known: Known | None) -> None:
        """Let a tunnel wait for its number no longer."""
        if known is not None and known.tunnel.reqid in self.waiting:
            names = self.waiting[known.tunnel.reqid]
            names.discard(known.tunnel.id)
            if not names:
                del self.waiting[known.tunnel.reqid]

    def _leave(self, tunnel: Tunnel) -> frozenset[str]:
        if tunnel.reqid is None or self.numbers.get(tunnel.reqid) != tunnel.id:
            return frozenset()
        touched = self._claim(tunnel, present=False)
        del self.numbers[tunnel.reqid]
        return touched

    def _claim(self, tunnel: Tunnel, *, present: bool) -> frozenset[str]:
        assert tunnel.reqid is not None
        if tunnel.is_awaited:
            return frozenset()  # where its packets go to is not known before it is up
        numbers: set[int] = set()
        for version, boxes in self._boxes.items():
            local = [each for each in tunnel.local_networks if each.version == version]
            remote = [each for each in tunnel.remote_networks if each.version == version]
            numbers |= boxes.change(tunnel.reqid, local, remote if present else ())
        return frozenset(self.numbers[number] for number in numbers if number in self.numbers)

    def _charge_ike(self, tunnel: Tunnel, objects: Objects) -> frozenset[str]:
        """Enter in which directions the tunnel's limits count the IKE packets of its peer."""
        if tunnel.reqid is None or tunnel.is_awaited:
            return frozenset()
        touched: set[int] = set()
        for direction in DIRECTIONS:
            limit = objects.get(ObjectKey("limit", tunnel.id, direction))
            numbers = self._ike.setdefault((direction, tunnel.remote_address), [])
            before = numbers[:1]
            _have(numbers, tunnel.reqid, isinstance(limit, Limit) and limit.ike)
            if numbers[:1] != before:
                touched.update(before, numbers[:1])
            if not numbers:
                del self._ike[direction, tunnel.remote_address]
        return frozenset(self.numbers[number] for number in touched if number in self.numbers)

    def _charged(self, tunnel: Tunnel) -> frozenset[Direction]:
        """Return the directions in which the tunnel answers for the IKE packets of its peer."""
        if tunnel.is_awaited:
            return _NEITHER
        inbound, outbound = (
            self._ike.get((direction, tunnel.remote_address)) for direction in DIRECTIONS
        )
        # One peer, one bucket: of several tunnels the one with the lowest number.
        is_in = not inbound or tunnel.reqid == inbound[0]
        is_out = not outbound or tunnel.reqid == outbound[0]
        return _CHARGED[is_in, is_out]


def _have(numbers: list[int], number: int, wanted: bool) -> None:
    """Let a number be in an ascending list, or not."""
    place = bisect_left(numbers, number)
    is_there = numbers[place : place + 1] == [number]
    if wanted and not is_there:
        numbers.insert(place, number)
    elif is_there and not wanted:
        del numbers[place]
