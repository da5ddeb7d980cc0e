"""Rows 16 to 22: code points and service classes."""

from dataplane_bridge.tables import DSCP_BY_NAME, TRAFFIC_CLASS, inherited_traffic_class
from tests.dataplane_bridge.shapes import inbound, outbound, policy
from tests.packets.scenario import scenario
from tests.packets.shots import Shot
from tests.packets.single_frames import labelled_frame
from tests.packets.trial import Trial

ALL = ("t1", "t3", "t4")


@scenario("16", "outbound marking writes the outer header only; ECN and inner header stay")
def outbound_marking(trial: Trial) -> None:
    trial.commit(policy(outbound=outbound(dscp="ef")))
    for name in ALL:
        for version in (4, 6):
            seen = trial.send(Shot(name, version=version, dscp=10, ecn=1))
            marks = seen.outer[0].dscp, seen.inner[0].dscp, seen.inner[0].ecn
            trial.equal("outer, inner, ECN", marks, (46, 10, 1))
        trial.send(Shot(name, "inbound", dscp=10, ecn=2))


@scenario("16", "without marking the outer code point is that of the inner header")
def copied_marking(trial: Trial) -> None:
    trial.commit(policy())
    for name in ALL:
        for version in (4, 6):
            trial.send(Shot(name, version=version, dscp=26, ecn=2))


@scenario("16", "every fragment and piece is marked")
def marked_fragments(trial: Trial) -> None:
    for mode in ("after-encryption", "before-encryption"):
        trial.commit(policy(outbound=outbound(dscp=34), df_bit="clear", fragmentation=mode))
        seen = trial.send(Shot(length=trial.mtu() + 1, df=True))
        trial.equal("marks", {each.dscp for each in seen.outer}, {34})


@scenario("17", "inbound marking writes the inner header after decryption; ECN stays")
def inbound_marking(trial: Trial) -> None:
    trial.commit(policy(inbound=inbound(dscp="af41")))
    for name in ALL:
        for version in (4, 6):
            seen = trial.send(Shot(name, "inbound", version=version, dscp=1, ecn=1))
            trial.equal("marks", (seen.inner[0].dscp, seen.inner[0].ecn), (34, 1))
        trial.send(Shot(name, dscp=1))


@scenario("17", "marking is of one tunnel, and ends when it is taken back")
def marking_taken_back(trial: Trial) -> None:
    marked = policy(number=1, reqid=(trial.reqid("t1"),), inbound=inbound(dscp=12))
    trial.commit(marked, policy())
    trial.equal("t1", trial.send(Shot("t1", "inbound")).inner[0].dscp, 12)
    trial.equal("t2", trial.send(Shot("t2", "inbound")).inner[0].dscp, 0)
    trial.commit(policy())
    trial.equal("t1", trial.send(Shot("t1", "inbound")).inner[0].dscp, 0)


@scenario("18", "names and numbers of code points write the same")
def names_of_code_points(trial: Trial) -> None:
    chosen = list(DSCP_BY_NAME.items())[:: 4 if trial.is_slow else 1]
    for name, number in chosen:
        for value in (name, number):
            trial.commit(policy(inbound=inbound(dscp=value), outbound=outbound(dscp=value)))
            trial.equal(name, trial.state()["effective"]["inbound"]["dscp"]["value"], value)
        trial.equal(name, trial.send(Shot(dscp=63)).outer[0].dscp, number)
        trial.equal(name, trial.send(Shot(direction="inbound")).inner[0].dscp, number)


@scenario("20", "each service class becomes its traffic class, of its direction only")
def service_classes(trial: Trial) -> None:
    with trial.labels():
        for name, number in TRAFFIC_CLASS.items():
            trial.commit(policy(outbound=outbound(service_class=name)))
            seen = trial.send(Shot(dscp=46))
            trial.equal(name, (seen.traffic_class, seen.inner[0].dscp), (number, 46))
            trial.equal(name, trial.send(Shot(direction="inbound", dscp=46)).traffic_class, 0)
            trial.commit(policy(inbound=inbound(service_class=name)))
            trial.equal(name, trial.send(Shot(direction="inbound")).traffic_class, number)
            trial.equal(name, trial.send(Shot()).traffic_class, 0)


@scenario("20", "both directions at once, together with marking, for one tunnel of two")
def classes_of_both_directions(trial: Trial) -> None:
    with trial.labels():
        trial.commit(
            policy(
                number=1,
                reqid=(trial.reqid("t1"),),
                outbound=outbound(dscp=10, service_class="ef"),
                inbound=inbound(dscp=12, service_class="af2"),
            ),
            policy(),
        )
        for name, classes in (("t1", (5, 2)), ("t2", (0, 0))):
            seen = trial.send(Shot(name)).traffic_class, trial.send(Shot(name, "inbound"))
            trial.equal(name, (seen[0], seen[1].traffic_class), classes)


@scenario("20", "the bits of the label are written by class, and nothing else of the frame")
def label_bits(trial: Trial) -> None:
    if trial.linux is None:
        return
    trial.commit(policy())
    for number in range(8):
        seen = labelled_frame(trial.linux, number)
        trial.equal(f"class {number}", seen, ((100, number), (200, 3)))


@scenario("21", "inherit-plain follows the table, read before re-marking")
def inherit_plain(trial: Trial) -> None:
    with trial.labels():
        trial.commit(policy(inbound=inbound(dscp=10, inherit_plain=True)))
        for dscp in range(0, 64, 5 if trial.is_slow else 1):
            seen = trial.send(Shot(direction="inbound", dscp=dscp))
            wanted = inherited_traffic_class(dscp), 10
            trial.equal(f"DSCP {dscp}", (seen.traffic_class, seen.inner[0].dscp), wanted)
        seen = trial.send(Shot(direction="inbound", version=6, dscp=46))
        trial.equal("IPv6", (seen.traffic_class, seen.inner[0].dscp), (5, 10))


@scenario("22", "without MPLS on the path a class is accepted, and told to be not applicable")
def without_mpls(trial: Trial) -> None:
    with trial.without_mpls():
        trial.commit(
            policy(outbound=outbound(service_class="ef"), inbound=inbound(service_class="af2"))
        )
        trial.send(Shot())
        trial.send(Shot(direction="inbound"))
        for direction in ("inbound", "outbound"):
            told = trial.conditions().get(f"{direction}-service-class")
            trial.equal(direction, told, "not-applicable")
        trial.compare_states()
