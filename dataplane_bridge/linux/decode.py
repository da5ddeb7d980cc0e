"""From what the kernel holds back to objects of the plan.

The law: an object counts as held only if every element that it would make is there as it would be
made; a thing that nothing in the plan explains is told as a stray, never passed over.
"""

from collections.abc import Iterator, Mapping

from dataplane_bridge.linux.elements import Elements, Objects, Place, Sight, elements_of
from dataplane_bridge.linux.ruleset import SUFFIX, Mode, bucket_of
from dataplane_bridge.plan import (
    DIRECTIONS,
    Accounting,
    DfBit,
    Direction,
    FixedClass,
    InheritPlain,
    Limit,
    Marking,
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
    """Return the elements that nothing asks for."""
    return {place: text for place, text in elements.items() if place not in wanted}


def _candidates(sight: Sight, elements: Elements) -> Iterator[tuple[ObjectKey, PlanObject]]:
    tunnel, number = sight.tunnel, str(sight.number)
    if any(Place(f"pass_{name}", number) in elements for name in SUFFIX.values()):
        lengths = [
            "encrypted" if Place(f"outer_{SUFFIX[each]}", number) in elements else "payload"
            for each in DIRECTIONS
        ]
        yield ObjectKey("accounting", tunnel.id), Accounting(*lengths)  # type: ignore[arg-type]
    jump = _target(elements, Place("df_out", number), "df_")
    if jump in ("clear", "set"):
        yield ObjectKey("df-bit", tunnel.id), DfBit(jump, tunnel.tunnel_mtu)  # type: ignore[arg-type]
    for direction in DIRECTIONS:
        yield from _directed(sight, elements, direction)


def _directed(
    sight: Sight, elements: Elements, direction: Direction
) -> Iterator[tuple[ObjectKey, PlanObject]]:
    suffix, number, name = SUFFIX[direction], str(sight.number), sight.tunnel.id
    limit = _limit(elements, direction, number)
    if limit is not None:
        yield ObjectKey("limit", name, direction), limit
    code_point = _target(elements, Place(f"dscp_{suffix}", number), "dscp")
    if code_point is not None and code_point.isdecimal():
        yield ObjectKey("dscp", name, direction), Marking(int(code_point))
    service_class = _target(elements, Place(f"class_{suffix}", number), "class")
    if service_class == "_inherit":
        yield ObjectKey("service-class", name, direction), InheritPlain()
    elif service_class is not None and service_class.isdecimal():
        yield ObjectKey("service-class", name, direction), FixedClass(int(service_class))


def _limit(elements: Elements, direction: Direction, number: str) -> Limit | None:
    suffix = SUFFIX[direction]
    words = elements.get(Place(f"lim_{suffix}", number), "").split()
    # limit rate over N bytes/second burst N bytes
    if len(words) != 8 or words[2] != "over" or words[4] != "bytes/second":
        return None
    rate, burst = int(words[3]), int(words[6])
    bucket = bucket_of(rate) if burst == max(1, bucket_of(rate) - rate) else rate + burst
    outer = Place(f"outer_{suffix}", number) in elements
    ike = Place(f"ike_{suffix}", number) in elements
    return Limit(rate, bucket, "encrypted" if outer else "payload", ike)


def _target(elements: Elements, place: Place, prefix: str) -> str | None:
    text = elements.get(place, "")
    start = f": jump {prefix}"
    return text[len(start) :] if text.startswith(start) else None


def _kinds_of(place: Place) -> tuple[str, ...]:
    """Return the kinds of the objects that an element is made for."""
    group = place.group.partition("_")[0]
    return {
        "lim": ("limit",),
        "ike": ("limit",),
        "peer": ("limit",),
        "dscp": ("dscp",),
        "class": ("service-class",),
        "df": ("df-bit",),
        "size": ("df-bit", "accounting"),
    }.get(group, ("accounting",))
