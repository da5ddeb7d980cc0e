"""What is done to the packets of a tunnel: class, DSCP and DF bit, in one chain for all alike.

Theory of operation: a tunnel's element of ``act_out`` jumps to a chain that is named after the
chains which it jumps to itself, say ``act.class5.dscp46.df_clear``. So a packet costs one lookup
and a tunnel one element, whatever is done; and what is done can be read from the name.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from dataplane_bridge.linux.rules import Jump
from dataplane_bridge.plan import (
    DfBit,
    Direction,
    FixedClass,
    InheritPlain,
    Marking,
    PlanObject,
)

GROUPS: Mapping[Direction, str] = {"inbound": "act_in", "outbound": "act_out"}
"""The maps from a tunnel to its chain."""
PREFIX = "act"
_NAME = re.compile(
    r"act(?=\.)(?:\.class(?P<service_class>[0-7]|_inherit))?(?:\.dscp(?P<dscp>[1-5]?\d|6[0-3]))?"
    r"(?:\.df_(?P<df>clear|set))?"
)


class Actions(NamedTuple):
    """What is done, as the objects of a tunnel that say so; ``None`` for what is left alone."""

    service_class: FixedClass | InheritPlain | None = None
    marking: Marking | None = None
    df: Literal["clear", "set"] | None = None


def actions_of(
    service_class: PlanObject | None, marking: PlanObject | None, df_bit: PlanObject | None
) -> Actions:
    """Return what these objects of a tunnel do."""
    return Actions(
        service_class if isinstance(service_class, FixedClass | InheritPlain) else None,
        marking if isinstance(marking, Marking) else None,
        df_bit.mode if isinstance(df_bit, DfBit) else None,
    )


def chain_of(actions: Actions) -> str | None:
    """Return the name of the chain that does this, or ``None`` where nothing is done."""
    parts = [PREFIX]
    match actions.service_class:
        case FixedClass(traffic_class):
            parts.append(f"class{traffic_class}")
        case InheritPlain():
            parts.append("class_inherit")
    if actions.marking is not None:
        parts.append(f"dscp{actions.marking.code_point}")
    if actions.df is not None:
        parts.append(f"df_{actions.df}")
    return ".".join(parts) if len(parts) > 1 else None


def read_chain(name: str) -> Actions:
    """Return what a chain of this name does: nothing where it is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return Actions()
    service_class, dscp, df = found["service_class"], found["dscp"], found["df"]
    return Actions(
        _class_of(service_class),
        None if dscp is None else Marking(int(dscp)),
        df,  # type: ignore[arg-type]
    )


def _class_of(text: str | None) -> FixedClass | InheritPlain | None:
    if text is None:
        return None
    return InheritPlain() if text == "_inherit" else FixedClass(int(text))


def rules_of(chain: str) -> tuple[Jump, ...]:
    """Return the rules of such a chain; none where the name is none of ours."""
    if _NAME.fullmatch(chain) is None:
        return ()
    return tuple(map(Jump, chain.split(".")[1:]))
