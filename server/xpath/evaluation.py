"""What only evaluating can select: libxml2 asked on the XML of what the expression reads.

The law: the answer is the selected nodes with all that is in them, their ancestors, and the keys
of the entries among these (RFC 6241, section 8.9; RFC 8526, get-data).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log10
from typing import Any

from lxml import etree

from server.datastore.manner import PLAIN, Manner
from server.errors import invalid_value, resource_denied
from server.xpath.cost import degree
from server.xpath.expressions import Call, Expression, Filtered
from server.xpath.functions import extensions
from server.xpath.narrowing import narrow, reading
from server.xpath.text import TextOf
from yang.schema import LIST, Schema

_ROOT = "root-of-the-datastore"
_PARSER_OPTIONS: Mapping[str, Any] = {
    "huge_tree": True,
    "resolve_entities": False,
    "no_network": True,
    "remove_pis": True,
}


@dataclass(frozen=True, slots=True)
class EvaluationLimits:
    """What evaluating may cost."""

    octets: int = 64 << 20
    """Of the XML that the expression reads."""
    visits: int = 50_000_000
    """Of nodes, at most."""


class NoNodes(Exception):
    """An expression gives something else than data nodes; says what."""


def evaluated(
    schema: Schema,
    expression: Expression,
    namespaces: Mapping[str | None, str],
    read: Callable[[Manner], Iterable[bytes]],
    limits: EvaluationLimits,
    manner: Manner = PLAIN,
) -> etree._Element:
    """Return what the expression selects of what ``read`` shows, as a tree of it below its root.

    ``namespaces`` are the prefixes of identities that strings of the expression name. Raises
    RpcError where evaluating would cost too much, or gives no set of nodes.
    """
    tree = _parsed(read(reading(manner)), limits)
    _refuse_costly(expression, tree, limits)
    selected = set(_nodes(_Tree(schema, tree, namespaces).select(expression), tree))
    around = {above for each in selected for above in each.iterancestors()}
    if tree not in selected:
        _prune(schema, tree, selected, around)
    narrow(schema, tree, selected, manner)
    return tree


def selected(
    schema: Schema,
    expression: Expression,
    namespaces: Mapping[str | None, str],
    read: Callable[[Manner], Iterable[bytes]],
    limits: EvaluationLimits,
) -> tuple[etree._Element, list[etree._Element], float]:
    """Return the root of what ``read`` shows, the elements in it that are selected, and its cost.

    The cost is in visits of nodes, at most. Raises RpcError where evaluating would cost too much;
    NoNodes where it gives no data nodes.
    """
    tree = _parsed(read(PLAIN), limits)
    visits = _refuse_costly(expression, tree, limits)
    result = _Tree(schema, tree, namespaces).select(expression)
    if not isinstance(result, list):
        raise NoNodes("it gives a value, not a set of nodes")
    if not all(isinstance(each, etree._Element) and each is not tree for each in result):
        raise NoNodes("it selects the root, texts or attributes, which are no data nodes")
    return tree, result, visits


def fitting(
    schema: Schema,
    path: Expression,
    condition: Expression,
    namespaces: Mapping[str | None, str],
    read: Callable[[Manner], Iterable[bytes]],
    limits: EvaluationLimits,
) -> list[etree._Element]:
    """Return the elements of a path for which a condition holds; to it each is current().

    Costs an evaluation for each of them; raises RpcError where that would be too much.
    """
    tree = _parsed(read(PLAIN), limits)
    # As if it were a predicate of the path: it is evaluated at each node that the path finds.
    _refuse_costly(Filtered(path, (condition,)), tree, limits)
    below = _Tree(schema, tree, namespaces)
    wanted = Call("boolean", (condition,))
    return [each for each in below.select(path) if below.select(wanted, each)]


def _parsed(read: Iterable[bytes], limits: EvaluationLimits) -> etree._Element:
    parts, size = [b"<%b>" % _ROOT.encode()], 0
    for part in read:
        size += len(part)
        if size > limits.octets:
            raise resource_denied(
                f"the XPath would have to be evaluated on more than {limits.octets} octets of"
                " data; name entries by their keys, or use a subtree filter"
            )
        parts.append(part)
    parts.append(b"</%b>" % _ROOT.encode())
    parsed: etree._Element = etree.fromstring(b"".join(parts), etree.XMLParser(**_PARSER_OPTIONS))
    return parsed


def _refuse_costly(expression: Expression, tree: etree._Element, limits: EvaluationLimits) -> float:
    """Return how many nodes evaluating may visit; raises RpcError for more than the limit."""
    size = float(tree.xpath("count(//node())"))
    exponent = max(1, degree(expression)) * log10(max(size, 1.0))
    if exponent > log10(limits.visits):
        raise resource_denied(
            f"the XPath could visit 10^{exponent:.1f} nodes, the limit is {limits.visits:,}; name"
            " entries by their keys, and avoid // and the axes of siblings inside predicates"
        )
    return float(10**exponent)


def _nodes(result: Any, tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a result; of a text or an attribute that which holds it."""
    if not isinstance(result, list):
        kind = {bool: "a boolean", float: "a number"}.get(type(result), "a string")
        raise invalid_value(f"the XPath gives {kind}, a filter must select nodes")
    for each in result:
        if isinstance(each, etree._Element):
            yield each
        elif isinstance(each, str):
            holder = each.getparent()  # type: ignore[attr-defined]
            if holder is not None:
                yield holder
        elif not isinstance(each, tuple):  # A namespace node is a pair and no data.
            yield tree


def _prune(
    schema: Schema,
    tree: etree._Element,
    selected: set[etree._Element],
    around: set[etree._Element],
) -> None:
    pending: list[tuple[Any, etree._Element]] = [(schema.root, tree)]
    while pending:
        node, element = pending.pop()
        keys = set()
        if node is not None and node.kind == LIST:
            keys = {leaf.at.tag for leaf in node.key_leafs}
        for child in list(element):
            if child in selected or child.tag in keys:
                continue
            if child in around:
                below = getattr(node, "by_tag", {}).get(child.tag)
                pending.append((below, child))
            else:
                element.remove(child)


class _Tree:
    """The XML of data of a schema, as its writer wrote it."""

    def __init__(
        self, schema: Schema, top: etree._Element, namespaces: Mapping[str | None, str]
    ) -> None:
        self._schema = schema
        self._top = top
        self._namespaces = namespaces
        self._modules = {each.name: each.namespace for each in schema.modules.values()}
        self._extensions: Any = extensions(schema, self)

    def select(self, expression: Expression, at: etree._Element | None = None) -> Any:
        """Return what an expression gives at an element, or at the root."""
        written = TextOf()
        text = written.expression(expression)
        try:
            return self._evaluate(text, self._top if at is None else at, written.namespaces)
        except etree.XPathError as error:
            raise invalid_value(f"the XPath cannot be evaluated: {error}") from None

    def evaluate(self, expression: str, element: etree._Element) -> Any:
        """Evaluate a constraint's XPath at an element."""
        return self._evaluate(expression, element, self._modules)

    def _evaluate(self, text: str, element: etree._Element, namespaces: Mapping[str, str]) -> Any:
        return element.xpath(
            text,
            namespaces=dict(namespaces) or None,
            extensions=self._extensions,
            root=[self._top],
            current=[element],
        )

    def schema_path(self, element: etree._Element) -> str:
        """Return the schema path of an element."""
        node: Any = self._schema.root
        for each in [element, *element.iterancestors()][-2::-1]:
            node = getattr(node, "by_tag", {}).get(each.tag)
        return "" if node is None else node.at.path

    def identity(self, element: etree._Element) -> str:
        """Return the identity that a leaf holds."""
        return self._identity((element.text or "").strip(), element.nsmap)

    def identity_named(self, name: str) -> str:
        """Return an identity of the expression, whose prefixes are the client's."""
        return self._identity(name, self._namespaces)

    def _identity(self, name: str, namespaces: Mapping[str | None, str]) -> str:
        prefix, _, local = name.rpartition(":")
        module = self._schema.module_of_namespace.get(namespaces.get(prefix or None, ""))
        return name if module is None else f"{module.name}:{local}"


def written(tree: etree._Element) -> Iterator[bytes]:
    """Yield the text of what ``evaluated`` returned."""
    for child in tree:
        yield etree.tostring(child, encoding="us-ascii")
