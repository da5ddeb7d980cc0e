"""Whoever may not read a node is not told that it was changed (RFC 6470 under RFC 8341)."""

from tests.end_to_end.events import BASE_EVENTS, next_notification, subscription
from tests.end_to_end.gateway import policy, qos
from tests.end_to_end.house import HIDE, House

BOTH = policy("secret", 1, "<description>changed</description>").replace(
    "</policies>",
    "<policy><name>p</name><sequence-number>1</sequence-number>"
    "<description>changed</description></policy></policies>",
)
CHANGES = subscription(f'<filter><netconf-config-change xmlns="{BASE_EVENTS}"/></filter>')
SECRET = policy("secret", 1, "<description>changed</description>")


def test_edits_of_what_may_not_be_read_are_left_out(house: House) -> None:
    house.rules(HIDE)
    for session in (house.viewer, house.session("rescue")):
        session.do(CHANGES)
    house.admin.edit(qos(SECRET), "running")
    house.admin.edit(qos(BOTH.replace("changed", "again")), "running")
    everything = [next_notification(house.session("rescue")) for _ in range(2)]
    assert [len(each.values("edit/target")) for each in everything] == [1, 2]
    # The first change is not told at all.
    (told,) = next_notification(house.viewer).values("edit/target")
    assert "'p'" in told
    assert "secret" not in told
    assert house.counters()[2] == 1


def test_filters_see_no_more_than_the_client(house: House) -> None:
    house.rules(HIDE)
    select = "/n:netconf-config-change[n:edit[contains(n:target, 'secret')]]"
    by_path = f'<filter type="xpath" xmlns:n="{BASE_EVENTS}" select="{select}"/>'
    for session in (house.viewer, house.session("rescue")):
        session.do(subscription(by_path))
    house.admin.edit(qos(BOTH), "running")
    assert next_notification(house.session("rescue")).values("edit/target")
    house.rules()
    house.admin.edit(qos(BOTH.replace("changed", "third")), "running")
    assert len(next_notification(house.viewer).values("edit/target")) == 2
