"""Default data in the four modes (RFC 6243)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lxml import etree

from server.datastore.defaults import DefaultsOf, Mode, filled, trimmed
from server.datastore.edit import read_configuration
from server.datastore.manner import Manner
from server.datastore.to_xml import Writer
from server.datastore.view import View
from server.validation.fallback import Fallback
from server.validation.validator import Validator
from tests.differential import broad
from tests.differential.documents import Drawer
from tests.differential.engine import Engine
from tests.yang.compiled import bindings, module_of
from yang.schema import Schema

# RFC 6243, appendix A.1 (with the default of status where an errata report puts it).
EXAMPLE = """
  typedef status-type {
    type enumeration {
      enum up; enum 'waking up'; enum 'not feeling so good';
      enum 'better check it out'; enum 'better call for help';
    }
    default up;
  }
  container interfaces {
    list interface {
      key name;
      leaf name { type string { length "1 .. max"; } }
      leaf mtu { type uint32; default 1500; }
      leaf status { config false; type status-type; }
    }
  }
"""
CONFIGURED = (("eth0", 8192), ("eth1", None), ("eth2", 9000), ("eth3", 1500))
STATUS = ("up", "up", "not feeling so good", "waking up")


def interface(name: str, *leafs: str) -> str:
    return f"<interface><name>{name}</name>{''.join(leafs)}</interface>"


def tagged(leaf: str) -> str:
    return leaf.replace(">", ' wd:default="true">', 1)


def mtu(value: int) -> str:
    return f"<mtu>{value}</mtu>"


def status(value: str) -> str:
    return f"<status>{value}</status>"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    found = module_of(EXAMPLE, tmp_path_factory.mktemp("yang"), "exam").SCHEMA
    assert isinstance(found, Schema)
    return found


def shown_interfaces(schema: Schema, mode: Mode) -> str:
    """Return what get shows of the data of RFC 6243, appendix A.2."""
    entries = "".join(interface(name, mtu(value) if value else "") for name, value in CONFIGURED)
    config = f'<config><interfaces xmlns="urn:exam">{entries}</interfaces></config>'
    root = read_configuration(schema, schema.root.empty, etree.fromstring(config))
    states = [
        {"name": name, "status": told} for (name, _), told in zip(CONFIGURED, STATUS, strict=True)
    ]
    providers = {"/exam:interfaces/interface": lambda: states}
    parts = View(schema, Writer(schema), providers).everything(root, None, Manner(mode))
    text = b"".join(parts).decode()
    begin = text.index("<interface>")
    return text[begin : text.index("</interfaces>")]


def test_report_all_shows_every_value(example: Schema) -> None:  # A.3.1
    assert shown_interfaces(example, Mode.REPORT_ALL) == "".join(
        (
            interface("eth0", mtu(8192), status("up")),
            interface("eth1", mtu(1500), status("up")),
            interface("eth2", mtu(9000), status("not feeling so good")),
            interface("eth3", mtu(1500), status("waking up")),
        )
    )


def test_report_all_tagged_marks_what_nobody_set(example: Schema) -> None:  # A.3.2
    assert shown_interfaces(example, Mode.REPORT_ALL_TAGGED) == "".join(
        (
            interface("eth0", mtu(8192), tagged(status("up"))),
            interface("eth1", tagged(mtu(1500)), tagged(status("up"))),
            interface("eth2", mtu(9000), status("not feeling so good")),
            interface("eth3", mtu(1500), status("waking up")),
        )
    )


def test_trim_leaves_out_what_is_as_by_default(example: Schema) -> None:  # A.3.3
    assert shown_interfaces(example, Mode.TRIM) == "".join(
        (
            interface("eth0", mtu(8192)),
            interface("eth1"),
            interface("eth2", mtu(9000), status("not feeling so good")),
            interface("eth3", status("waking up")),
        )
    )


def test_explicit_shows_what_a_client_set_and_state(example: Schema) -> None:  # A.3.4
    assert shown_interfaces(example, Mode.EXPLICIT) == "".join(
        (
            interface("eth0", mtu(8192), status("up")),
            interface("eth1", status("up")),
            interface("eth2", mtu(9000), status("not feeling so good")),
            interface("eth3", mtu(1500), status("waking up")),
        )
    )


# ---- modules that use defaults in every way, and random documents


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


@pytest.fixture(scope="module")
def roots(schema: Schema) -> list[Any]:
    """Valid configurations, with many defaults in use and not in use."""
    engine = Engine(schema, Validator(schema))
    found = []
    for about in broad.SHARES:
        drawer = Drawer(schema, broad.domains(about), Random(3))
        verdicts = (engine.load(drawer.document()) for _ in range(60))
        found += [v.version.root for v in verdicts if v.accepted and v.version is not None]
    assert len(found) > 30
    return found


def written(schema: Schema, root: Any, mode: Mode) -> etree._Element:
    view = View(schema, Writer(schema), {})
    parts = b"".join(view.configuration(root, None, Manner(mode)))
    return etree.fromstring(b"<config>" + parts + b"</config>")


def leafs(schema: Schema, top: etree._Element) -> Counter[tuple[str, str]]:
    """Count leafs with their values; of paths and identities only that they are there."""

    def below(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        for child in element:
            node: Any = schema.by_path[f"{path}/{name(child, path)}"]
            if hasattr(node, "children"):
                yield from below(child, node.at.path)
            elif hasattr(node, "type"):
                yield node.at.path, "" if node.type.contextual else child.text or ""

    def name(element: etree._Element, path: str) -> str:
        local = etree.QName(element)
        module = schema.module_of_namespace[local.namespace or ""].name
        around = [step.partition(":")[0] for step in path.split("/") if ":" in step]
        return local.localname if around[-1:] == [module] else f"{module}:{local.localname}"

    return Counter(below(top, ""))


def test_report_all_shows_the_accessible_tree(schema: Schema, roots: list[Any]) -> None:
    for root in roots:
        accessible = Fallback(schema, ()).tree(root).top
        assert leafs(schema, written(schema, root, Mode.REPORT_ALL)) == leafs(schema, accessible)


def test_a_filled_or_trimmed_copy_is_what_is_shown(schema: Schema, roots: list[Any]) -> None:
    for root in roots:
        for mode, copy in ((Mode.REPORT_ALL, filled), (Mode.TRIM, trimmed)):
            assert etree.tostring(written(schema, copy(schema, root), Mode.EXPLICIT)) == (
                etree.tostring(written(schema, root, mode))
            )


def test_what_is_shown_tagged_can_be_sent_back(schema: Schema, roots: list[Any]) -> None:
    for root in roots:
        config = written(schema, root, Mode.REPORT_ALL_TAGGED)
        assert read_configuration(schema, schema.root.empty, config) == root


def test_a_copy_in_which_nothing_changes_is_the_same_object(schema: Schema) -> None:
    empty = schema.root.empty
    assert trimmed(schema, empty) is empty
    whole = filled(schema, empty)
    assert whole is not empty
    assert filled(schema, whole) is whole


def test_a_default_is_in_use_where_its_case_and_its_when_are(tmp_path: Path) -> None:
    found: Schema = module_of(
        """
        container c {
          leaf kind { type string; }
          leaf a { when "../kind = 'a'"; type string; default "x"; }
          container inner { when "../kind = 'b'"; leaf b { type int8; default 3; } }
          leaf-list many { type string; default "m"; default "n"; ordered-by user; }
          choice which {
            default one;
            case one { leaf first { type string; default "1"; } }
            case two { leaf second { type string; } leaf third { type string; default "3"; } }
          }
        }
        container p { presence "It is."; leaf q { type boolean; default false; } }
        list e { key k; leaf k { type string; }
          leaf far { when "count(/c/kind) = 1"; type string; default "f"; } }
        """,
        tmp_path,
    ).SCHEMA
    assert DefaultsOf(found).may_be_implied(found.by_path["/t:c/inner"])

    def shown(content: str) -> set[str]:
        config = etree.fromstring(f'<config xmlns="urn:t">{content}</config>')
        config.tag = "config"
        root = written(found, read_configuration(found, found.root.empty, config), Mode.REPORT_ALL)
        return {etree.QName(e).localname + "=" + (e.text or "") for e in root.iter() if not len(e)}

    many = {"many=m", "many=n"}
    assert shown("") == {"first=1", *many}
    assert shown("<c><kind>a</kind></c>") == {"kind=a", "a=x", "first=1", *many}
    assert shown("<c><kind>b</kind></c>") == {"kind=b", "b=3", "first=1", *many}
    assert shown("<c><second>s</second></c>") == {"second=s", "third=3", *many}
    assert shown("<c><many>z</many></c>") == {"many=z", "first=1"}
    assert shown("<p/>") == {"q=false", "first=1", *many}
    assert shown("<e><k>1</k></e>") == {"k=1", "first=1", *many}
    far = shown("<e><k>1</k></e><c><kind>z</kind></c>")
    assert far == {"k=1", "far=f", "kind=z", "first=1", *many}
