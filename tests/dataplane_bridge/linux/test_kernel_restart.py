"""A server that begins where another one ended: with its table, an older one, or one halfway."""

from collections.abc import Callable

import pytest

from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.linux.table import Table
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.linux.kernel_lab import (
    FULL,
    Lab,
    count_drops,
    count_of,
    known,
    limits_of,
    nft,
    reread,
    routes,
    static,
)
from tests.dataplane_bridge.linux.namespaces import why_not
from tests.dataplane_bridge.shapes import (
    limit,
    outbound,
)

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


def test_a_restart_adopts_the_table_and_changes_nothing(inside_namespace: str) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = nft("-a list table inet ipsecqos"), routes()
    assert "10.2.1.0/24 dev ipsec0" in before[1]
    lab.driver.close()
    lab.begin()
    assert lab.bridge.health.status == "in-sync"
    assert (nft("-a list table inet ipsecqos"), routes()) == before
    assert lab.bridge.dataplane_state().get("last-apply") is None


def test_a_server_that_was_killed_between_two_transactions_leaves_nothing_behind(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    count_drops(2)
    with monkeypatch.context() as killed:
        killed.setattr(Table, "_forget_packets", _killed)
        killed.setattr(Table, "change", _killed)
        with pytest.raises(_Killed):
            lab.discovery.go("t1", "t2")
    lab.driver.close()
    assert count_of("drop_out") == 1 and "chain mtu1446" in nft("list table inet ipsecqos")
    # Another tunnel may have that number by then: what the first one's packets counted is not its.
    lab.discovery.come(known(3, reqid=2))
    lab.begin()
    assert lab.driver.counters()["t3"].outbound.exceed_packets == 0
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()
    lab.discovery.go("t3")
    assert "chain mtu" not in nft("list table inet ipsecqos")


class _Killed(BaseException):
    pass


def _killed(*_: object) -> bool:
    raise _Killed


def stamp() -> str:
    """Return the name of the chain that tells which version made the table."""
    (found,) = (word for word in nft("list chains inet").split() if word.startswith("ipsec_qos"))
    return found


def say_another_version_made_it() -> None:
    name = stamp()
    nft(f"rename chain inet ipsecqos {name} {name[:-8]}00000000")


def test_a_table_of_another_version_is_exchanged_for_one_that_has_all_elements(
    inside_namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    ours = stamp()
    say_another_version_made_it()
    count_drops(1)
    lab.driver.close()
    transact, seen = Table._changed, []

    def watched(self: Table, act: Callable[[], None]) -> bool:
        undisturbed = transact(self, act)
        seen.append((limits_of(1), "mtu1446" in nft("list map inet ipsecqos size_out")))
        return undisturbed

    monkeypatch.setattr(Table, "_changed", watched)
    lab.begin()
    assert stamp() == ours and seen
    assert all(limits and is_sized for limits, is_sized in seen), "for a moment nothing was limited"
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()
    counters = lab.driver.counters()["t1"]
    assert counters.since == lab.clock.seconds and counters.outbound.exceed_packets == 0


def test_a_table_of_another_version_stays_in_force_while_charon_is_away(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    say_another_version_made_it()
    before = nft("-a list table inet ipsecqos")
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    with pytest.raises(DataplaneFailed, match="another version .* until charon tells"):
        lab.commit(FULL, aging_time=7000)
    assert nft("-a list table inet ipsecqos") == before
    lab.discovery.is_known = True
    lab.discovery.come(known(1))
    assert limits_of(1) and reread(lab) == () and lab.bridge.health.status == "in-sync"


def test_a_number_of_which_a_stray_was_taken_away_has_lost_no_counters(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    count_drops(2)
    lab.driver.look_for_disturbance()
    lab.discovery.come(known(2))
    begun = lab.driver.counters()["t2"].since
    lab.clock.seconds += 100
    lab.driver.read()
    assert lab.driver.counters()["t2"].since == begun


def test_a_restart_keeps_what_static_policies_wait_for(inside_namespace: str) -> None:
    lab = Lab()
    lab.commit(static())
    lab.driver.close()
    lab.begin()
    assert limits_of(7)
    assert lab.bridge.health.status == "in-sync"
    lab.discovery.come(known(7))
    assert limits_of(7) and reread(lab) == ()


def test_a_restart_while_charon_is_away_leaves_all_in_force_until_it_is_known_what_there_is(
    inside_namespace: str,
) -> None:
    lab = Lab(known(1), known(2))
    lab.commit(FULL)
    before = nft("-a list table inet ipsecqos"), routes()
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    lab.driver.look_for_disturbance()
    assert lab.bridge.health.status == "in-sync"
    lab.commit(FULL._replace(outbound=outbound(limit(2000, None, True), 46, "ef")), aging_time=6000)
    assert (nft("-a list table inet ipsecqos"), routes()) == before
    lab.discovery.is_known = True
    lab.discovery.come(known(1))
    assert lab.bridge.health.status == "in-sync" and reread(lab) == ()
    after = nft("list table inet ipsecqos")
    assert "10.2.1.0" in after and "10.2.2.0" not in after and "10.2.2.0" not in routes()
    assert limits_of(1) and not limits_of(2)
    assert "dataplane-drift" not in [name for name, _ in lab.events]


def test_after_such_a_restart_with_no_tunnel_nothing_is_left(inside_namespace: str) -> None:
    lab = Lab(known(1))
    lab.commit(FULL)
    lab.driver.close()
    lab.discovery = FixedTunnels()
    lab.discovery.is_known = False
    lab.begin()
    assert limits_of(1) and routes()
    lab.discovery.is_known = True
    lab.discovery.come()
    assert not limits_of(1) and not routes()
    assert reread(lab) == () and lab.bridge.health.status == "in-sync"
