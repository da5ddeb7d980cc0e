"""Rules that can match nothing on this server, so that a slip of the pen in a rule is noticed.

By RFC 8341 such rules are taken: a path names instances, and other servers may have the modules.
But who denies what is not there has denied nothing, and would not know.
"""

from collections.abc import Iterator
from typing import Any

from server.nacm.positions import asks_for_no_key
from server.nacm.rules import ANY, Rule, RuleSet, Subject
from yang.schema import Container, List, Schema

NETCONF = "ietf-netconf"


def pointless(schema: Schema, rules: RuleSet) -> Iterator[str]:
    """Yield a sentence for each rule that can match nothing."""
    for rule in (rule for each in rules.lists for rule in each.rules):
        why = _why(schema, rule)
        if why is not None:
            yield f"{rule.verdict.reason} matches nothing: {why}"


def _why(schema: Schema, rule: Rule) -> str | None:
    if rule.module not in (ANY, *schema.modules):
        return f"there is no module {rule.module!r}"
    if rule.subject is Subject.OPERATION and NETCONF not in schema.modules:
        return None  # The operations of the protocol are there, but not in the schema.
    if rule.subject is Subject.DATA:
        return _why_of_path(schema, rule)
    if rule.subject is Subject.ANYTHING or rule.name == ANY:
        return None
    nodes: Any = schema.rpcs if rule.subject is Subject.OPERATION else schema.notifications
    if any(
        each.name == rule.name and rule.module in (ANY, each.module.name) for each in nodes.values()
    ):
        return None
    where = "" if rule.module == ANY else f" of the module {rule.module}"
    return f"there is no {rule.subject} {rule.name!r}{where}"


def _why_of_path(schema: Schema, rule: Rule) -> str | None:
    node: Any = schema.root
    for step in rule.path:
        found = next((each for each in _below(node) if _is(each, step)), None)
        if found is None:
            where = "at the top" if node is schema.root else f"in {node.at.path}"
            return f"there is no {step.module}:{step.name} {where}"
        if step.predicates and asks_for_no_key(found, step):
            return f"its predicates of {step.module}:{step.name} ask for no key that can be"
        node = found
    if rule.path and rule.module not in (ANY, node.module.name):
        return f"{node.name} is of the module {node.module.name}, not of {rule.module}"
    return None


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, Container | List):
        yield from (*node.children, *node.actions, *node.notifications)


def _is(node: Any, step: Any) -> bool:
    return bool(node.name == step.name and node.module.name == step.module)
