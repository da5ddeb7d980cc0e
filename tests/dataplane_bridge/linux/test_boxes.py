"""Overlapping selectors: every address pair has one tunnel, the most specific one."""

from hypothesis import given
from hypothesis import strategies as st

from dataplane_bridge.linux.boxes import Box, Boxes
from dataplane_bridge.prefixes import Prefix


def prefixes() -> st.SearchStrategy[Prefix]:
    """Prefixes of the 32 addresses 0.0.0.0 to 0.0.0.31."""
    return st.integers(27, 32).flatmap(
        lambda length: st.integers(0, (1 << length - 27) - 1).map(
            lambda bits: Prefix(4, bits, length)
        )
    )


selectors = st.tuples(
    st.lists(prefixes(), min_size=1, max_size=2, unique=True),
    st.lists(prefixes(), min_size=1, max_size=2, unique=True),
)
tunnels = st.dictionaries(st.integers(1, 6), selectors, max_size=5)


def owner(
    told: dict[int, tuple[list[Prefix], list[Prefix]]], local: int, remote: int
) -> int | None:
    """Return the tunnel of an address pair, by the law read literally."""
    here, there = Prefix(4, local, 32), Prefix(4, remote, 32)
    ranks = [
        (-far.length, -near.length, number)
        for number, (locals_, remotes) in told.items()
        for near in locals_
        for far in remotes
        if here.within(near) and there.within(far)
    ]
    return min(ranks)[2] if ranks else None


def holds(box: Box, local: int, remote: int) -> bool:
    return (
        box.local_first <= local <= box.local_last and box.remote_first <= remote <= box.remote_last
    )


@given(tunnels, tunnels)
def test_each_address_pair_is_in_one_box_of_its_owner(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    boxes = Boxes(4)
    for number, (local, remote) in before.items():
        boxes.change(number, local, remote)
    for number in before.keys() - after.keys():
        boxes.change(number, (), ())
    for number, (local, remote) in after.items():
        boxes.change(number, local, remote)
    pieces = [(number, box) for number in after for box in boxes.of(number)]
    for local_address in range(0, 32, 3):
        for remote_address in range(32):
            found = {n for n, box in pieces if holds(box, local_address, remote_address)}
            expected = owner(after, local_address, remote_address)
            assert found == ({expected} - {None})


@given(tunnels, st.integers(1, 6), selectors)
def test_only_the_tunnels_named_get_other_boxes(told: dict, number: int, new: tuple) -> None:  # type: ignore[type-arg]
    boxes = Boxes(4)
    for each, (local, remote) in told.items():
        boxes.change(each, local, remote)
    before = {each: list(boxes.of(each)) for each in told}
    touched = boxes.change(number, *new)
    for each in told.keys() - touched:
        assert sorted(boxes.of(each)) == sorted(before[each])
