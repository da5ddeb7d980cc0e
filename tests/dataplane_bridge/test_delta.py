from hypothesis import given
from hypothesis import strategies as st

from dataplane_bridge.compiler import compile_all
from dataplane_bridge.delta import Put, Remove, Replace, apply_steps, diff_plans
from dataplane_bridge.driver import Features
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.plan import EMPTY_PLAN, Marking, ObjectKey, Plan
from tests.dataplane_bridge.shapes import Clock
from tests.dataplane_bridge.strategies import configurations, tunnels

plans = st.builds(
    lambda root, existing: compile_all(root, existing, Features("test")).plan,
    configurations(),
    st.lists(tunnels(), unique_by=lambda t: t.id),
)


@given(plans, plans)
def test_applying_the_difference_gives_the_other_plan(before: Plan, after: Plan) -> None:
    assert apply_steps(before, diff_plans(before, after)) == after


@given(plans, plans)
def test_the_strict_dataplane_takes_every_difference(before: Plan, after: Plan) -> None:
    dataplane = MemoryDataplane(Clock())
    dataplane.apply(diff_plans(EMPTY_PLAN, before))
    dataplane.check(diff_plans(before, after))
    dataplane.apply(diff_plans(before, after))
    assert dataplane.read() == after


@given(plans)
def test_no_difference_no_steps(plan: Plan) -> None:
    assert diff_plans(plan, plan) == ()


def test_removals_come_before_changes_and_new_objects() -> None:
    def key(tunnel: str) -> ObjectKey:
        return ObjectKey("dscp", tunnel, "inbound")

    before: Plan = EMPTY_PLAN.set(key("z"), Marking(1)).set(key("m"), Marking(1))
    after: Plan = EMPTY_PLAN.set(key("a"), Marking(2)).set(key("m"), Marking(2))
    assert diff_plans(before, after) == (
        Remove(key("z")),
        Replace(key("m"), Marking(2)),
        Put(key("a"), Marking(2)),
    )


def test_only_the_touched_are_compared() -> None:
    key = ObjectKey("dscp", "a", "inbound")
    other = ObjectKey("dscp", "b", "inbound")
    after: Plan = EMPTY_PLAN.set(key, Marking(1)).set(other, Marking(1))
    assert diff_plans(EMPTY_PLAN, after, [key]) == (Put(key, Marking(1)),)
