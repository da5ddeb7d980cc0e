"""Plan x plan -> ordered steps.

The law: applying the steps of ``diff_plans(a, b)`` to ``a`` gives ``b``. Pure; with the touched
keys given it costs what was touched, not what the plans hold.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from dataplane_bridge.plan import Held, ObjectKey, Plan, PlanObject

_key = attrgetter("key")


class Put(NamedTuple):
    """Make an object that is not there."""

    key: ObjectKey
    value: PlanObject


class Replace(NamedTuple):
    """Change an object that is there; buckets and counters go on."""

    key: ObjectKey
    value: PlanObject


class Remove(NamedTuple):
    """Take an object away that is there."""

    key: ObjectKey


Step = Put | Replace | Remove
Steps = tuple[Step, ...]


def diff_plans(before: Held, after: Held, touched: Iterable[ObjectKey] | None = None) -> Steps:
    """Return what makes ``after`` of ``before``: removals, then changes, then new objects.

    Each in the order of the touched keys; without these, in that of the keys.
    Removals come first so that a full dataplane takes an exchange of tunnels.
    """
    if before is after:
        return ()
    removals: list[Step] = []
    replacements: list[Step] = []
    additions: list[Step] = []
    for key in {*before, *after} if touched is None else touched:
        old = before.get(key)
        new = after.get(key)
        if old is new or old == new:
            continue
        if new is None:
            removals.append(Remove(key))
        elif old is None:
            additions.append(Put(key, new))
        else:
            replacements.append(Replace(key, new))
    if touched is None:
        for steps in (removals, replacements, additions):
            steps.sort(key=_key)
    return (*removals, *replacements, *additions)


def apply_steps(plan: Plan, steps: Iterable[Step]) -> Plan:
    """Return the plan after the steps, without asking whether they are allowed."""
    mutation = plan.mutate()
    for step in steps:
        match step:
            case Remove(key):
                mutation.pop(key)
            case Put(key, value) | Replace(key, value):
                mutation[key] = value
    return mutation.finish()
