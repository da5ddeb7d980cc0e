from typing import Any

import pytest

from dataplane_bridge.configuration import POLICIES, TEMPLATES
from dataplane_bridge.constraints import ConfigurationRefused, Violation
from dataplane_bridge.driver import Features
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.reconciler import Reconciler
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    inbound,
    limit,
    policy,
    template,
)
from yang.bindings import gateway as g

PORT: dict[str, Any] = {"protocol": 6, "remote_port": 443}
EMPTY = configuration()


class Plain(MemoryDataplane):
    """A dataplane that can do nothing special."""

    def features(self) -> Features:
        return Features("plain")


def found(
    new: g.Configuration, old: g.Configuration = EMPTY, driver: Any = None
) -> tuple[Violation, ...]:
    """Return what is wrong, and prove that prepare refuses exactly that."""
    clock = Clock()
    reconciler = Reconciler(driver or MemoryDataplane(clock), clock, lambda name, content: None)
    reconciler.start(old)
    changes = tuple(changes_between(old, new))
    violations = reconciler.check(new, changes)
    if violations:
        with pytest.raises(ConfigurationRefused) as refusal:
            reconciler.prepare(new, changes)
        assert refusal.value.violations == violations
    else:
        reconciler.prepare(new, changes).abort()
    return violations


@pytest.mark.parametrize("qos", [{"df_bit": "clear"}, {"fragmentation": "before-encryption"}])
def test_defragmentation_is_required_for_ports_with_fragments(qos: dict[str, Any]) -> None:
    (violation,) = found(configuration([policy(**PORT, **qos)]))
    assert violation.app_tag == "defragmentation-required"
    assert (violation.path, violation.keys) == (POLICIES, (("gold", 10),))
    assert "443" in violation.message and "local" in violation.message


def test_defragmentation_is_not_asked_for_without_ports_or_without_fragments() -> None:
    assert found(configuration([policy(protocol=6, df_bit="clear")])) == ()
    assert found(configuration([policy(**PORT, df_bit="copy")])) == ()


def test_a_dataplane_that_defragments_takes_it() -> None:
    driver = MemoryDataplane(Clock(), defragmentation=True)
    assert found(configuration([policy(**PORT, df_bit="clear")]), driver=driver) == ()


def test_a_global_change_finds_every_port_selective_entry_that_inherits() -> None:
    entries = [policy(number=1, **PORT), policy(number=2, **PORT, df_bit="copy"), policy(number=3)]
    templates = [template(**PORT)]
    old = configuration(entries, templates)
    new = configuration(entries, templates, df_bit="clear")
    assert [(each.path, each.keys[0]) for each in found(new, old)] == [
        (POLICIES, ("gold", 1)),
        (TEMPLATES, ("dial", 10)),
    ]


def test_a_local_value_that_overrides_the_global_one_is_heard() -> None:
    new = configuration(
        [policy(**PORT, df_bit="copy", fragmentation="after-encryption")],
        df_bit="clear",
        fragmentation="before-encryption",
    )
    assert found(new) == ()


def test_a_template_that_fragments_is_refused_for_the_policy_with_the_port() -> None:
    user = policy(template="dial", **PORT)
    old = configuration([user], [template()])
    new = configuration([user], [template(df_bit="clear")])
    (violation,) = found(new, old)
    assert (violation.path, violation.keys) == (POLICIES, (("gold", 10),))
    assert "template dial" in violation.message


def test_a_template_with_a_port_is_refused_itself() -> None:
    (violation,) = found(configuration([], [template(**PORT, df_bit="clear")]))
    assert (violation.path, violation.keys) == (TEMPLATES, (("dial", 10),))


def test_all_violations_are_told() -> None:
    root = configuration([policy(number=n, **PORT, df_bit="clear") for n in (1, 2, 3)])
    assert len(found(root)) == 3


def test_row_14_a_burst_is_refused_where_it_would_not_be_exact() -> None:
    root = configuration([policy(inbound=inbound(limit(100, burst=2000)))])
    (violation,) = found(root, driver=Plain(Clock()))
    assert violation.app_tag == "exact-burst-required"
    assert "inbound burst of gold 10" in violation.message
    assert found(root) == ()
