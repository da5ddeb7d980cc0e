"""A commit costs what the edit costs: counted in function calls, not in time."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from server.datastore.diff import changes_between
from server.datastore.rows import Rows
from server.validation.fallback import Fallback
from server.validation.validator import Validator, Version
from tests.server.configuration import Configuration
from yang.constraints import FALLBACK

MODULE = """
container top {
  leaf kind { type string; default a; }
  leaf other { type string; }
  leaf plain { type string; }
  list group { key name; leaf name { type string; } leaf free { type string; } }
  list port {
    key name; unique label;
    must "count(../port[label = current()/label]) < 2";
    leaf name { type string; }
    leaf label { type uint32; }
    leaf speed { type uint32; }
    leaf group { type leafref { path "../../group/name"; } }
    leaf of-kind { type string; must "../../kind = 'a'"; when "../../other != 'none'"; }
    list unit {
      key id; unique tag;
      leaf id { type uint32; }
      leaf tag { type string; }
      leaf fast { type empty; must "../../speed > 5"; }
    }
    list step { key id; ordered-by user; leaf id { type uint32; } leaf note { type string; } }
  }
}
list rule { key id; ordered-by user; leaf id { type uint32; } leaf note { type string; } }
"""
OPERATION = "nc:operation"
ANCHOR = 'yang:insert="after" yang:key="[t:id=\'1\']"'


def port(name: str, content: str = "", attribute: str = "") -> str:
    return f"<top><port {attribute}><name>{name}</name>{content}</port></top>"


EDITS = {
    "a leaf": port("p1", "<speed>11</speed>"),
    "a joined leaf": port("p1", "<label>9999999</label>"),
    "a reference": port("p1", "<group>b</group>"),
    "a new entry": port("new", "<label>8888888</label><speed>1</speed>"),
    "an entry less": port("p1", "", f'{OPERATION}="delete"'),
    "an entry anew": port("p1", "<label>1</label>", f'{OPERATION}="replace"'),
    "an entry in an entry": port("big", "<unit><id>1</id><tag>x</tag></unit>"),
    "one more in an entry": port("big", "<unit><id>999999</id><fast/></unit>"),
    "a leaf around many": port("big", "<group>b</group>"),
    "the leaf that many read": "<top><group><name>c</name><free>1</free></group></top>",
    "a leaf outside lists": "<top><group><name>a</name><free>2</free></group></top>",
    "a leaf beside what many read": "<top><plain>z</plain></top>",
    "first of many": '<rule yang:insert="first"><id>999999</id></rule>',
    "in the midst of many": f"<rule {ANCHOR}><id>999999</id></rule>",
    "moved": '<rule yang:insert="last"><id>2</id></rule>',
    "a note in the midst": "<rule><id>2</id><note>1</note></rule>",
    "in the midst of an entry": port("big", f"<step {ANCHOR}><id>999999</id></step>"),
    "what is not unique": port("p1", "<label>2</label>"),
    "what nothing is named": port("p1", "<group>nobody</group>"),
}


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Configuration, Configuration]:
    where = tmp_path_factory.mktemp("modules")
    small = Configuration(MODULE, where)
    large = Configuration.of(small.schema)
    for configured, size in ((small, 200), (large, 2000)):
        fill(configured, size)
    return small, large


def fill(configured: Configuration, size: int) -> None:
    ports = "".join(
        f"<port><name>p{at}</name><label>{at}</label><speed>10</speed><group>a</group>"
        f"<of-kind>x</of-kind><unit><id>1</id><fast/></unit></port>"
        for at in range(size)
    )
    units = "".join(f"<unit><id>{at}</id><tag>{at}</tag><fast/></unit>" for at in range(size))
    steps = "".join(f"<step><id>{at}</id></step>" for at in range(size))
    rules = "".join(f"<rule><id>{at}</id></rule>" for at in range(size))
    groups = "<group><name>a</name></group><group><name>b</name></group>"
    big = f"<port><name>big</name><speed>10</speed>{units}{steps}</port>"
    configured.edit(f"<top><other>y</other>{groups}{ports}{big}</top>{rules}")


def calls_of(work: Callable[[], Any]) -> int:
    """Count the functions called, and the items that generators yield."""
    count = 0

    def profile(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def commit(configured: Configuration, content: str) -> list[Any]:
    root = configured.edited(content)
    before = configured.version.root
    changes = changes_between(configured.schema, before, root)
    faults = configured.judged(root, changes)
    Rows(configured.schema).changes(changes, before, root)
    return faults


@pytest.mark.parametrize("content", EDITS.values(), ids=EDITS)
def test_a_commit_costs_the_same_whatever_is_configured(
    sizes: tuple[Configuration, Configuration], content: str
) -> None:
    small, large = (calls_of(partial(commit, each, content)) for each in sizes)
    assert large < small * 1.3 + 100, (small, large)


def test_what_entries_read_around_them_is_checked_when_that_changes_and_not_else(
    sizes: tuple[Configuration, Configuration],
) -> None:
    configured = sizes[0]
    asked: list[Any] = []

    def test(chain: Any, find: Any) -> bool:
        asked.append(chain[0])
        return True

    (constraint,) = [
        replace(each, test=test)
        for each in configured.schema.constraints
        if each.kind == "must" and each.node.endswith("of-kind")
    ]
    validator = Validator(configured.schema, [constraint])

    def ask(content: str) -> int:
        asked.clear()
        root = configured.edited(content)
        changes = changes_between(configured.schema, configured.version.root, root)
        validator.advance(
            Version(configured.version.root, configured.version.indexes), root, changes
        )
        return len(asked)

    assert ask("<top><kind>b</kind></top>") == 200
    assert ask("<top><plain>z</plain></top>") == 0
    assert ask("<top><kind>a</kind></top>") == 200  # given now, and not by default any more
    assert ask(port("p1", "<of-kind>z</of-kind>")) == 1


def test_what_nobody_has_configured_is_never_evaluated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = Configuration(
        """
        container far { list item { key n; leaf n { type string; } leaf text { type string; }
          must "not(//plain[contains(., current()/text)])"; } }
        leaf plain { type string; }
        """,
        tmp_path,
    )
    assert [each.how for each in made.schema.constraints] == [FALLBACK]
    tree, written = Fallback.tree, []

    def noted(self: Fallback, root: Any) -> Any:
        written.append(root)
        return tree(self, root)

    monkeypatch.setattr(Fallback, "tree", noted)
    assert not made.faults("<plain>a text</plain>")
    assert not written
    made.edit("<plain>a text</plain>")
    item = "<far><item><n>i</n><text>{}</text></item></far>"
    assert made.faults(item.format("text"))
    assert not made.faults(item.format("other"))
    assert len(written) == 2
