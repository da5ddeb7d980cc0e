"""Indexes and constraints -> text of a bindings module."""

from collections.abc import Iterator

from yang.pyang_plugin.constraints import ConstraintText
from yang.pyang_plugin.index_text import IndexText


def index_lines(indexes: list[IndexText]) -> Iterator[str]:
    """Yield the table of indexes."""
    yield "INDEXES = ("
    for number, index in enumerate(indexes):
        order = f", lambda e: {index.order}" if index.order else ""
        yield f"    Index({number}, {index.path!r}, {index.values}{order}),"
    yield ")"
    yield ""


def constraint_lines(found: list[ConstraintText]) -> Iterator[str]:
    """Yield the tests and the table of constraints."""
    # Whens are asked for by XPath only where something is evaluated as XPath.
    whole = any(each.how != "local" for each in found if each.kind == "when") or any(
        each.how == "fallback" for each in found
    )
    for number, each in enumerate(found):
        yield from _test_lines(number, each)
    yield "CONSTRAINTS = ("
    for number, each in enumerate(found):
        yield from _constraint_lines(number, each, whole)
    yield ")"


def _test_lines(number: int, each: ConstraintText) -> Iterator[str]:
    if each.test is None:
        return
    yield f"def _c{number}(c: Any, find: Any) -> bool:"
    yield f'    """{each.kind} of {each.node.path or "/"}"""'
    yield "    e = c[0]"
    yield f"    return {each.test}"
    yield ""
    yield ""


def _constraint_lines(number: int, each: ConstraintText, whole: bool) -> Iterator[str]:
    yield "    Constraint("
    node, home = each.node.path or "/", each.home.path or "/"
    yield f"        {each.kind!r}, {node!r}, {home!r}, {each.how!r},"
    yield f"        {each.expression!r},"
    if each.message:
        yield f"        message={each.message!r},"
    if each.app_tag:
        yield f"        app_tag={each.app_tag!r},"
    if each.applies:
        yield f"        applies=lambda e: {each.applies},"
    if each.test:
        yield f"        test=_c{number},"
    if each.value and each.how == "fallback":
        yield f"        others={each.value},"
    elif each.value:
        yield f"        value=lambda e: {each.value},"
    if each.reverse:
        joined = "".join(f"Reverse({a}, {b}, {c}, {d}), " for a, b, c, d in each.reverse)
        yield f"        reverse=({joined}),"
    if each.upper:
        levels = (
            (level, "".join(f"{text}, " for text in sorted(texts)))
            for level, texts in each.upper.items()
        )
        upper = "".join(
            f"Around({level}, lambda e: ({texts})), " for level, texts in sorted(levels)
        )
        yield f"        upper=({upper}),"
    if each.context is not None and each.context is not each.node:
        yield f"        context={each.context.path!r},"
    if each.leafs:
        yield f"        leafs={each.leafs!r},"
    if each.xpath and whole:
        yield f"        xpath={each.xpath!r},"
    yield "    ),"
