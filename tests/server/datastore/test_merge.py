"""Merging does what the reference does, and looks only at what was changed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.datastore.merge import Conflict, Resolution, is_same, merged
from tests.server.datastore.merging_edits import EDITS, REMOVE, edited, schema
from tests.server.datastore.merging_model import Tree, merge, ranks, tree_of
from yang.sorted_map import SortedMap


def place(conflict: Conflict) -> str:
    """Return the path of a conflict as the reference names it."""
    if "case" in conflict.reason:
        return "/way"
    path, texts = "", iter(conflict.way.texts)
    for node in conflict.way.nodes[1:]:
        path += "/" + node.name.replace("-", "_")
        if hasattr(node, "key_leafs"):
            path += f"/{next(texts)[0]}"
    return path


def common(names: list[str], other: list[str]) -> list[str]:
    return [name for name in names if name in other]


def has_order_of(made: Any, side: Any) -> bool:
    return common(ranks(made), ranks(side)) == common(ranks(side), ranks(made))


def has_made_elsewhere(base: Any, ours: Any, theirs: Any) -> bool:
    """Tell whether both sides have made an entry, and put it behind different ones."""
    mine, others = common(ranks(ours), ranks(theirs)), common(ranks(theirs), ranks(ours))
    return any(
        mine[: mine.index(name)][-1:] != others[: others.index(name)][-1:]
        for name in set(mine) - set(ranks(base))
    )


@settings(max_examples=600, deadline=None)
@given(EDITS, EDITS, EDITS, st.booleans())
def test_merging_does_what_the_reference_does(
    before: list[str], mine: list[str], others: list[str], prefers_ours: bool
) -> None:
    base = edited(schema().root.empty, *before)
    ours, theirs = edited(base, *mine), edited(base, *others)
    resolution = Resolution.PREFER_CANDIDATE if prefers_ours else Resolution.PREFER_RUNNING
    made = merged(schema(), base, ours, theirs, resolution)
    wanted, conflicts = merge(tree_of(base), tree_of(ours), tree_of(theirs), prefers_ours)
    of_order = [each for each in made.conflicts if "order" in each.reason]
    assert {place(each) for each in made.conflicts if each not in of_order} == conflicts
    assert tree_of(made.root) == _with_order(wanted, made.root)
    reordered = [not has_order_of(base, side) for side in (ours, theirs)]
    unlike = has_made_elsewhere(base, ours, theirs)
    assert bool(of_order) == ((all(reordered) and not has_order_of(ours, theirs)) or unlike)
    if of_order:
        assert has_order_of(made.root, ours if prefers_ours else theirs)
        reordered = [True, True]
    if not reordered[1]:
        assert has_order_of(made.root, ours)
    if not reordered[0]:
        assert has_order_of(made.root, theirs)
    assert bool(merged(schema(), base, ours, theirs).conflicts) == bool(made.conflicts)


def _with_order(tree: Tree, root: Any) -> Tree:
    return {
        **tree,
        "rank": {name: tree["rank"][name] for name in sorted(tree["rank"], key=ranks(root).index)},
    }


@settings(max_examples=200, deadline=None)
@given(EDITS, EDITS)
def test_merging_with_what_did_not_change_is_the_other_side(
    before: list[str], mine: list[str]
) -> None:
    base = edited(schema().root.empty, *before)
    ours = edited(base, *mine)
    assert merged(schema(), base, ours, base).root is ours
    assert merged(schema(), base, base, ours).root is ours
    again = merged(schema(), base, ours, edited(base, *mine))
    assert not again.conflicts
    assert is_same(schema().root, again.root, ours)


def both(before: str, mine: str, others: str) -> tuple[Any, list[str]]:
    base = edited(schema().root.empty, before)
    made = merged(schema(), base, edited(base, mine), edited(base, others))
    return made.root, [f"{place(each)}: {each.reason}" for each in made.conflicts]


def test_different_leafs_of_one_entry_are_no_conflict() -> None:
    item = "<item><name>a</name>{}</item>"
    root, conflicts = both(
        item.format(""), item.format("<one>x</one>"), item.format("<two>y</two>")
    )
    assert not conflicts
    assert tree_of(root)["item"]["a"] == {"name": "a", "one": "x", "two": "y", "part": {}}


@pytest.mark.parametrize(
    ("mine", "others", "reason"),
    [
        (
            "<item><name>a</name><one>x</one></item>",
            f"<item{REMOVE}><name>a</name></item>",
            "no more",
        ),
        (
            f"<item{REMOVE}><name>a</name></item>",
            "<item><name>a</name><one>x</one></item>",
            "deleted",
        ),
    ],
)
def test_what_is_changed_here_and_deleted_there_is_in_conflict(
    mine: str, others: str, reason: str
) -> None:
    (told,) = both("<item><name>a</name></item>", mine, others)[1]
    assert told.startswith("/item/a: ")
    assert reason in told


def test_new_entries_of_both_stand_behind_one_another() -> None:
    rank = "<rank><name>{}</name></rank>"
    root, conflicts = both(rank.format("a"), rank.format("b"), rank.format("c"))
    assert not conflicts
    assert ranks(root) == ["a", "b", "c"]


def test_merging_looks_at_no_more_than_what_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"<item><name>{at:05}</name><one>x</one></item>" for at in range(5000))
    many += "".join(f"<rank><name>{at:05}</name></rank>" for at in range(5000))
    base = edited(schema().root.empty, many)
    beside = "[t:name='00002']"
    mine = (
        "<item><name>00007</name><two>y</two></item>"
        f'<rank yang:insert="after" yang:key="{beside}"><name>n</name></rank>'
    )
    ours = edited(base, mine)
    theirs = edited(
        base,
        "<item><name>04000</name><two>z</two></item><rank><name>00009</name><one>y</one></rank>",
    )

    def walked(self: Any) -> Any:
        raise AssertionError("a list was walked")

    for name in ("items", "keys", "values", "leaves", "__iter__"):
        monkeypatch.setattr(SortedMap, name, walked)
    looked: list[int] = []
    changes = SortedMap.changes

    def counted(self: Any, new: Any) -> Any:
        for change in changes(self, new):
            looked.append(1)
            yield change

    monkeypatch.setattr(SortedMap, "changes", counted)
    made = merged(schema(), base, ours, theirs)
    monkeypatch.undo()
    assert not made.conflicts
    assert len(looked) < 30
    assert made.root.top.item[("00007",)].two == "y"
    assert made.root.top.item[("04000",)].two == "z"
    assert ranks(made.root)[2:4] == ["00002", "n"]
