"""Random edits of the configuration that merging is tested with."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from server.datastore.edit import edit
from server.errors import RpcError
from server.namespaces import BASE, YANG
from tests.server.datastore.merging_model import STATEMENTS
from tests.yang.compiled import module_of
from yang.schema import Schema

NAMES = st.sampled_from("abcd")
TEXTS = st.sampled_from(["x", "y"])
REMOVE = ' nc:operation="remove"'


@cache
def schema() -> Schema:
    found: Schema = module_of(STATEMENTS, Path(mkdtemp())).SCHEMA
    return found


def edited(root: Any, *contents: str) -> Any:
    """Return a root after edits of ``top``; what cannot be done is passed over."""
    for content in contents:
        config = etree.fromstring(
            f'<config xmlns="urn:t" xmlns:t="urn:t" xmlns:nc="{BASE}" xmlns:yang="{YANG}">'
            f"<top>{content}</top></config>"
        )
        try:
            root = edit(schema(), root, config, "merge")
        except RpcError as error:
            assert error.tag == "bad-attribute"  # There is nothing to insert beside.
    return root


def leaf(name: str) -> st.SearchStrategy[str]:
    return TEXTS.map(lambda text: f"<{name}>{text}</{name}>") | st.just(f"<{name}{REMOVE}/>")


def values(name: str, more: str = "") -> st.SearchStrategy[str]:
    attributes = st.sampled_from([REMOVE, "", *([more] if more else [])])
    return st.builds(lambda text, with_: f"<{name}{with_}>{text}</{name}>", TEXTS, attributes)


def entries(name: str, *inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda key, content: f"<{name}><name>{key}</name>{content}</{name}>",
        NAMES,
        st.one_of(st.just(""), *inside),
    ) | NAMES.map(lambda key: f"<{name}{REMOVE}><name>{key}</name></{name}>")


def moves() -> st.SearchStrategy[str]:
    places = st.sampled_from(["first", "last"]).map(lambda where: f'yang:insert="{where}"')
    beside = st.builds(
        lambda where, key: f'yang:insert="{where}" yang:key="[t:name=\'{key}\']"',
        st.sampled_from(["before", "after"]),
        NAMES,
    )
    return st.builds(
        lambda key, place: f"<rank {place}><name>{key}</name></rank>", NAMES, places | beside
    )


EDITS = st.lists(
    st.one_of(
        leaf("plain"),
        values("member"),
        values("step", ' yang:insert="first"'),
        leaf("inside").map(lambda inside: f"<around>{inside}</around>"),
        st.sampled_from(["<there/>", f"<there{REMOVE}/>"]),
        leaf("inside").map(lambda inside: f"<there>{inside}</there>"),
        leaf("left"),
        leaf("left-more"),
        leaf("inside").map(lambda inside: f"<right>{inside}</right>"),
        entries("item", leaf("one"), leaf("two"), entries("part", leaf("one"))),
        entries("rank", leaf("one")),
        moves(),
    ),
    max_size=8,
)

PLACED_NOWHERE = st.lists(
    st.one_of(
        leaf("plain"),
        values("member"),
        leaf("inside").map(lambda inside: f"<there>{inside}</there>"),
        st.sampled_from(["<there/>", f"<there{REMOVE}/>"]),
        leaf("left"),
        leaf("inside").map(lambda inside: f"<right>{inside}</right>"),
        entries("item", leaf("one"), leaf("two"), entries("part", leaf("one"))),
    ),
    max_size=3,
)
"""Edits of what has no order."""
