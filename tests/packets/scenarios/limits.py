"""Rows 9 to 15 and 23: speed limits, judged by totals against bucket and rate."""

from typing import Any

from dataplane_bridge.effective import BYTES_A_SECOND, SMALLEST_DEFAULT_BUCKET
from tests.dataplane_bridge.shapes import inbound, limit, outbound, policy, template
from tests.packets.bed import Act, Bed
from tests.packets.instead import BUCKET_KEPT, REKEY
from tests.packets.scenario import scenario
from tests.packets.shots import Flow, Shot, Stream
from tests.packets.trial import TOLERANCE, Trial


def limited(number: int, reqid: int, kbps: int, **more: Any) -> Any:
    """Return a policy for one tunnel with one rate in both directions."""
    both = limit(kbps, more.get("length"), more.get("ike"))
    return policy(number=number, reqid=(reqid,), inbound=inbound(both), outbound=outbound(both))


def allowed(kbps: int, seconds: float) -> float:
    """Return the octets that a limit lets pass in that time."""
    rate = kbps * BYTES_A_SECOND
    return max(rate, SMALLEST_DEFAULT_BUCKET) + rate * seconds


def holds(
    trial: Trial, what: str, flow: Flow, counted: int, kbps: int, slack: float = TOLERANCE
) -> None:
    """Judge a saturating flow by row 14: bucket and rate, neither more nor less."""
    wanted = allowed(kbps, flow.seconds)
    if flow.sent * counted > 1.15 * wanted:
        trial.near(what, flow.passed * counted, wanted, slack)
    else:
        # A busy machine offered too little: what the oracle let pass has been compared.
        trial.expect(what, flow.passed * counted <= (1 + slack) * wanted, flow.passed * counted)


@scenario("9-11", "a rate holds in each direction and tunnel, counted at the outer length")
def outer_lengths(trial: Trial) -> None:
    slow, fast = trial.rate(1000), trial.rate(4000)
    trial.commit(
        limited(1, trial.reqid("t1"), slow),
        limited(2, trial.reqid("t3"), fast),
    )
    streams = [
        Stream(name, direction, rate * 3)
        for name, rate in (("t1", slow), ("t3", fast))
        for direction in ("outbound", "inbound")
    ]
    for stream, flow in zip(streams, trial.flood(*streams), strict=True):
        counted = trial.oracle.tunnel(stream.tunnel).encapsulation.outer_length(stream.length)
        holds(trial, f"{stream.direction} {stream.tunnel}", flow, counted, stream.rate // 3)


@scenario("12", "with payload a rate is counted at the inner length")
def inner_lengths(trial: Trial) -> None:
    rate = trial.rate(1000)
    trial.commit(limited(1, trial.reqid("t1"), rate, length="payload"))
    # Small packets: inner and outer lengths differ much.
    streams = Stream("t1", "outbound", rate * 3, 200), Stream("t1", "inbound", rate * 3, 200)
    for stream, flow in zip(streams, trial.flood(*streams), strict=True):
        holds(trial, stream.direction, flow, stream.length, rate)


@scenario("11-12", "each packet is counted in the length that was asked for")
def counted_lengths(trial: Trial) -> None:
    for length in (None, "payload"):
        one = limit(trial.rate(8000), length)
        trial.commit(policy(inbound=inbound(one), outbound=outbound(one)))
        for name in ("t1", "t3", "t4"):
            for size in (100, 101, trial.mtu(name)):
                trial.send(Shot(name, length=size))
                trial.send(Shot(name, "inbound", length=size))
            trial.send(Shot(name, length=trial.mtu(name) + 1))
            trial.send(Shot(name, version=6, length=300))


@scenario("10", "every peer of a template has its own bucket, which outlives rekeys")
def buckets_of_peers(trial: Trial) -> None:
    rate = trial.rate(800)
    one = limit(rate)
    dial = template(outbound=outbound(one), inbound=inbound(one))
    trial.commit(policy(template="dial"), templates=[dial])
    streams = [
        Stream(name, direction, rate * 3)
        for name in ("t1", "t3")
        for direction in ("outbound", "inbound")
    ]
    acts = [Act(at, lambda bed: bed.rekey("t1")) for at in (1.0, 2.0)]
    slack = 0.05 if trial.linux is not None and trial.lacks(REKEY) else TOLERANCE
    flows = trial.flood(*streams, acts=acts, tolerance=slack)
    for stream, flow in zip(streams, flows, strict=True):
        counted = trial.oracle.tunnel(stream.tunnel).encapsulation.outer_length(stream.length)
        holds(trial, f"{stream.direction} {stream.tunnel}", flow, counted, rate, slack)
    trial.equal("template", trial.state()["policy"]["template"], "dial")


@scenario("13", "IKE packets of the peer draw from the same bucket, on both ports")
def ike_limited(trial: Trial) -> None:
    rate = trial.rate(1000)
    trial.commit(limited(1, trial.reqid("t1"), rate, length="payload", ike=True))
    for port in (500, 4500):
        streams = (
            Stream("t1", "inbound", rate * 2, kind="ike", port=port),
            Stream("t1", "outbound", rate * 2, kind="ike", port=port),
            # At no simple ratio: else one of two always finds what the other one has left.
            Stream("t1", "inbound", rate * 7 // 5),
            Stream("t1", "outbound", rate * 7 // 5),
        )
        flows = trial.flood(*streams, seconds=2.0, tolerance=0)
        for direction, ike, data in (("in", flows[0], flows[2]), ("out", flows[1], flows[3])):
            together = ike.passed + data.passed
            if port == 500:
                trial.near(f"{direction}, port {port}", together * 1000, allowed(rate, 2.0))
            # What came into the bucket between the floods is not known: not more than it holds.
            trial.expect(
                f"{direction}, port {port}: at most bucket and rate",
                together * 1000 <= allowed(rate, ike.seconds) * 1.03,
                together,
            )
            trial.expect(f"{direction}: IKE draws", 0 < ike.passed < ike.sent, ike)
            trial.expect(f"{direction}: data is dropped too", data.passed < data.sent, data)


@scenario("13", "without ike the peer's IKE packets are exempt, whatever data is dropped")
def ike_exempt(trial: Trial) -> None:
    trial.commit(limited(1, trial.reqid("t1"), 8))
    streams = [
        Stream("t1", direction, 400, kind=kind)
        for direction in ("outbound", "inbound")
        for kind in ("ike", "data")
    ]
    flows = trial.flood(*streams, seconds=2.0)
    for stream, flow in zip(streams, flows, strict=True):
        is_whole = flow.passed == flow.sent
        trial.expect(f"{stream.direction} {stream.kind}", is_whole == (stream.kind == "ike"), flow)


@scenario("13", "ike on a slow limit warns")
def slow_for_ike(trial: Trial) -> None:
    trial.commit(limited(1, trial.reqid("t1"), 63, ike=True))
    trial.equal("63 kbit/s", trial.conditions().get("outbound-speed-limit"), "warning")
    trial.commit(limited(1, trial.reqid("t1"), 64, ike=True))
    trial.equal("64 kbit/s", trial.conditions().get("outbound-speed-limit"), None)
    trial.compare_states()


@scenario("14", "the default bucket is a second of the rate and at least 64 KiB, and no black hole")
def default_bucket(trial: Trial) -> None:
    trial.commit(limited(1, trial.reqid("t1"), 8, length="payload"))
    trial.equal("shown", trial.state()["effective"]["outbound"]["speed-limit"]["burst"], 65536)
    flow = trial.flood(Stream("t1", "outbound", 800), seconds=2.0)[0]
    trial.near("64 KiB and 1000 octets a second", flow.octets, allowed(8, flow.seconds), 0.02)


@scenario("14", "a configured burst is exact, or refused")
def configured_burst(trial: Trial) -> None:
    one = policy(outbound=outbound(limit(8, "payload", burst=5000)))
    if trial.lacks("exact-burst"):
        trial.equal("refused", trial.refusals(one), {"exact-burst-required"})
        return
    trial.commit(one)
    passed = [trial.send(Shot(length=1000)).delivered for _ in range(8)]
    trial.equal("passed", passed, [True] * 5 + [False] * 3)


@scenario("15", "excess is counted by direction and cause, to the packet")
def excess_counted(trial: Trial) -> None:
    rate = trial.rate(400)
    trial.commit(limited(1, trial.reqid("t1"), rate, length="payload", ike=True))
    taken = _exceeded(trial)
    streams = [
        Stream("t1", direction, rate * 4, kind=kind)
        for direction in ("inbound", "outbound")
        for kind in ("data", "ike")
    ]
    flows = trial.flood(*streams, seconds=2.0, tolerance=0)
    grown = [now - then for now, then in zip(_exceeded(trial), taken, strict=True)]
    for stream, flow, excess in zip(streams, flows, grown, strict=True):
        trial.equal(f"{stream.direction} {stream.kind}", excess, flow.sent - flow.passed)


def _exceeded(trial: Trial) -> list[int]:
    """Return what was dropped: inbound data and IKE, outbound data and IKE."""
    counters = trial.bed.counters("t1")
    return [
        number
        for each in (counters.inbound, counters.outbound)
        for number in (each.exceed_packets, each.ike_exceed_packets)
    ]


@scenario("23", "a rate changes under traffic at once, and another tunnel's bucket goes on")
def rate_changed(trial: Trial) -> None:
    slow, other = trial.rate(800), trial.rate(2000)
    first, second = trial.reqid("t1"), trial.reqid("t2")

    def change(bed: Bed) -> None:
        bed.commit(
            trial.root(
                limited(1, first, slow * 2, length="payload"),
                limited(2, second, other, length="payload"),
            )
        )

    trial.commit(
        limited(1, first, slow, length="payload"), limited(2, second, other, length="payload")
    )
    streams = Stream("t1", "outbound", slow * 5), Stream("t2", "outbound", other * 2)
    flows = trial.flood(*streams, seconds=4.0, acts=[Act(2.0, change)], tolerance=0)
    lost = flows[0].seconds - 4.0
    wanted = allowed(slow, 2.0) + slow * 2 * BYTES_A_SECOND * (2.0 + lost)
    if trial.linux is not None and trial.lacks(BUCKET_KEPT):
        wanted += allowed(slow * 2, 0)
    trial.near("the changed one", flows[0].octets, wanted, 0.05)
    holds(trial, "the other one", flows[1], 1000, other)
