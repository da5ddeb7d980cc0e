"""What the plugin makes of statements of RFC 7950, and what it says of those it cannot do."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.yang.compiled import module_of
from yang.pyang_plugin.compile import CompileError, ModuleSet, compile_set
from yang.scalars import canonical
from yang.schema import Container, Leaf, LeafList, List, Schema


def schema_of(text: str, where: Path) -> Schema:
    found = module_of(text, where).SCHEMA
    assert isinstance(found, Schema)
    return found


def leaf(schema: Schema, path: str) -> Leaf:
    found = schema.by_path[path]
    assert isinstance(found, Leaf)
    return found


def refusal(text: str, where: Path) -> str:
    with pytest.raises(CompileError) as raised:
        module_of(text, where)
    return str(raised.value)


# ---- operations and notifications


def test_actions_and_notifications_of_a_grouping_are_where_it_is_used(tmp_path: Path) -> None:
    schema = schema_of(
        """
        grouping g {
          action reset { input { leaf at { type string; } } }
          notification changed { leaf what { type string; } }
        }
        container c { uses g; }
        list l { key k; leaf k { type string; } uses g; }
        """,
        tmp_path,
    )
    for path in ("/t:c", "/t:l"):
        inner = schema.by_path[path]
        assert isinstance(inner, Container | List)
        assert [action.at.path for action in inner.actions] == [f"{path}/reset"]
        assert [each.at.path for each in inner.notifications] == [f"{path}/changed"]
        assert "{urn:t}what" in inner.notifications[0].content.by_tag


def test_an_augment_adds_an_action_and_a_notification(tmp_path: Path) -> None:
    schema = schema_of(
        """
        container c { leaf x { type string; } }
        augment "/t:c" { action go; notification gone; }
        """,
        tmp_path,
    )
    c = schema.by_path["/t:c"]
    assert isinstance(c, Container)
    assert (c.actions[0].name, c.notifications[0].name) == ("go", "gone")


# ---- types


def test_enums_without_a_value_go_on_from_the_greatest(tmp_path: Path) -> None:
    schema = schema_of(
        """
        typedef day {
          type enumeration { enum a { value -3; } enum b; enum c { value 9; } enum d; }
        }
        leaf whole { type day; }
        leaf part { type day { enum d; enum a; } }
        """,
        tmp_path,
    )
    whole: Any = leaf(schema, "/t:whole").type
    assert whole.values == {"a": -3, "b": -2, "c": 9, "d": 10}
    part: Any = leaf(schema, "/t:part").type
    assert part.values == {"d": 10, "a": -3}


def test_defaults_are_canonical(tmp_path: Path) -> None:
    schema = schema_of(
        """
        identity base; identity one { base base; }
        leaf hex { type int8; default "0x1F"; }
        leaf octal { type int8; default "010"; }
        leaf flags { type bits { bit a; bit b; } default "b a"; }
        leaf amount { type decimal64 { fraction-digits 3; } default "+1.50"; }
        leaf kind { type identityref { base base; } default "t:one"; }
        leaf plain { type identityref { base base; } default "one"; }
        leaf either { type union { type int8; type identityref { base base; } } default "one"; }
        leaf-list many { type int8; default "0x2"; default "1"; }
        """,
        tmp_path,
    )
    shown = {
        name: canonical(leaf(schema, f"/t:{name}").default_value)
        for name in ("hex", "octal", "flags", "amount", "kind", "plain", "either")
    }
    assert shown == {
        "hex": "31",
        "octal": "8",
        "flags": "a b",
        "amount": "1.5",
        "kind": "t:one",
        "plain": "t:one",
        "either": "t:one",
    }
    many = schema.by_path["/t:many"]
    assert isinstance(many, LeafList)
    assert many.defaults == ("2", "1")


def test_min_and_max_of_a_decimal_are_its_bounds(tmp_path: Path) -> None:
    schema = schema_of(
        "leaf d { type decimal64 { fraction-digits 18; range 'min..-1 | 2..max'; } }", tmp_path
    )
    d: Any = leaf(schema, "/t:d").type
    assert d.parse("-9.223372036854775808") == Decimal("-9.223372036854775808")
    assert d.parse("9.223372036854775807") == Decimal("9.223372036854775807")


def test_a_relative_leafref_of_a_typedef_leads_elsewhere_from_every_leaf(tmp_path: Path) -> None:
    schema = schema_of(
        """
        typedef sibling { type leafref { path "../id"; } }
        container a { leaf id { type uint8; } leaf ref { type sibling; } }
        container b { leaf id { type string; } leaf ref { type sibling; } }
        """,
        tmp_path,
    )
    assert leaf(schema, "/t:a/ref").type.parse("7") == 7
    assert leaf(schema, "/t:b/ref").type.parse("7") == "7"


# ---- how constraints are checked


@pytest.mark.parametrize(
    ("statements", "how"),
    [
        ("container p { presence p; leaf d { type uint8; default 4; } %s }", "local"),
        ("list l { key k; leaf k { type string; } leaf d { type uint8; default 4; } %s }", "local"),
        ("choice c { case a { leaf d { type uint8; default 4; } %s } }", "local"),
        # Here the default is in use or not whether or not the other leaf is there.
        ("choice c { case a { leaf d { type uint8; default 4; } } } %s", "fallback"),
        ("leaf d { when '../e'; type uint8; default 4; } leaf e { type string; } %s", "fallback"),
    ],
)
def test_a_default_beside_is_certain_and_others_are_looked_for(
    tmp_path: Path, statements: str, how: str
) -> None:
    body = statements % 'leaf x { type string; must "../d = 4"; }'
    schema = schema_of(f"container top {{ {body} }}", tmp_path)
    (constraint,) = [each for each in schema.constraints if each.kind == "must"]
    assert constraint.how == how


@pytest.mark.parametrize(
    ("statements", "how"),
    [
        # As OpenConfig's lists have it: the key repeats a leaf of the entry.
        ("""list l { key k; leaf k { type leafref { path "../config/k"; } }
            container config { leaf k { type string; } } }""", "local"),
        ("leaf x { type leafref { path '../y'; } } leaf y { type string; }", "local"),
        ("leaf-list x { type leafref { path '../y'; } } leaf-list y { type uint8; }", "local"),
        ("list l { key k; leaf k { type leafref { path '../../y'; } } } leaf-list y { type int8; }",
         "scan"),
        ("list l { key k; leaf k { type uint8; } } leaf x { type leafref { path '../l/k'; } }",
         "join"),
    ],
)  # fmt: skip
def test_a_leafref_to_what_is_around_needs_no_walk(
    tmp_path: Path, statements: str, how: str
) -> None:
    schema = schema_of(statements, tmp_path)
    assert [(each.kind, each.how) for each in schema.constraints] == [("leafref", how)]


# ---- names


def test_names_that_python_cannot_tell_apart_get_fields_of_their_own(tmp_path: Path) -> None:
    schema = schema_of(
        """
        container c {
          leaf a-b { type string; } leaf a.b { type string; } leaf a_b { type string; }
          leaf class { type string; } leaf count { type string; } leaf _x { type string; }
        }
        """,
        tmp_path,
    )
    c = schema.by_path["/t:c"]
    assert isinstance(c, Container)
    fields = c.value._fields
    assert len(set(fields)) == 6
    assert {"a_b", "class_", "count_", "x_"} <= set(fields)


def test_containers_whose_class_names_collide_have_values_of_their_own(tmp_path: Path) -> None:
    schema = schema_of(
        """
        container any { leaf x { type string; } }
        container a { container b-c { leaf one { type string; } } }
        container a-b { container c { leaf two { type string; } } }
        """,
        tmp_path,
    )
    one, two = schema.by_path["/t:a/b-c"], schema.by_path["/t:a-b/c"]
    assert isinstance(one, Container) and isinstance(two, Container)
    assert (one.value._fields, two.value._fields) == (("one",), ("two",))


# ---- modules


def compiled(where: Path, *names: str, **files: str) -> Schema:
    for name, text in files.items():
        (where / f"{name.replace('_', '-')}.yang").write_text(text)
    text = compile_set(ModuleSet(names, (where,), Path()), io.StringIO())
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    found = namespace["SCHEMA"]
    assert isinstance(found, Schema)
    return found


SUB = """submodule sub {
  yang-version 1.1; belongs-to main { prefix m; }
  revision 2026-02-02;
  feature in-sub;
  identity thing;
  container from-sub { leaf x { if-feature in-sub; type identityref { base thing; } } }
  rpc do-it;
}"""
MAIN = """module main {
  yang-version 1.1; namespace "urn:main"; prefix m;
  include sub;
  identity part { base thing; }
  leaf y { type identityref { base m:thing; } }
}"""


def test_a_submodule_is_part_of_its_module(tmp_path: Path) -> None:
    schema = compiled(tmp_path, "main", main=MAIN, sub=SUB)
    assert set(schema.by_path) == {"/main:from-sub", "/main:from-sub/x", "/main:y"}
    assert list(schema.rpcs) == ["{urn:main}do-it"]
    module = schema.modules["main"]
    assert (module.features, module.submodules) == (("in-sub",), (("sub", "2026-02-02"),))
    assert leaf(schema, "/main:from-sub/x").type.parse("main:part") == "main:part"


DEVIATED = """module plain {
  yang-version 1.1; namespace "urn:plain"; prefix p;
  container c {
    leaf gone { type string; }
    leaf typed { type string; default "x"; }
    leaf-list few { type uint8; max-elements 9; }
    leaf must-be { type string; }
    list l { key k; leaf k { type string; } leaf u { type string; } }
  }
}"""
DEVIATING = """module deviating {
  yang-version 1.1; namespace "urn:deviating"; prefix d;
  import plain { prefix p; }
  deviation /p:c/p:gone { deviate not-supported; }
  deviation /p:c/p:typed { deviate replace { type uint8; default "7"; } }
  deviation /p:c/p:few { deviate replace { max-elements 2; } deviate add { min-elements 1; } }
  deviation /p:c/p:must-be { deviate add { mandatory true; must "../p:typed"; } }
  deviation /p:c/p:l { deviate add { unique "p:u"; } }
}"""


def test_deviations_change_what_they_deviate_from(tmp_path: Path) -> None:
    schema = compiled(tmp_path, "plain", "deviating", plain=DEVIATED, deviating=DEVIATING)
    assert "/plain:c/gone" not in schema.by_path
    assert leaf(schema, "/plain:c/typed").default_value == 7
    few = schema.by_path["/plain:c/few"]
    assert isinstance(few, LeafList)
    assert (few.min_elements, few.max_elements) == (1, 2)
    assert leaf(schema, "/plain:c/must-be").mandatory
    kinds = {(each.kind, each.node) for each in schema.constraints}
    assert kinds == {("must", "/plain:c/must-be"), ("unique", "/plain:c/l")}
    assert schema.modules["plain"].deviations == ("deviating",)


def test_extensions_do_not_get_in_the_way(tmp_path: Path) -> None:
    schema = schema_of(
        "extension mark { argument text; } container c { t:mark here; anyxml any; }", tmp_path
    )
    assert set(schema.by_path) == {"/t:c", "/t:c/any"}


# ---- refusals: the statement and its place


def test_an_augment_of_a_module_that_is_not_in_the_set_is_refused(tmp_path: Path) -> None:
    other = 'module o { yang-version 1.1; namespace "urn:o"; prefix o; container c; }'
    (tmp_path / "o.yang").write_text(other)
    text = refusal('import o { prefix o; } augment "/o:c" { leaf x { type string; } }', tmp_path)
    assert "t.yang:2" in text and "augment '/o:c'" in text and "implement" in text


def test_a_mandatory_node_under_a_when_beyond_compiling_is_refused(tmp_path: Path) -> None:
    text = refusal(
        """
        list l { key k; leaf k { type string; } leaf n { type uint8; } }
        container c { leaf x { when "sum(../../l/n) > 3"; type string; mandatory true; } }
        """,
        tmp_path,
    )
    assert "t.yang:4" in text and "x is mandatory under this when" in text


def test_an_instance_identifier_in_a_union_is_refused_if_it_needs_an_instance(
    tmp_path: Path,
) -> None:
    text = refusal("leaf x { type union { type instance-identifier; type int8; } }", tmp_path)
    assert "leaf 'x'" in text


def test_an_identityref_behind_a_leafref_in_a_union_is_refused(tmp_path: Path) -> None:
    statements = """
        identity base; identity one { base base; }
        list l { key k; leaf k { type string; } }
        leaf x { type union { %s } }"""
    leafref, identity = 'type leafref { path "../l/k"; }', "type identityref { base base; }"
    text = refusal(statements % f"{leafref} {identity}", tmp_path)
    assert "leaf 'x'" in text and "before a leafref" in text
    schema = schema_of(statements % f"{identity} {leafref}", tmp_path)
    assert [each.kind for each in schema.constraints] == ["leafref"]


def test_a_unique_default_that_depends_on_other_nodes_is_refused(tmp_path: Path) -> None:
    text = refusal(
        """
        list l { key k; unique "p/u"; leaf k { type string; }
          container p { presence "p"; leaf u { type string; default "x"; } } }
        """,
        tmp_path,
    )
    assert "unique 'p/u'" in text and "t.yang:3" in text


def test_a_module_that_is_wrong_is_refused_with_pyangs_words(tmp_path: Path) -> None:
    assert "t.yang" in refusal("leaf x { type no-such-type; }", tmp_path)


def test_features_decide_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "f.yang").write_text(
        """module f { yang-version 1.1; namespace "urn:f"; prefix f;
        feature a; feature b; feature c { if-feature a; }
        leaf one { if-feature "a and not b"; type string; }
        leaf two { if-feature "b or (not a)"; type string; }
        leaf e { type enumeration { enum x { if-feature b; } enum y; } } }"""
    )
    text = compile_set(ModuleSet(("f",), (tmp_path,), Path(), {"f": ("a",)}), io.StringIO())
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    schema = namespace["SCHEMA"]
    assert set(schema.by_path) == {"/f:one", "/f:e"}
    assert schema.modules["f"].features == ("a",)
    assert schema.by_path["/f:e"].type.values == {"y": 1}
