"""Rows 24 and 26: what others do to the kernel, to its packets and to the IKE daemon."""

from tests.dataplane_bridge.shapes import limit, outbound, policy
from tests.packets.scenario import scenario
from tests.packets.scenarios.dynamics import ALL, marked, works
from tests.packets.shots import Shot
from tests.packets.trial import Trial

SAS = "sas-in-kernel"


@scenario("24", "what somebody else takes out of the kernel is put right, and packets show it")
def taken_away(trial: Trial) -> None:
    trial.commit(
        policy(df_bit="clear", fragmentation="before-encryption", outbound=outbound(dscp=46))
    )
    if trial.linux is None:
        return
    for command in trial.linux.things_to_take_away():
        since = trial.linux.counters("t1").since
        trial.linux.disturb(command)
        trial.equal(f"{command}: status", trial.linux.bridge.health.status, "in-sync")
        grown = trial.linux.counters("t1")
        is_new = grown.since != since
        trial.equal(f"{command}: counters begin anew", is_new, command.startswith("nft"))
        trial.forget_counters()
        for name in ("t1", "t3"):
            seen = trial.send(Shot(name, length=trial.mtu(name) + 1, df=True))
            trial.equal(command, (len(seen.inner), seen.outer[0].dscp), (2, 46))


@scenario("26", "ESP of hosts behind the gateway is no tunnel's, whatever mark somebody gives it")
def passing_through(trial: Trial) -> None:
    trial.commit(policy(outbound=outbound(limit(1000))))
    trial.send(Shot())
    if trial.linux is None:
        return
    trial.linux.send_through(trial.reqid("t1"))
    trial.compare_counters("t1", "after ESP that passes through")


@scenario("24", "SAs that the kernel lost are shown, of that tunnel only, and a new pair mends it")
def associations_lost(trial: Trial) -> None:
    trial.commit(marked(trial))
    works(trial, "t1")
    if trial.linux is None or trial.lacks(SAS):
        return
    spi = trial.linux.lose_associations("t1")
    trial.linux.wait(lambda: trial.state("t1")["status"] == "failed")
    told = trial.state("t1")["condition"][0]
    trial.equal("condition", (told["feature"], told["status"]), ("tunnel", "failed"))
    trial.expect("the reason names the SPI", spi in told["reason"], told["reason"])
    works(trial, "t2")
    trial.linux.rekey("t1")
    trial.linux.wait(lambda: trial.state("t1")["status"] == "applied")
    trial.equal("conditions", trial.conditions("t1"), {})
    works(trial, "t1")


@scenario("24", "an IKE daemon is killed: tunnels keep their QoS until it is back without them")
def daemon_killed(trial: Trial) -> None:
    trial.commit(marked(trial))
    works(trial, "t1")
    if trial.linux is None or trial.lacks(SAS):
        return
    linux = trial.linux
    linux.kill_daemon()
    for name in ("t1", "t4"):
        works(trial, name)
    # What comes in UDP is taken out of it by the daemon's socket, which is gone.
    trial.send(Shot("t3"))
    before = linux.elements()
    trial.restart_server_of(linux)
    trial.equal("elements after a restart of the server meanwhile", linux.elements(), before)
    linux.start_daemon()
    # The kernel has SAs that charon has not: they carry packets, but are nobody's tunnel.
    linux.wait(lambda: not linux.tunnels() and not linux.elements())
    linux.forget_associations()
    trial.restart_daemon()
    trial.forget_counters()
    for name in ALL:
        works(trial, name)
