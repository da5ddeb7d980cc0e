"""The edits that a change list comes to (RFC 6470, netconf-config-change)."""

from pathlib import Path

import pytest

from server.datastore.diff import changes_between
from server.events.edits import edits_of
from tests.server.configuration import Configuration

MODULE = """
leaf leaf { type string; }
leaf-list sorted { type uint8; }
leaf-list ordered { type string; ordered-by user; }
list entry {
  key "k j";
  leaf k { type string; } leaf j { type uint8; }
  leaf v { type string; }
  container inner { leaf z { type string; } leaf y { type string; } }
  list nested { key n; leaf n { type string; } leaf w { type string; } }
}
list place { key k; ordered-by user; leaf k { type string; } leaf v { type string; } }
container present {
  presence "it";
  leaf x { type string; }
  list below { key n; leaf n { type string; } }
}
container plain { list deep { key n; leaf n { type string; } } leaf x { type string; } }
"""
ENTRY = "/t:entry[k='a'][j='1']"


def entry(inside: str = "", attributes: str = "", key: str = "a") -> str:
    return f"<entry {attributes}><k>{key}</k><j>1</j>{inside}</entry>"


def nested(name: str, inside: str = "", attributes: str = "") -> str:
    return f"<nested {attributes}><n>{name}</n>{inside}</nested>"


DELETE = 'nc:operation="delete"'
CASES = [
    ("", "<leaf>x</leaf>", ["create /t:leaf"]),
    ("<leaf>x</leaf>", "<leaf>y</leaf>", ["replace /t:leaf"]),
    ("<leaf>x</leaf>", f"<leaf {DELETE}/>", ["delete /t:leaf"]),
    ("", entry("<v>1</v>" + nested("n")), [f"create {ENTRY}"]),
    (entry(nested("n") + nested("m")), entry(attributes=DELETE), [f"delete {ENTRY}"]),
    (entry("<v>1</v>"), entry("<v>2</v>"), [f"replace {ENTRY}/v"]),
    (entry(), entry("<inner><z>1</z><y>2</y></inner>"), [f"create {ENTRY}/inner"]),
    (
        entry("<inner><z>1</z><y>2</y></inner>"),
        entry(f"<inner><z>2</z><y {DELETE}/></inner>"),
        [f"replace {ENTRY}/inner/z", f"delete {ENTRY}/inner/y"],
    ),
    (
        entry(nested("n", "<w>1</w>") + nested("o")),
        entry("<v>1</v>" + nested("n", "<w>2</w>") + nested("m") + nested("o", attributes=DELETE)),
        [
            f"create {ENTRY}/nested[n='m']",
            f"replace {ENTRY}/nested[n='n']/w",
            f"delete {ENTRY}/nested[n='o']",
            f"create {ENTRY}/v",
        ],
    ),
    ("", entry(key="it's"), ["create /t:entry[k=\"it's\"][j='1']"]),
    (
        "<sorted>1</sorted><sorted>2</sorted>",
        f"<sorted {DELETE}>1</sorted><sorted>3</sorted>",
        ["delete /t:sorted[.='1']", "create /t:sorted[.='3']"],
    ),
    ("", "<present><below><n>a</n></below></present>", ["create /t:present"]),
    ("<present><below><n>a</n></below></present>", f"<present {DELETE}/>", ["delete /t:present"]),
    ("<present><x>1</x></present>", "<present><x>2</x></present>", ["replace /t:present/x"]),
    (
        "",
        "<plain><deep><n>a</n></deep><x>1</x></plain>",
        ["create /t:plain/deep[n='a']", "create /t:plain/x"],
    ),
    (
        "<place><k>a</k></place><place><k>b</k></place>",
        '<place yang:insert="last"><k>a</k></place>',
        ["merge /t:place[k='a']"],
    ),
]


@pytest.mark.parametrize(("before", "edit", "expected"), CASES)
def test_what_an_edit_is_told_as(
    before: str, edit: str, expected: list[str], tmp_path: Path
) -> None:
    assert told(before, edit, tmp_path) == expected


def test_another_order_of_values_is_told_of_what_holds_them(tmp_path: Path) -> None:
    before = "<ordered>a</ordered><ordered>b</ordered>"
    assert told(before, '<ordered yang:insert="last">a</ordered>', tmp_path) == ["merge None"]


def test_of_many_edits_only_the_nodes_at_the_top_are_told(tmp_path: Path) -> None:
    many = "".join(entry(key=f"k{n}") for n in range(4)) + "<leaf>x</leaf>"
    assert len(told("", many, tmp_path, most=5)) == 5
    assert told("", many, tmp_path, most=4) == ["merge /t:entry", "merge /t:leaf"]
    wide = entry("<v>1</v><inner><z>1</z></inner>")
    assert told(entry(), wide, tmp_path, most=1) == ["merge /t:entry"]


def told(before: str, edit: str, where: Path, most: int = 1000) -> list[str]:
    configuration = Configuration(MODULE, where)
    configuration.edit(before)
    old, new = configuration.version.root, configuration.edited(edit)
    changes = changes_between(configuration.schema, old, new)
    found = edits_of(configuration.schema, changes, most)
    return [f"{each.operation} {each.target}" for each in found]
