"""What the reference dataplane refuses, as strictly as a kernel would.

The law: a batch is refused as a whole, with the object and one sentence; nothing is changed here.
"""

from functools import lru_cache

from dataplane_bridge.delta import Put, Remove, Step, Steps
from dataplane_bridge.driver import DataplaneRefused
from dataplane_bridge.plan import (
    Accounting,
    Awaited,
    DfBit,
    FixedClass,
    FragmentAgingTime,
    FragmentBeforeEncryption,
    InheritPlain,
    Kind,
    Limit,
    Marking,
    ObjectKey,
    Plan,
    PlanObject,
)

TYPES: dict[Kind, tuple[type[PlanObject], ...]] = {
    "fragment-aging-time": (FragmentAgingTime,),
    "awaited": (Awaited,),
    "accounting": (Accounting,),
    "df-bit": (DfBit,),
    "fragmentation": (FragmentBeforeEncryption,),
    "limit": (Limit,),
    "dscp": (Marking,),
    "service-class": (FixedClass, InheritPlain),
}
DIRECTED: frozenset[Kind] = frozenset({"limit", "dscp", "service-class"})
SMALLEST_MTU = 68  # RFC 791, section 3.2


def after_steps(plan: Plan, steps: Steps) -> Plan:
    """Return the plan after the steps, or raise ``DataplaneRefused`` on the first bad one."""
    mutation = plan.mutate()
    for step in steps:
        key = step.key
        if (key in mutation) == isinstance(step, Put):
            raise _misplaced(step)
        if isinstance(step, Remove):
            del mutation[key]
        else:
            check_object(key, step.value)
            mutation[key] = step.value
    return mutation.finish()


def _misplaced(step: Step) -> DataplaneRefused:
    if isinstance(step, Put):
        return DataplaneRefused(f"The {step.key} exists already.", step.key)
    verb = "remove" if isinstance(step, Remove) else "replace"
    return DataplaneRefused(f"There is no {step.key} to {verb}.", step.key)


def check_object(key: ObjectKey, value: PlanObject) -> None:
    """Raise ``DataplaneRefused`` if the object cannot be held under that key."""
    kind, tunnel, direction = key
    fault = _fault(kind, bool(tunnel), bool(direction), value)
    if fault is not None:
        raise DataplaneRefused(fault.format(key=key), key)


@lru_cache(maxsize=4096)
def _fault(kind: Kind, has_tunnel: bool, has_direction: bool, value: PlanObject) -> str | None:
    """Return what is wrong with an object under such a key, or ``None``: few differ in this."""
    if not isinstance(value, TYPES[kind]):
        return f"A {type(value).__name__} cannot be the {{key}}."
    if has_direction != (kind in DIRECTED):
        return "The {key} names a direction wrongly."
    if has_tunnel == (kind == "fragment-aging-time"):
        return "The {key} names a tunnel wrongly."
    impossible = _impossible(value)
    return None if impossible is None else f"The {{key}} is impossible: {impossible}."


def _impossible(value: PlanObject) -> str | None:
    match value:
        case FragmentAgingTime(milliseconds) if not 1 <= milliseconds <= 60_000:
            return f"an aging time of {milliseconds} ms is not within 1..60000"
        case DfBit(_, mtu) | FragmentBeforeEncryption(mtu) if not SMALLEST_MTU <= mtu <= 65535:
            return f"a tunnel MTU of {mtu} is not within {SMALLEST_MTU}..65535"
        case Limit(rate, bucket) if rate < 1 or bucket < 1:
            return f"a rate of {rate} bytes a second with a bucket of {bucket} passes nothing"
        case Marking(code_point) if not 0 <= code_point <= 63:
            return f"a code point of {code_point} is not within 0..63"
        case FixedClass(traffic_class) if not 0 <= traffic_class <= 7:
            return f"a traffic class of {traffic_class} is not within 0..7"
    return None
