"""Violations -> errors: path with keys, value and rule, tags of RFC 7950, section 15."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from server.datastore.faults import fault
from server.datastore.instance_path import InstancePath, line_to, path_of_entry
from server.errors import RpcError
from server.namespaces import YANG
from server.validation.structure import Missing
from server.validation.validator import MOST_NAMED, Violation
from yang.changes import Key
from yang.constraints import Constraint
from yang.scalars import canonical, quote
from yang.schema import Choice, DataNode, Leaf, LeafList, List, Schema


def error_of(schema: Schema, violation: Violation) -> RpcError:
    """Return the error that tells a client of a violation."""
    path = path_of_entry(schema, violation.home, violation.keys)
    if violation.missing is not None:
        return _missing(violation.missing, path)
    constraint = violation.constraint
    assert constraint is not None
    _continue_to(schema, path, constraint)
    return _TELL[constraint.kind](schema, violation, constraint, path)


def _continue_to(schema: Schema, path: InstancePath, constraint: Constraint) -> None:
    """Go on from the entry to the node that carries the constraint."""
    if constraint.kind == "unique" or constraint.node == "/":
        return
    line = line_to(schema.by_path[constraint.node])
    known = len(line_to(schema.by_path[constraint.home])) if constraint.home != "/" else 0
    for node in line[known:]:
        path.add(node)


def _must(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    message = constraint.message or _unmet(schema, violation, constraint)
    return fault("operation-failed", message, path, constraint.app_tag or "must-violation")


def _unmet(schema: Schema, violation: Violation, constraint: Constraint) -> str:
    """Return the sentence for a must whose module has none."""
    node = schema.by_path.get(constraint.node)
    name = "the configuration" if node is None else node.name
    held = _leaf_value(schema, violation, constraint) if isinstance(node, Leaf) else None
    given = "" if held is None else f" is {quote(canonical(held))}, but"
    return f"{name}{given} must satisfy the condition {constraint.expression}"


def _leaf_value(schema: Schema, violation: Violation, constraint: Constraint) -> Any:
    """Return what the leaf with the constraint holds, ``None`` where the violation has no entry."""
    known = len(line_to(schema.by_path[constraint.home])) if constraint.home != "/" else 0
    value = violation.entry
    for node in line_to(schema.by_path[constraint.node])[known:]:
        value = None if value is None else value[node.at.slot]
    return value


def _when(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    name = schema.by_path[constraint.node].name
    message = f"{name} can exist only when: {constraint.expression}"
    return fault("unknown-element", message, path, None, (("bad-element", name),))


def _leafref(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    node = schema.by_path[constraint.node]
    message = f"{node.name}: {_held(violation, node)} names nothing that exists"
    message += f" at {constraint.expression}"
    return fault("data-missing", message, path, "instance-required")


def _held(violation: Violation, node: DataNode) -> str:
    """Return the value that names nothing, or all that may be meant."""
    if violation.text is not None:
        return repr(violation.text)
    value = violation.constraint and violation.constraint.value
    held: Any = value(violation.entry) if value and violation.entry else ()
    values = held if isinstance(node, LeafList) else (held,)
    shown = [repr(canonical(each)) for each in values[:MOST_NAMED]]
    return " or ".join(shown) or "a value"


def _unique(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    names = [path_of_entry(schema, violation.home, keys).text for keys in violation.others]
    leafs = " and ".join(constraint.expression.split())
    message = f"{leafs}: the same as in {', '.join(names)}, but it must be unique"
    info = tuple(
        (f"{{{YANG}}}non-unique", leaf.text)
        for keys in (violation.keys, *violation.others)
        for leaf in _leafs_of(schema, violation.home, keys, constraint)
    )
    return fault("operation-failed", message, path, "data-not-unique", info)


def _leafs_of(
    schema: Schema, home: str, keys: Sequence[Key], constraint: Constraint
) -> Iterator[InstancePath]:
    """Yield where the leafs that a unique compares are in an entry."""
    known = len(line_to(schema.by_path[home]))
    for leaf in constraint.leafs:
        path = path_of_entry(schema, home, keys)
        for node in line_to(schema.by_path[leaf])[known:]:
            path.add(node)
        yield path


def _instance(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    name = schema.by_path[constraint.node].name
    message = f"{name}: {violation.text!r} names nothing that exists"
    return fault("data-missing", message, path, "instance-required")


def _mandatory(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    name = schema.by_path[constraint.node].name
    return fault("data-missing", f"{name} must be given", path)


def _too_few(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    name = schema.by_path[constraint.node].name
    message = f"{name} must have at least {constraint.expression} entries"
    return fault("operation-failed", message, path, "too-few-elements")


def _choice(
    schema: Schema, violation: Violation, constraint: Constraint, path: InstancePath
) -> RpcError:
    return _no_case(constraint.expression, path)


def _no_case(choice: str, path: InstancePath) -> RpcError:
    name = choice.rpartition("/")[2].partition("@")[0]
    info = ((f"{{{YANG}}}missing-choice", name),)
    message = f"one case of the choice {name} must be given"
    return fault("data-missing", message, path, "missing-choice", info)


_Teller = Callable[[Schema, Violation, Constraint, InstancePath], RpcError]
_TELL: Mapping[str, _Teller] = {
    "must": _must,
    "when": _when,
    "leafref": _leafref,
    "unique": _unique,
    "instance": _instance,
    "mandatory": _mandatory,
    "min-elements": _too_few,
    "choice": _choice,
}


def _missing(missing: Missing, path: InstancePath) -> RpcError:
    what = missing.what
    for node in missing.line:
        path.add(node)
    if isinstance(what, Choice):
        return _no_case(what.name, path)
    if isinstance(what, List | LeafList):
        return _amount(what, missing.amount, path)
    return fault("data-missing", f"{what.name} must be given", path)


def _amount(what: DataNode, amount: int, path: InstancePath) -> RpcError:
    node: Any = what
    if amount < node.min_elements:
        message = f"{node.name} has {_entries(amount)} and must have at least {node.min_elements}"
        return fault("operation-failed", message, path, "too-few-elements")
    message = f"{node.name} has {_entries(amount)} and may have at most {node.max_elements}"
    return fault("operation-failed", message, path, "too-many-elements")


def _entries(amount: int) -> str:
    return "1 entry" if amount == 1 else f"{amount} entries"
