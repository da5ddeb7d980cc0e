"""What is in force for a tunnel, with origins, and the objects that the dataplane needs for it.

The law: local before global before default; a template's values stand for local ones with the
origin ``template``. Pure: the same policy, template, settings and tunnel give the same value.
"""

from typing import Generic, Literal, NamedTuple, TypeVar

from dataplane_bridge.configuration import (
    EntryKey,
    GlobalSettings,
    InboundQos,
    OutboundQos,
    Policy,
    SpeedLimit,
    Template,
)
from dataplane_bridge.plan import CountedLength, ObjectKey, PlanObject

Origin = Literal["local", "template", "global", "default"]
T = TypeVar("T")

SMALLEST_DEFAULT_BUCKET = 65536
BYTES_A_SECOND = 125
"""Bytes a second in one kbit/s."""

DEFAULT_DF_BIT = "copy"
DEFAULT_FRAGMENTATION = "after-encryption"
DEFAULT_AGING_TIME = 5000
"""Milliseconds."""


class Sourced(NamedTuple, Generic[T]):
    """A value and where it comes from."""

    value: T
    origin: Origin


class EffectiveLimit(NamedTuple):
    """A speed limit in force; ``rate`` in kbit/s, ``burst`` in bytes as applied."""

    rate: int
    counted_length: CountedLength
    ike: bool
    burst: int
    origin: Origin


class EffectiveDirection(NamedTuple):
    """What is in force for one direction."""

    speed_limit: EffectiveLimit | None
    dscp: Sourced[int | str | None]
    service_class: Sourced[str | None]


class PolicyReference(NamedTuple):
    """The policy that a tunnel belongs to, and the template in force."""

    name: str
    sequence_number: int
    template: str | None = None
    template_sequence_number: int | None = None

    @property
    def key(self) -> EntryKey:
        """The key of the policy."""
        return self.name, self.sequence_number


class Condition(NamedTuple):
    """What an operator should know of a setting of a tunnel."""

    feature: str
    status: Literal["warning", "not-applicable", "pending-rekey", "failed"]
    reason: str


class Effective(NamedTuple):
    """All that is in force for one tunnel; ``objects`` is what the plan holds for it."""

    policy: PolicyReference | None
    df_bit: Sourced[str]
    fragmentation: Sourced[str]
    inbound: EffectiveDirection
    outbound: EffectiveDirection
    conditions: tuple[Condition, ...] = ()
    objects: tuple[tuple[ObjectKey, PlanObject], ...] = ()

    @property
    def inherited(self) -> tuple[str, ...]:
        """The settings that follow the global container."""
        if self.policy is None:
            return ()
        settings = (("df-bit", self.df_bit), ("fragmentation", self.fragmentation))
        return tuple(name for name, value in settings if value.origin in ("global", "default"))


_NOTHING = EffectiveDirection(None, Sourced(None, "default"), Sourced(None, "default"))

WITHOUT_POLICY = Effective(
    None,
    Sourced(DEFAULT_DF_BIT, "default"),
    Sourced(DEFAULT_FRAGMENTATION, "default"),
    _NOTHING,
    _NOTHING,
)
"""What is in force for a tunnel that no policy matches: packets pass unchanged."""


def effective_values(
    policy: Policy, template: Template | None, settings: GlobalSettings
) -> Effective:
    """Return what the policy (and its template) ask for, without conditions and objects."""
    source: Template = policy if template is None else template
    origin: Origin = "local" if template is None else "template"
    return Effective(
        PolicyReference(
            policy.name,
            policy.sequence_number,
            None if template is None else template.name,
            None if template is None else template.sequence_number,
        ),
        inherit(source.df_bit, origin, settings.df_bit, DEFAULT_DF_BIT),
        inherit(source.fragmentation, origin, settings.fragmentation, DEFAULT_FRAGMENTATION),
        _inbound(source.inbound, origin),
        _direction(source.outbound, source.outbound.service_class, origin),
    )


def inherit(local: str | None, origin: Origin, common: str | None, default: str) -> Sourced[str]:
    """Return the local value, else the global one, else the default."""
    if local is not None:
        return Sourced(local, origin)
    if common is not None:
        return Sourced(common, "global")
    return Sourced(default, "default")


def _inbound(qos: InboundQos, origin: Origin) -> EffectiveDirection:
    inherits = qos.inherit_plain is not None
    return _direction(qos, "inherit-plain" if inherits else qos.service_class, origin)


def _direction(qos: OutboundQos, service_class: str | None, origin: Origin) -> EffectiveDirection:
    limit = qos.speed_limit
    return EffectiveDirection(
        None if limit is None else _limit(limit, origin),
        Sourced(qos.dscp, "default" if qos.dscp is None else origin),
        Sourced(service_class, "default" if service_class is None else origin),
    )


def _limit(limit: SpeedLimit, origin: Origin) -> EffectiveLimit:
    # One second of the rate, never less than 64 KiB: the bucket of the nft limiter.
    # A module set without the feature exact-burst has no such leaf.
    burst = getattr(limit, "burst", None)
    return EffectiveLimit(
        limit.rate,
        "payload" if limit.counted_length == "payload" else "encrypted",
        bool(limit.ike),
        max(limit.rate * BYTES_A_SECOND, SMALLEST_DEFAULT_BUCKET) if burst is None else burst,
        origin,
    )
