"""From what the kernel holds back to objects of the plan.

The law: an object counts as held only if every element that it would make is there as it would be
made; a thing that nothing in the plan explains is told as a stray, never passed over.
"""

from collections.abc import Iterator, Mapping

from dataplane_bridge.linux.actions import GROUPS, read_chain
from dataplane_bridge.linux.elements import (
    COUNTER,
    OUTER,
    PAYLOAD,
    Elements,
    Objects,
    Place,
    Sight,
    elements_of,
    peer_of,
)
from dataplane_bridge.linux.ruleset import COUNTED_LATER, SUFFIX, Mode, bucket_of
from dataplane_bridge.plan import (
    DIRECTIONS,
    Accounting,
    CountedLength,
    DfBit,
    Direction,
    Limit,
    ObjectKey,
    PlanObject,
)

Found = dict[ObjectKey, PlanObject]


def held_objects(sight: Sight, elements: Elements, others: Objects, mode: Mode) -> Found:
    """Return the objects of a tunnel that the elements of the kernel make true.

    ``others`` are its objects that are no elements (routes).
    """
    candidates: Found = dict(_candidates(sight, elements))
    wanted = elements_of(sight, {**candidates, **others}, mode)
    wrong = {place for place, text in wanted.items() if elements.get(place) != text}
    for key in tuple(candidates):
        if any(key.kind in _kinds_of(place) for place in wrong):
            del candidates[key]
    return candidates


def strays(elements: Elements, wanted: Mapping[Place, str]) -> Elements:
    """Return the elements that nothing asks for: no tunnel, and no tunnel's packets."""
    return {
        place: text
        for place, text in elements.items()
        if place not in wanted and not _is_of_packets(place, text, wanted)
    }


def _is_of_packets(place: Place, text: str, wanted: Mapping[Place, str]) -> bool:
    """Tell whether an element is a counter that packets of a tunnel have made."""
    _, _, suffix = place.group.partition("_")
    return (
        text == COUNTER
        and place.group in COUNTED_LATER.get(suffix, ())
        and Place(f"pass_{suffix}", place.key) in wanted
    )


def _candidates(sight: Sight, elements: Elements) -> Iterator[tuple[ObjectKey, PlanObject]]:
    tunnel, number = sight.tunnel, str(sight.number)
    if any(Place(f"pass_{name}", number) in elements for name in SUFFIX.values()):
        lengths = (_length(elements, direction, number) for direction in DIRECTIONS)
        yield ObjectKey("accounting", tunnel.id), Accounting(*lengths)
    for direction in DIRECTIONS:
        yield from _directed(sight, elements, direction)


def _directed(
    sight: Sight, elements: Elements, direction: Direction
) -> Iterator[tuple[ObjectKey, PlanObject]]:
    number, name = str(sight.number), sight.tunnel.id
    limit = _limit(sight, elements, direction)
    if limit is not None:
        yield ObjectKey("limit", name, direction), limit
    actions = read_chain(elements.get(Place(GROUPS[direction], number), "").removeprefix(": jump "))
    if actions.marking is not None:
        yield ObjectKey("dscp", name, direction), actions.marking
    if actions.service_class is not None:
        yield ObjectKey("service-class", name, direction), actions.service_class
    if actions.df is not None:
        yield ObjectKey("df-bit", name), DfBit(actions.df, sight.tunnel.tunnel_mtu)


def _length(elements: Elements, direction: Direction, number: str) -> CountedLength:
    if direction == "inbound":
        return "encrypted" if Place(OUTER, number) in elements else "payload"
    return "payload" if Place(PAYLOAD, number) in elements else "encrypted"


def _limit(sight: Sight, elements: Elements, direction: Direction) -> Limit | None:
    suffix, number = SUFFIX[direction], str(sight.number)
    words = elements.get(Place(f"lim_{suffix}", number), "").split()
    # limit rate over N bytes/second burst N bytes
    if len(words) != 8 or words[2] != "over" or words[4] != "bytes/second":
        return None
    rate, burst = int(words[3]), int(words[6])
    bucket = bucket_of(rate) if burst == max(1, bucket_of(rate) - rate) else rate + burst
    # Of the tunnels of one peer one has its address, and those that would have it are noted.
    has_peer = elements.get(peer_of(sight, direction)) == f": {number}"
    ike = has_peer or Place(f"ike_{suffix}", number) in elements
    return Limit(rate, bucket, _length(elements, direction, number), ike)


def _kinds_of(place: Place) -> tuple[str, ...]:
    """Return the kinds of the objects that an element is made for."""
    group = place.group.partition("_")[0]
    return {
        "lim": ("limit",),
        "ike": ("limit",),
        "peer": ("limit",),
        "act": ("dscp", "service-class", "df-bit"),
        "size": ("df-bit", "accounting"),
    }.get(group, ("accounting",))
