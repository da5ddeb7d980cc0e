"""The map in its user's order against a list."""

from hypothesis import given
from hypothesis import strategies as st

from yang.ordered_map import OrderedMap

steps = st.lists(
    st.tuples(
        st.sampled_from(["first", "last", "before", "after", "remove", "set"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=120,
)


def play(actions: list[tuple[str, int, int]]) -> tuple[OrderedMap[int, object], list[int]]:
    tree: OrderedMap[int, object] = OrderedMap()
    model: list[int] = []
    for what, key, anchor in actions:
        if what in ("before", "after") and anchor not in model:
            continue
        if what == "remove":
            if key in model:
                model.remove(key)
                tree = tree.remove(key)
        elif what == "set":
            tree = tree.set(key, object())
            model.extend([key] if key not in model else [])
        else:
            tree = tree.insert(key, object(), what, anchor)
            if anchor == key and what in ("before", "after"):
                continue
            if key in model:
                model.remove(key)
            place = {"first": 0, "last": len(model)}.get(what)
            if place is None:
                place = model.index(anchor) + (what == "after")
            model.insert(place, key)
    return tree, model


@given(steps)
def test_it_keeps_the_order_of_its_user(actions: list[tuple[str, int, int]]) -> None:
    tree, model = play(actions)
    assert list(tree) == model
    assert len(tree) == len(model)
    restored = OrderedMap.restore((tree.label(key), key, value) for key, value in tree.items())
    assert restored == tree


@given(steps, steps)
def test_changes_name_what_differs_or_moved(
    first: list[tuple[str, int, int]], second: list[tuple[str, int, int]]
) -> None:
    old, _ = play(first)
    new, _ = play(first + second)
    assert {key for key, before, after in old.changes(new) if before is None} == set(new) - set(old)
    assert {key for key, before, after in old.changes(new) if after is None} == set(old) - set(new)


@given(steps, st.integers(0, 40), st.integers(0, 10))
def test_positions_are_those_of_the_user_s_order(
    actions: list[tuple[str, int, int]], start: int, count: int
) -> None:
    tree, model = play(actions)
    assert [key for key, _ in tree.slice(start, start + count)] == model[start : start + count]
    assert [tree.rank(key) for key in model] == list(range(len(model)))
