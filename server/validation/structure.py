"""What must be there by the shape of the schema: mandatory nodes, and numbers of elements."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yang.schema import (
    AnyData,
    Choice,
    Container,
    DataNode,
    Inner,
    Leaf,
    LeafList,
    List,
    is_absent,
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A violation of structure: the inner nodes down to it, then the node or choice."""

    line: tuple[DataNode, ...]
    what: DataNode | Choice
    amount: int = 0


@dataclass(frozen=True, slots=True)
class _Gate:
    """A container without presence in a case: what it demands holds only if the case exists."""

    slots: tuple[int, ...]
    inner: Inner
    child: Container


@dataclass(frozen=True, slots=True)
class _Duty:
    """Something that an inner node demands of its children."""

    slots: tuple[int, ...]
    line: tuple[DataNode, ...]
    inner: Inner
    child: DataNode | None
    choice: Choice | None = None
    gates: tuple[_Gate, ...] = ()


class Structure:
    """The demands that hold inside one entry of a list (or the root), found once."""

    def __init__(self, home: Inner) -> None:
        self._duties = tuple(_duties(home, (), (), ()))

    def missing(self, entry: Any) -> Iterator[Missing]:
        """Yield what an entry lacks or has too much of."""
        for duty in self._duties:
            value = _at(entry, duty.slots)
            if value is None:
                continue
            if not duty.gates or all(_is_through(gate, entry) for gate in duty.gates):
                yield from _judge(duty, value)


def _at(entry: Any, slots: tuple[int, ...]) -> Any:
    value = entry
    for slot in slots:
        value = value[slot]
        if value is None:
            return None
    return value


def _is_through(gate: _Gate, entry: Any) -> bool:
    return _in_case(gate.inner, gate.child, _at(entry, gate.slots))


def _duties(
    node: Inner, slots: tuple[int, ...], line: tuple[DataNode, ...], gates: tuple[_Gate, ...]
) -> Iterator[_Duty]:
    for choice in node.choices:
        if choice.mandatory and not choice.governed:
            yield _Duty(slots, line, node, None, choice, gates)
    for child in node.slots:
        if _demands(child):
            yield _Duty(slots, line, node, child, None, gates)
        if isinstance(child, Container):
            own = gates
            if child.presence:
                own = ()
            elif child.cases:
                own = (*gates, _Gate(slots, node, child))
            yield from _duties(child, (*slots, child.at.slot), (*line, child), own)


def _demands(child: DataNode) -> bool:
    if isinstance(child, Leaf | AnyData):
        return child.mandatory and not child.governed
    if isinstance(child, List | LeafList):
        return (child.min_elements > 0 and not child.governed) or child.max_elements is not None
    return False


def _judge(duty: _Duty, value: Any) -> Iterator[Missing]:
    if duty.choice is not None:
        if _is_open(duty.inner, duty.choice, value) and not _chosen(duty.inner, duty.choice, value):
            yield Missing(duty.line, duty.choice)
        return
    child = duty.child
    assert child is not None
    held = value[child.at.slot]
    if isinstance(child, List | LeafList):
        few = len(held) < child.min_elements and not child.governed
        few = few and _in_case(duty.inner, child, value)
        if few or (child.max_elements is not None and len(held) > child.max_elements):
            yield Missing((*duty.line, child), child, len(held))
    elif held is None and _in_case(duty.inner, child, value):
        yield Missing((*duty.line, child), child)


def _in_case(inner: Inner, child: DataNode, value: Any) -> bool:
    """A mandatory node of a case is demanded only if the case exists (RFC 7950, 7.6.5)."""
    return all(_case_exists(inner, case, value) for case in child.cases)


def _is_open(inner: Inner, choice: Choice, value: Any) -> bool:
    return all(_case_exists(inner, case, value) for case in choice.cases)


def _chosen(inner: Inner, choice: Choice, value: Any) -> bool:
    return any(
        choice.name == name and not is_absent(child, value[child.at.slot])
        for child in inner.slots
        for name, _ in child.cases
    )


def _case_exists(inner: Inner, case: tuple[str, str], value: Any) -> bool:
    return any(
        case in child.cases and not is_absent(child, value[child.at.slot]) for child in inner.slots
    )
