"""Which policy a tunnel belongs to, and what that means for it.

The law: the first policy in sequence order decides, if its selector matches and, where it
references templates, one of them matches; of these the first in sequence order.
"""

from typing import NamedTuple

from dataplane_bridge.conditions import conditions
from dataplane_bridge.configuration import IpsecQos, Policy, Template
from dataplane_bridge.effective import WITHOUT_POLICY, Effective, effective_values
from dataplane_bridge.entries import EntryIndex
from dataplane_bridge.objects import Part, common_parts, tunnel_objects
from dataplane_bridge.selectors import matches
from dataplane_bridge.tunnels import Tunnel


class Match(NamedTuple):
    """A policy and the template that it takes its QoS from, if it does."""

    policy: Policy
    template: Template | None


class _Common(NamedTuple):
    """What all tunnels of one match share."""

    match: Match
    effective: Effective
    parts: tuple[Part, ...]


class Matching:
    """Compiles tunnels of one configuration: those of one match share what it means for them."""

    def __init__(self, configuration: IpsecQos, entries: EntryIndex) -> None:
        self._configuration = configuration
        self._entries = entries
        self._common: dict[tuple[int, int], _Common] = {}

    def compile(self, tunnel: Tunnel) -> Effective:
        """Return what is in force for the tunnel."""
        match = find_policy(self._configuration, self._entries, tunnel)
        if match is None:
            return WITHOUT_POLICY
        _, effective, parts = self._of_match(match)
        return effective._replace(
            conditions=tuple(conditions(tunnel, effective)),
            objects=tuple(tunnel_objects(tunnel, effective, parts)),
        )

    def _of_match(self, match: Match) -> "_Common":
        key = id(match.policy), id(match.template)
        common = self._common.get(key)
        if common is None:
            settings = self._configuration.global_
            effective = effective_values(match.policy, match.template, settings)
            # The match is kept so that nothing else can have its identity.
            common = self._common[key] = _Common(match, effective, common_parts(effective))
        return common


def find_policy(configuration: IpsecQos, entries: EntryIndex, tunnel: Tunnel) -> Match | None:
    """Return the policy that the tunnel belongs to, or ``None``."""
    binding = configuration.interface_bindings.interface_binding.get((tunnel.interface,))
    if binding is None:
        return None
    group = binding.policy_group
    policies = configuration.policies.policy
    for number in entries.policies.candidates(group, tunnel):
        policy = policies.get((group, number))
        if policy is None or not matches(policy.tunnel_selector, tunnel):
            continue
        if policy.template is None:
            return Match(policy, None)
        template = _find_template(configuration, entries, policy.template, tunnel)
        if template is not None:
            return Match(policy, template)
    return None


def _find_template(
    configuration: IpsecQos, entries: EntryIndex, name: str, tunnel: Tunnel
) -> Template | None:
    templates = configuration.policy_templates.policy_template
    for number in entries.templates.candidates(name, tunnel):
        template = templates.get((name, number))
        if template is not None and matches(template.tunnel_selector, tunnel):
            return template
    return None
