"""``<edit-config>`` where the wire does not matter: every operation on every kind of node."""

from pathlib import Path

import pytest

from server.datastore.diff import changes_between
from tests.server.configuration import Configuration

MODULE = """
leaf leaf { type string; }
leaf-list sorted { type uint8; }
leaf-list ordered { type uint8; ordered-by user; }
list entry {
  key k;
  leaf v { type string; }
  leaf k { type string; }
  container inner { leaf z { type string; } }
}
list place {
  key "k j"; ordered-by user;
  leaf k { type string; } leaf j { type uint8; }
}
container plain { leaf x { type string; } leaf y { type string; } }
container present { presence "it"; leaf x { type string; } }
anydata any;
container either {
  choice which {
    case one { leaf one { type string; } container one-more { leaf x { type string; } } }
    case two { leaf two { type string; } leaf-list two-more { type string; } }
    case deep {
      leaf deep { type string; }
      choice inner { leaf left { type string; } leaf right { type string; } }
    }
  }
}
leaf kind { type string; }
leaf of-a { when "../kind = 'a'"; type string; }
"""


@pytest.fixture
def configured(tmp_path: Path) -> Configuration:
    return Configuration(MODULE, tmp_path)


def op(name: str) -> str:
    return f'nc:operation="{name}"'


ONE_OF_EACH = [
    ("<leaf {}>a</leaf>", "<leaf>a</leaf>", "/t:leaf"),
    ("<sorted {}>7</sorted>", "<sorted>7</sorted>", "/t:sorted[.='7']"),
    ("<ordered {}>7</ordered>", "<ordered>7</ordered>", "/t:ordered[.='7']"),
    ("<entry {}><k>a</k></entry>", "<entry><k>a</k></entry>", "/t:entry[t:k='a']"),
    ("<place {}><k>a</k><j>1</j></place>", "<place><k>a</k><j>1</j></place>",
     "/t:place[t:k='a'][t:j='1']"),
    ("<plain {}><x>a</x></plain>", "<plain><x>a</x></plain>", "/t:plain"),
    ("<present {}/>", "<present/>", "/t:present"),
    ("<any {}>a</any>", "<any>a</any>", "/t:any"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "shown", "path"), ONE_OF_EACH)
@pytest.mark.parametrize("default", ["merge", "replace", "none"])
def test_create_and_delete_of_every_kind_of_node(
    configured: Configuration, written: str, shown: str, path: str, default: str
) -> None:
    configured.edit(written.format(op("create")), default)
    assert configured.shown == shown
    if default != "replace":  # which starts from nothing, so that nothing is there to collide with
        error = configured.refusal(written.format(op("create")), default)
        assert (error.tag, error.path) == ("data-exists", path)
        configured.edit(written.format(op("delete")), default)
        assert configured.shown == ""
    error = configured.refusal(written.format(op("delete")), default)
    assert (error.tag, error.path) == ("data-missing", path)


@pytest.mark.parametrize(("written", "shown", "path"), ONE_OF_EACH)
def test_merge_replace_and_remove_of_every_kind_of_node(
    configured: Configuration, written: str, shown: str, path: str
) -> None:
    for operation in ("remove", "merge", "merge", "replace", "remove", "replace"):
        configured.edit(written.format(op(operation)), "none")
        assert configured.shown == ("" if operation == "remove" else shown)


@pytest.mark.parametrize(("written", "shown", "path"), ONE_OF_EACH)
def test_none_as_default_demands_what_is_named_and_leaves_it(
    configured: Configuration, written: str, shown: str, path: str
) -> None:
    if not path.startswith("/t:plain"):  # a container without presence has no level of its own
        assert configured.refusal(written.format(""), "none").path == path
    configured.edit(written.format(""))
    configured.edit(written.format("").replace("a</leaf", "b</leaf"), "none")
    assert configured.shown == shown


def test_replace_of_a_container_takes_what_is_not_given(configured: Configuration) -> None:
    configured.edit("<plain><x>1</x><y>2</y></plain><present><x>1</x></present>")
    configured.edit(f"<plain {op('replace')}><x>3</x></plain><present {op('replace')}/>")
    assert configured.shown == "<plain><x>3</x></plain><present/>"
    configured.edit(f"<plain {op('replace')}/>")
    assert configured.shown == "<present/>"


def test_replace_as_default_is_of_the_whole_datastore(configured: Configuration) -> None:
    configured.edit("<leaf>a</leaf><entry><k>a</k></entry>")
    configured.edit("", "replace")
    assert configured.shown == ""


def test_an_operation_holds_for_what_is_inside_until_another_is_given(
    configured: Configuration,
) -> None:
    configured.edit("<entry><k>a</k><v>1</v><inner><z>1</z></inner></entry>")
    error = configured.refusal(f"<entry {op('create')}><k>a</k></entry>")
    assert error.tag == "data-exists"
    inner = f"<entry><k>a</k><inner {op('replace')}/><v {op('create')}>2</v></entry>"
    assert configured.refusal(inner).path == "/t:entry[t:k='a']/t:v"
    configured.edit(
        f"<entry><k>a</k><inner {op('replace')}/><v {op('merge')}>2</v></entry>", "none"
    )
    assert configured.shown == "<entry><k>a</k><v>2</v></entry>"


def test_what_a_new_entry_deletes_is_not_there(configured: Configuration) -> None:
    error = configured.refusal(f"<entry {op('create')}><k>a</k><v {op('delete')}/></entry>")
    assert (error.tag, error.path) == ("data-missing", "/t:entry[t:k='a']/t:v")


def test_a_key_is_no_node_to_delete(configured: Configuration) -> None:
    configured.edit("<entry><k>a</k></entry>")
    error = configured.refusal(f"<entry><k {op('delete')}>a</k></entry>")
    assert (error.tag, error.path) == ("bad-attribute", "/t:entry[t:k='a']/t:k")


@pytest.mark.parametrize("operation", ["delete", "remove", "merge", "replace", "create"])
def test_a_key_that_is_there_twice_names_no_entry(
    configured: Configuration, operation: str
) -> None:
    configured.edit("<entry><k>a</k></entry><entry><k>b</k></entry>")
    error = configured.refusal(f"<entry {op(operation)}><k>a</k><v>1</v><k>b</k></entry>")
    assert (error.tag, error.info) == ("bad-element", (("bad-element", "k"),))
    assert configured.shown == "<entry><k>a</k></entry><entry><k>b</k></entry>"


def test_an_edit_that_changes_nothing_gives_the_tree_that_was(configured: Configuration) -> None:
    content = (
        "<leaf>a</leaf><sorted>1</sorted><ordered>2</ordered><ordered>1</ordered>"
        "<entry><k>a</k><v>1</v></entry><place><k>a</k><j>1</j></place><present/><any>1</any>"
    )
    configured.edit(content)
    before = configured.version.root
    for default in ("merge", "none", "replace"):
        configured.edit(content, default)
        assert configured.version.root is before


def test_a_configuration_shares_what_it_has_in_common_with_another(
    configured: Configuration,
) -> None:
    configured.edit(
        "<leaf>a</leaf><entry><k>a</k></entry><entry><k>b</k></entry><place><k>a</k><j>1</j></place>"
    )
    before = configured.version.root
    root = configured.edited("<entry><k>b</k></entry><place><k>a</k><j>1</j></place>", "replace")
    assert root.place is before.place
    (change, _) = changes_between(configured.schema, before, root)
    assert (change.path, change.old.k, change.new) == ("/t:entry", "a", None)


# ---- cases (RFC 7950, section 7.9)


@pytest.mark.parametrize("operation", ["delete", "remove"])
@pytest.mark.parametrize("order", [1, -1])
def test_the_old_case_may_be_deleted_by_name_before_or_behind_the_new_one(
    configured: Configuration, operation: str, order: int
) -> None:
    configured.edit("<either><one>1</one></either>")
    both = ["<two>2</two>", f"<one {op(operation)}/>"]
    configured.edit(f"<either>{''.join(both[::order])}</either>")
    assert configured.shown == "<either><two>2</two></either>"


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("<one>1</one>", "<two-more>2</two-more>", "<two-more>2</two-more>"),
        ("<one>1</one><one-more><x>1</x></one-more>", "<left>1</left>", "<left>1</left>"),
        ("<deep>1</deep><left>1</left>", "<right>1</right>", "<deep>1</deep><right>1</right>"),
        ("<deep>1</deep><left>1</left>", "<one-more><x>1</x></one-more>",
         "<one-more><x>1</x></one-more>"),
        ("<two>1</two>", "<one-more/>", "<two>1</two>"),
        ("<two>1</two>", f"<one {op('remove')}/>", "<two>1</two>"),
        ("<two>1</two>", f"<one {op('create')}>1</one>", "<one>1</one>"),
    ],
)  # fmt: skip
def test_a_new_case_takes_the_place_of_the_others(
    configured: Configuration, before: str, edit: str, after: str
) -> None:
    configured.edit(f"<either>{before}</either>")
    configured.edit(f"<either>{edit}</either>")
    assert configured.shown == f"<either>{after}</either>"


@pytest.mark.parametrize("two", ["<one>1</one><two>1</two>", "<left>1</left><right>1</right>"])
@pytest.mark.parametrize("attribute", ["", op("merge")])
def test_two_cases_in_one_edit_are_a_bad_element(
    configured: Configuration, two: str, attribute: str
) -> None:
    error = configured.refusal(f"<either {attribute}>{two}</either>")
    assert (error.tag, error.path) == ("bad-element", "/t:either")


# ---- what may not be given (RFC 7950, section 8.3.1)


@pytest.mark.parametrize(
    ("content", "tag", "path"),
    [
        ("<sorted>300</sorted>", "invalid-value", "/t:sorted[.='300']"),
        ("<entry><v>1</v></entry>", "missing-element", "/t:entry"),
        ("<entry><k>a</k></entry><entry><k>a</k></entry>", "bad-element", "/t:entry[t:k='a']"),
        ("<leaf>1</leaf><leaf>2</leaf>", "bad-element", "/t:leaf"),
        ("<sorted>1</sorted><sorted>01</sorted>", "bad-element", "/t:sorted[.='01']"),
        ("<any/><any/>", "bad-element", "/t:any"),
        ("<plain/><plain/>", "bad-element", "/t:plain"),
        ("<leaf><x/></leaf>", "bad-element", "/t:leaf"),
        ("<plain>text</plain>", "bad-element", "/t:plain"),
        ("<plain><x>1</x>text</plain>", "bad-element", "/t:plain"),
        ("<entry>text<k>a</k></entry>", "bad-element", "/t:entry[t:k='a']"),
        ("<entry><k>a</k><inner><z/>text</inner></entry>", "bad-element",
         "/t:entry[t:k='a']/t:inner"),
        ("text", "bad-element", "/"),
        ("<nothing/>", "unknown-element", "/"),
        ('<leaf xmlns="urn:nobody">1</leaf>', "unknown-namespace", "/"),
        ("<of-a>1</of-a>", "unknown-element", "/t:of-a"),
        ("<leaf nc:operation='frob'>1</leaf>", "bad-attribute", "/t:leaf"),
        ("<leaf operation='delete'>1</leaf>", "unknown-attribute", "/t:leaf"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("attribute", ["", f"<kind {op('merge')}>b</kind>"])
def test_what_does_not_fit_the_schema_is_told_with_its_tag(
    configured: Configuration, content: str, tag: str, path: str, attribute: str
) -> None:
    error = configured.refusal(content + attribute)
    assert (error.tag, error.path) == (tag, path)


def test_whitespace_between_elements_means_nothing(configured: Configuration) -> None:
    configured.edit("\n<entry>\n  <k>a</k>\n  <inner>\n <z>1</z>\n</inner>\t</entry>\n")
    assert configured.shown == "<entry><k>a</k><inner><z>1</z></inner></entry>"


# ---- insert (RFC 7950, sections 7.7.9, 7.8.6 and 15.7)


def place(attributes: str, key: str = "c") -> str:
    return f"<place {attributes}><k>{key}</k><j>1</j></place>"


@pytest.mark.parametrize(
    ("attributes", "order"),
    [
        ('yang:insert="first"', "cab"),
        ('yang:insert="last"', "abc"),
        ("", "abc"),
        ("yang:insert=\"before\" yang:key=\"[t:k='b'][t:j='1']\"", "acb"),
        ("yang:insert=\"after\" yang:key=\"[t:j='1'] [t:k = 'a']\"", "acb"),
        ("yang:insert=\"before\" yang:key=\"[k='a'][j='01']\"", "cab"),
    ],
)
@pytest.mark.parametrize("operation", ["create", "merge", "replace"])
def test_entries_go_where_insert_says(
    configured: Configuration, attributes: str, order: str, operation: str
) -> None:
    configured.edit(place("", "a") + place("", "b"))
    configured.edit(place(f"{attributes} {op(operation)}"))
    assert configured.shown == "".join(place("", key).replace(" >", ">") for key in order)
    error = configured.refusal(place(f"{attributes} {op('create')}"))
    assert error.tag == "data-exists"


@pytest.mark.parametrize(
    ("attributes", "order"),
    [
        ('yang:insert="first"', "312"),
        ('yang:insert="last"', "123"),
        ('yang:insert="before" yang:value="02"', "132"),
        ('yang:insert="after" yang:value="1"', "132"),
    ],
)
def test_values_go_where_insert_says(
    configured: Configuration, attributes: str, order: str
) -> None:
    configured.edit("<ordered>1</ordered><ordered>2</ordered>")
    configured.edit(f"<ordered {attributes}>3</ordered>")
    assert configured.shown == "".join(f"<ordered>{each}</ordered>" for each in order)


@pytest.mark.parametrize(
    ("content", "tag", "app_tag", "attribute"),
    [
        (place("yang:insert=\"after\" yang:key=\"[t:k='x'][t:j='1']\""),
         "bad-attribute", "missing-instance", "key"),
        ('<ordered yang:insert="before" yang:value="9">3</ordered>',
         "bad-attribute", "missing-instance", "value"),
        (place("yang:insert=\"after\" yang:key=\"[t:k='x'][t:j='300']\""),
         "bad-attribute", None, "key"),
        (place("yang:insert=\"after\" yang:key=\"[t:k='x']\""), "bad-attribute", None, "key"),
        (place("yang:insert=\"after\" yang:key=\"[q:k='x'][q:j='1']\""),
         "bad-attribute", None, "key"),
        (place("yang:insert=\"after\" yang:key=\"[nc:k='x'][nc:j='1']\""),
         "bad-attribute", None, "key"),
        (place('yang:insert="after" yang:key="k"'), "bad-attribute", None, "key"),
        ('<ordered yang:insert="before" yang:value="x">3</ordered>',
         "bad-attribute", None, "value"),
        (place('yang:insert="beside"'), "bad-attribute", None, "insert"),
        (place('yang:insert="after"'), "missing-attribute", None, "key"),
        ('<ordered yang:insert="after">3</ordered>', "missing-attribute", None, "value"),
        ('<entry yang:insert="first"><k>a</k></entry>', "unknown-attribute", None, "insert"),
        ('<sorted yang:insert="first">1</sorted>', "unknown-attribute", None, "insert"),
        ('<leaf yang:insert="first">1</leaf>', "unknown-attribute", None, "insert"),
        (place('yang:value="1"'), "unknown-attribute", None, "value"),
        ('<ordered yang:key="1">1</ordered>', "unknown-attribute", None, "key"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_told_with_its_attribute(
    configured: Configuration, content: str, tag: str, app_tag: str | None, attribute: str
) -> None:
    error = configured.refusal(content)
    assert (error.tag, error.app_tag) == (tag, app_tag)
    assert ("bad-attribute", attribute) in error.info


# ---- how it is laid out


def test_keys_come_first_and_in_the_order_of_the_key_statement(tmp_path: Path) -> None:
    configured = Configuration(
        """list l { key "b a"; leaf x { type string; } leaf a { type string; }
                    leaf-list y { type string; } leaf b { type string; } }""",
        tmp_path,
    )
    configured.edit("<l><a>1</a><x>2</x><y>3</y><b>4</b></l>")
    assert configured.shown == "<l><b>4</b><a>1</a><x>2</x><y>3</y></l>"
