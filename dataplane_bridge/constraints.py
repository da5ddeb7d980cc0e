"""What a configuration may not ask of this dataplane: checks that need to know its features.

The law: every violation names the policy or template and says what to do; only what the changes
can affect is looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dataplane_bridge.configuration import POLICIES, TEMPLATES, Policy, Root, Template
from dataplane_bridge.driver import DEFRAGMENTATION, EXACT_BURST, BridgeError, Features
from dataplane_bridge.effective import DEFAULT_DF_BIT, DEFAULT_FRAGMENTATION, inherit
from dataplane_bridge.entries import EntryIndex
from yang.changes import Change, Key


class Violation(NamedTuple):
    """A rule that is broken: the list's schema path, the entry's keys, and what to do about it."""

    app_tag: str
    path: str
    keys: tuple[Key, ...]
    message: str


class ConfigurationRefused(BridgeError):
    """The configuration asks for what this dataplane cannot do; nothing has happened."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(" ".join(violation.message for violation in self.violations))


class Scope(NamedTuple):
    """What a check looks at: the new configuration, its index, and what changed."""

    before: Root | None
    root: Root
    entries: EntryIndex
    changes: tuple[Change, ...]


Check = Callable[[Scope], Iterator[Violation]]


def violations(scope: Scope, features: Features) -> Iterator[Violation]:
    """Yield what the changes break, given what the dataplane can do."""
    for feature, check in CHECKS:
        if not features.supports(feature):
            yield from check(scope)


def defragmentation_required(scope: Scope) -> Iterator[Violation]:
    """Fragments have no ports: what makes them needs reassembly before ports are compared."""
    if not scope.entries.port_selective:
        return
    for path, entry in _port_selective_entries(scope):
        reason = _what_fragments(scope, entry)
        if reason is not None:
            kind = "policy" if path == POLICIES else "policy template"
            yield Violation(
                "defragmentation-required",
                path,
                ((entry.name, entry.sequence_number),),
                f"The {kind} {entry.name} {entry.sequence_number} selects tunnels by remote port"
                f" {entry.tunnel_selector.remote_port} and has {reason}, which needs"
                " connection-tracking defragmentation, and the dataplane does not have it active;"
                " remove the remote port or change that setting.",
            )


def exact_burst_required(scope: Scope) -> Iterator[Violation]:
    """A configured burst is honoured exactly, or refused."""
    for change in scope.changes:
        entry = change.new
        if change.path not in (POLICIES, TEMPLATES) or entry is None:
            continue
        for direction, qos in (("inbound", entry.inbound), ("outbound", entry.outbound)):
            if getattr(qos.speed_limit, "burst", None) is not None:
                yield Violation(
                    "exact-burst-required",
                    change.path,
                    change.keys,
                    f"The {direction} burst of {entry.name} {entry.sequence_number} cannot be"
                    " honoured exactly by this dataplane; remove the leaf burst.",
                )


CHECKS: tuple[tuple[str, Check], ...] = (
    (DEFRAGMENTATION, defragmentation_required),
    (EXACT_BURST, exact_burst_required),
)
"""The feature that makes a check needless, and the check."""


def _port_selective_entries(scope: Scope) -> Iterator[tuple[str, Template]]:
    policies = scope.root.ipsec_qos.policies.policy
    templates = scope.root.ipsec_qos.policy_templates.policy_template
    wanted = set(_touched(scope))
    if _global_changed(scope):
        for path, keys in scope.entries.port_selective.items():
            wanted.update((path, key) for key in keys)
    for path, key in sorted(wanted):
        entry = policies.get(key) if path == POLICIES else templates.get(key)
        if entry is not None and entry.tunnel_selector.remote_port is not None:
            yield path, entry


def _touched(scope: Scope) -> Iterator[tuple[str, tuple[str, int]]]:
    for change in scope.changes:
        entry = change.new or change.old
        if change.path in (POLICIES, TEMPLATES):
            yield change.path, (entry.name, entry.sequence_number)
        if change.path == TEMPLATES:
            for key in scope.entries.references.get(entry.name, ()):
                yield POLICIES, key


def _global_changed(scope: Scope) -> bool:
    if scope.before is None:
        return True
    old, new = scope.before.ipsec_qos.global_, scope.root.ipsec_qos.global_
    return (old.df_bit, old.fragmentation) != (new.df_bit, new.fragmentation)


def _what_fragments(scope: Scope, entry: Policy | Template) -> str | None:
    """Return the setting of the entry, or of one of its templates, that makes fragments."""
    settings = scope.root.ipsec_qos.global_
    for source in _sources(scope, entry):
        df_bit = inherit(source.df_bit, "local", settings.df_bit, DEFAULT_DF_BIT)
        mode = inherit(source.fragmentation, "local", settings.fragmentation, DEFAULT_FRAGMENTATION)
        template = "" if source is entry else f" from policy template {source.name}"
        if df_bit.value == "clear":
            return f"df-bit clear ({df_bit.origin}{template})"
        if mode.value == "before-encryption":
            return f"fragmentation before-encryption ({mode.origin}{template})"
    return None


def _sources(scope: Scope, entry: Policy | Template) -> Iterator[Template]:
    name = getattr(entry, "template", None)
    if name is None:
        yield entry
        return
    templates = scope.root.ipsec_qos.policy_templates.policy_template
    for key in sorted(scope.entries.members.get(name, ())):
        template = templates.get(key)
        if template is not None:
            yield template
