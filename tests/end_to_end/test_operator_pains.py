"""What operators of other servers suffer from, and that it does not happen here.

The numbers are those of the table in docs/clients.md.
"""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncssh
import pytest
from lxml import etree

from server.settings import Limits
from tests.end_to_end.client import BASE, EOM, MONITORING, Gone, RawSession, chunk
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import (
    OPERATION,
    Gateway,
    binding,
    description,
    embedded,
    eventually,
    policy,
    qos,
)
from tests.end_to_end.process import PASSWORD

MANY = 5000


def policies(count: int, first: int = 1) -> str:
    """Return that many policies with a description, a limit and a DSCP."""
    content = (
        "<description>one of many policies of a large gateway</description>"
        "<outbound><speed-limit><rate>1000</rate></speed-limit><dscp>ef</dscp></outbound>"
    )
    entries = "".join(
        f"<policy><name>g{number}</name><sequence-number>1</sequence-number>{content}</policy>"
        for number in range(first, first + count)
    )
    return qos(f"<policies>{entries}</policies>")


def seconds_of_an_edit(session: RawSession) -> float:
    """Return the median time of an edit and its commit."""
    times = []
    for number in range(25):
        began = time.perf_counter()
        session.edit(description(f"edit {number}"))
        session.commit()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def test_01_a_lock_does_not_outlive_its_session_whatever_ends_it(gateway: Gateway) -> None:
    other = gateway.session()
    for _ in range(5):
        client = gateway.connect()
        assert client.session().lock().ok
        client.drop()
        eventually(lambda: other.lock().ok)
        assert other.unlock().ok


def test_01_a_lock_does_not_outlive_the_server(start_server: StartServer) -> None:
    gateway = start_server()
    assert gateway.session().lock("running").ok
    gateway.server.kill()
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    assert again.session().lock("running").ok
    again.disconnect()


def test_02_edits_under_a_lock_go_with_it_and_a_dirty_candidate_is_not_locked(
    gateway: Gateway,
) -> None:
    holder, other = gateway.session(), gateway.session()
    assert holder.lock().ok
    holder.edit(description("going"))
    holder.abort()
    eventually(lambda: other.get_config("candidate").shown == "")
    other.edit(description("dirty"))
    assert gateway.session().lock().fault.info == {"session-id": "0"}


def test_03_kill_session_works_on_a_client_that_does_not_read(gateway: Gateway) -> None:
    session = gateway.session()
    session.edit(policies(2000), "running")
    stuck = gateway.connect()
    victim = stuck.session()
    assert victim.lock().ok
    for _ in range(40):
        victim.send_rpc("<get-config><source><running/></source></get-config>")
    fault = session.lock().fault
    assert fault.info == {"session-id": str(victim.id)}
    session.do(f"<kill-session><session-id>{victim.id}</session-id></kill-session>")
    assert session.lock().ok


def test_04_a_failed_commit_keeps_every_edit(session: RawSession) -> None:
    session.edit(description("mine"))
    session.edit(qos(binding("eth0", "missing")))
    before = session.get_config("candidate").shown
    for _ in range(3):
        assert session.rpc("<commit/>").fault.tag == "data-missing"
    assert session.get_config("candidate").shown == before


def test_06_what_the_dataplane_refuses_leaves_it_as_it_was(
    gateway: Gateway, session: RawSession
) -> None:
    gateway.establish(session, protocol=6, remote_port=80, remote_prefix="10.0.0.0/8")
    selector = "<protocol>6</protocol><remote-port>80</remote-port>"
    first = f"<tunnel-selector>{selector}</tunnel-selector><outbound><dscp>ef</dscp></outbound>"
    session.edit(qos(policy("p", 1, first) + binding("eth0", "p")), "running")
    assert gateway.sends(session).value("outer-dscp") == "46"
    change = "<outbound><dscp>af11</dscp></outbound><df-bit>clear</df-bit>"
    session.edit(qos(policy("p", 1, change)))
    fault = session.rpc("<commit/>").fault
    assert fault.app_tag == "defragmentation-required"
    assert gateway.sends(session).value("outer-dscp") == "46"
    shown = session.get(qos("<dataplane/>"))
    assert shown.value("dataplane/status") == "in-sync"
    resynchronize = f"{qos('<dataplane><resynchronize/></dataplane>')}"
    steps = session.rpc(f'<action xmlns="urn:ietf:params:xml:ns:yang:1">{resynchronize}</action>')
    assert steps.value("steps") == "0"
    session.edit(qos(f'<policies><policy {OPERATION}="merge"><name>p</name>'
                     f'<sequence-number>1</sequence-number><df-bit {OPERATION}="delete"/>'
                     "</policy></policies>"))  # fmt: skip
    session.commit()
    assert gateway.sends(session).value("outer-dscp") == "10"


def test_08_an_edit_costs_what_it_changes_and_not_what_is_there(session: RawSession) -> None:
    few = seconds_of_an_edit(session)
    session.edit(policies(MANY), "running")
    many = seconds_of_an_edit(session)
    assert many < 4 * few + 0.005, f"{few * 1000:.2f} ms with 1, {many * 1000:.2f} ms with {MANY}"


def test_09_a_large_edit_and_a_large_reply_come_well_within_a_client_s_patience(
    session: RawSession,
) -> None:
    began = time.perf_counter()
    session.edit(policies(MANY))
    session.commit()
    assert len(session.get_config("running").values("policy/name")) == MANY
    assert len(session.get().values("policy/name")) == MANY
    session.edit("", default_operation="replace")
    session.commit()
    assert time.perf_counter() - began < 15


def test_10_large_requests_of_some_do_not_stall_another(gateway: Gateway) -> None:
    session = gateway.session()
    session.edit(policies(MANY), "running")
    greedy = [gateway.connect().session() for _ in range(2)]
    writer = gateway.connect().session()

    def read_much(reader: RawSession) -> None:
        for _ in range(15):
            reader.send_rpc("<get/>")
            reader.read_message()

    times = []
    with ThreadPoolExecutor(3) as pool:
        work = [pool.submit(read_much, each) for each in greedy]
        work.append(pool.submit(writer.edit, policies(3000, first=90_000), "running"))
        while not all(each.done() for each in work):
            began = time.perf_counter()
            session.get(qos("<policies><policy><name>g1</name></policy></policies>"))
            times.append(time.perf_counter() - began)
        for each in work:
            each.result()
    assert len(times) > 5
    assert statistics.median(times) < 0.2
    assert max(times) < 2.0


def test_11_memory_is_given_back(gateway: Gateway) -> None:
    def churn(times: int) -> int:
        for _ in range(times):
            session = gateway.session()
            session.edit(policies(1000))
            session.commit()
            assert len(session.get().values("policy/name")) == 1000
            session.edit("", default_operation="replace")
            session.commit()
            session.close()
        return gateway.server.resident_bytes()

    warm = churn(6)
    assert churn(12) < warm + 30_000_000


def test_12_half_a_message_ends_only_its_own_session(start_server: StartServer) -> None:
    gateway = start_server("[limits]\nmessage_timeout = 0.3\nhello_timeout = 0.3")
    client = gateway.connect()
    sound, halting = client.session(), client.session()
    half_hello, silent = client.channel(), client.channel()
    halting.send(b"\n#100\n<rpc")
    half_hello.send(b"<hello")
    for each in (half_hello, silent):
        each.take_hello()
        with pytest.raises(Gone):
            each.read_message()
    with pytest.raises(Gone):
        halting.read_message()
    assert sound.is_open()


def test_13_sessions_of_lost_connections_are_cleaned_up(gateway: Gateway) -> None:
    session = gateway.session()
    sockets = gateway.server.open_sockets()
    for way in ("drop", "close"):
        clients = [gateway.connect() for _ in range(8)]
        for client in clients:
            client.session()
            getattr(client, way)()
    eventually(lambda: gateway.server.open_sockets() <= sockets)
    asked = f'<netconf-state xmlns="{MONITORING}"><sessions/></netconf-state>'
    # A session ends a moment after its socket.
    eventually(lambda: session.get(asked).values("session/session-id") == [str(session.id)])


def test_13_a_peer_that_went_silent_is_noticed(start_server: StartServer) -> None:
    gateway = start_server(ssh="keepalive_interval = 0.2\nkeepalive_count = 2")
    frozen = gateway.connect()
    assert frozen.session().lock().ok
    transport = frozen.connection._transport
    assert isinstance(transport, asyncio.Transport)
    gateway._background.loop.call_soon_threadsafe(transport.pause_reading)
    other = gateway.session()
    eventually(lambda: other.lock().ok)


def test_14_sessions_over_the_limit_are_refused_with_the_reason_and_idle_ones_stay(
    start_server: StartServer,
) -> None:
    assert Limits().idle_timeout == 0
    gateway = start_server("[limits]\nsessions_per_user = 2")
    sessions = [gateway.session() for _ in range(2)]
    with pytest.raises(asyncssh.ChannelOpenError, match="'admin' has the limit of 2 sessions open"):
        gateway.session()
    sessions[0].close()
    assert gateway.session().is_open()


def test_15_close_session_is_answered_before_the_channel_closes(gateway: Gateway) -> None:
    for versions in ((), ("1.0",), ("1.1",)):
        session = gateway.channel().hello(*versions)
        session.send_rpc("<get-config><source><running/></source></get-config>")
        session.send_rpc("<close-session/>")
        assert session.read_reply().data is not None
        assert session.read_reply().ok
        with pytest.raises(Gone):
            session.read_message()
        assert session.exit_status() == 0


def test_16_odd_chunks_and_blank_lines_are_taken(gateway: Gateway) -> None:
    text = f'\n <rpc xmlns="{BASE}" message-id="1"><get-config><source><running/></source>'
    data = (text + "</get-config></rpc>\n").encode()
    session = gateway.session()
    session.send(b"".join(b"\n#1\n%c" % each for each in data) + b"\n##\n")
    assert session.read_reply().data is not None
    for at in range(1, len(data), 7):
        session.send(b"\n#%d\n%b" % (at, data[:at]))
        session.send(b"\n#%d\n%b\n##\n" % (len(data) - at, data[at:]))
        assert session.read_reply().data is not None
    old = gateway.channel().hello("1.0")
    for blank in (b"\n", b"\r\n", b"   "):
        old.send(blank + data.replace(b"\n", b"\r\n") + EOM + blank)
        assert old.read_reply().data is not None


def test_16_requests_in_the_same_packet_as_the_hello_are_answered(gateway: Gateway) -> None:
    hello = (
        f'<hello xmlns="{BASE}"><capabilities><capability>urn:ietf:params:netconf:base:1.1'
        "</capability></capabilities></hello>"
    )
    operation = "<get-config><source><running/></source></get-config>"
    get = f'<rpc xmlns="{BASE}" message-id="7">{operation}</rpc>'
    session = gateway.channel()
    session.send(hello.encode() + EOM + chunk(get.encode()) * 3)
    session.take_hello()
    session.chunked = True
    assert [session.read_reply().message_id for _ in range(3)] == ["7", "7", "7"]


def test_17_protocol_elements_without_a_namespace_are_taken(session: RawSession) -> None:
    session.send(
        chunk(
            f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:edit-config><nc:target><nc:candidate/>'
            f"</nc:target><config>{description('plain')}</config></nc:edit-config></nc:rpc>".encode()
        )
    )
    assert session.read_reply().ok
    session.send(
        chunk(
            f'<nc:rpc xmlns:nc="{BASE}" message-id="2"><nc:get-config><source><candidate/></source>'
            f'<filter nc:type="subtree">{qos("<policies/>")}</filter></nc:get-config>'  # noqa: E501
            "</nc:rpc>".encode()
        )
    )
    assert session.read_reply().value("policy/description") == "plain"


def test_18_a_filter_without_a_namespace_finds_what_it_names(session: RawSession) -> None:
    session.edit(description("found"), "running")
    for wanted in (
        '<ipsec-qos xmlns=""><policies/></ipsec-qos>',
        '<x:ipsec-qos xmlns:x="urn:ipsec-qos:yang:ipsec-qos"><x:policies/></x:ipsec-qos>',
    ):
        answer = session.get_config("running", wanted)
        assert answer.value("policy/description") == "found"


def test_19_an_error_names_node_value_and_rule_and_all_errors_come_at_once(
    session: RawSession,
) -> None:
    fault = session.edit_config(
        "candidate",
        qos(policy("p", 1, "<inbound><speed-limit><rate>5</rate></speed-limit></inbound>")),
    ).fault
    assert fault.path is not None and fault.path.endswith("/iq:speed-limit/iq:rate")
    assert "5" in fault.message and "8..4194303" in fault.message
    session.edit(qos(binding("eth0", "none")))
    session.edit(qos(binding("eth1", "nobody")))
    faults = session.rpc("<commit/>").faults
    assert [("none" in each.message, "nobody" in each.message) for each in faults] == [
        (True, False),
        (False, True),
    ]
    assert not any("succe" in each.message.lower() for each in faults)


def test_20_there_is_no_startup_to_be_forgotten(session: RawSession) -> None:
    assert not any(":startup" in each for each in session.capabilities)
    fault = session.rpc("<delete-config><target><startup/></target></delete-config>").fault
    assert fault.tag == "operation-not-supported"
    assert "every commit is kept" in fault.message


def test_21_a_damaged_store_stops_the_start_and_a_good_copy_brings_all_back(
    start_server: StartServer,
) -> None:
    gateway = start_server()
    session = gateway.session()
    session.edit(description("precious"), "running")
    before = gateway.running(session)
    gateway.disconnect()
    assert gateway.server.stop() == 0
    store = gateway.server.state / "running.sqlite"
    good = store.read_bytes()
    store.write_bytes(good[:2000] + b"\0" * (len(good) - 2000))
    status, said = gateway.server.refusal()
    assert status == 1
    assert "running.sqlite is damaged" in said and "put a good copy in its place" in said
    store.write_bytes(good)
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    assert again.running(again.session()) == before
    again.disconnect()


HOST_KEYS = ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-256", "rsa-sha2-512"]


@pytest.mark.parametrize("algorithm", HOST_KEYS)
def test_23_every_usual_kind_of_host_key_is_offered(gateway: Gateway, algorithm: str) -> None:
    assert gateway.connect(server_host_key_algs=[algorithm]).session().is_open()


@pytest.mark.parametrize("method", ["publickey", "password", "keyboard-interactive"])
def test_23_every_usual_way_of_logging_in_is_offered(gateway: Gateway, method: str) -> None:
    options = {} if method == "publickey" else {"client_keys": [], "password": PASSWORD}
    client = gateway.connect(preferred_auth=[method], **options)
    assert client.session().is_open()


def test_24_each_request_gets_one_reply_in_order(gateway: Gateway) -> None:
    requests = [
        "<get-config><source><running/></source></get-config>",
        "<validate><source><candidate/></source></validate>",
        "<commit/>",
        '<unheard-of xmlns="urn:x"/>',
        "<edit-config><target><candidate/></target>"
        f"<config>{description('x')}</config></edit-config>",
        embedded("send-packets", tunnel="none", direction="inbound"),
        "<discard-changes/>",
        f"<get><filter>{qos('<dataplane/>')}</filter></get>",
    ]

    def pipeline(number: int) -> list[str | None]:
        session = gateway.connect().session()
        text = b"".join(
            chunk(f'<rpc xmlns="{BASE}" message-id="{number}-{at}">{request}</rpc>'.encode())
            for at, request in enumerate(requests * 8)
        )
        session.send(text)
        return [session.read_reply().message_id for _ in range(len(requests) * 8)]

    with ThreadPoolExecutor(6) as pool:
        for number, found in enumerate(pool.map(pipeline, range(6))):
            assert found == [f"{number}-{at}" for at in range(len(requests) * 8)]


def test_24_what_was_sent_before_the_end_of_file_is_answered(gateway: Gateway) -> None:
    session = gateway.session()
    for _ in range(5):
        session.send_rpc("<commit/>")
    session.send_eof()
    assert all(session.read_reply().ok for _ in range(5))
    with pytest.raises(Gone):
        session.read_message()


def test_25_a_huge_reply_comes_in_small_chunks_of_ascii(session: RawSession) -> None:
    session.edit(policies(MANY), "running")
    session.edit(description("Ä" * 200), "running")
    answer = session.get()
    assert len(answer.text) > 1_000_000
    assert 4096 < session.longest_chunk <= 65_536
    assert answer.text.isascii()
    # What clients with a default parser take: depth below 256 and no long text.
    root = etree.fromstring(answer.text)
    assert max(len(each.text or "") for each in root.iter()) < 10_000_000


def test_25_a_filter_saves_the_rest(session: RawSession) -> None:
    session.edit(policies(MANY), "running")
    began = time.perf_counter()
    for number in range(1, 51):
        wanted = f"<policies><policy><name>g{number}</name><sequence-number>1</sequence-number>"
        answer = session.get_config("running", qos(f"{wanted}</policy></policies>"))
        assert answer.values("policy/name") == [f"g{number}"]
    assert (time.perf_counter() - began) / 50 < 0.02


def test_the_state_directory_is_for_the_server_alone(gateway: Gateway) -> None:
    state: Path = gateway.server.state
    assert state.stat().st_mode & 0o077 == 0
    for file in state.iterdir():
        if not file.name.endswith(".pub"):
            assert file.stat().st_mode & 0o007 == 0, file
