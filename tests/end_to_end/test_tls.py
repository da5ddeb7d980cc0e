"""NETCONF over TLS: who is let in, who is not, and what becomes of the session."""

import os
import re
import socket
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.end_to_end.client import MONITORING, Background, Gone
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, eventually
from tests.end_to_end.pki import Authority, Issued, client_context, dns, email, ip
from tests.end_to_end.process import ROOT, ServerProcess
from tests.end_to_end.streams import StreamGateway, tls_opener

TLS = '[tls]\nport = 0\ncertificate = "server.crt"\nprivate_key = "server.key"\n'
COMMON_NAME = '[[tls.cert_to_name]]\nmap_type = "common-name"\n'
SETTINGS = f'{TLS}ca_files = ["ca.crt"]\n{COMMON_NAME}'


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path, "ca")
    made.issue("server")
    return made


class Tls:
    """Clients of a server over TLS."""

    def __init__(self, background: Background, gateway: Gateway, authority: Authority) -> None:
        self.background = background
        self.gateway = gateway
        self.authority = authority

    def client(self, issued: Issued | None, by: ssl.SSLContext | None = None) -> StreamGateway:
        context = by or client_context(self.authority, issued)
        return StreamGateway(
            self.background, self.gateway.server, tls_opener(self.gateway.server, context)
        )

    def said(self, sentence: str) -> None:
        """Wait until the server's log has it."""
        eventually(lambda: sentence in "".join(self.gateway.server.log))

    def refused(self, issued: Issued | None, why: str) -> None:
        with pytest.raises((Gone, OSError)):
            self.client(issued).session()
        self.said(why)


@pytest.fixture
def tls(start_server: StartServer, authority: Authority, event_loop_thread: Background) -> Tls:
    return Tls(event_loop_thread, start_server(SETTINGS), authority)


def test_a_client_is_the_user_that_its_certificate_names(tls: Tls) -> None:
    client = tls.client(tls.authority.issue("admin"))
    wanted = f'<netconf-state xmlns="{MONITORING}"><sessions/></netconf-state>'
    answer = client.session().get(wanted)
    assert answer.value("session/username") == "admin"
    assert answer.value("session/source-host") == "127.0.0.1"
    assert answer.value("session/transport").endswith("netconf-tls")
    client.disconnect()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_of_tls_are_spoken(tls: Tls, version: ssl.TLSVersion) -> None:
    context = client_context(tls.authority, tls.authority.issue("admin"))
    context.minimum_version = context.maximum_version = version
    client = tls.client(None, context)
    assert client.session().is_open()
    client.disconnect()


def test_tls_1_1_is_not(tls: Tls) -> None:
    context = client_context(tls.authority, tls.authority.issue("admin"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):
        tls.client(None, context).session()
    tls.said("TLS with 127.0.0.1 failed: unsupported protocol")


def test_who_has_no_certificate_or_one_of_others_is_not_let_in(tls: Tls, tmp_path: Path) -> None:
    tls.refused(None, "peer did not return a certificate")
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other", "ca2").issue("admin")
    tls.refused(stranger, "unable to get local issuer certificate")
    expired = tls.authority.issue("admin", file="expired", expires=timedelta(days=-1))
    tls.refused(expired, "certificate has expired")
    assert tls.client(tls.authority.issue("admin")).session().lock().ok


@pytest.mark.parametrize(("name", "why"), [("eve", "gives 'eve', who is no user")])
def test_a_name_that_is_no_user_is_told_so(tls: Tls, name: str, why: str) -> None:
    session = tls.client(tls.authority.issue(name)).channel()
    assert why in session.read_message().decode()
    assert session.rest() == b""
    tls.said(f"the certificate of '{name}' {why}")


def test_a_revoked_certificate_is_refused_also_when_the_list_is_renewed(
    start_server: StartServer, authority: Authority, event_loop_thread: Background
) -> None:
    first, second = authority.issue("admin"), authority.issue("admin", file="second")
    authority.revoke(first)
    settings = SETTINGS.replace("[[", 'crl_files = ["ca.crl"]\n[[', 1)
    tls = Tls(event_loop_thread, start_server(settings), authority)
    tls.refused(first, "certificate revoked")
    assert tls.client(second).session().is_open()
    authority.revoke(first, second)
    tls.refused(second, "certificate revoked")
    tls.said("the files have changed and are read anew")


def test_a_renewed_certificate_is_used_and_a_bad_one_leaves_the_old_one(
    tls: Tls, tmp_path: Path
) -> None:
    admin = client_context(tls.authority, tls.authority.issue("admin"))

    def serial() -> str:
        with (
            socket.create_connection(("127.0.0.1", tls.gateway.server.tls_port)) as tcp,
            admin.wrap_socket(tcp) as secured,
        ):
            told = (secured.getpeercert() or {})["serialNumber"]
            assert isinstance(told, str)
            return told

    before = serial()
    tls.authority.issue("server")
    renewed = serial()
    assert renewed != before
    (tmp_path / "server.crt").write_text("no certificate")
    assert serial() == renewed
    tls.said("what was read before stays in use")


def test_entries_are_looked_at_in_their_order_and_chains_have_fingerprints_too(
    start_server: StartServer, authority: Authority, event_loop_thread: Background
) -> None:
    between = Authority(authority.directory, "between", authority)
    direct = authority.issue("x", dns("Admin"), ip("192.0.2.1"))
    below = between.issue("y", email("other@EXAMPLE.net"))
    chain = below.certificate.read_text() + between.issued.certificate.read_text()
    below.certificate.write_text(chain)
    entries = (
        f'[[tls.cert_to_name]]\nfingerprint = "{between.issued.fingerprint}"\n'
        'map_type = "specified"\nname = "other"\n'
        f'[[tls.cert_to_name]]\nfingerprint = "{authority.issued.fingerprint}"\n'
        'map_type = "san-dns-name"\n'
    )
    started = start_server(f'{TLS}ca_files = ["ca.crt"]\n{entries}')
    tls = Tls(event_loop_thread, started, authority)
    first, second, third = tls.client(direct), tls.client(below), tls.client(direct)
    first.session()
    second.session()
    wanted = f'<netconf-state xmlns="{MONITORING}"><sessions/></netconf-state>'
    answer = third.session().get(wanted)
    assert answer.values("session/username") == ["admin", "other", "admin"]


def test_limits_hold_and_what_they_refuse_is_told(
    start_server: StartServer, authority: Authority, event_loop_thread: Background
) -> None:
    limits = "[limits]\nsessions_per_user = 2\nhello_timeout = 1\nmax_message_bytes = 100000"
    tls = Tls(event_loop_thread, start_server(SETTINGS + limits), authority)
    client = tls.client(authority.issue("admin"))
    first, silent = client.session(), client.channel()
    refused = client.channel()
    assert b"user 'admin' has the limit of 2 sessions" in refused.read_message()
    assert refused.rest() == b""
    silent.take_hello()
    assert silent.rest() == b""
    again = client.session()
    assert again.lock().ok
    again.send_rpc(" " * 200_000)
    assert b"too-big" in again.rest()
    eventually(lambda: first.lock().ok, patience=2)


def test_who_does_not_finish_the_handshake_is_hung_up_and_limited(
    start_server: StartServer, authority: Authority, event_loop_thread: Background
) -> None:
    limits = "[limits]\nlogins = 1\nlogin_timeout = 1.0"
    tls = Tls(event_loop_thread, start_server(SETTINGS + limits), authority)
    place = ("127.0.0.1", tls.gateway.server.tls_port)
    with socket.create_connection(place) as silent, socket.create_connection(place) as second:
        assert second.recv(1) == b""
        tls.said("127.0.0.1 is refused: 1 connections wait")
        silent.settimeout(10)
        assert silent.recv(1) == b""
    tls.said("TLS with 127.0.0.1 failed")
    assert tls.client(authority.issue("admin")).session().is_open()


def test_a_kill_ends_the_connection_and_frees_the_lock(tls: Tls) -> None:
    client = tls.client(tls.authority.issue("admin"))
    killer, victim = client.session(), client.session()
    assert victim.lock().ok
    killer.do(f"<kill-session><session-id>{victim.id}</session-id></kill-session>")
    assert killer.lock().ok
    with pytest.raises((Gone, OSError)):
        victim.read_message()


def test_tcp_asks_whether_the_client_lives(tls: Tls) -> None:
    client = tls.client(tls.authority.issue("admin"))
    client.session()
    asked = f"ss -tnoH state established sport = :{tls.gateway.server.tls_port}"
    if not os.popen(asked).read():
        pytest.skip("ss of iproute2 is not here")
    # While the hello is not acknowledged yet, another timer runs.
    eventually(lambda: "timer:(keepalive," in os.popen(asked).read())
    client.disconnect()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"server.crt"', '"none.crt"', "No such file or directory"),
        ('private_key = "server.key"', "", "key 'private_key'"),
        ('"server.key"', '"ca.key"', "key values mismatch"),
        ('["ca.crt"]', '["ca.key"]', "cannot be used"),
        ('["ca.crt"]', "[]", "clients need one"),
        ('"common-name"', '"any"', "it must be one of specified, san-rfc822-name"),
        ('"common-name"', '"specified"\nname = "eve"', "a table [users.eve]"),
        ('"common-name"', '"common-name"\nname = "admin"', "absent but for"),
        ('"common-name"', '"common-name"\nfingerprint = "04:00"', "sha256 has 32 octets"),
        ('"common-name"', '"common-name"\nserial = 1', "has no key 'serial'"),
        ("[[tls.cert_to_name]]", "[tls.cert_to_name]", "tables [[tls.cert_to_name]]"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(
    authority: Authority, old: str, new: str, sentence: str
) -> None:
    assert old in SETTINGS
    server = ServerProcess(authority.directory, SETTINGS.replace(old, new))
    status, said = server.refusal()
    assert status == 1
    assert sentence in said
    assert "PRIVATE" not in said


def test_the_set_up_of_the_page_works_as_it_stands(
    tmp_path: Path, start_server: StartServer, event_loop_thread: Background
) -> None:
    page = (ROOT / "docs" / "transports.md").read_text().split("## TLS\n")[1]
    (script, *_) = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (settings, *_) = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        ["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    fingerprint = done.stdout.strip().splitlines()[-1]
    settings = settings.replace("6513", "0").replace("0.0.0.0", "127.0.0.1")
    settings += f'fingerprint = "{fingerprint}"\n'
    started = start_server(settings)
    context = ssl.create_default_context(cafile=str(tmp_path / "ca.crt"))
    context.check_hostname = False
    context.load_cert_chain(tmp_path / "operator.crt", tmp_path / "operator.key")
    opener = tls_opener(started.server, context)
    client = StreamGateway(event_loop_thread, started.server, opener)
    assert client.session().is_open()
    client.disconnect()


def test_a_private_key_that_others_can_read_is_refused(authority: Authority) -> None:
    (authority.directory / "server.key").chmod(0o640)
    status, said = ServerProcess(authority.directory, SETTINGS).refusal()
    assert status == 1
    assert "server.key: a private key that others can read: chmod 600" in said
