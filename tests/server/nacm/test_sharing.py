"""What access control costs: what may be read whole is shared, what is permitted whole is skipped,
and nothing is gone through that did not change."""

from pathlib import Path
from typing import Any

import pytest

from server.datastore.to_xml import Writer
from server.nacm import positions
from tests.server.nacm.gate import Gate, group, rule, rule_list, schema_of, session_of
from tests.server.nacm.test_decisions import MODULE, a, b, path
from yang.schema import Schema

MANY = 500
GROUPS = group("g", "u") + group("admin", "root")
ADMIN = rule_list("admin", "admin", rule("all", "permit"))


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(MODULE, Path(tmp_path_factory.mktemp("sharing")))


@pytest.fixture
def data() -> str:
    return a("".join(f"<b><k>k{n}</k><l>1</l><v>v</v></b>" for n in range(MANY)))


def entries(schema: Schema, root: Any) -> Any:
    top: Any = schema.by_path["/t:a"]
    listed: Any = schema.by_path["/t:a/b"]
    return root[top.at.slot][listed.at.slot]


class Counted:
    """How often anybody asked what is decided about a node."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        verdict = positions.Position.verdict

        def counted(position: Any, access: Any) -> Any:
            self.count += 1
            return verdict(position, access)

        monkeypatch.setattr(positions.Position, "verdict", counted)

    def during(self, action: Any) -> int:
        before = self.count
        action()
        return self.count - before


def test_who_may_read_all_gets_the_tree_itself(schema: Schema, data: str) -> None:
    gate = Gate(schema, GROUPS + ADMIN, data)
    assert gate.control.seen(session_of("root"), gate.root) is gate.root
    assert gate.control.sight(session_of("root")) is None


def test_what_is_hidden_elsewhere_leaves_lists_and_their_bytes_shared(
    schema: Schema, data: str
) -> None:
    """Without rules ``/nacm`` is hidden from everybody, and the rest is what it was."""
    gate = Gate(schema, GROUPS + ADMIN, data)
    seen = gate.control.seen(session_of("u"), gate.root)
    assert seen is not gate.root
    assert entries(schema, seen) is entries(schema, gate.root)
    written = b"".join(Writer(schema).root(seen))
    assert b"".join(Writer(schema).root(gate.root)).startswith(written)
    assert all(leaf.text is not None for leaf in entries(schema, gate.root).leaves())


def test_two_users_in_the_same_groups_share_what_they_see(schema: Schema, data: str) -> None:
    rules = group("g", "u", "w") + rule_list("l", "g", path("/a/b[k='k1']", "deny"))
    gate = Gate(schema, rules, data)
    one, other = (gate.control.seen(session_of(user), gate.root) for user in "uw")
    assert one is other
    assert len(entries(schema, one)) == MANY - 1


def test_the_next_version_of_a_long_list_costs_what_changed(
    schema: Schema, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(schema, GROUPS + rule_list("l", "g", path("/a/b[k='k1']", "deny")), data)
    session = session_of("u")
    seen = entries(schema, gate.control.seen(session, gate.root))
    gate.configuration.edit(b("k7", 1, "<v>new</v>"))
    counted = Counted(monkeypatch)
    assert counted.during(lambda: gate.control.seen(session, gate.root)) < 20
    now = entries(schema, gate.control.seen(session, gate.root))
    assert [key for key, _, _ in seen.changes(now)] == [("k7", 1)]


def test_a_change_that_is_permitted_whole_is_not_gone_through(
    schema: Schema, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(schema, GROUPS + rule_list("l", "g", path("/a", "permit")))
    gate.may("u", data)  # What may be decided once has been.
    new = gate.configuration.edited(data)
    counted = Counted(monkeypatch)
    session = session_of("u")
    assert counted.during(lambda: gate.control.admit_change(session, gate.root, new)) < 10


def test_a_change_costs_what_it_changes_however_much_there_is(
    schema: Schema, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(
        schema,
        GROUPS + rule_list("l", "g", path("/a/b/k", "deny"), path("/a", "permit", name="a")),
        data,
    )
    new = gate.configuration.edited(b("k7", 1, "<v>new</v>"))
    session = session_of("u")
    gate.control.admit_change(session, gate.root, new)
    counted = Counted(monkeypatch)
    assert counted.during(lambda: gate.control.admit_change(session, gate.root, new)) < 10


def test_rules_that_did_not_change_are_not_compiled_again(schema: Schema, data: str) -> None:
    gate = Gate(schema, GROUPS + rule_list("l", "g", path("/a/b[k='k1']", "deny")), data)
    session = session_of("u")
    before = gate.control.sight(session)
    gate.configuration.edit(b("k7", 1, "<v>new</v>"))
    assert gate.control.sight(session) is before
    gate.rules("<read-default>deny</read-default>")
    assert gate.control.sight(session) is not before
    assert gate.sees("u") == ""


# ---- side effects and orders


def test_what_goes_with_another_case_takes_no_right(schema: Schema) -> None:
    """RFC 8341, section 3.2.3: the right to what is asked for is enough."""
    gate = Gate(schema, GROUPS + rule_list("l", "g", path("/a/two", "permit")), a("<one>1</one>"))
    assert gate.may("u", a("<two>2</two>"))
    assert not gate.may("u", a('<one nc:operation="delete"/>'))


def test_moving_an_entry_is_an_update_of_it(schema: Schema) -> None:
    data = a("<o><n>1</n></o><o><n>2</n></o>")
    move = a('<o yang:insert="first"><n>2</n></o>')
    for accesses, may in (("update", True), ("create delete", False)):
        rules = rule_list("l", "g", path("/a/o", "permit", accesses))
        assert Gate(schema, GROUPS + rules, data).may("u", move) is may


def test_values_of_a_leaf_list_have_rights_of_their_own(schema: Schema) -> None:
    rules = rule_list(
        "l",
        "g",
        path("/a/tags[.='x']", "deny").replace("[acme:.", "[."),
        path("/a/tags", "permit", name="tags"),
    )
    gate = Gate(schema, GROUPS + rules, a("<tags>x</tags><tags>y</tags>"))
    assert gate.sees("u") == a("<tags>y</tags>")
    assert gate.may("u", a("<tags>z</tags>"))
    assert not gate.may("u", a('<tags nc:operation="delete">x</tags>'))


def test_a_presence_container_is_a_node_of_its_own(schema: Schema) -> None:
    rules = rule_list("l", "g", path("/a/flag/z", "permit"))
    gate = Gate(schema, GROUPS + rules)
    assert not gate.may("u", a("<flag><z>1</z></flag>"))
    gate.configuration.edit(a("<flag/>"))
    assert gate.may("u", a("<flag><z>1</z></flag>"))


def test_at_most_so_many_denials_are_told(schema: Schema, data: str) -> None:
    errors = Gate(schema, GROUPS).refusals("u", data)
    assert len(errors) == 16
