"""What is in force for a tunnel, where it comes from, and what an operator is told of it."""

from typing import Any

from dataplane_bridge.compiler import Compiled, compile_all, recompile
from dataplane_bridge.driver import Features
from dataplane_bridge.effective import Sourced
from dataplane_bridge.plan import AGING_TIME_KEY, FragmentAgingTime, Limit, ObjectKey
from tests.dataplane_bridge.shapes import (
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
    tunnel,
)
from yang.bindings import gateway as g

FEATURES = Features("test")


def compiled(root: g.Configuration, *existing: Any) -> Compiled:
    return compile_all(root, existing, FEATURES)


def test_row_2_local_before_global_before_default_with_origin() -> None:
    local = policy(number=1, connection=("a",), df_bit="set")
    root = configuration([local, policy(number=2)], df_bit="clear")
    effective = compiled(root, tunnel("a", connection="a"), tunnel("b")).effective
    assert effective["a"].df_bit == Sourced("set", "local")
    assert effective["b"].df_bit == Sourced("clear", "global")
    assert effective["b"].fragmentation == Sourced("after-encryption", "default")


def test_a_global_change_touches_only_who_inherits() -> None:
    before_root = configuration(
        [policy(number=1, connection=("a",), df_bit="copy"), policy(number=2)]
    )
    after_root = configuration(
        [policy(number=1, connection=("a",), df_bit="copy"), policy(number=2)], df_bit="clear"
    )
    before = compiled(before_root, tunnel("a", connection="a"), tunnel("b"))
    after, *_ = recompile(
        before, after_root, changes_between(before_root, after_root), (), FEATURES
    )
    assert after.effective["a"] is before.effective["a"]
    assert after.effective["b"].df_bit == Sourced("clear", "global")


def test_row_9_and_14_rate_in_kilobits_and_default_bucket() -> None:
    root = configuration([policy(inbound=inbound(limit(8)), outbound=outbound(limit(8000)))])
    plan = compiled(root, tunnel()).plan
    slow = Limit(1000, 65536, "encrypted", False)
    assert plan[ObjectKey("limit", "t1", "inbound")] == slow
    fast = Limit(1_000_000, 1_000_000, "encrypted", False)
    assert plan[ObjectKey("limit", "t1", "outbound")] == fast


def test_row_8_aging_time_is_rounded_up_to_what_the_dataplane_can() -> None:
    seconds = Features("linux", aging_time_step=1000)
    plan = compile_all(configuration(aging_time=1500), (), seconds).plan
    assert plan[AGING_TIME_KEY] == FragmentAgingTime(2000)
    assert compiled(configuration()).plan[AGING_TIME_KEY] == FragmentAgingTime(5000)


def test_row_13_ike_on_a_slow_limit_warns() -> None:
    root = configuration([policy(inbound=inbound(limit(63, None, True)))])
    (condition,) = compiled(root, tunnel()).effective["t1"].conditions
    assert (condition.feature, condition.status) == ("inbound-speed-limit", "warning")
    enough = configuration([policy(inbound=inbound(limit(64, None, True)))])
    assert compiled(enough, tunnel()).effective["t1"].conditions == ()


def test_row_4_before_encryption_without_clear_warns() -> None:
    root = configuration([policy()], fragmentation="before-encryption")
    (condition,) = compiled(root, tunnel()).effective["t1"].conditions
    assert (condition.feature, condition.status) == ("fragmentation", "warning")
    clear = configuration([policy(df_bit="clear")], fragmentation="before-encryption")
    assert compiled(clear, tunnel()).effective["t1"].conditions == ()


def test_row_22_class_without_mpls_is_not_applicable() -> None:
    root = configuration([policy(outbound=outbound(service_class="ef"))])
    result = compiled(root, tunnel("a"), tunnel("b", mpls="outbound"))
    (condition,) = result.effective["a"].conditions
    assert (condition.feature, condition.status) == ("outbound-service-class", "not-applicable")
    assert result.effective["b"].conditions == ()
    assert ObjectKey("service-class", "a", "outbound") not in result.plan


def test_row_26_unmatched_tunnel_has_no_objects() -> None:
    assert set(compiled(configuration(), tunnel()).plan) == {AGING_TIME_KEY}
