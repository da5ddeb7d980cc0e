"""Row 10 and section 1: tunnels that come, go and have new SAs; daemons that start again."""

from typing import Any

from tests.dataplane_bridge.shapes import inbound, limit, outbound, policy
from tests.packets.bed import Act
from tests.packets.lab.topology import FAR
from tests.packets.scenario import scenario
from tests.packets.scenarios.limits import allowed
from tests.packets.shots import Shot, Stream
from tests.packets.trial import Trial

ALL = ("t1", "t3", "t4")


def marked(trial: Trial, **more: Any) -> Any:
    """Return a policy that shows by its marks that it is in force."""
    big = limit(trial.rate(8000))
    return policy(outbound=outbound(big, 46), inbound=inbound(big, 10), **more)


def works(trial: Trial, name: str) -> None:
    """Judge that ``marked`` is in force for a tunnel."""
    trial.equal(name, trial.send(Shot(name)).outer[0].dscp, 46)
    trial.equal(name, trial.send(Shot(name, "inbound")).inner[0].dscp, 10)
    trial.compare_states(name)


@scenario("10", "a tunnel stays the same across rekeys of its SAs and of its IKE_SA")
def rekeyed(trial: Trial) -> None:
    trial.commit(marked(trial))
    for name in ALL:
        works(trial, name)
    events = len(trial.bed.events)
    for name in ALL:
        trial.each(lambda bed, name=name: bed.rekey(name))
        works(trial, name)
    if trial.linux is not None:
        trial.linux.rekey_ike("spoke1")
        works(trial, "t1")
    trial.equal("events", trial.bed.events[events:], [])


@scenario("23", "a server of another version starts under traffic: nothing lost or unlimited")
def upgraded(trial: Trial) -> None:
    rate = trial.rate(800)
    trial.commit(
        policy(number=1, reqid=(trial.reqid("t1"),), outbound=outbound(limit(rate, "payload"))),
        policy(number=2, outbound=outbound(dscp=46)),
    )
    if trial.linux is None:
        return  # it keeps nothing from one start to the next
    streams = Stream("t1", "outbound", rate * 3), Stream("t2", "outbound", rate * 2)
    exchange = Act(1.0, lambda bed: trial.linux.exchange_server() if trial.linux else None)
    flows = trial.linux.flood(streams, 4.0, [exchange])
    trial.equal("passed", flows[1].passed, flows[1].sent)
    # Its table is a new one, with a full bucket.
    most = allowed(rate, flows[0].seconds) + allowed(rate, 0.0)
    trial.expect("a bucket more at the most", flows[0].octets <= most * 1.03, flows[0].octets)
    trial.expect("some is dropped", flows[0].passed < flows[0].sent, flows[0].passed)
    trial.forget_counters()
    trial.equal("t2", trial.send(Shot("t2")).outer[0].dscp, 46)


@scenario("10", "a peer that moves keeps its tunnel, and its IKE packets draw at the new address")
def moved(trial: Trial) -> None:
    rate = trial.rate(500)
    both = limit(rate, "payload", ike=True)
    trial.each(lambda bed: bed.down("t3"))
    trial.each(lambda bed: bed.up_by_peer("t3"))
    trial.forget_counters()
    trial.commit(policy(outbound=outbound(both, 46), inbound=inbound(both, 10)))
    works(trial, "t3")
    events = len(trial.bed.events)
    tunnel_id = trial.bed.tunnel("t3").id
    for address in ("198.51.100.22", FAR[1]):
        trial.each(lambda bed, address=address: bed.move("t3", address))
        trial.equal("the same tunnel", trial.bed.tunnel("t3").id, tunnel_id)
        works(trial, "t3")
        streams = [
            Stream("t3", direction, rate * 6, kind="ike") for direction in ("inbound", "outbound")
        ]
        for stream, flow in zip(streams, trial.flood(*streams, seconds=2.0), strict=True):
            told = f"{flow.passed} of {flow.sent}"
            trial.expect(f"{address} {stream.direction}", 0 < flow.passed < flow.sent, told)
    trial.equal("events", trial.bed.events[events:], [])
    trial.each(lambda bed: bed.down("t3"))
    trial.each(lambda bed: bed.up("t3"))
    trial.forget_counters()


@scenario("1", "a tunnel goes with its counters, and has its policy when it is back")
def down_and_up(trial: Trial) -> None:
    trial.commit(marked(trial, df_bit="clear", fragmentation="before-encryption"))
    works(trial, "t1")
    tunnel_id = trial.bed.tunnel("t1").id
    events = len(trial.bed.events)
    trial.each(lambda bed: bed.down("t1"))
    trial.equal("state of what is gone", trial.bed.bridge.tunnel_state(tunnel_id), None)
    works(trial, "t2")
    trial.each(lambda bed: bed.up("t1"))
    trial.equal(
        "events",
        [(name, content["tunnel"]) for name, content in trial.bed.events[events:]],
        [("tunnel-down", tunnel_id), ("tunnel-up", tunnel_id)],
    )
    counters = trial.state("t1")["counters"]["outbound"]
    trial.equal("counters start from zero", counters["conform-packets"], 0)
    trial.forget_counters()
    works(trial, "t1")
    trial.send(Shot(length=trial.mtu() + 1, df=True))


@scenario("1", "the IKE daemon starts again: its tunnels have their policies as before")
def daemon_restarted(trial: Trial) -> None:
    trial.commit(marked(trial, df_bit="clear", fragmentation="before-encryption"))
    works(trial, "t1")
    trial.restart_daemon()
    trial.forget_counters()
    for name in ALL:
        works(trial, name)
        trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))


@scenario("23", "the server starts again under traffic: nothing lost, no counter and bucket reset")
def server_restarted(trial: Trial) -> None:
    rate = trial.rate(800)
    trial.commit(
        policy(number=1, reqid=(trial.reqid("t1"),), outbound=outbound(limit(rate, "payload"))),
        policy(number=2, outbound=outbound(dscp=46)),
    )
    counted = trial.bed.counters("t2").outbound.conform_packets
    streams = Stream("t1", "outbound", rate * 3), Stream("t2", "outbound", rate * 2)
    flows = trial.flood(*streams, acts=[Act(1.0, trial.restart_server_of)])
    trial.equal("passed", flows[1].passed, flows[1].sent)
    grown = trial.bed.counters("t2").outbound.conform_packets - counted
    trial.equal("counted", grown, flows[1].sent)
    trial.equal("t2", trial.send(Shot("t2")).outer[0].dscp, 46)
