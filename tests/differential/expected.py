"""The statements of a schema that can reject a document, named as ``engine.cause`` does."""

from collections.abc import Iterable, Iterator

from yang.schema import Container, Inner, Leaf, LeafList, List, Schema


def statements(schema: Schema, typed: Iterable[str]) -> set[str]:
    """Return every constraint and demand of structure, and the types of these leafs."""
    found = {f"{each.kind} {each.node} {each.expression}" for each in schema.constraints}
    found |= {f"type {path}" for path in typed}
    return found | set(_demands(schema.root))


def _demands(node: Inner) -> Iterator[str]:
    where = node.at.path or "/"
    for choice in node.choices:
        if choice.mandatory and not choice.governed:
            yield f"choice {where}:{choice.name}"
    for child in node.slots:
        if isinstance(child, Leaf) and child.mandatory and not child.governed:
            yield f"mandatory {child.at.path}"
        if isinstance(child, List | LeafList):
            if child.min_elements and not child.governed:
                yield f"min-elements {child.at.path}"
            if child.max_elements is not None:
                yield f"max-elements {child.at.path}"
        if isinstance(child, Container | List):
            yield from _demands(child)
