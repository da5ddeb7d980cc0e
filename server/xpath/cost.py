"""How much evaluating an expression can cost, before it is evaluated.

The law: nothing is evaluated whose bound is over the limit. libxml2 cannot be stopped once it has
begun, and an expression of 40 characters can keep it busy for years.
"""

from server.xpath.expressions import (
    ATTRIBUTE,
    CHILD,
    SELF,
    Expression,
    Operation,
    Path,
    Step,
    operands_of,
    predicates_of,
)

_NARROW = frozenset({CHILD, SELF, ATTRIBUTE})
"""Axes by which a path visits each node once, whatever number of nodes it starts from."""


def degree(expression: Expression) -> int:
    """Return n where evaluating visits about (size of the tree) ** n nodes at most."""
    below = [degree(each) for each in operands_of(expression)]
    nested = [degree(each) for each in predicates_of(expression)]
    own = 0
    if isinstance(expression, Path):
        own = _scans(expression)
    elif isinstance(expression, Operation) and expression.operator in ("|", "=", "!=", "<", ">"):
        # Every node of one side may be held against every node of the other.
        return sum(sorted(below)[-2:])
    return max(max(below, default=0), own) + max(nested, default=0)


def _scans(path: Path) -> int:
    wide = sum(not _is_narrow(step) for step in path.steps)
    return max(wide, 1 if path.absolute or path.start is not None else 0)


def _is_narrow(step: Step) -> bool:
    return step.axis in _NARROW
