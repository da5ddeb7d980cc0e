"""What this dataplane can and cannot do, said before anything is tried.

The law: each line here is one that a packet test showed, or a refusal that a test shows.
"""

from collections.abc import Container, Iterable, Iterator, Mapping

from dataplane_bridge.delta import Remove, Step
from dataplane_bridge.driver import (
    DEFRAGMENTATION,
    EXACT_BURST,
    DataplaneRefused,
    Feature,
    Features,
)
from dataplane_bridge.effective import Condition
from dataplane_bridge.linux.aging import STEP
from dataplane_bridge.linux.ruleset import Mode, bucket_of
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.plan import FragmentAgingTime, Limit, ObjectKey, PlanObject

_NOT_IN_USERSPACE = (
    ("outer-dscp-copy", "kernel-libipsec writes DSCP and ECN 0 into outer headers."),
    ("outer-df-copy", "kernel-libipsec does not copy the DF bit into outer headers."),
    (
        "refusal-of-too-long",
        "kernel-libipsec takes packets whole that are too long for the egress interface; only"
        " fragmentation before-encryption or df-bit set refuses them.",
    ),
    (
        "rekey-without-gap",
        "Until the server hears of the new SPIs of a rekey, some milliseconds, packets that are"
        " counted at their outer length are neither counted nor limited.",
    ),
    (
        "sas-in-kernel",
        "kernel-libipsec keeps its SAs in user space: only charon is asked for them, and they end"
        " with it.",
    ),
    (
        "inner-fragments-counted",
        "Where payload counts, packets are counted before they are fragmented, and those of the"
        " gateway itself before they are refused.",
    ),
)


_NOT_IN_KERNEL = (
    (
        "ipv6-minimum-mtu",
        "The kernel refuses packets of IPv6 that do not fit the tunnel, even those of up to 1280"
        " octets; an egress interface with an MTU of 1400 or more carries them.",
    ),
    (
        "refused-ipv6-uncounted",
        "Where a connection has no if_id, packets of IPv6 that are too long are counted, and draw"
        " from the limit, before the kernel refuses them.",
    ),
    (
        "own-packets-after-encryption",
        "The kernel remembers that a packet of the gateway itself was too long, and fragments the"
        " next ones to that destination before it encrypts them.",
    ),
)
_NO_COPY = (
    "kernel-libipsec does not copy the DF bit: outer headers have it clear, and what is too long is"
    " fragmented after encryption; df-bit set or fragmentation before-encryption refuses it."
)


def features_of(settings: LinuxSettings) -> Features:
    """Return the features of the kernel's ESP, or of kernel-libipsec."""
    return Features(
        "linux" if settings.mode == "reqid" else "linux-libipsec",
        STEP,
        (
            Feature(
                EXACT_BURST,
                False,
                "The limiter of nftables has a bucket of one second of the rate, at least 64 KiB.",
            ),
            Feature(
                DEFRAGMENTATION,
                False,
                "Packets are seen before connection tracking puts their fragments together.",
            ),
            _labels(settings),
            Feature(
                "bucket-kept-on-change",
                False,
                "The limiter of nftables starts with a full bucket when its rate changes.",
            ),
            *_listed(_NOT_IN_KERNEL, settings.mode == "selector"),
            *_listed(_NOT_IN_USERSPACE, settings.mode == "reqid"),
        ),
    )


def _listed(those: Iterable[tuple[str, str]], is_able: bool) -> Iterator[Feature]:
    """Yield features that one of kernel and kernel-libipsec can, as that one or the other."""
    for name, reason in those:
        yield Feature(name, is_able, None if is_able else reason)


def inabilities_of(
    tunnel_id: str, objects: Mapping[ObjectKey, PlanObject], mode: Mode
) -> tuple[Condition, ...]:
    """Return what user-space ESP does not do of what a tunnel with these objects should have."""
    if mode == "reqid" or not objects or ObjectKey("df-bit", tunnel_id) in objects:
        return ()
    return (Condition("df-bit", "not-applicable", _NO_COPY),)


def _labels(settings: LinuxSettings) -> Feature:
    name = "mpls-traffic-class"
    if settings.mpls_interfaces:
        return Feature(name, True)
    return Feature(name, False, "The setting mpls-interfaces names no interface.")


def check_abilities(steps: Iterable[Step], tunnels: Container[str]) -> None:
    """Raise ``DataplaneRefused`` if this dataplane cannot take a step, given these tunnels."""
    for step in steps:
        if isinstance(step, Remove):
            continue
        kind, tunnel, _ = key = step.key
        if tunnel and tunnel not in tunnels:
            raise DataplaneRefused(f"There is no tunnel for the {key}.", key)
        reason = _impossible(step.value) if kind in _MAY_BE_IMPOSSIBLE else None
        if reason is not None:
            raise DataplaneRefused(f"The {key} cannot be: {reason}.", key)


_MAY_BE_IMPOSSIBLE = ("limit", "fragment-aging-time")


def _impossible(value: PlanObject) -> str | None:
    match value:
        case Limit(rate, bucket) if bucket != bucket_of(rate):
            return f"its bucket is {bucket} bytes, and nftables has {bucket_of(rate)}"
        case FragmentAgingTime(milliseconds) if milliseconds % STEP:
            return "the kernel keeps whole seconds"
    return None
