"""Connections of other kinds: by policies alone, without an xfrm interface; with other copy_df."""

from tests.dataplane_bridge.shapes import inbound, limit, outbound, policy
from tests.packets.scenario import scenario
from tests.packets.scenarios.limits import holds, limited
from tests.packets.shots import Shot, Stream
from tests.packets.trial import Trial


@scenario("9", "a connection by policies alone, without an interface, is limited and counted too")
def limited_by_policy(trial: Trial) -> None:
    rate = trial.rate(1000)
    with trial.also("t5"):
        for length in (None, "payload"):
            trial.commit(
                limited(1, trial.reqid("t5"), rate, length=length), policy(outbound=outbound())
            )
            trial.send(Shot("t5"))
            trial.send(Shot("t5", "inbound", version=6))
        streams = [Stream("t5", direction, rate * 3) for direction in ("outbound", "inbound")]
        streams.append(Stream("t1", "outbound", rate))
        flows = trial.flood(*streams)
        for stream, flow in zip(streams[:2], flows, strict=False):
            holds(trial, stream.direction, flow, stream.length, rate)
        trial.equal("the other tunnel", flows[2].passed, flows[2].sent)
        trial.compare_states("t5")


@scenario("16-20", "by policies alone: code points and classes in both directions")
def marked_by_policy(trial: Trial) -> None:
    with trial.also("t5"), trial.labels():
        one = policy(
            number=1,
            reqid=(trial.reqid("t5"),),
            outbound=outbound(dscp="ef", service_class="af2"),
            inbound=inbound(dscp=10, service_class="cs6"),
        )
        trial.commit(one, policy())
        for version in (4, 6):
            seen = trial.send(Shot("t5", version=version, dscp=12, ecn=1))
            marks = seen.outer[0].dscp, seen.inner[0].dscp, seen.traffic_class
            trial.equal("outer, inner, class", marks, (46, 12, 2))
            seen = trial.send(Shot("t5", "inbound", version=version, dscp=12, ecn=1))
            trial.equal("inner, class", (seen.inner[0].dscp, seen.traffic_class), (10, 6))
        trial.commit(policy(inbound=inbound(inherit_plain=True)))
        trial.equal("class", trial.send(Shot("t5", "inbound", dscp=46)).traffic_class, 5)


@scenario("7", "by policies alone: fragmented after encryption; before is refused, or marked")
def sized_by_policy(trial: Trial) -> None:
    with trial.also("t5"):
        mtu = trial.mtu("t5")
        for mode in (None, "clear", "set"):
            trial.commit(policy(df_bit=mode))
            for df in (False, True):
                trial.send(Shot("t5", length=mtu, df=df))
                trial.send(Shot("t5", length=mtu + 1, df=df))
        trial.commit(policy(df_bit="clear"))
        trial.send(Shot("t5", version=6, length=max(mtu, 1280)))
        trial.send(Shot("t5", version=6, length=max(mtu, 1280) + 1))
        before = policy(df_bit="clear", fragmentation="before-encryption")
        is_unable = trial.bed.tunnel("t5").inability("fragmentation") is not None
        trial.equal(
            "refused", trial.refusals(before), {"dataplane-refused"} if is_unable else set()
        )
    trial.commit(before)
    with trial.also("t5"):
        trial.equal("status", trial.state("t5")["status"], "failed" if is_unable else "applied")
        condition = trial.conditions("t5").get("fragmentation")
        trial.equal("condition", condition, "failed" if is_unable else None)
        trial.compare_states("t5")
        for name in ("t1", "t5"):
            trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))


@scenario("5", "clear, copy and set of the outer DF bit, whether or not the SAs copy it")
def outer_df(trial: Trial) -> None:
    with trial.also("t6"):
        for fragmentation in ("after-encryption", "before-encryption"):
            for mode in ("clear", "copy", "set"):
                trial.commit(policy(df_bit=mode, fragmentation=fragmentation))
                for df in (False, True):
                    trial.send(Shot("t6", df=df))
                    trial.send(Shot("t6", length=trial.mtu("t6") + 1, df=df))
                if mode != "copy":
                    outer = trial.send(Shot("t6", df=mode == "clear")).outer[0]
                    trial.equal(mode, outer.df, mode == "set")
        trial.commit(policy(df_bit="copy", outbound=outbound(limit(trial.rate(8000)))))
        trial.send(Shot("t6", df=True))
