"""Which policy a tunnel belongs to, and what that means for it.

The law: the first policy in sequence order decides, if its selector matches and, where it
references templates, one of them matches; of these the first in sequence order.
"""

from typing import NamedTuple

from dataplane_bridge.conditions import conditions
from dataplane_bridge.configuration import IpsecQos, Policy, Template
from dataplane_bridge.effective import WITHOUT_POLICY, Effective, effective_values
from dataplane_bridge.entries import EntryIndex
from dataplane_bridge.objects import tunnel_objects
from dataplane_bridge.selectors import matches
from dataplane_bridge.tunnels import Tunnel


class Match(NamedTuple):
    """A policy and the template that it takes its QoS from, if it does."""

    policy: Policy
    template: Template | None


class Matching:
    """Compiles tunnels of one configuration: those of one match share what it means for them."""

    def __init__(self, configuration: IpsecQos, entries: EntryIndex) -> None:
        self._configuration = configuration
        self._entries = entries
        self._values: dict[tuple[int, int], tuple[Match, Effective]] = {}

    def compile(self, tunnel: Tunnel) -> Effective:
        """Return what is in force for the tunnel."""
        match = find_policy(self._configuration, self._entries, tunnel)
        if match is None:
            return WITHOUT_POLICY
        effective = self._of_match(match)
        return effective._replace(
            conditions=tuple(conditions(tunnel, effective)),
            objects=tuple(tunnel_objects(tunnel, effective)),
        )

    def _of_match(self, match: Match) -> Effective:
        key = id(match.policy), id(match.template)
        if key not in self._values:
            settings = self._configuration.global_
            # The match is kept so that nothing else can have its identity.
            values = effective_values(match.policy, match.template, settings)
            self._values[key] = match, values
        return self._values[key][1]


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
