"""The filter of a request: a subtree or an XPath, compiled once to what a view shows.

The law: an XPath that compiles to lookups is one; any other is evaluated on what it reads.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from server.datastore.filter import Filter
from server.datastore.manner import Manner
from server.errors import RpcError, bad_attribute, invalid_value, missing_attribute
from server.namespaces import BASE
from server.operations.engine import Engine
from server.operations.parameters import parameter, refuse_text
from server.xpath.evaluation import evaluated, written
from server.xpath.expressions import Current, Expression, of_context_node
from server.xpath.parser import BadXPath, parse
from server.xpath.selection import lookup, reach
from yang.schema import Container

FILTERS_REMEMBERED = 256
"""Of each kind, compiled: clients ask for the same again and again."""
MOST_REMEMBERED = 16_384
"""Characters of one that is, with its declarations: what is remembered outlives its session."""

Namespaces = Mapping[str | None, str]
Show = Callable[[Filter | None, Manner], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An XPath that has to be evaluated, and the prefixes around it."""

    expression: Expression
    namespaces: Namespaces


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show (``None``: everything), and what of it then has to be picked by evaluating."""

    filter: Filter | None = None
    xpath: Evaluated | None = None

    def shown(self, engine: Engine, show: Show, manner: Manner) -> Iterable[bytes]:
        """Return what is wanted of what a view shows."""

        if self.xpath is not None and manner.tagging is not None:
            # An expression sees what the request's etags would leave out.
            manner = replace(manner, tagging=replace(manner.tagging, prunes=False))

        def read(how: Manner) -> Iterable[bytes]:
            return show(self.filter, how)

        if self.xpath is None:
            return read(manner)
        limits = engine.evaluation_limits
        expression, namespaces = self.xpath.expression, self.xpath.namespaces
        return written(evaluated(engine.schema, expression, namespaces, read, limits, manner))


EVERYTHING = Wanted()


def filter_of(engine: Engine, request: etree._Element) -> Wanted:
    """Return what ``<filter>`` of a request wants (RFC 6241, sections 6 and 8.9)."""
    element = parameter(request, "filter")
    if element is None:
        return EVERYTHING
    select = xpath_of(element)
    if select is None:
        return Wanted(Filter.compile(engine.schema.root, element))
    return by_xpath(engine, select, element.nsmap)


def xpath_of(element: etree._Element) -> str | None:
    """Return the XPath of a ``<filter>``, None for a subtree; refuse other kinds."""
    kind = (_attribute(element, "type") or "subtree").strip()
    select = _attribute(element, "select")
    if kind == "subtree":
        if select is not None:
            # As a subtree it would be empty, and find nothing.
            raise bad_attribute("select", "filter", "select goes with type='xpath' only")
        refuse_text(element, "; an XPath is the attribute select, with type='xpath'")
        return None
    if kind != "xpath":
        raise _bad_kind(kind)
    if select is None:
        raise missing_attribute("select", "filter", kind="protocol")
    return select


def by_xpath(engine: Engine, text: str, namespaces: Namespaces) -> Wanted:
    """Return what an XPath wants; raises RpcError for one that is none."""
    declared = tuple(namespaces.items())
    compiled = _compiled if is_remembered(text, namespaces) else _compiled.__wrapped__
    try:
        return compiled(engine.schema.root, text, declared)
    except BadXPath as error:
        raise invalid_value(str(error)) from None


def is_remembered(text: str, namespaces: Namespaces) -> bool:
    """Tell whether what a filter is compiled to may be remembered."""
    declared = sum(len(prefix or "") + len(uri) for prefix, uri in namespaces.items())
    return len(text) + declared <= MOST_REMEMBERED


def parsed_condition(text: str, namespaces: Namespaces) -> Expression:
    """Return an XPath about nodes, each its current(), as what it means.

    Raises RpcError for one that is none.
    """
    try:
        return of_context_node(parse(text, dict(namespaces), Current()))
    except BadXPath as error:
        raise invalid_value(str(error)) from None


@lru_cache(maxsize=FILTERS_REMEMBERED)
def _compiled(root: Container, text: str, namespaces: tuple[tuple[str | None, str], ...]) -> Wanted:
    """What was compiled never changes."""
    expression = parse(text, dict(namespaces))
    found = lookup(root, expression)
    if found is not None:
        return Wanted(found)
    return Wanted(reach(root, expression), Evaluated(expression, dict(namespaces)))


def _attribute(element: etree._Element, name: str) -> str | None:
    found = element.get(name)
    return element.get(f"{{{BASE}}}{name}") if found is None else found


def _bad_kind(kind: str) -> RpcError:
    return RpcError(
        "bad-attribute",
        f"there is no filter of the type {kind!r}; there are subtree and xpath",
        kind="protocol",
        info=(("bad-attribute", "type"), ("bad-element", "filter")),
    )
