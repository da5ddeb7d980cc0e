"""A change is refused for exactly the locked nodes that are not the same before and after it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.datastore.diff import changes_between
from server.datastore.partial_locks import LockedNode, PartialLockLimits, PartialLocks
from server.datastore.way import Way
from server.errors import RpcError, RpcErrors
from server.sessions import NetconfSession, Peer
from tests.server.datastore.merging_edits import EDITS, PLACED_NOWHERE, edited, schema
from tests.server.datastore.merging_model import tree_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOLDER, OTHER = (NetconfSession(n, "u", Peer("u", "", "netconf-ssh"), NOW) for n in (1, 2))
PATHS = [
    "plain",
    "member",
    "member=x",
    "step=y",
    "around",
    "around/inside",
    "there",
    "there/inside",
    "left",
    "right",
    "item=a",
    "item=b",
    "item=a/one",
    "item=a/part=b",
    "item=c/part=b/one",
    "rank=a/one",
]


def node_at(path: str) -> LockedNode:
    way, node = Way(), schema().root.by_name["top"]
    way = way.to(node)
    for step in path.split("/"):
        name, _, key = step.partition("=")
        node = node.by_name[name]  # type: ignore[union-attr]
        if hasattr(node, "key_leafs"):
            way = Way((*way.nodes, node), (*way.keys, (key,)), (*way.texts, (key,)))
        else:
            way = way.to(node)
            if key:
                return LockedNode(way, key)
    return LockedNode(way)


def held(tree: Any, path: str) -> Any:
    """Return what is at a path, looked up step by step."""
    for step in path.split("/"):
        name, _, key = step.partition("=")
        tree = None if tree is None else tree[name]
        if isinstance(tree, tuple) and key:
            return key in tree
        tree = tree.get(key) if key and tree is not None else tree
    return tree


def refused(locks: PartialLocks, session: NetconfSession, old: Any, new: Any) -> Iterator[str]:
    try:
        locks.refuse_changes(session, changes_between(schema(), old, new))
    except (RpcError, RpcErrors) as error:
        for each in error.errors if isinstance(error, RpcErrors) else (error,):
            assert (each.tag, each.info) == ("in-use", (("session-id", "1"),))
            yield str(each.path).replace("t:", "").removeprefix("/top/")


def xpath(path: str) -> str:
    steps = []
    for step in path.split("/"):
        name, _, key = step.partition("=")
        is_value = name in ("member", "step")
        predicate = f"[.='{key}']" if is_value else f"[name='{key}']"
        steps.append(name + (predicate if key else ""))
    return "/".join(steps)


@settings(max_examples=400, deadline=None)
@given(EDITS, PLACED_NOWHERE, st.sets(st.sampled_from(PATHS), max_size=5))
def test_changes_are_refused_for_what_is_locked_and_for_nothing_else(
    before: list[str], after: list[str], paths: set[str]
) -> None:
    locks = PartialLocks(schema(), lambda: NOW, PartialLockLimits())
    for path in sorted(paths):
        locks.take(HOLDER, [path], [node_at(path)])
    old = edited(schema().root.empty, *before)
    new = edited(old, *after)
    wanted = {xpath(path) for path in paths if held(tree_of(old), path) != held(tree_of(new), path)}
    assert set(refused(locks, OTHER, old, new)) == wanted
    assert not set(refused(locks, HOLDER, old, new))
    locks.release(HOLDER)
    assert not set(refused(locks, OTHER, old, new))
    assert not (locks._at or locks._around or locks._inside), "something is left over"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PATHS), st.sampled_from(PATHS))
def test_locks_of_two_sessions_may_not_be_in_one_another(one: str, other: str) -> None:
    locks = PartialLocks(schema(), lambda: NOW, PartialLockLimits())
    locks.take(HOLDER, ["one"], [node_at(one)])
    overlap = _is_in(one, other) or _is_in(other, one)
    if not overlap:
        locks.take(OTHER, ["other"], [node_at(other)])
        return
    with pytest.raises(RpcError) as denied:
        locks.take(OTHER, ["other"], [node_at(other)])
    assert (denied.value.tag, denied.value.info) == ("lock-denied", (("session-id", "1"),))
    locks.take(HOLDER, ["other"], [node_at(other)])


def _is_in(inner: str, outer: str) -> bool:
    # A leaf-list as a whole holds each of its values.
    return inner == outer or inner.startswith((f"{outer}/", f"{outer}="))


def test_moving_a_locked_entry_is_a_change_of_it_and_moving_others_is_not() -> None:
    locks = PartialLocks(schema(), lambda: NOW, PartialLockLimits())
    locks.take(HOLDER, ["a"], [node_at("rank=a")])
    rank = "<rank{}><name>{}</name></rank>"
    old = edited(schema().root.empty, *(rank.format("", name) for name in "abc"))
    moved = edited(old, rank.format(' yang:insert="last"', "a"))
    assert list(refused(locks, OTHER, old, moved)) == ["rank[name='a']"]
    other = edited(old, rank.format(' yang:insert="first"', "c"))
    assert not list(refused(locks, OTHER, old, other))
