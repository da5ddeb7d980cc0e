"""One scenario on one dataplane, with the embedded one beside it as the oracle.

The law: what the oracle sees is what must be seen; where a dataplane lacks a feature and says so,
what it does instead is worked out here and must be seen too. Nothing is passed over.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from typing import Any

from dataplane_bridge.constraints import ConfigurationRefused
from dataplane_bridge.driver import Counters, TunnelCounters
from dataplane_bridge.plan import DIRECTIONS, ObjectKey
from dataplane_bridge.tunnels import Mpls
from tests.dataplane_bridge.shapes import configuration
from tests.packets.bed import Act, Bed
from tests.packets.embedded import TUNNELS, EmbeddedBed, peers
from tests.packets.instead import OUTER_DF_COPY, OWN_AFTER, REKEY, instead
from tests.packets.lab.topology import MTU_EXPIRES
from tests.packets.linux import LinuxBed
from tests.packets.shots import Flow, Shot, Sighting, Stream

GROUP = "gold"
TOLERANCE = 0.03
"""Of what passes a limit: the nft limiter keeps time in coarse steps, an emulated clock jumps."""


class Trial:
    """Does each step on the bed under test and on the oracle, and compares."""

    def __init__(self, oracle: EmbeddedBed, linux: LinuxBed | None = None) -> None:
        self.oracle = oracle
        self.linux = linux
        self.bed: Bed = oracle if linux is None else linux
        self.wrong: list[str] = []
        self.cannot: set[str] = set()
        self._begun = time.monotonic(), oracle.clock.seconds
        self._counted: dict[tuple[str, str], TunnelCounters] = {}

    # What is known.

    @property
    def interface(self) -> str:
        """The interface of the tunnels."""
        return self.oracle.tunnel("t1").interface

    def mtu(self, name: str = "t1") -> int:
        """Return the largest inner packet of a tunnel."""
        return self.oracle.tunnel(name).tunnel_mtu

    def reqid(self, name: str) -> int:
        """Return the reqid of a tunnel."""
        return self.oracle.tunnel(name).reqid or 0

    @property
    def is_slow(self) -> bool:
        """Whether the machine is an emulated one."""
        return self.bed.name == "kernel"

    def rate(self, kbps: int) -> int:
        """Return a rate that the machine can offer several times."""
        return kbps // 4 if self.is_slow else kbps

    def lacks(self, feature: str) -> bool:
        """Tell whether the dataplane says that it cannot do this; the table then says so."""
        if self.bed.features().supports(feature):
            return False
        reason = [each.reason for each in self.bed.features().listing if each.name == feature]
        self.expect(f"the feature {feature} is listed with a reason", bool(reason and reason[0]))
        self.cannot.add(feature)
        return True

    # What is done.

    def commit(self, *policies: Any, templates: Iterable[Any] = (), **settings: Any) -> None:
        """Commit policies of the group that is bound to the tunnels' interface."""
        root = self.root(*policies, templates=templates, **settings)
        self.oracle.commit(root)
        if self.linux is not None:
            self.linux.commit(root)

    def root(self, *policies: Any, templates: Iterable[Any] = (), **settings: Any) -> Any:
        """Return a configuration with these policies."""
        bindings = {self.interface: GROUP} if policies else {}
        return configuration(policies, templates, bindings=bindings, **settings)

    def refusals(self, *policies: Any, **settings: Any) -> set[str]:
        """Return the error-app-tags with which the dataplane refuses a configuration."""
        root = self.root(*policies, **settings)
        before = self.bed.root
        try:
            self.bed.commit(root)
        except ConfigurationRefused as error:
            self.expect("a refused configuration changes nothing", self.bed.root is before)
            return {violation.app_tag for violation in error.violations}
        self.bed.commit(before)
        return set()

    def _is_told(self, feature: str, tunnel: str) -> bool:
        """Tell whether state says that the SAs of one tunnel lack what others can."""
        told = self.state(tunnel).get("condition", ())
        return feature == OUTER_DF_COPY and any(
            each["feature"] == "df-bit" and "copy_df" in each["reason"] for each in told
        )

    def send(self, shot: Shot) -> Sighting:
        """Send a packet; return what the oracle saw."""
        self._keep_time()
        expected = self.oracle.send(shot)
        if self.linux is None:
            return expected
        tunnel = self.oracle.tunnel(shot.tunnel)
        held = self.oracle.dataplane.read()
        wanted, counted = instead(
            lambda feature: self.lacks(feature) or self._is_told(feature, shot.tunnel),
            tunnel,
            held,
            shot,
            expected,
        )
        if not self.linux.shows_classes(shot.direction):
            wanted = replace(wanted, traffic_class=None)
        if shot.own:
            # The sender is told, and nobody else hears of it.
            wanted = replace(wanted, told_mtu=None)
        self._compare_sightings(shot, wanted, self.linux.send(shot, wanted))
        self.compare_counters(shot.tunnel, _name(shot), counted)
        return expected

    def flood(
        self,
        *streams: Stream,
        seconds: float = 3.0,
        acts: Sequence[Act] = (),
        tolerance: float = TOLERANCE,
    ) -> list[Flow]:
        """Send streams at once; return what came of them on the bed under test."""
        if self.linux is None:
            return self.oracle.flood(streams, seconds, acts)
        self._keep_time()
        self._count_anew({stream.tunnel for stream in streams})
        flows = self.linux.flood(streams, seconds, acts)
        self._expect_arrivals(streams, flows, changed=bool(acts))
        wanted = self.oracle.flood(
            streams, flows[0].seconds, acts, sent=[flow.moments for flow in flows]
        )
        if tolerance:
            for stream, flow, other in zip(streams, flows, wanted, strict=True):
                self.near(_name(stream), flow.passed, other.passed, tolerance)
        self._count_anew({stream.tunnel for stream in streams})
        return flows

    def _expect_arrivals(
        self, streams: Sequence[Stream], flows: Sequence[Flow], *, changed: bool
    ) -> None:
        """Judge that what the limits let pass, and nothing else, has arrived."""
        for name in {stream.tunnel for stream in streams}:
            held = ObjectKey("accounting", self.oracle.tunnel(name).id)
            if held not in self.oracle.dataplane.read():
                continue
            grown = self._growth(self.bed, name)
            for direction in DIRECTIONS:
                passed = [
                    flow.passed
                    for stream, flow in zip(streams, flows, strict=True)
                    if (stream.tunnel, stream.direction, stream.kind) == (name, direction, "data")
                ]
                if passed:
                    conform = grown.of(direction).conform_packets
                    what = f"{direction} {name}: arrived of what conforms"
                    # A packet that is in between when the counted length changes counts for both.
                    if changed and abs(sum(passed) - conform) <= 0.005 * conform:
                        continue
                    if changed and sum(passed) > conform and self.lacks(REKEY):
                        self.near(what, sum(passed), conform, 0.05)
                    else:
                        self.equal(what, sum(passed), conform)

    def each(self, act: Any) -> None:
        """Do something on the oracle and on the dataplane under test."""
        act(self.oracle)
        if self.linux is not None:
            act(self.linux)

    @contextmanager
    def labels(self) -> Iterator[None]:
        """Let packets in both directions get an MPLS label, where the kernel can."""
        if self.linux is None:
            yield
            return
        with self.linux.labels():
            yield

    @contextmanager
    def without_mpls(self) -> Iterator[None]:
        """Let no interface impose labels."""
        self._restart((), "none")
        try:
            yield
        finally:
            self._restart(("lan", "wan"), "both")

    @contextmanager
    def egress_mtu(self, mtu: int) -> Iterator[None]:
        """Let the interface that IPsec packets leave by have another MTU."""
        before = self.oracle.tunnel("t1").egress_mtu
        self._set_egress_mtu(mtu)
        try:
            yield
        finally:
            self._set_egress_mtu(before)

    def _set_egress_mtu(self, mtu: int) -> None:
        if self.linux is not None:
            self.linux.set_egress_mtu(mtu)
        for name in TUNNELS:
            self.oracle.establish(name, replace(self.oracle.tunnel(name), egress_mtu=mtu))

    def _restart(self, mpls: tuple[str, ...], where: Mpls) -> None:
        if self.linux is None:
            for name in TUNNELS:
                tunnel = replace(self.oracle.tunnel(name), mpls=where)
                self.oracle.establish(name, tunnel)
            return
        self.linux.stop_server()
        self.linux.start_server(mpls)
        self._take_over()

    def restart_server_of(self, bed: Bed) -> None:
        """Let the server of a Linux dataplane end and start again; the oracle needs none."""
        if bed is self.linux:
            self.linux.stop_server()
            self.linux.start_server()

    def restart_daemon(self) -> None:
        """Let the IKE daemon end and start again, and bring all tunnels up."""
        for name in TUNNELS:
            self.oracle.down(name)
            self.oracle.up(name)
        if self.linux is not None:
            self.linux.restart_daemon(TUNNELS)
            self._take_over()

    def _take_over(self) -> None:
        """Let the oracle have the tunnels as they are now."""
        assert self.linux is not None
        for name, tunnel in self.linux.tunnels().items():
            self.oracle.establish(name, tunnel)

    @contextmanager
    def also(self, *names: str) -> Iterator[None]:
        """Let more tunnels be up."""
        with ExitStack() as stack:
            for name in names:
                if self.linux is not None:
                    self.linux.up(name)
                    stack.callback(self.linux.down, name)
                    self.oracle.establish(name, self.linux.tunnel(name))
                else:
                    self.oracle.up(name)
                stack.callback(self.oracle.down, name)
            self._count_anew(names)
            yield

    def forget_paths(self) -> None:
        """Wait until a kernel has forgotten of what MTU it told its own senders."""
        if self.linux is not None and not self.bed.features().supports(OWN_AFTER):
            time.sleep(MTU_EXPIRES + 0.2)

    @contextmanager
    def peers(self, numbers: Sequence[int]) -> Iterator[None]:
        """Let peers dial in, and hang up on all of them at the end."""
        names = [f"p{number}" for number in numbers]
        with ExitStack() as stack:
            if self.linux is not None:
                stack.callback(self.linux.peers_down)
                self.linux.peers_up(numbers)
            known = peers(numbers) if self.linux is None else self.linux.tunnels()
            for name in names:
                self.oracle.establish(name, known[name])
                stack.callback(self.oracle.down, name)
            self._count_anew(names)
            yield

    # What is judged.

    def expect(self, what: str, holds: bool, seen: object = "") -> None:
        """Note as wrong what does not hold."""
        if not holds:
            self.wrong.append(f"{what}{f': {seen}' if seen != '' else ''}")

    def equal(self, what: str, seen: object, wanted: object) -> None:
        """Note as wrong what differs."""
        self.expect(what, seen == wanted, f"{seen} instead of {wanted}")

    def near(self, what: str, seen: float, wanted: float, tolerance: float = TOLERANCE) -> None:
        """Note as wrong what differs by more than a part of what is wanted."""
        self.expect(
            what,
            abs(seen - wanted) <= tolerance * wanted + 1,
            f"{seen} instead of {wanted} ({(seen / max(wanted, 1) - 1) * 100:+.1f} %)",
        )

    def conditions(self, name: str = "t1") -> dict[str, str]:
        """Return the conditions of a tunnel, feature and status, of the bed under test."""
        state = self._state(self.bed, name)
        return {each["feature"]: each["status"] for each in state.get("condition", ())}

    def state(self, name: str = "t1") -> Mapping[str, Any]:
        """Return the state of a tunnel of the bed under test."""
        return self._state(self.bed, name)

    def compare_states(self, name: str = "t1") -> None:
        """Compare what is told of a tunnel, beside its counters and what only this one cannot."""
        if self.linux is None:
            return
        seen, wanted = self._state(self.linux, name), self._state(self.oracle, name)
        for leaf in ("policy", "effective", "status", "tunnel-mtu"):
            self.equal(f"state of {name}, {leaf}", seen.get(leaf), wanted.get(leaf))

    def compare_counters(self, name: str, after: str, differ: Counters | None = None) -> None:
        """Compare what the counters of a tunnel grew by since they were last looked at."""
        if self.linux is None:
            return
        seen, wanted = (self._growth(bed, name) for bed in (self.linux, self.oracle))
        for each in fields(Counters):
            for direction in DIRECTIONS:
                due = getattr(wanted.of(direction), each.name)
                if direction == "outbound" and differ is not None:
                    due += getattr(differ, each.name)
                self.equal(
                    f"{after}: {direction} {each.name}",
                    getattr(seen.of(direction), each.name),
                    due,
                )

    def _growth(self, bed: Bed, name: str) -> TunnelCounters:
        now = bed.counters(name)
        before = self._counted.get((bed.name, name))
        self._counted[bed.name, name] = _copy(now)
        return now if before is None else _difference(now, before)

    def _count_anew(self, names: Iterable[str]) -> None:
        for name in names:
            for bed in (self.bed, self.oracle):
                self._counted[bed.name, name] = _copy(bed.counters(name))

    def forget_counters(self) -> None:
        """Take the counters as they are for zero."""
        self._counted.clear()
        self._count_anew(name for name in ("t1", "t2", "t3", "t4"))

    def _state(self, bed: Bed, name: str) -> Mapping[str, Any]:
        return bed.bridge.tunnel_state(bed.tunnel(name).id) or {}

    def _keep_time(self) -> None:
        """Let the oracle's clock run with the wall's: its buckets fill meanwhile too."""
        if self.linux is not None:
            real, told = self._begun
            elapsed = time.monotonic() - real
            self.oracle.clock.seconds = max(self.oracle.clock.seconds, told + elapsed)

    def _compare_sightings(self, shot: Shot, expected: Sighting, seen: Sighting) -> None:
        for each in fields(Sighting):
            self.equal(
                f"{_name(shot)}, {each.name}",
                getattr(seen, each.name),
                getattr(expected, each.name),
            )


def _name(sent: Shot | Stream) -> str:
    given = type(sent).__match_args__
    defaults = sent._field_defaults
    told = [
        f"{name} {getattr(sent, name)}"
        for name in given
        if name not in ("tunnel", "direction") and getattr(sent, name) != defaults.get(name)
    ]
    return " ".join((sent.direction, sent.tunnel, *told))


def _copy(counters: TunnelCounters) -> TunnelCounters:
    return TunnelCounters(counters.since, replace(counters.inbound), replace(counters.outbound))


def _difference(now: TunnelCounters, before: TunnelCounters) -> TunnelCounters:
    return TunnelCounters(
        now.since,
        *(
            Counters(
                *(
                    getattr(now.of(each), name.name) - getattr(before.of(each), name.name)
                    for name in fields(Counters)
                )
            )
            for each in DIRECTIONS
        ),
    )
