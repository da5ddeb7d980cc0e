"""``<get>``, ``<get-config>`` and ``<get-schema>`` over the wire."""

from lxml import etree

from tests.end_to_end.client import EOM, MONITORING, RawSession
from tests.end_to_end.gateway import Gateway, binding, eventually, policy, qos


def test_get_config_of_an_empty_datastore_is_empty_data(session: RawSession) -> None:
    for source in ("running", "candidate"):
        assert len(session.get_config(source).data) == 0


def test_get_config_shows_running_and_candidate_apart(session: RawSession) -> None:
    session.edit(qos("<global><df-bit>clear</df-bit></global>"))
    assert session.get_config("candidate").value("global/df-bit") == "clear"
    assert session.get_config("running").values("global/df-bit") == []


def test_get_shows_configuration_and_state_in_one_tree(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    gateway.establish(session)
    answer = session.get(qos(""))
    assert answer.value("policies/policy/name") == "p"
    assert answer.value("tunnels/tunnel/id") == "t1"
    assert answer.value("dataplane/status") == "in-sync"


def test_get_config_shows_no_state(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session)
    assert len(session.get_config("running").data) == 0


def test_get_shows_capabilities_sessions_and_schemas(session: RawSession) -> None:
    answer = session.get(f'<netconf-state xmlns="{MONITORING}"/>')
    assert sorted(answer.values("capabilities/capability")) == sorted(session.capabilities)
    assert str(session.id) in answer.values("session/session-id")
    assert "ipsec-qos" in answer.values("schema/identifier")


def statistics(session: RawSession) -> dict[str, int]:
    answer = session.get(f'<netconf-state xmlns="{MONITORING}"><statistics/></netconf-state>')
    (found,) = answer.elements(".//*[local-name()='statistics']")
    texts = {etree.QName(each).localname: each.text or "" for each in found}
    del texts["netconf-start-time"]
    return {name: int(text) for name, text in texts.items()}


def test_statistics_count_the_sessions_that_have_ended(
    gateway: Gateway, session: RawSession
) -> None:
    before = statistics(session)
    gateway.session().close()
    failing = gateway.session()
    failing.send_rpc("<fly/>")
    failing.read_reply()
    failing.send(failing.frame(b"garbage"))
    failing.exit_status()
    stranger = gateway.channel()
    stranger.send(b"<hello/>" + EOM)
    stranger.exit_status()
    rude = gateway.session()
    rude.abort()
    eventually(lambda: statistics(session)["dropped-sessions"] == before["dropped-sessions"] + 2)
    now = statistics(session)
    more = {name: now[name] - before[name] for name in before}
    assert more.pop("in-rpcs") >= 3
    assert more == {
        "in-sessions": 4,
        "in-bad-hellos": 1,
        "dropped-sessions": 2,
        "in-bad-rpcs": 1,
        "out-rpc-errors": 2,
        "out-notifications": 0,
    }


def test_every_schema_that_is_listed_can_be_had(session: RawSession) -> None:
    listed = session.get(f'<netconf-state xmlns="{MONITORING}"><schemas/></netconf-state>')
    names = listed.values("schema/identifier")
    assert len(names) >= 10
    for name in names:
        answer = session.rpc(
            f'<get-schema xmlns="{MONITORING}"><identifier>{name}</identifier></get-schema>'
        )
        assert f"module {name} " in (answer.data.text or ""), name


def test_every_module_of_the_hello_is_a_listed_schema(session: RawSession) -> None:
    listed = session.get(f'<netconf-state xmlns="{MONITORING}"><schemas/></netconf-state>')
    pairs = set(
        zip(listed.values("schema/identifier"), listed.values("schema/version"), strict=True)
    )
    announced = [each for each in session.capabilities if "module=" in each]
    assert announced
    for capability in announced:
        values = dict(each.split("=") for each in capability.split("?")[1].split("&"))
        assert (values["module"], values.get("revision", "")) in pairs


def test_get_schema_of_what_is_not_there_is_invalid_value(session: RawSession) -> None:
    for text in (
        "<identifier>nothing</identifier>",
        "<identifier>ipsec-qos</identifier><version>2001-01-01</version>",
        "<identifier>ipsec-qos</identifier><format>yin</format>",
    ):
        fault = session.rpc(f'<get-schema xmlns="{MONITORING}">{text}</get-schema>').fault
        assert fault.tag == "invalid-value"
        assert fault.message


def test_get_schema_takes_version_and_format(session: RawSession) -> None:
    answer = session.rpc(
        f'<get-schema xmlns="{MONITORING}"><identifier>ipsec-qos</identifier>'
        f'<version>2026-11-24</version><format xmlns:m="{MONITORING}">m:yang</format></get-schema>'
    )
    assert (answer.data.text or "").startswith("module ipsec-qos ")
    assert answer.data.tag == f"{{{MONITORING}}}data"


def test_get_of_an_unknown_source_is_told(session: RawSession) -> None:
    startup = session.get_config("startup").fault
    assert (startup.tag, startup.type) == ("operation-not-supported", "protocol")
    unknown = session.get_config("nothing").fault
    assert unknown.tag == "bad-element"


def test_state_tells_who_holds_a_lock(session: RawSession) -> None:
    state = f'<netconf-state xmlns="{MONITORING}"><datastores/></netconf-state>'
    assert session.get(state).values("datastore/name") == ["candidate", "running"]
    assert session.get(state).values("global-lock/locked-by-session") == []
    assert session.lock("running").ok
    answer = session.get(state)
    assert answer.value("global-lock/locked-by-session") == str(session.id)
    (locked,) = answer.elements(".//*[local-name()='global-lock']/../../*[local-name()='name']")
    assert locked.text == "running"
    assert answer.value("global-lock/locked-time").startswith("20")
    assert session.unlock("running").ok
    assert session.get(state).values("global-lock/locked-by-session") == []
