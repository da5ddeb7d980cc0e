"""Data to select from, and three ways to select: as the server does, and by evaluating only."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from server.datastore.edit import read_configuration
from server.datastore.manner import PLAIN, Manner
from server.datastore.to_xml import Writer
from server.datastore.view import View
from server.xpath.evaluation import EvaluationLimits, evaluated, written
from server.xpath.expressions import Expression
from server.xpath.parser import parse
from server.xpath.selection import lookup, reach
from tests.end_to_end.conftest import LAB
from tests.yang.compiled import STANDARD, bindings
from yang.schema import Schema

TOP = "http://example.com/schema/1.2/config"
NAMESPACES: dict[str | None, str] = {"t": TOP}
USERS = "".join(
    f"<user><name>{name}</name><type>{kind}</type><full-name>{full}</full-name>"
    f"<company-info><dept>{dept}</dept><id>{number}</id></company-info></user>"
    for name, kind, full, dept, number in (
        ("root", "superuser", "Charlie Root", 1, 1),
        ("fred", "admin", "Fred Flintstone", 2, 2),
        ("barney", "admin", "Barney Rubble", 2, 3),
    )
)
ADDRESSES = "".join(
    f"<address><ip>{ip}</ip><prefix-length>{length}</prefix-length><note>{note}</note></address>"
    for ip, length, note in (("10.0.0.1", 8, "fred"), ("10.0.0.1", 16, "b"), ("10.0.0.2", 8, "a"))
)
DATA = (
    f'<top xmlns="{TOP}"><users>{USERS}</users>'
    "<groups><group><name>stone</name><member>fred</member><member>barney</member></group>"
    "<group><name>fred</name><member>wilma</member></group></groups>"
    f"<interfaces><interface><name>eth0</name><mtu>1500</mtu>{ADDRESSES}</interface>"
    "<interface><name>eth1</name></interface></interfaces></top>"
)


@cache
def schema() -> Schema:
    module, _ = bindings(["lab-users"], (LAB, STANDARD))
    found = module.SCHEMA
    assert isinstance(found, Schema)
    return found


@cache
def root() -> Any:
    return read_configuration(
        schema(), schema().root.empty, etree.fromstring(f"<config>{DATA}</config>")
    )


@cache
def view() -> View:
    return View(schema(), Writer(schema()), {})


def text(
    expression: Expression,
    whole: bool = False,
    limits: int = 10**60,
    manner: Manner = PLAIN,
) -> str:
    """Return what an expression selects by evaluating it: on all, or on what it reads."""
    wanted = None if whole else reach(schema().root, expression)

    def read(how: Manner) -> Iterator[bytes]:
        return view().configuration(root(), wanted, how)

    cost = EvaluationLimits(1 << 20, limits)
    return b"".join(
        written(evaluated(schema(), expression, NAMESPACES, read, cost, manner))
    ).decode()


def looked_up(expression: Expression, manner: Manner = PLAIN) -> str | None:
    """Return what a lookup shows; ``None`` where the expression is none."""
    found = lookup(schema().root, expression)
    return None if found is None else b"".join(view().configuration(root(), found, manner)).decode()


def selected(xpath: str) -> str:
    """Return what the server shows for an expression, on one line without the namespace."""
    expression = parse(xpath, NAMESPACES)
    found = looked_up(expression)
    evaluated_on_all = text(expression, whole=True)
    assert found in (None, evaluated_on_all)
    assert text(expression) == evaluated_on_all
    return evaluated_on_all.replace(f' xmlns="{TOP}"', "")
