"""Indexes that were advanced by edits are those that a start makes anew."""

from pathlib import Path

from server.validation.validator import Validator
from tests.server.configuration import Configuration

MODULE = """
container top {
  list port {
    key name; unique label;
    must "count(../port[label = current()/label]) < 3";
    leaf name { type string; }
    leaf label { type uint32; }
    list unit { key "id side"; unique tag; leaf id { type uint32; } leaf side { type string; }
      leaf tag { type string; } }
  }
  list free { key name; leaf name { type string; } }
}
leaf-list of { type leafref { path "/top/port/label"; } }
"""
EDITS = (
    "<top><port><name>a</name><label>1</label></port></top>",
    "<top><port><name>b</name><label>1</label></port><port><name>c</name></port></top>",
    "<top><port><name>c</name><label>1</label></port><port><name>d</name><label>2</label></port>"
    "</top><of>1</of>",
    "<top><port><name>a</name><unit><id>1</id><side>l</side><tag>t</tag></unit></port>"
    "<port><name>b</name><unit><id>1</id><side>l</side><tag>t</tag></unit>"
    "<unit><id>1</id><side>r</side><tag>t</tag></unit></port></top>",
    '<top><port nc:operation="delete"><name>b</name></port></top>',
    "<top><port><name>c</name><label>2</label></port></top>",
    '<top nc:operation="delete"/>',
)


def test_they_are_the_same_after_each_edit(tmp_path: Path) -> None:
    configured = Configuration(MODULE, tmp_path)
    validator = Validator(configured.schema)
    sizes = []
    for content in EDITS:
        configured.edit(content)
        version = configured.version
        assert version.indexes == validator.restored(version.root).indexes
        sizes.append(sum(map(len, version.indexes)))
    assert sizes[-1] < max(sizes)  # There was something in them.


def test_what_breaks_a_unique_names_the_other_entry_in_whatever_list(tmp_path: Path) -> None:
    configured = Configuration(MODULE, tmp_path)
    configured.edit(EDITS[0])
    (error,) = configured.faults("<top><port><name>b</name><label>1</label></port></top>")
    assert "[t:name='a']" in str(error.info)
    unit = "<unit><id>{}</id><side>l</side><tag>t</tag></unit>"
    (error,) = configured.faults(
        f"<top><port><name>a</name>{unit.format(1)}{unit.format(2)}</port></top>"
    )
    assert "[t:id='2'][t:side='l']" in str(error.info)
