"""``make gateway-demo``: a gateway is configured while traffic runs; a table and a plot show it.

Two hosts, two gateways with real charon and real ESP, in namespaces of this machine (root). The
server manages the near gateway; ncclient commits ``gateway.xml`` in the middle of the traffic.
"""

import sys
import time
from pathlib import Path
from typing import Any

from lxml import etree

from tests.demo.report import Answer, Samples, show_answers, show_counters, show_plot
from tests.demo.stage import Stage, stage
from tests.packets.flows import ENTRANCE
from tests.packets.frames import udp_packet
from tests.packets.lab.wires import Feeds, Sink, Watch, paced
from tests.packets.shots import Shot, Sighting
from tests.packets.sightings import FAR_HOST, NEAR_HOST, OUTSIDE, Ends, sighting

CONFIGURATION = Path(__file__).with_name("gateway.xml")
SECONDS, COMMIT_AT, SAMPLE = 12.0, 5.0, 0.25
OFFERED = 4000
"""kbit/s of inner packets that each tunnel is offered."""
LENGTH = 1000
PATIENCE = 0.4
"""Seconds that the frames of one packet are waited for."""
SHOT_PORT, FLOOD_PORT = 5000, 6000
NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"


class Watcher:
    """Sends single packets through the gateways and tells what became of them."""

    def __init__(self, box: Stage) -> None:
        self._watch = Watch(box.lab, (NEAR_HOST, FAR_HOST, OUTSIDE))
        self.feeds = Feeds(box.lab)
        self._sinks = {wire: Sink(box.lab, wire[0], SHOT_PORT) for wire in (NEAR_HOST, FAR_HOST)}

    def close(self) -> None:
        self._watch.close()
        self.feeds.close()
        for sink in self._sinks.values():
            sink.close()

    def send(self, shot: Shot) -> Sighting:
        ends = Ends(shot, ("192.0.2.1", "198.51.100.1"))
        sink = self._sinks[ends.receiver]
        sink.take()
        self._watch.forget()
        packet = udp_packet(
            ends.source,
            ends.destination,
            (4000, SHOT_PORT),
            shot.length,
            dscp=shot.dscp,
            df=shot.df,
        )
        self.feeds.send(*ENTRANCE[shot.direction], packet)
        self._watch.until(lambda: False, PATIENCE, 0.0)
        return sighting(self._watch, shot, ends, delivered=bool(sink.take()))

    def answers(self, big: int) -> list[Answer]:
        """Return what becomes of a packet of each kind that the configuration is about."""
        long_one = self.send(Shot("t1", "outbound", big, df=True))
        inbound = self.send(Shot("t1", "inbound", 300))
        other = self.send(Shot("t2", "inbound", 300))
        pieces = " + ".join(str(each.length) for each in long_one.inner)
        told = f"refused, sender is told {long_one.told_mtu}" if long_one.told_mtu else "lost"
        return [
            Answer(f"{big} octets with DF into t1", f"arrives as {pieces}" if pieces else told),
            Answer("DSCP of a packet out of t1", _dscp(inbound)),
            Answer("DSCP of a packet out of t2", _dscp(other)),
        ]


def flood(box: Stage, feeds: Feeds, commit: Any) -> Samples:
    """Offer both tunnels the same for some seconds, and commit in the middle."""
    sinks, senders = {}, {}
    for number, tunnel in enumerate(("t1", "t2")):
        ends = Ends(Shot(tunnel), ("", ""))
        port = FLOOD_PORT + number
        packet = udp_packet(
            ends.source, ends.destination, (port, port), LENGTH, identification=port
        )
        sinks[tunnel] = Sink(box.lab, "hB", port)
        senders[number] = feeds.sender(*ENTRANCE["outbound"], packet), LENGTH / (OFFERED * 125)
    samples = Samples(COMMIT_AT, LENGTH)

    def sample() -> None:
        samples.take(time.monotonic(), {name: len(sink.take()) for name, sink in sinks.items()})

    acts = [(SAMPLE * number, sample) for number in range(1, round(SECONDS / SAMPLE))]
    samples.begin(time.monotonic())
    sent, _ = paced(senders, SECONDS, [*acts, (COMMIT_AT, commit)])
    time.sleep(0.3)
    sample()
    samples.sent = {"t1": len(sent[0]), "t2": len(sent[1])}
    for sink in sinks.values():
        sink.close()
    return samples


def counters(client: Any) -> dict[str, dict[str, str]]:
    """Return what the server's state shows of each tunnel."""
    reply = client.get(("subtree", f'<ipsec-qos xmlns="{NAMESPACE}"><tunnels/></ipsec-qos>'))
    found = {}
    for tunnel in etree.fromstring(str(reply).encode()).iter(f"{{{NAMESPACE}}}tunnel"):
        texts = {etree.QName(each).localname: each.text or "" for each in tunnel}
        outbound = tunnel.find(f"{{{NAMESPACE}}}counters/{{{NAMESPACE}}}outbound")
        if outbound is not None:
            texts |= {etree.QName(each).localname: each.text or "" for each in outbound}
        found[texts["id"]] = texts
    return found


def _dscp(seen: Sighting) -> str:
    return str(seen.inner[0].dscp) if seen.inner else "lost"


def main() -> int:
    """Run it."""
    print("setting up: two hosts, two gateways with charon, the server in one of them", flush=True)
    with stage() as box:
        how = "kernel-libipsec" if box.userspace else "the kernel"
        print(
            f"tunnels t1 and t2 are up, ESP by {how}; each is offered {OFFERED} kbit/s", flush=True
        )
        watcher, client = Watcher(box), box.connect()
        big = 1250 if box.userspace else 1500
        took = []

        def commit() -> None:
            begin = time.monotonic()
            config = f"<config>{CONFIGURATION.read_text()}</config>"
            client.edit_config(target="candidate", config=config)
            client.commit()
            took.append(time.monotonic() - begin)

        before = watcher.answers(big)
        samples = flood(box, watcher.feeds, commit)
        after = watcher.answers(big)
        time.sleep(1.5)  # the buckets are full again, and nothing else is counted
        print(f"committed {CONFIGURATION.name} after {COMMIT_AT:.0f} s, in {took[0]:.2f} s\n")
        show_plot(samples)
        show_answers(before, after)
        show_counters(counters(client))
        client.close_session()
        watcher.close()
        return samples.verdict()


if __name__ == "__main__":
    sys.exit(main())
