"""What a when takes away needs no right, in a commit neither (RFC 8341, section 3.2.3)."""

from pathlib import Path

import pytest

from server.errors import RpcError, RpcErrors
from tests.server.nacm.gate import Gate, group, rule, rule_list, schema_of, session_of
from yang.schema import Schema

MODULE = """
  container a {
    leaf mode { type string; }
    leaf extra { when "../mode = 'x'"; type string; }
    leaf further { when "../extra"; type string; }
    leaf plain { type string; }
    container box { when "../mode = 'x'"; leaf inside { type string; }
      list item { key n; leaf n { type string; } } }
    list e { key n; leaf n { type string; } leaf kind { type string; }
      leaf-list value { when "../kind = 'x'"; type string; } }
  }
"""
DATA = """
  <a><mode>x</mode><extra>1</extra><further>2</further><plain>3</plain>
  <box><inside>4</inside><item><n>i</n></item></box>
  <e><n>k</n><kind>x</kind><value>5</value></e></a>
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(MODULE, Path(tmp_path_factory.mktemp("side_effects")))


@pytest.fixture
def gate(schema: Schema) -> Gate:
    """A user who may change everything and delete nothing."""
    rules = rule("r", "permit", access_operations="read create update")
    return Gate(schema, group("g", "u") + rule_list("l", "g", rules), DATA)


def refused(gate: Gate, edit: str) -> list[str]:
    """Return the nodes for which a commit of an edit of somebody else is refused."""
    new = gate.configuration.edited(edit)
    try:
        gate.control.admit_commit(session_of("u"), gate.root, new)
    except (RpcError, RpcErrors) as error:
        errors = error.errors if isinstance(error, RpcErrors) else (error,)
        return [str(each.path).rpartition("/")[2] for each in errors]
    return []


@pytest.mark.parametrize(
    "edit",
    ["<a><mode>y</mode></a>", "<a><e><n>k</n><kind>y</kind></e></a>"],
)
def test_what_a_when_takes_away_needs_no_right(gate: Gate, edit: str) -> None:
    assert refused(gate, edit) == []
    new = gate.configuration.edited(edit)
    gone = gate.refusals("u", edit)
    assert gone, "the change itself deletes nothing"
    assert new is not gate.root


def test_what_could_still_be_there_needs_it(gate: Gate) -> None:
    delete = 'nc:operation="delete"'
    assert refused(gate, f"<a><plain {delete}/></a>") == ["t:plain"]
    assert refused(gate, f"<a><mode>y</mode><plain {delete}/></a>") == ["t:plain"]
    # This is a deletion, and what goes with it a side effect.
    assert refused(gate, f"<a><extra {delete}/></a>") == ["t:extra"]
    assert refused(gate, f"<a><box><inside {delete}/></box></a>") == ["t:inside"]
    assert "t:e[t:n='k']" in refused(gate, f"<a><e {delete}><n>k</n></e></a>")
