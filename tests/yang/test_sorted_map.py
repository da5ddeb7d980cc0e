"""The persistent sorted map against a dict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.sorted_map import SortedMap

edits = st.lists(st.tuples(st.booleans(), st.integers(0, 400), st.integers()), max_size=600)


def play(
    start: SortedMap[int, list[int]],
    model: dict[int, list[int]],
    steps: list[tuple[bool, int, int]],
) -> tuple[SortedMap[int, list[int]], dict[int, list[int]]]:
    model = dict(model)
    for put, key, value in steps:
        if put:
            model[key] = box = [value]
            start = start.set(key, box)
        elif key in model:
            del model[key]
            start = start.remove(key)
    return start, model


@given(edits)
def test_it_is_a_sorted_dict(steps: list[tuple[bool, int, int]]) -> None:
    tree, model = play(SortedMap(), {}, steps)
    assert list(tree.items()) == sorted(model.items())
    assert len(tree) == len(model)
    for key in range(0, 400, 7):
        assert tree.get(key) == model.get(key)
        assert (key in tree) == (key in model)
        assert tree.above(key) == any(other > key for other in model)
        assert tree.below(key) == any(other < key for other in model)
    assert SortedMap.build(model.items()) == tree


@given(edits, edits, st.booleans())
def test_changes_are_exactly_what_differs(
    first: list[tuple[bool, int, int]], second: list[tuple[bool, int, int]], wide: bool
) -> None:
    base = {n: [n] for n in range(0, 5000 if wide else 50, 3)}
    old, old_model = play(SortedMap.build(base.items()), base, first)
    new, new_model = play(old, old_model, second)
    keys = {k for k in old_model | new_model if old_model.get(k) is not new_model.get(k)}
    found = list(old.changes(new))
    assert {key for key, _, _ in found} == keys
    assert len(found) == len(keys)
    for key, before, after in found:
        assert before is old_model.get(key)
        assert after is new_model.get(key)


def test_a_version_stays_as_it_was() -> None:
    old = SortedMap.build((n, n) for n in range(10_000))
    new = old
    for n in range(0, 10_000, 2):
        new = new.remove(n)
    for n in range(20_000, 21_000):
        new = new.set(n, n)
    assert list(old) == list(range(10_000))
    assert list(new) == [*range(1, 10_000, 2), *range(20_000, 21_000)]


def test_setting_the_same_object_returns_the_same_map() -> None:
    tree = SortedMap.build((n, str(n)) for n in range(1000))
    assert tree.set(500, tree[500]) is tree


def test_removing_what_is_absent_is_an_error() -> None:
    with pytest.raises(KeyError):
        SortedMap.build([(1, 1)]).remove(2)
    with pytest.raises(KeyError):
        SortedMap[int, int]().remove(2)


@given(st.sets(st.integers(0, 3000)), st.sets(st.integers(0, 3000)))
def test_update_is_many_sets(start: set[int], more: set[int]) -> None:
    tree = SortedMap.build((n, "old") for n in start).update((n, "new") for n in more)
    assert dict(tree.items()) == {**dict.fromkeys(start, "old"), **dict.fromkeys(more, "new")}


@given(edits, st.booleans(), st.integers(0, 1200), st.integers(0, 300))
def test_positions_are_those_of_the_sorted_keys(
    steps: list[tuple[bool, int, int]], wide: bool, start: int, count: int
) -> None:
    base = {n: [n] for n in range(0, 3000 if wide else 0, 3)}
    tree, model = play(SortedMap.build(base.items()), base, steps)
    entries = sorted(model.items())
    assert tree.slice(start, start + count) == entries[start : start + count]
    assert tree.slice(0, len(entries)) == entries
    for key in range(0, 3000, 101):
        assert tree.rank(key) == sum(other < key for other in model)
