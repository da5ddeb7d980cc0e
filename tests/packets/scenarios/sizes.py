"""Rows 1 to 8 and 19: the DF bit, fragments, what is too long."""

from tests.dataplane_bridge.shapes import limit, outbound, policy
from tests.packets.instead import OUTER_DF_COPY, OWN_AFTER
from tests.packets.scenario import scenario
from tests.packets.shots import Shot
from tests.packets.single_frames import expiry
from tests.packets.trial import Trial

ALL = ("t1", "t3", "t4")
"""AES-GCM, AES-CBC in UDP, and over IPv6."""


@scenario("1", "the outer DF bit is copied, and what is too long with DF is told its MTU")
def copy_is_the_default(trial: Trial) -> None:
    for name in ALL:
        trial.send(Shot(name))
        trial.send(Shot(name, df=True))
        trial.send(Shot(name, length=trial.mtu(name), df=True))
        seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
        trial.equal("told MTU", seen.told_mtu, trial.mtu(name))
        trial.send(Shot(name, length=trial.mtu(name) + 1))


@scenario("1", "copy as a local value overrides a global clear")
def local_copy(trial: Trial) -> None:
    trial.commit(policy(df_bit="copy"), df_bit="clear")
    seen = trial.send(Shot(length=trial.mtu() + 1, df=True))
    trial.expect("it is refused", not seen.delivered)
    trial.compare_states()
    if trial.linux is not None and trial.lacks(OUTER_DF_COPY):
        trial.equal("condition", trial.conditions().get("df-bit"), "not-applicable")


@scenario("2", "a local value wins over the global one, and the global one over the default")
def precedence(trial: Trial) -> None:
    trial.commit(
        policy(number=1, reqid=(trial.reqid("t1"),), df_bit="set"), policy(), df_bit="clear"
    )
    for name in ("t1", "t2"):
        trial.send(Shot(name, df=True))
        trial.send(Shot(name))
        trial.compare_states(name)
    trial.expect("t1 sets", trial.send(Shot("t1")).outer[0].df)
    trial.expect("t2 clears", not trial.send(Shot("t2", df=True)).outer[0].df)


@scenario("3", "after encryption the IPsec packet is fragmented")
def after_encryption(trial: Trial) -> None:
    trial.commit(policy(df_bit="clear"))
    for name in ALL:
        seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
        trial.equal("pieces", (len(seen.inner), len(seen.outer[0].lengths)), (1, 2))


@scenario("3", "before encryption the inner packet is, and IPsec packets are whole")
def before_encryption(trial: Trial) -> None:
    trial.commit(policy(df_bit="clear", fragmentation="before-encryption"))
    for name in ALL:
        for df in (True, False):
            seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=df, identification=9))
            trial.equal("pieces", (len(seen.inner), len(seen.outer)), (2, 2))
        trial.send(Shot(name, length=trial.mtu(name), df=True))


@scenario("4", "before encryption without clear refuses what is too long with DF, and warns")
def before_without_clear(trial: Trial) -> None:
    trial.commit(policy(fragmentation="before-encryption"))
    for name in ALL:
        seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
        trial.equal("told MTU", (seen.delivered, seen.told_mtu), (False, trial.mtu(name)))
        trial.send(Shot(name, length=trial.mtu(name) + 1))
    trial.equal("condition", trial.conditions().get("fragmentation"), "warning")


@scenario("5", "clear: outer DF 0 always, inner DF only of what is too long, with a fresh ID")
def clear(trial: Trial) -> None:
    trial.commit(policy(df_bit="clear"))
    for name in ALL:
        small = trial.send(Shot(name, length=trial.mtu(name), df=True))
        trial.equal("small", (small.outer[0].df, small.inner[0].df), (False, True))
        for identification in (0, 77):
            large = trial.send(
                Shot(name, length=trial.mtu(name) + 1, df=True, identification=identification)
            )
            trial.equal("large", (large.inner[0].df, large.identification), (False, "fresh"))
        trial.send(Shot(name, length=trial.mtu(name) + 1, identification=77))


@scenario("6", "set: outer DF 1; what does not fit is dropped, counted, and nobody is told")
def set_df(trial: Trial) -> None:
    trial.commit(policy(df_bit="set"))
    for name in ("t1", "t3"):
        trial.send(Shot(name))
        trial.send(Shot(name, length=trial.mtu(name)))
        for df in (True, False):
            seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=df))
            trial.equal("dropped", (seen.delivered, seen.told_mtu), (False, None))


@scenario("6", "set over IPv6, which has no outer DF bit, is marked so and acts like copy")
def set_over_ipv6(trial: Trial) -> None:
    trial.commit(policy(df_bit="set"))
    trial.equal("condition", trial.conditions("t4").get("df-bit"), "not-applicable")
    trial.send(Shot("t4", length=trial.mtu("t4") + 1))
    seen = trial.send(Shot("t4", length=trial.mtu("t4") + 1, df=True))
    trial.equal("told MTU", seen.told_mtu, trial.mtu("t4"))


@scenario("6", "set before encryption: fragments with outer DF 1, inner DF refused and told")
def set_before(trial: Trial) -> None:
    trial.commit(policy(df_bit="set", fragmentation="before-encryption"))
    for name in ALL:
        trial.send(Shot(name, length=trial.mtu(name) + 1))
        seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
        trial.equal("told MTU", seen.told_mtu, trial.mtu(name))


@scenario("7", "packets of the gateway itself are fragmented and refused as those behind it")
def own_packets(trial: Trial) -> None:
    # A raw socket writes an identification where there is none.
    own = Shot(identification=9, own=True)
    longer = own._replace(length=trial.mtu() + 1)
    for fragmentation in ("after-encryption", "before-encryption"):
        for mode in ("clear", "copy", "set"):
            trial.commit(
                policy(df_bit=mode, fragmentation=fragmentation, outbound=outbound(dscp=46))
            )
            for df in (False, True):
                trial.send(own._replace(df=df))
                if fragmentation == "after-encryption":
                    trial.forget_paths()
                seen = trial.send(longer._replace(df=df))
                if mode == "clear":
                    pieces = 2 if fragmentation == "before-encryption" else 1
                    trial.equal(fragmentation, (len(seen.inner), len(seen.outer)), (pieces,) * 2)
    trial.commit(policy(df_bit="clear"))
    if trial.linux is None or not trial.lacks(OWN_AFTER):
        return
    trial.send(longer)
    seen = trial.linux.send(longer)
    trial.equal("pieces of the next one", (seen.delivered, len(seen.inner)), (True, 2))


@scenario("19", "packets of IPv6 of the gateway itself are marked, counted and refused as others")
def own_packets_of_ipv6(trial: Trial) -> None:
    own = Shot(version=6, own=True)
    for fragmentation in ("after-encryption", "before-encryption"):
        for length in (None, "payload"):
            trial.commit(
                policy(
                    df_bit="clear",
                    fragmentation=fragmentation,
                    outbound=outbound(limit(1000, length), dscp=46),
                )
            )
            for name in ALL:
                trial.send(own._replace(tunnel=name))
                trial.send(own._replace(tunnel=name, length=trial.mtu(name)))
                trial.send(own._replace(tunnel=name, length=trial.mtu(name) + 1))


@scenario("7", "before and after change on live tunnels, for one policy and for all")
def switched_live(trial: Trial) -> None:
    first = (trial.reqid("t1"),)
    for mode, common in (
        (None, None),
        ("before-encryption", None),
        ("after-encryption", "before-encryption"),
        (None, "before-encryption"),
        (None, None),
    ):
        trial.commit(
            policy(number=1, reqid=first, df_bit="clear", fragmentation=mode),
            policy(df_bit="clear"),
            fragmentation=common,
        )
        for name in ("t1", "t2"):
            trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))


@scenario("7", "the MTU of the egress interface changes, and all sizes follow")
def egress_mtu_changed(trial: Trial) -> None:
    trial.commit(policy(df_bit="clear", fragmentation="before-encryption"))
    with trial.egress_mtu(1288):
        for mode in ("before-encryption", "after-encryption"):
            trial.commit(policy(df_bit="clear", fragmentation=mode))
            for name in ALL:
                trial.send(Shot(name, length=trial.mtu(name), df=True))
                trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
                trial.send(Shot(name, version=6, length=1280))
        trial.commit(policy())
        # Of t2: a kernel remembers for ten minutes (route/mtu_expires) what MTU it told of a
        # destination, and does not tell more of it when the interface has a larger one again.
        seen = trial.send(Shot("t2", length=trial.mtu("t2") + 1, df=True))
        trial.equal("told MTU", seen.told_mtu, trial.mtu("t2"))
        # Every link of IPv6 must carry 1280 octets, so the tunnel should.
        trial.expect("1280", trial.send(Shot("t2", version=6, length=1280)).delivered)


@scenario("7", "clear, copy and set change on a live tunnel")
def df_switched_live(trial: Trial) -> None:
    for mode in ("set", "clear", "copy", "clear", "set", None):
        trial.commit(policy(df_bit=mode))
        trial.send(Shot(df=True))
        trial.send(Shot(length=trial.mtu() + 1, df=True))


@scenario("8", "fragments wait as long as is shown, in steps that the dataplane can do")
def aging_time(trial: Trial) -> None:
    trial.equal("default", _shown(trial), 5000)
    step = trial.bed.features().aging_time_step
    for asked in (1000, 1500):
        trial.commit(policy(), aging_time=asked)
        applied = -(-asked // step) * step
        trial.equal("applied", _shown(trial), applied)
        if trial.linux is not None:
            waited = expiry(trial.linux, applied / 1000 + 2)
            trial.expect(
                "expired", waited is not None and abs(waited - applied / 1000) < 0.4, waited
            )


def _shown(trial: Trial) -> int:
    return int(trial.bed.bridge.dataplane_state()["fragment-aging-time"])


@scenario("19", "IPv6: too long is told always, what every link must carry passes")
def ipv6(trial: Trial) -> None:
    for mode in ("after-encryption", "before-encryption"):
        trial.commit(policy(df_bit="clear", fragmentation=mode))
        for name in ALL:
            largest = max(trial.mtu(name), 1280)
            trial.send(Shot(name, version=6, length=largest))
            seen = trial.send(Shot(name, version=6, length=largest + 1))
            trial.expect("it is refused", not seen.delivered)
