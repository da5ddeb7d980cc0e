"""What we send to the kernel is what libnftables makes of the same words."""

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from dataplane_bridge.driver import DataplaneFailed, DataplaneRefused
from dataplane_bridge.linux.decoding import OTHER
from dataplane_bridge.linux.elements import Elements, Place
from dataplane_bridge.linux.ruleset import SIZE, limit_statement
from dataplane_bridge.linux.table import Table
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not

needs_nftables = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

DSCP1 = ": jump dscp1"

EVERY_SHAPE: Elements = {
    Place("pass_in", "7"): "counter",
    Place("pass_out", str((1 << 32) - 1)): "counter",
    Place("payload_out", "7"): "",
    Place("lim_in", "7"): limit_statement(125_000, 125_000),
    Place("lim_out", "7"): limit_statement(1_000, 65_536),
    Place("drop_out", "7"): "counter",
    Place("act_in", "7"): ": jump dscp46",
    Place("act_out", "7"): ": jump class_inherit",
    Place("peer_in4", "192.0.2.1"): ": 7",
    Place("peer_out6", "2001:db8::1"): ": 7",
    Place("spi_in", str(0xC0000001)): ": 7",
    Place("ts_4", "10.1.0.0-10.1.0.255 . 10.2.0.9"): ": 7",
    Place("ts_6", "2001:db8:: . 2001:db8:1::-2001:db8:1::ffff"): ": 4294967294",
}


@pytest.fixture
def table() -> Iterator[Table]:
    name = f"ipsecqos-enc-{os.getpid()}"
    with namespace(name), inside(name):
        found = Table("selector", "ipsec0")
        found.install()
        yield found
        found.close()


def by_nft(elements: Elements) -> str:
    """Return the commands that add these elements, as nft(8) reads them."""
    return "".join(
        f"add element inet ipsecqos {place.group} {{ {place.key} {text} }}\n"
        for place, text in elements.items()
    )


@needs_nftables
def test_every_shape_of_element_is_taken_as_the_library_takes_its_text(table: Table) -> None:
    assert table.change_elements({}, EVERY_SHAPE)
    ours = table.list().elements
    assert ours == EVERY_SHAPE
    assert table.change_elements(EVERY_SHAPE, {})
    assert table.list().elements == {}
    subprocess.run(["nft", "-f", "-"], input=by_nft(EVERY_SHAPE), text=True, check=True)
    assert table.list().elements == ours
    # What the library added is deleted by what we say, and so the keys are the same octets.
    table.change_elements(EVERY_SHAPE, {})
    assert table.list().elements == {}


@needs_nftables
def test_what_is_not_laid_out_as_ours_is_seen_as_such(table: Table) -> None:
    foreign = """
        add element inet ipsecqos lim_out { 2 limit rate 5 bytes/second burst 1 bytes }
        add element inet ipsecqos lim_out { 3 limit rate over 5 bytes/minute burst 1 bytes }
        add element inet ipsecqos act_out { 4 : goto dscp1 }
        add element inet ipsecqos act_out { 5 : drop }
        add element inet ipsecqos pass_out { 6 counter comment "mine" }
        add set inet ipsecqos ts_mine { type inet_service; }
        add element inet ipsecqos ts_mine { 7 }
    """
    subprocess.run(["nft", "-f", "-"], input=foreign, text=True, check=True)
    found = table.list().elements
    assert [place.group for place in found].count("lim_out") == 2
    assert {text for place, text in found.items() if place.group != "ts_mine"} == {OTHER}
    assert any(place.group == "ts_mine" for place in found)


@needs_nftables
def test_a_transaction_that_is_refused_leaves_everything_as_it_was(table: Table) -> None:
    good = {Place("pass_in", "7"): "counter", Place("act_in", "7"): ": jump dscp1"}
    table.change_elements({}, good)
    bad = {Place("pass_in", "8"): "counter", Place("act_in", "8"): ": jump no_such_chain"}
    with pytest.raises(DataplaneRefused, match="to add elements of the set act_in"):
        table.change_elements(good, bad)
    assert table.list().elements == good
    with pytest.raises(DataplaneRefused, match="to delete elements of the set pass_in"):
        table.change_elements({Place("pass_in", "9"): "counter"}, {})
    assert table.list().elements == good


@needs_nftables
def test_a_set_that_is_full_is_told_to_be_and_networks_have_room_for_several_a_tunnel(
    table: Table,
) -> None:
    many = {Place("pass_in", str(number)): "counter" for number in range(SIZE + 1)}
    with pytest.raises(DataplaneRefused, match="the set pass_in: the set is full"):
        table.change_elements({}, many)
    networks = {
        Place("ts_4", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255} . 10.2.0.1"): ": 7"
        for number in range(SIZE + 1)
    }
    assert table.change_elements({}, networks)


@needs_nftables
def test_more_elements_than_one_message_holds_come_in_one_transaction(table: Table) -> None:
    many = {Place("pass_in", str(number)): "counter" for number in range(20_000)}
    assert table.change_elements({}, many)
    assert table.list().elements == many


@needs_nftables
def test_a_changed_element_is_deleted_and_added_and_an_unchanged_one_keeps_its_count(
    table: Table,
) -> None:
    before = {Place("pass_in", "7"): "counter packets 5 bytes 500", Place("act_in", "7"): DSCP1}
    subprocess.run(["nft", "-f", "-"], input=by_nft(before), text=True, check=True)
    left = {Place("pass_in", "7"): "counter", Place("act_in", "7"): DSCP1}
    table.change_elements(left, {**left, Place("act_in", "7"): ": jump dscp2"})
    assert table.list().elements[Place("act_in", "7")] == ": jump dscp2"
    assert [count.packets for count in table.counts("pass_in")] == [5]
    generation = table.generation
    assert table.change_elements(left, left)
    assert table.list() and table.generation == generation


def addresses(group: str, count: int) -> Elements:
    return {
        Place(group, f"10.1.{number}.0-10.1.{number}.255 . 10.3.{number}.9"): f": {number}"
        for number in range(count)
    }


def addresses6(count: int) -> Elements:
    return {
        Place("ts_6", f"2001:db8:a::{number:x} . 2001:db8:b::"): f": {number}"
        for number in range(1, count + 1)
    }


@needs_nftables
def test_much_that_goes_from_a_set_of_ranges_goes_with_the_set_and_the_rules_stay(
    table: Table,
) -> None:
    there = {**addresses("ts_4", 100), **addresses6(100), **EVERY_SHAPE}
    table.change_elements({}, there)
    before = table.list()
    gone = {**addresses("ts_4", 60), **addresses6(1)}
    renumbered = {**addresses("ts_4", 1), Place("ts_4", "10.9.0.1 . 10.9.0.2"): ": 8"}
    assert table.change_elements(gone, renumbered)
    after = table.list()
    left = {place: text for place, text in there.items() if place not in gone}
    assert after.elements == {**left, **renumbered}
    assert after.digest == before.digest
    assert table.is_as_made(after)


@needs_nftables
def test_a_set_that_cannot_be_made_anew_stays_with_everything_else(table: Table) -> None:
    there = {**addresses("ts_4", 20), Place("pass_in", "7"): "counter"}
    table.change_elements({}, there)
    twice = {Place("ts_4", "10.9.0.0-10.9.0.9 . 10.2.0.1"): ": 1"}
    overlapping = {Place("ts_4", "10.9.0.5-10.9.0.20 . 10.2.0.1"): ": 2"}
    with pytest.raises(DataplaneRefused, match="ts_4"):
        table.change_elements(there, {**twice, **overlapping})
    assert table.list().elements == there
    assert table.is_as_made(table.list())


@needs_nftables
def test_a_change_that_is_too_long_to_send_is_said_and_nothing_of_it_happens(table: Table) -> None:
    netfilter = table._netfilter
    netfilter._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    many = {Place("pass_in", str(number)): "counter" for number in range(2000)}
    with pytest.raises(DataplaneFailed, match="raise net.core.wmem_max"):
        table.change_elements({}, many)
    assert table.list().elements == {}
    assert table.change_elements({}, {Place("pass_in", "1"): "counter"})
