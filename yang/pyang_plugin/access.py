"""How generated code reaches a node from its entry, and how it asks whether the node exists.

``given`` means that somebody configured the node; ``existence`` that it is in the accessible tree
(RFC 7950, section 6.4.1), where defaults and containers without presence are, too.
"""

from yang.pyang_plugin.model import Node
from yang.pyang_plugin.terms import Uncompilable
from yang.pyang_plugin.types import default_of


def access(node: Node, home: Node, start: str) -> tuple[str, bool]:
    """Return the Python access of a node from its entry, and whether a presence may cut it."""
    chain: list[Node] = []
    while node is not home and node.parent is not None:
        chain.append(node)
        node = node.parent
    text, optional = start, False
    for position, each in enumerate(reversed(chain)):
        text = f"{text}.{each.field}"
        optional = optional or (each.presence and position < len(chain) - 1)
        if optional and position < len(chain) - 1:
            # A presence container that is not there cuts the rest of the path.
            text = f"({text} or ABSENT)"
    return text, optional


def given(node: Node, home: Node) -> str | None:
    """Return a test that the node is configured in an entry of home; ``None``: it always is."""
    if node is home:
        return None
    text, _ = access(node, home, "e")
    if node.kind == "container" and not node.presence:
        tests = [given(child, home) or "" for child in node.children if child.config]
        return f"({' or '.join(tests)})" if tests else "False"
    if node.kind in ("list", "leaf-list"):
        return f"bool({text})"
    return f"({text} is not None)"


def existence(node: Node, home: Node) -> str | None:
    """Return a test that the node is in the accessible tree; ``None``: it always is."""
    if node is home:
        return None
    if node.kind == "leaf-list" and node.statement.search("default"):
        raise Uncompilable("a leaf-list with defaults")
    implied = node.kind == "container" and not node.presence
    if not implied and default_of(node) is None:
        return given(node, home)
    if is_conditional(node, home):
        raise Uncompilable(f"{node.name} is there by itself, but only in a case or under a when")
    above = node if implied else node.parent
    assert above is not None
    if above is home:
        return None
    text, optional = access(above, home, "e")
    return f"({text} is not None)" if optional or above.presence else None


def is_conditional(node: Node, home: Node) -> bool:
    """Tell whether what is there by itself depends on a case or on a when."""
    at: Node | None = node
    while at is not None and at is not home:
        if at.presence:
            return False
        if at.cases or at.whens:
            return True
        at = at.parent
    return False


def case_given(parent: Node, case: tuple[str, str], home: Node) -> str:
    """Return a test that a node of the case is configured."""
    tests = [
        given(child, home) or ""
        for child in parent.children
        if child.config and case in child.cases
    ]
    return f"({' or '.join(tests)})"


def homes_of(node: Node) -> list[Node]:
    """Return the lists around a node, innermost first, then the root."""
    found = [node.home]
    while found[-1].parent is not None:
        found.append(found[-1].parent.home)
    return found


def root_of(node: Node) -> Node:
    """Return the root above a node."""
    while node.parent is not None:
        node = node.parent
    return node
