"""Text -> expression."""

import pytest
from lxml import etree

from server.xpath.expressions import Path
from server.xpath.parser import MOST_CHARACTERS, MOST_LEVELS, BadXPath, parse
from server.xpath.text import TextOf

TREE = etree.fromstring(
    '<r><a x="1"><b>1</b><b>2</b><div>3</div></a><a><b>4</b><and>and</and></a><mod>2</mod></r>'
)
EXPRESSIONS = (
    "a",
    "a/b",
    "/a/b",
    "//b",
    "a//b",
    ".",
    "a/..",
    "a/b/text()",
    "a/@x",
    "//@*",
    "*",
    "a/*",
    "a[1]",
    "a[last()]/b[2]",
    "a[b='4']",
    'a[b="4"]',
    "a[b=4 or b=1]/b",
    "a[b and @x]",
    "a[not(@x)]",
    "a[count(b)=2]",
    "(//b)[2]",
    "//b[. > 1]",
    "//b[. mod 2 = 0]",
    "//b[. div 2 = 1]",
    "a/div",
    "//and",
    "//mod",
    "mod[. * 2 = 4]",
    "* [* = 4]",
    "a | mod | //b",
    "child::a/descendant::b",
    "descendant-or-self::node()/b",
    "a/b/following-sibling::b",
    "//b/preceding-sibling::*",
    "//b/ancestor::a",
    "self::node()/a",
    "a[position() = 2]",
    "//b[starts-with(., '1')]",
    "//*[local-name() = 'div']",
    "a[b[. = '2']]",
    "a[sum(b) > 3]",
    "a[-b = -4]",
    "a[- - b = 1]",
    "a[b - 1 = 0]",
    "//b[string-length(concat(., 'xy')) = 3]",
    "//node()",
    "a/b[true()]",
    "//b[boolean(../div)]",
    "a [ b = '1' ] / b",
    "//b[.='1' or .='2' or .='4'][2]",
    "//b[normalize-space(.)=translate('x','x','1')]",
)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_means_what_libxml2_takes_it_for(text: str) -> None:
    written = TextOf().expression(parse(text, {}))
    ours = TREE.xpath(written, root=[TREE])
    assert isinstance(ours, list)
    # There a path from the root has to name the element that stands for it here.
    theirs = etree.ElementTree(TREE).xpath(text if text[:1] != "/" else _from_root(text))
    assert isinstance(theirs, list)
    if text not in ("a/..", "//node()"):
        assert ours == theirs or {id(each) for each in ours} == {id(each) for each in theirs}


def _from_root(text: str) -> str:
    return text if text.startswith("//") else "/r" + text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at its end, the name of a node is missing"),
        ("/a[", "at its end"),
        ("/a[1", "']' is missing"),
        ("/a]", "']' is not expected"),
        ("a b", "'b' is not expected"),
        ("/a/", "the name of a node is missing"),
        ("//", "the name of a node is missing"),
        ("a[]", "the name of a node is missing"),
        ("a['x]", "is not known"),
        ("a#b", "'#b' is not known"),
        ("a = ", "at its end"),
        ("(a", "')' is missing"),
        ("upward::a", "'upward' is no axis"),
        ("$x/a", "there is no variable $x"),
        ("wizard(a)", "there is no function wizard()"),
        ("count()", "count() takes 1 arguments, not 0"),
        ("substring('a')", "substring() takes 2 to 3 arguments, not 1"),
        ("no:a", "the prefix 'no' of no:a is not declared"),
        ("a[no:b='1']", "the prefix 'no' of no:b is not declared"),
        ("a" * (MOST_CHARACTERS + 1), "characters"),
        ("(" * (MOST_LEVELS + 1) + "a", f"more than {MOST_LEVELS} levels"),
        ("a" + "[a" * (MOST_LEVELS + 1), f"more than {MOST_LEVELS} levels"),
        ("a" + "/." * 100, "more than 100 steps"),
        ("1" + "+1-1" * 300, "operators alternate"),
    ],
)
def test_what_is_no_xpath_is_told_with_its_place(text: str, says: str) -> None:
    with pytest.raises(BadXPath) as caught:
        parse(text, {})
    assert says in str(caught.value)
    assert len(str(caught.value)) < 300


def test_the_deepest_and_longest_that_is_taken_can_be_written_again() -> None:
    deep = "(" * (MOST_LEVELS - 2) + "a" + ")" * (MOST_LEVELS - 2)
    nested = "a" + "[a" * (MOST_LEVELS - 1) + "]" * (MOST_LEVELS - 1)
    changing = "a[1" + "+1-1" * 99 + "]"
    long = "a[" + " or ".join(f"b='{n}'" for n in range(1000)) + "]"
    many = " | ".join(f"a[b='{n}']" for n in range(1000))
    steps = "a" + "/." * 99
    for text in (deep, nested, changing, long, many, steps, "//*" * 50):
        assert TREE.xpath(TextOf().expression(parse(text, {})), root=[TREE]) is not None


def test_a_name_without_a_prefix_is_of_any_namespace() -> None:
    tree = etree.fromstring('<r><a xmlns="urn:1"><b xmlns="urn:2"/></a><b/></r>')
    written = TextOf().expression(parse("//b", {}))
    assert len(tree.xpath(written, root=[tree])) == 2


def test_a_prefix_is_bound_where_the_expression_is() -> None:
    tree = etree.fromstring('<r><a xmlns="urn:1"/><a xmlns="urn:2"/></r>')
    writer = TextOf()
    written = writer.expression(parse("p:a | q:*", {"p": "urn:1", "q": "urn:1"}))
    found = tree.xpath(written, namespaces=writer.namespaces)
    assert found == [tree[0]]


def test_the_root_has_no_name_and_nothing_around_it() -> None:
    tree = etree.fromstring("<root><a/></root>")
    for text in ("//a/ancestor::*", "ancestor-or-self::*", "//a/parent::root", "self::root"):
        assert tree.xpath(TextOf().expression(parse(text, {})), root=[tree]) == []


def test_a_slash_alone_is_the_root() -> None:
    assert parse(" / ", {}) == Path(True, ())
