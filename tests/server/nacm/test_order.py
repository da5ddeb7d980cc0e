"""The order that users give is content too: who may not update an entry may not move it.

RFC 8341 has no access operation of its own for the order; a move is an update of what is moved
(section 3.2.4: what an edit does to a node decides).
"""

from pathlib import Path

import pytest

from tests.server.nacm.gate import Gate, group, rule_list, schema_of
from tests.server.nacm.test_examples import path_rule
from yang.schema import Schema

MODULE = """
  container a {
    list o { ordered-by user; key n; leaf n { type string; } leaf v { type uint8; } leaf w { type uint8; } }
    leaf-list w { ordered-by user; type string; }
    leaf-list s { type string; }
  }
"""  # noqa: E501
DATA = (
    '<a xmlns="urn:t">'
    + "".join(f"<o><n>{n}</n><v>0</v></o>" for n in "123")
    + "<w>x</w><w>y</w><w>z</w><s>x</s><s>y</s></a>"
)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(MODULE, Path(tmp_path_factory.mktemp("order")))


def gate(schema: Schema, *rules: tuple[str, str, str]) -> Gate:
    """Rules of (path, action, accesses); nothing else may be written."""
    listed = (
        path_rule(f"r{number}", path.replace("/", "/acme:"), action, accesses)
        for number, (path, action, accesses) in enumerate(rules)
    )
    return Gate(schema, group("g", "u") + rule_list("l", "g", *listed), DATA)


def a(content: str) -> str:
    return (
        '<a xmlns="urn:t" xmlns:yang="urn:ietf:params:xml:ns:yang:1" xmlns:t="urn:t"'
        f' xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0">{content}</a>'
    )


def moved(place: str, content: str = "") -> str:
    return a(f"<o {place}><n>3</n>{content}</o>")


BEFORE_1 = 'yang:insert="before" yang:key="[t:n=\'1\']"'
PLACES = ['yang:insert="first"', BEFORE_1, BEFORE_1.replace("before", "after")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("accesses", "may"), [("update", True), ("create delete", False)])
def test_a_move_is_an_update_of_the_entry(
    schema: Schema, place: str, accesses: str, may: bool
) -> None:
    assert gate(schema, ("/a/o", "permit", accesses)).may("u", moved(place)) is may


@pytest.mark.parametrize("place", PLACES)
def test_who_may_change_a_leaf_may_not_move_its_entry_on_the_way(
    schema: Schema, place: str
) -> None:
    allowed = gate(schema, ("/a/o/v", "permit", "*"))
    assert allowed.may("u", a("<o><n>3</n><v>9</v></o>"))
    (refusal,) = allowed.refusals("u", moved(place, "<v>9</v>"))
    assert refusal.message == "you may not update o"
    assert refusal.path == "/t:a/t:o[t:n='3']"
    assert "write-default" in refusal.denied_by


def test_a_move_and_a_change_take_both_rights(schema: Schema) -> None:
    both = gate(schema, ("/a/o/w", "deny", "create"), ("/a/o", "permit", "create update"))
    assert both.may("u", moved(PLACES[0], "<v>9</v>"))
    assert [each.path for each in both.refusals("u", moved(PLACES[0], "<w>9</w>"))] == [
        "/t:a/t:o[t:n='3']/t:w"
    ]


def test_a_move_to_where_an_entry_is_already_takes_no_right(schema: Schema) -> None:
    assert gate(schema).may("u", moved('yang:insert="last"'))
    assert gate(schema).may("u", moved('yang:insert="after" yang:key="[t:n=\'2\']"'))


def test_who_may_move_one_entry_may_not_move_another(schema: Schema) -> None:
    one = gate(schema, ("/a/o[n='3']".replace("[n", "[acme:n"), "permit", "update"))
    assert one.may("u", moved(PLACES[0]))
    assert not one.may("u", moved(PLACES[0]).replace("<n>3</n>", "<n>2</n>"))


@pytest.mark.parametrize("place", PLACES)
def test_inserting_is_a_creation_and_moves_nobody_else(schema: Schema, place: str) -> None:
    new = moved(place).replace("<n>3</n>", "<n>9</n>")
    assert gate(schema, ("/a/o", "permit", "create")).may("u", new)
    assert not gate(schema, ("/a/o", "permit", "update delete")).may("u", new)


def test_replacing_a_list_in_another_order_is_a_move(schema: Schema) -> None:
    text = "".join(f"<o><n>{n}</n><v>0</v></o>" for n in "213")
    rest = "<w>x</w><w>y</w><w>z</w><s>x</s><s>y</s>"
    replaced = a(text + rest).replace("<a ", '<a nc:operation="replace" ', 1)
    assert gate(schema, ("/a/o", "permit", "update")).may("u", replaced)
    assert not gate(schema, ("/a/o", "permit", "create delete")).may("u", replaced)
    as_it_is = "".join(f"<o><n>{n}</n><v>0</v></o>" for n in "123")
    assert gate(schema).may("u", replaced.replace(text, as_it_is))


@pytest.mark.parametrize(
    ("edit", "accesses", "may"),
    [
        ('<w yang:insert="first">z</w>', "update", True),
        ('<w yang:insert="first">z</w>', "create delete", False),
        ('<w yang:insert="first">q</w>', "create", True),
        ('<w yang:insert="first">q</w>', "update delete", False),
        ('<w yang:insert="first">q</w><w yang:insert="first">z</w>', "create", False),
        ('<w yang:insert="first">q</w><w yang:insert="first">z</w>', "create update", True),
        ('<w nc:operation="delete">x</w><w yang:insert="first">z</w>', "delete", False),
        ('<w nc:operation="delete">x</w><w yang:insert="first">z</w>', "delete update", True),
        ('<w nc:operation="delete">x</w>', "delete", True),
        ("<s>a</s>", "create", True),
    ],
)
def test_the_order_of_a_leaf_list_is_updated_too(
    schema: Schema, edit: str, accesses: str, may: bool
) -> None:
    rules = (("/a/w", "permit", accesses), ("/a/s", "permit", accesses))
    assert gate(schema, *rules).may("u", a(edit)) is may
