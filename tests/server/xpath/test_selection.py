"""What XPath filters select: by lookups, and by evaluating on what the expression reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.datastore.defaults import Mode
from server.datastore.manner import Manner, OriginFilter
from server.errors import RpcError
from server.xpath.cost import degree
from server.xpath.parser import parse
from server.xpath.selection import lookup, reach
from tests.server.xpath.stone_age import NAMESPACES, TOP, looked_up, schema, selected, text

FRED = (
    "<user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name>"
    "<company-info><dept>2</dept><id>2</id></company-info></user>"
)
NAMES = ("top", "users", "user", "name", "type", "dept", "company-info", "member", "address", "ip")
VALUES = ("'fred'", "'admin'", "2", "'2'", "'10.0.0.1'", "8", "'02'", "1.0")


@pytest.mark.parametrize(
    "xpath",
    [
        "/t:top/t:users/t:user[t:name='fred']",
        "t:top/users/user[name='fred']",
        "/top/users/user['fred'=name]",
        "//user[name='fred']",
        "/*/*/user[name='fred']",
        "/descendant::user[name='fred']",
        "/top/users/user[name='fred' and type='admin']",
        "/top/users/user[name='fred'][type='admin']",
        "/top//./user[name='fred']",
    ],
)
def test_an_entry_named_by_its_key_is_a_lookup(xpath: str) -> None:
    assert looked_up(parse(xpath, NAMESPACES)) is not None
    assert selected(xpath) == f"<top><users>{FRED}</users></top>"


def test_ancestors_come_with_their_keys_and_nothing_else() -> None:
    assert selected("/top/users/user[name='fred']/company-info/dept") == (
        "<top><users><user><name>fred</name><company-info><dept>2</dept></company-info>"
        "</user></users></top>"
    )
    assert selected("//address[note='b']/note") == (
        "<top><interfaces><interface><name>eth0</name><address><ip>10.0.0.1</ip>"
        "<prefix-length>16</prefix-length><note>b</note></address></interface></interfaces></top>"
    )


def test_what_is_not_there_is_not_shown_by_its_ancestors() -> None:
    for xpath in (
        "/top/users/user[name='wilma']",
        "/top/interfaces/interface[name='eth1']/mtu",
        "/top/users/user[name='fred']/company-info[dept='9']",
        "/top/wizards",
        "/wizards//*",
        "/top/users/user[name='fred']/name/nothing",
        "/top/users/user[name='fred'][name='root']",
    ):
        assert selected(xpath) == "", xpath


def test_a_union_is_shown_together() -> None:
    xpath = "/top/users/user[name='fred']/type | //group[name='stone']/name"
    assert looked_up(parse(xpath, NAMESPACES)) is not None
    assert selected(xpath) == (
        "<top><users><user><name>fred</name><type>admin</type></user></users>"
        "<groups><group><name>stone</name></group></groups></top>"
    )


def test_one_of_several_values_is_a_lookup() -> None:
    xpath = "/top/users/user[name='fred' or name='root']/type"
    assert looked_up(parse(xpath, NAMESPACES)) is not None
    assert selected(xpath).count("<user>") == 2


def test_numbers_compare_as_numbers_and_strings_as_they_are_written() -> None:
    assert selected("//company-info[dept=2]/id").count("<id>") == 2
    assert selected("//company-info[dept='02']") == ""
    assert selected("//company-info[dept=2.0]/id").count("<id>") == 2
    assert selected("//company-info[dept=02]/id").count("<id>") == 2


def test_one_value_of_a_leaf_list() -> None:
    xpath = "/top/groups/group[name='stone']/member[.='fred']"
    assert looked_up(parse(xpath, NAMESPACES)) is not None
    assert selected(xpath) == (
        "<top><groups><group><name>stone</name><member>fred</member></group></groups></top>"
    )


def test_positions_axes_and_functions_are_evaluated() -> None:
    assert selected("/top/users/user[2]/name") == (
        "<top><users><user><name>fred</name></user></users></top>"
    )
    assert "barney" in selected("(//name)[1]")
    assert selected("//user[name='fred']/following-sibling::user/type").count("superuser") == 1
    assert selected("//user[starts-with(full-name, 'Fred')]/type").count("admin") == 1
    assert selected("//user[re-match(full-name, 'B.*e')]/type").count("admin") == 1
    assert selected("//member[. = /top/users/user/name]").count("<member>") == 2
    assert selected("//user[name = current()//member]/type").count("<type>") == 2
    assert selected("//user[not(company-info/dept = 2)]/type").count("<type>") == 1


def test_a_text_stands_for_what_holds_it() -> None:
    assert selected("//user[2]/name/text()") == (
        "<top><users><user><name>fred</name></user></users></top>"
    )


def test_the_root_is_everything() -> None:
    everything = text(parse("/*", {}), whole=True).replace(f' xmlns="{TOP}"', "")
    for xpath in ("/", ".", "/*", "*", "//*", "/top/..", "//user/ancestor::node()"):
        assert selected(xpath) == everything


@pytest.mark.parametrize("xpath", ["1", "'a'", "count(//user)", "true()", "//user = 'x'", "1 + 1"])
def test_what_is_no_set_of_nodes_is_refused(xpath: str) -> None:
    with pytest.raises(RpcError) as caught:
        selected(xpath)
    assert caught.value.tag == "invalid-value"
    assert "a filter must select nodes" in caught.value.message


def test_what_is_read_is_bounded() -> None:
    entry = parse("/top/users/user[name='fred'][1]", NAMESPACES)
    assert not reach(schema().root, entry).is_whole
    outside = parse("/top/users/user[../../groups/group]", NAMESPACES)
    assert reach(schema().root, outside).is_whole


def test_finding_out_what_is_a_lookup_is_bounded() -> None:
    once = parse("//*//note", NAMESPACES)
    assert lookup(schema().root, once) is not None
    often = parse(" | ".join(["//*//note"] * 1300), NAMESPACES)
    assert lookup(schema().root, often) is None
    assert reach(schema().root, often).is_whole
    assert text(often) == text(once)


@pytest.mark.parametrize(
    ("xpath", "expected"),
    [
        ("/a/b[c='1']/d", 1),
        ("//a[b='1']", 1),
        ("//a[count(//b) > 1]", 2),
        ("//a[b = //c]", 2),
        ("//a[count(//b[count(//c) > 1]) > 1]", 3),
        ("//*//*", 2),
        ("//a/following-sibling::a", 2),
        ("(//a | //b)[1]", 2),
        ("//a[//b = //c]", 3),
    ],
)
def test_the_cost_of_an_expression_is_known_before(xpath: str, expected: int) -> None:
    assert degree(parse(xpath, {})) == expected


def test_an_expression_that_costs_too_much_is_refused() -> None:
    costly = parse("//*[count(//*[count(//*) > 1]) > 1]", {})
    with pytest.raises(RpcError) as caught:
        text(costly, limits=10_000)
    assert caught.value.tag == "resource-denied"
    assert "name entries by their keys" in caught.value.message
    assert text(parse("//*[1]", {}), limits=10_000)


# ---- lookups, evaluating on what is read, and evaluating on everything agree

names = st.sampled_from((*NAMES, "*", "t:user", "t:*", "t:name", "node()", ".", "text()", "@x"))
values = st.sampled_from(VALUES)
comparisons = st.builds("{}={}".format, names, values)
conditions = st.one_of(
    comparisons,
    comparisons,
    st.builds("{} and {}".format, comparisons, comparisons),
    st.builds("{} or {}".format, comparisons, comparisons),
    st.sampled_from(("1", "2", "last()", "name", "../name='fred'", "count(*)>1", "//member=name")),
    st.builds("not({})".format, comparisons),
)
steps = st.builds(
    lambda name, predicates: name if name == "." else name + "".join(f"[{p}]" for p in predicates),
    names,
    st.lists(conditions, max_size=2),
)
separators = st.sampled_from(("/", "/", "//", "/descendant::", "/self::", "/parent::"))


@st.composite
def paths(draw: st.DrawFn) -> str:
    found = draw(st.sampled_from(("/top/", "//", "", "/", "/top/users/", "/descendant::")))
    for index in range(draw(st.integers(1, 4))):
        step = draw(steps)
        separator = draw(separators) if index else ""
        before = found + separator
        if before.endswith("::") and step[0] in ".@":
            before = before.rpartition("/")[0] + "/"
        found = before + step
    return found


@settings(max_examples=1500, deadline=None)
@given(st.one_of(paths(), st.builds("{} | {}".format, paths(), paths())))
def test_every_way_to_select_gives_the_same(xpath: str) -> None:
    expression = parse(xpath, NAMESPACES)
    on_everything = text(expression, whole=True)
    assert text(expression) == on_everything
    assert looked_up(expression) in (None, on_everything)


manners = st.builds(
    Manner,
    defaults=st.sampled_from(Mode),
    config=st.sampled_from((None, None, True, False)),
    origins=st.sampled_from(
        (
            None,
            OriginFilter(("ietf-origin:default",)),
            OriginFilter(("ietf-origin:intended", "ietf-origin:system")),
            OriginFilter(("ietf-origin:default",), negated=True),
            OriginFilter(("ietf-origin:origin",)),
        )
    ),
    with_origin=st.booleans(),
    depth=st.sampled_from((None, 1, 2, 3, 4)),
)


@settings(max_examples=1500, deadline=None)
@given(paths(), manners)
def test_a_manner_narrows_lookups_and_evaluated_paths_alike(xpath: str, manner: Manner) -> None:
    expression = parse(xpath, NAMESPACES)
    found = looked_up(expression, manner)
    if found is not None:
        evaluated = text(expression, manner=manner)
        assert canonical(found) == canonical(evaluated)


def canonical(shown: str) -> bytes:
    """Return XML without the namespaces that are declared and not used."""
    tree = etree.fromstring(f"<data>{shown}</data>")
    etree.cleanup_namespaces(tree)
    return etree.tostring(tree, method="c14n")


def test_many_expressions_are_lookups() -> None:
    found = [
        lookup(schema().root, parse(f"/top/users/user[{leaf}={value}]/{below}", NAMESPACES))
        for leaf in ("name", "type", "t:full-name")
        for value in ("'fred'", '"x"')
        for below in ("name", "*", "company-info/dept", ".", "/id", "company-info[dept=2]")
    ]
    assert None not in found
