"""Row 10 by the hundred: peers that dial in, which no policy knows by name."""

from dataplane_bridge.plan import DIRECTIONS
from tests.dataplane_bridge.shapes import inbound, limit, outbound, policy, template
from tests.packets.lab.peers import CONNECTION, connect_hosts
from tests.packets.scenario import scenario
from tests.packets.scenarios.limits import holds
from tests.packets.shots import Shot, Stream
from tests.packets.trial import Trial


@scenario("10", "a hundred peers of a template dial in, each has a bucket of its own, and all go")
def many_peers(trial: Trial) -> None:
    rate = trial.rate(400)
    one = limit(rate)
    trial.commit(
        policy(template="dial"),
        templates=[
            template(
                connection=(CONNECTION,),
                inbound=inbound(one),
                outbound=outbound(one, 46),
                fragmentation="before-encryption",
                df_bit="clear",
            )
        ],
    )
    numbers = range(1, (10 if trial.is_slow else 100) + 1)
    names = [f"p{number}" for number in numbers]
    heard = len(trial.bed.events)
    with trial.peers(numbers):
        for name in names:
            told = trial.state(name)
            rates = [told["effective"][each]["speed-limit"]["rate"] for each in DIRECTIONS]
            trial.equal(f"{name}: rates, status", (*rates, told["status"]), (rate, rate, "applied"))
            trial.equal(f"{name}: template", told["policy"]["template"], "dial")
            trial.compare_states(name)
        few = names[0], names[len(names) // 2], names[-1]
        if trial.linux is not None:
            connect_hosts(trial.linux.lab, (int(name[1:]) for name in few))
        for name in few:
            trial.equal(name, trial.send(Shot(name)).outer[0].dscp, 46)
            seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
            trial.equal("pieces", (len(seen.inner), len(seen.outer)), (2, 2))
        streams = [Stream(name, each, rate * 3) for name in few for each in DIRECTIONS]
        for stream, flow in zip(streams, trial.flood(*streams), strict=True):
            counted = trial.oracle.tunnel(stream.tunnel).encapsulation.outer_length(stream.length)
            holds(trial, f"{stream.direction} {stream.tunnel}", flow, counted, rate)
    for event in ("tunnel-up", "tunnel-down"):
        told_of = {content["tunnel"] for name, content in trial.bed.events[heard:] if name == event}
        trial.equal(event, len(told_of), len(names))
