"""Rows 2, 10, 23 and 26, and section 1: which policy, which tunnel, and traffic that goes on."""

from typing import Any

from tests.dataplane_bridge.shapes import inbound, limit, outbound, policy, template
from tests.packets.bed import Act
from tests.packets.scenario import scenario
from tests.packets.shots import Shot, Stream
from tests.packets.trial import Trial


@scenario("1", "the first policy in sequence order decides, the rest of the tunnels fall through")
def first_match(trial: Trial) -> None:
    first = "10.2.1.0/24", "fd00:2:1::/64"
    marks = {"t1": 10, "t2": 12, "t3": 14, "t4": 18}
    trial.commit(
        policy(number=5, remote_prefix=first, outbound=outbound(dscp=10)),
        policy(number=6, reqid=(trial.reqid("t1"), trial.reqid("t2")), outbound=outbound(dscp=12)),
        policy(number=7, connection=("spoke2",), outbound=outbound(dscp=14)),
        policy(number=8, template="dial"),
        templates=[template(outbound=outbound(dscp=18))],
    )
    for name, mark in marks.items():
        trial.equal(name, trial.send(Shot(name)).outer[0].dscp, mark)
        trial.compare_states(name)
    # The one before it goes, and the next one in order takes its place.
    trial.commit(policy(number=6, outbound=outbound(dscp=12)))
    trial.equal("t1", trial.send(Shot("t1")).outer[0].dscp, 12)


@scenario("1.6", "what needs reassembly is refused where it is not active")
def defragmentation(trial: Trial) -> None:
    one = policy(protocol=17, remote_port=5000, df_bit="clear")
    if trial.lacks("connection-tracking-defragmentation"):
        trial.equal("refused", trial.refusals(one), {"defragmentation-required"})


@scenario("26", "traffic that no policy matches passes unchanged and is counted")
def unmatched(trial: Trial) -> None:
    trial.commit(policy(reqid=(trial.reqid("t2"),), outbound=outbound(dscp=10)))
    before = _unmatched(trial)
    shots = (
        Shot(length=300, dscp=10, ecn=1),
        Shot(length=400, version=6),
        Shot("t3", "inbound", 500, dscp=1, ecn=2),
        Shot("t3", "inbound", 600, 6),
        Shot("t2", length=700),
    )
    for shot in shots:
        trial.expect(f"{shot} passes", trial.send(shot).delivered)
    after = _unmatched(trial)
    grown = tuple(now - then for now, then in zip(after, before, strict=True))
    trial.equal("packets and octets", grown, (4, 1800))
    trial.equal("status", trial.state("t1")["status"], "no-policy")


def _unmatched(trial: Trial) -> tuple[int, int]:
    told = trial.bed.bridge.dataplane_state()["unmatched"]
    return told["packets"], told["octets"]


@scenario("23", "commits under traffic lose no packet and reset no counter")
def commits_under_traffic(trial: Trial) -> None:
    rate = trial.rate(4000)
    first = trial.reqid("t1")
    other = policy(number=2, reqid=(trial.reqid("t2"),))
    roots = [
        trial.root(policy(number=1, reqid=(first,), **leafs), other, **common)
        for leafs, common in _settings(trial.rate(40_000))
    ]
    trial.commit(policy(number=1, reqid=(first,)), other)
    trial.send(Shot("t2"))
    counted = trial.bed.counters("t2").outbound.conform_packets

    def commits(root: Any) -> Any:
        return lambda bed: bed.commit(root)

    acts = [Act(0.2 + number * 0.15, commits(root)) for number, root in enumerate(roots)]
    streams = [
        Stream(name, direction, rate, 600)
        for name in ("t1", "t2")
        for direction in ("outbound", "inbound")
    ]
    flows = trial.flood(*streams, seconds=3.0, acts=acts)
    for stream, flow in zip(streams, flows, strict=True):
        trial.equal(f"{stream.direction} {stream.tunnel}", flow.passed, flow.sent)
    grown = trial.bed.counters("t2").outbound.conform_packets - counted
    trial.equal("the other tunnel's counter", grown, flows[2].sent)


def _settings(enough: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    wide = limit(enough)
    return [
        ({"outbound": outbound(dscp=46)}, {}),
        ({"outbound": outbound(wide, 46, "ef"), "inbound": inbound(wide, 10)}, {}),
        ({"df_bit": "clear"}, {}),
        ({"df_bit": "clear", "fragmentation": "before-encryption"}, {}),
        ({}, {"df_bit": "clear"}),
        ({}, {"df_bit": "clear", "fragmentation": "before-encryption"}),
        ({"inbound": inbound(limit(enough, "payload", True), None, None, True)}, {}),
        ({"df_bit": "set"}, {}),
        ({}, {}),
    ]
