"""Whether what nobody configured is there: defaults, and containers without presence."""

from typing import Any

from yang.schema import DataNode, Inner, is_absent


def is_in_use(node: Inner, child: DataNode, value: Any) -> bool:
    """Tell whether what nobody configured is there all the same (RFC 7950, 7.5.1, 7.6.1, 7.7.2).

    In a case it is only if the case is chosen, or is the default of a choice of which none is.
    """
    for choice, case in child.cases:
        chosen: set[str | None] = {
            dict(other.cases)[choice]
            for other in node.slots
            if choice in dict(other.cases) and not is_absent(other, value[other.at.slot])
        }
        fallback = next((c.default for c in node.choices if c.name == choice), None)
        if case not in (chosen or {fallback}):
            return False
    return True
