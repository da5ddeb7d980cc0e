"""Rows 16 to 22 and 26 of SEMANTICS, section 2: DSCP and service class, proved by packets."""

import pytest

from dataplane_bridge.packets import Packet
from dataplane_bridge.tables import DSCP_BY_NAME, TRAFFIC_CLASS, code_point
from tests.dataplane_bridge.gateway import Gateway, gateway
from tests.dataplane_bridge.shapes import (
    configuration,
    inbound,
    outbound,
)


def test_row_16_outbound_marking_writes_only_the_outer_header_and_keeps_ecn() -> None:
    (sent,) = gateway(outbound=outbound(dscp="ef")).send(Packet(100, dscp=10, ecn=2)).sent
    assert (sent.dscp, sent.ecn, sent.inner.dscp) == (46, 2, 10)


def test_row_16_every_outer_fragment_and_piece_is_marked() -> None:
    box = gateway(outbound=outbound(dscp=46), fragmentation="before-encryption")
    assert {piece.dscp for piece in box.send(Packet(1500)).sent} == {46}


def test_row_17_inbound_marking_writes_the_inner_header() -> None:
    (sent,) = gateway(inbound=inbound(dscp="af41")).send(Packet(100, dscp=1, ecn=3), "inbound").sent
    assert (sent.inner.dscp, sent.inner.ecn) == (34, 3)
    (same,) = gateway().send(Packet(100, dscp=1), "inbound").sent
    assert same.inner.dscp == 1


def test_row_18_names_and_numbers_mean_the_same() -> None:
    assert len(DSCP_BY_NAME) == 21
    assert {name: code_point(name) for name in ("default", "cs7", "af23")} == {
        "default": 0,
        "cs7": 56,
        "af23": 22,
    }
    by_name, by_number = gateway(outbound=outbound(dscp="ef")), gateway(outbound=outbound(dscp=46))
    assert by_name.dataplane.read() == by_number.dataplane.read()
    shown = by_name.bridge.tunnel_state("t1")
    assert shown is not None
    assert shown["effective"]["outbound"]["dscp"] == {"value": "ef", "origin": "local"}


@pytest.mark.parametrize("name", TRAFFIC_CLASS)
def test_row_20_class_becomes_the_traffic_class_of_that_direction(name: str) -> None:
    box = gateway(outbound=outbound(service_class=name), fields={"mpls": "both"})
    (out,) = box.send(Packet(100, dscp=46)).sent
    assert (out.traffic_class, out.dscp) == (TRAFFIC_CLASS[name], 46)
    assert box.send(Packet(100, dscp=46), "inbound").sent[0].traffic_class == 0


def test_row_21_inherit_plain_reads_the_class_before_re_marking() -> None:
    box = gateway(inbound=inbound(dscp=10, inherit_plain=True), fields={"mpls": "inbound"})
    table = {0: 0, 1: 0, 8: 1, 14: 1, 18: 2, 26: 3, 38: 4, 40: 5, 46: 5, 44: 0, 48: 6, 56: 7, 63: 0}
    for dscp, traffic_class in table.items():
        (sent,) = box.send(Packet(100, dscp=dscp), "inbound").sent
        assert (sent.traffic_class, sent.inner.dscp) == (traffic_class, 10)


def test_row_22_no_mpls_no_label() -> None:
    box = gateway(outbound=outbound(service_class="ef"))
    assert box.send(Packet(100)).sent[0].traffic_class is None
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["condition"][0]["status"] == "not-applicable"


def test_row_26_unmatched_traffic_passes_unchanged_and_is_counted() -> None:
    box = Gateway(configuration(), mpls="both")
    (sent,) = box.send(Packet(1000, dscp=10, ecn=1)).sent
    assert (sent.inner, sent.dscp) == (Packet(1000, dscp=10, ecn=1), 10)
    box.send(Packet(500), "inbound")
    assert box.bridge.dataplane_state()["unmatched"] == {"packets": 2, "octets": 1500}
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["status"] == "no-policy"
    assert not any(shown["counters"][each]["conform-packets"] for each in ("inbound", "outbound"))
