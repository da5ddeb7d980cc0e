"""The audit: a line for each request, session and failed login, and no content."""

import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.end_to_end.client import BASE, RawSession, chunk
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import (
    Gateway,
    binding,
    description,
    embedded,
    eventually,
    policy,
    qos,
)
from tests.end_to_end.house import House, path_rule
from tests.end_to_end.process import ROOT, ServerProcess
from tests.server.nacm.gate import rule

Line = dict[str, Any]
SECRET = "a-description-that-is-nobodys-business"
DS = 'xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"'
NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"


def rpcs(server: ServerProcess, session: RawSession) -> list[Line]:
    """The lines of a session's requests, once a last one has been written."""
    session.rpc('<last xmlns="urn:test:last"/>')

    def found() -> list[Line]:
        return [
            each
            for each in tuple(server.audit)
            if each["event"] == "rpc" and each["session"] == session.id
        ]

    eventually(lambda: any(each.get("operation") == "last" for each in found()))
    lines = found()
    at = next(at for at, each in enumerate(lines) if each.get("operation") == "last")
    return lines[:at]


def told(server: ServerProcess, event: str, **members: object) -> Line:
    """The line of an event with these members; waits for it."""

    def matches(line: Line) -> bool:
        return line["event"] == event and all(line.get(k) == v for k, v in members.items())

    eventually(lambda: any(matches(each) for each in tuple(server.audit)))
    return [each for each in tuple(server.audit) if matches(each)][-1]


def test_a_line_has_who_where_what_which_datastore_and_what_became_of_it(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(description(SECRET))
    session.commit()
    edit, commit = rpcs(gateway.server, session)
    for line, operation, datastore in (
        (edit, "edit-config", "candidate"),
        (commit, "commit", "running"),
    ):
        assert line["user"] == "admin"
        assert line["address"] == "127.0.0.1"
        assert line["transport"] == "netconf-ssh"
        assert (line["operation"], line["datastore"]) == (operation, datastore)
        assert line["decision"] == "permitted"
        assert line["time"].endswith("+00:00")
        assert line["ms"] >= 0
    assert "commit" not in edit
    newest = session.get('<commit-history xmlns="urn:ipsec-qos:yang:netconf-commit-history"/>')
    assert commit["commit"] == max(int(each) for each in newest.values("commit/id"))


@pytest.mark.parametrize(
    ("request_text", "operation", "datastore"),
    [
        ("<get/>", "get", "operational"),
        ("<get-config><source><candidate/></source></get-config>", "get-config", "candidate"),
        ("<lock><target><running/></target></lock>", "lock", "running"),
        ("<discard-changes/>", "discard-changes", "candidate"),
        ("<validate><source><candidate/></source></validate>", "validate", "candidate"),
        (
            "<copy-config><source><running/></source><target><candidate/></target></copy-config>",
            "copy-config",
            "candidate",
        ),
        (
            f'<get-data xmlns="{NMDA}" {DS}><datastore>ds:operational</datastore></get-data>',
            "get-data",
            "ds:operational",
        ),
    ],
)
def test_the_datastore_that_a_request_is_about_is_told(
    gateway: Gateway, session: RawSession, request_text: str, operation: str, datastore: str
) -> None:
    session.rpc(request_text)
    (line,) = rpcs(gateway.server, session)
    assert (line["operation"], line["datastore"]) == (operation, datastore)


def test_what_is_refused_has_its_error_tags_and_what_failed_too(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(qos(binding("eth0", "none")))
    session.edit(qos(binding("eth1", "nobody")))
    session.rpc("<commit/>")
    session.rpc('<fly xmlns="urn:other"/>')
    session.send(chunk(f'<rpc xmlns="{BASE}"><get/></rpc>'.encode()))
    session.read_reply()
    _, _, commit, fly, no_id = rpcs(gateway.server, session)
    assert (commit["decision"], commit["error-tag"]) == ("refused", "data-missing")
    assert (commit["error-app-tag"], commit["errors"]) == ("instance-required", 2)
    assert "commit" not in commit
    assert (fly["operation"], fly["namespace"]) == ("fly", "urn:other")
    assert fly["error-tag"] == "operation-not-supported"
    assert (no_id["decision"], no_id["error-tag"]) == ("refused", "missing-attribute")


def test_what_is_denied_names_the_rule_or_the_default(house: House) -> None:
    viewer = house.viewer
    viewer.rpc("<commit/>")
    viewer.edit_config("candidate", description("x"))
    house.rules(
        rule("no-lock", "deny", rpc_name="lock"),
        path_rule("hide", "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='secret']", "deny"),
    )
    viewer.lock()
    viewer.edit_config("candidate", qos(policy("secret", 1, "<df-bit>set</df-bit>")))
    house.rules()
    viewer.edit_config("candidate", qos("<global><df-bit>nonsense</df-bit></global>"))
    _, by_default, by_rule, hidden, refused = rpcs(house.gateway.server, viewer)
    assert by_default["decision"] == "denied"
    assert by_default["by"] == "write-default (deny)"
    assert by_rule["by"] == "the rule 'no-lock' of the rule-list 'viewers'"
    assert hidden["by"] == "the rule 'hide' of the rule-list 'viewers'"
    assert (refused["decision"], refused["error-tag"]) == ("refused", "invalid-value")


def test_the_lines_that_the_page_shows_are_like_ours(house: House) -> None:
    page = (ROOT / "docs" / "access.md").read_text().split("## The audit")[1]
    commit, lock = (json.loads(line) for line in page.splitlines() if line.startswith("{"))
    house.rules(rule("no-lock", "deny", rpc_name="lock"))
    house.admin.edit(description("x"))
    house.admin.commit()
    house.viewer.lock("running")
    ours = [rpcs(house.gateway.server, each)[-1] for each in (house.admin, house.viewer)]
    assert [list(each) for each in ours] == [list(commit), list(lock)]
    same = ("event", "transport", "operation", "datastore", "decision", "error-tag")
    for one, other in zip(ours, (commit, lock), strict=True):
        assert [one.get(each) for each in same] == [other.get(each) for each in same]


def test_rpcs_and_actions_of_modules_are_named_without_their_input(
    gateway: Gateway, session: RawSession
) -> None:
    session.rpc(embedded("remove-tunnel", id=SECRET))
    session.rpc(
        '<action xmlns="urn:ietf:params:xml:ns:yang:1">'
        f"{qos('<dataplane><resynchronize/></dataplane>')}</action>"
    )
    remove, action = rpcs(gateway.server, session)
    assert (remove["operation"], remove["decision"]) == ("remove-tunnel", "refused")
    assert action["action"] == "/ipsec-qos/dataplane/resynchronize"


def test_no_content_of_an_edit_a_filter_or_an_error_is_told(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(description(SECRET), "running")
    session.get(qos(policy("p", 1, f"<description>{SECRET}</description>")))
    session.rpc(f"<commit><confirmed/><persist>{SECRET}</persist></commit>")
    session.rpc(f"<cancel-commit><persist-id>{SECRET}</persist-id></cancel-commit>")
    session.edit_config("candidate", qos(f"<global><df-bit>{SECRET}</df-bit></global>"))
    assert len(rpcs(gateway.server, session)) == 5
    assert SECRET not in json.dumps(list(gateway.server.audit))


def test_sessions_are_told_from_their_opening_to_why_they_ended(gateway: Gateway) -> None:
    first, second = gateway.session(), gateway.session()
    opened = told(gateway.server, "session-open", session=first.id)
    assert (opened["user"], opened["address"]) == ("admin", "127.0.0.1")
    first.do(f"<kill-session><session-id>{second.id}</session-id></kill-session>")
    killed = told(gateway.server, "session-close", session=second.id)
    assert (killed["reason"], killed["killed-by"]) == ("killed", first.id)
    first.close()
    assert told(gateway.server, "session-close", session=first.id)["reason"] == "closed"


def test_a_roll_back_of_the_server_is_told_with_its_commit(gateway: Gateway) -> None:
    session = gateway.session()
    session.edit(description("tried"))
    session.rpc("<commit><confirmed/></commit>")
    tried = rpcs(gateway.server, session)[-1]["commit"]
    session.abort()
    line = told(gateway.server, "commit", commit=tried + 1)
    assert "user" not in line


def test_logins_that_failed_and_sessions_that_were_refused_are_told(
    start_server: StartServer,
) -> None:
    gateway = start_server("[limits]\nsessions_per_user = 1")
    with pytest.raises(asyncssh.PermissionDenied):
        gateway.connect(client_keys=[], password=SECRET, preferred_auth=["password"])
    wrong = told(gateway.server, "login-failed", reason="wrong user or password")
    assert (wrong["user"], wrong["address"]) == ("admin", "127.0.0.1")
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    with pytest.raises(asyncssh.PermissionDenied):
        gateway.connect(username="mallory", client_keys=[stranger])
    assert told(gateway.server, "login-failed", user="mallory")["reason"].startswith("no key")
    gateway.session()
    with pytest.raises(asyncssh.ChannelOpenError):
        gateway.session()
    refused = told(gateway.server, "session-refused", user="admin")
    assert "limit of 1 sessions" in refused["reason"]
    assert SECRET not in json.dumps(list(gateway.server.audit))


def lines_of(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def operations_in(file: Path) -> Callable[[], list[str]]:
    return lambda: [str(each.get("operation", each["event"])) for each in lines_of(file)]


def test_a_file_is_appended_to_and_opened_anew_at_sighup(
    start_server: StartServer, tmp_path: Path
) -> None:
    file = tmp_path / "audit.log"
    gateway = start_server(f'[audit]\nfile = "{file}"\nmode = 0o600')
    session = gateway.session()
    session.do("<discard-changes/>")
    eventually(lambda: "discard-changes" in operations_in(file)())
    assert file.stat().st_mode & 0o777 == 0o600
    assert not gateway.server.audit
    file.rename(tmp_path / "audit.log.1")
    os.kill(gateway.server.pid, signal.SIGHUP)
    eventually(file.exists)
    session.do("<commit/>")
    eventually(lambda: "commit" in operations_in(file)())
    gateway.disconnect()
    assert gateway.server.stop() == 0
    assert lines_of(file)[-1]["event"] == "session-close"


def test_reads_that_are_permitted_can_be_left_out(
    start_server: StartServer, tmp_path: Path
) -> None:
    file = tmp_path / "audit.log"
    gateway = start_server(f'[audit]\nfile = "{file}"\nreads = false')
    session = gateway.session()
    session.get("")
    session.rpc("<get><what/></get>")
    session.do("<commit/>")
    eventually(lambda: "commit" in operations_in(file)())
    assert operations_in(file)() == ["session-open", "get", "commit"]


def test_without_an_audit_nothing_is_written(start_server: StartServer) -> None:
    gateway = start_server('[audit]\nto = "none"')
    session = gateway.session()
    session.do("<commit/>")
    os.kill(gateway.server.pid, signal.SIGHUP)
    eventually(lambda: any("SIGHUP" in line for line in gateway.server.log))
    assert session.is_open()
    assert not gateway.server.audit


def test_a_full_disk_of_the_audit_does_not_stop_the_server(
    start_server: StartServer, tmp_path: Path
) -> None:
    file = tmp_path / "audit.log"
    gateway = start_server(f'[audit]\nfile = "{file}"')
    session = gateway.session()
    eventually(lambda: operations_in(file)() == ["session-open"])
    pid = gateway.server.pid
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (file.stat().st_size, resource.RLIM_INFINITY))
    for _ in range(3):
        session.rpc("<get-config><source><running/></source></get-config>")
        eventually(lambda: any("cannot be written" in line for line in gateway.server.log))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    session.do("<commit/>")
    eventually(lambda: "commit" in operations_in(file)())
    assert sum("cannot be written" in line for line in gateway.server.log) == 1
    (lost,) = (each for each in lines_of(file) if each["event"] == "lost")
    assert 1 <= lost["lines"] <= 3


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('to = "cloud"', "one of log, file, none"),
        ('to = "file"', "the path of a file"),
        ('to = "log"\nfile = "audit.log"', "the path of a file"),
        ('file = "/nowhere/audit.log"', "/nowhere/audit.log cannot be written"),
    ],
)
def test_an_audit_that_cannot_be_stops_the_start(tmp_path: Path, settings: str, said: str) -> None:
    status, told_there = ServerProcess(tmp_path, f"[audit]\n{settings}").refusal()
    assert status == 1
    assert said in told_there
