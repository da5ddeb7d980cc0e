"""Modules of a user's own: compiled, served, edited, judged, kept and handed out."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.client import MONITORING, Answer, RawSession
from tests.end_to_end.conftest import LAB, StartServer, lab_settings
from tests.end_to_end.gateway import OPERATION, Gateway, binding, policy, qos
from tests.end_to_end.process import ROOT

NETWORK = "urn:lab:network"
INSERT = 'xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert'


def system(content: str) -> str:
    return f'<system xmlns="{NETWORK}">{content}</system>'


def acl(name: str, *rules: str) -> str:
    return f'<acl xmlns="{NETWORK}"><name>{name}</name>{"".join(rules)}</acl>'


def rule(number: str, content: str = "<action>permit</action>", attributes: str = "") -> str:
    return f"<rule {attributes}><id>{number}</id>{content}</rule>"


def server(name: str, content: str) -> str:
    return f'<server xmlns="{NETWORK}"><name>{name}</name>{content}</server>'


def shown(answer: Answer) -> str:
    return "".join(line.strip() for line in answer.shown.splitlines())


def test_the_hello_announces_the_modules(lab: RawSession) -> None:
    text = " ".join(lab.capabilities)
    assert "urn:lab:network?module=lab-network&revision=2026-11-24" in text
    assert "http://example.com/schema/1.2/config?module=lab-users" in text
    assert "ipsec-qos" not in text


def test_sources_of_modules_and_submodules_are_handed_out(lab: RawSession) -> None:
    for name in ("lab-network", "lab-network-types", "lab-crypto", "lab-users"):
        answer = lab.rpc(
            f'<get-schema xmlns="{MONITORING}"><identifier>{name}</identifier></get-schema>'
        )
        assert answer.data.text == (LAB / f"{name}.yang").read_text()


def test_the_library_names_the_modules(lab: RawSession) -> None:
    answer = lab.get('<yang-library xmlns="urn:ietf:params:xml:ns:yang:ietf-yang-library"/>')
    assert {"lab-network", "lab-users", "lab-crypto"} <= set(answer.values("module/name"))
    assert answer.values("submodule/name") == ["lab-network-types"]


def test_values_of_every_type_come_back(lab: RawSession) -> None:
    content = (
        "<host-name>gw-1</host-name><ratio>3.5</ratio><flags>promiscuous up</flags>"
        "<blob>aGVsbG8=</blob><small>many</small>"
        f"<pointer xmlns:n=\"{NETWORK}\">/n:acl[n:name='a']/n:rule[n:id='1']</pointer>"
        '<crypto xmlns:c="urn:lab:crypto">c:des3</crypto>'
    )
    lab.edit(system(content), "running")
    answer = lab.get_config("running")
    assert answer.value("system/ratio") == "3.5"
    assert answer.value("system/flags") == "up promiscuous"
    assert answer.value("system/blob") == "aGVsbG8="
    assert answer.value("system/small") == "many"
    (crypto,) = answer.elements(".//*[local-name()='crypto']")
    prefix, _, name = (crypto.text or "").rpartition(":")
    assert (crypto.nsmap[prefix or None], name) == ("urn:lab:crypto", "des3")
    (pointer,) = answer.elements(".//*[local-name()='pointer']")
    prefix = (pointer.text or "")[1:].partition(":")[0]
    assert pointer.nsmap[prefix] == NETWORK


def test_an_identity_may_come_by_the_default_namespace_and_is_checked(lab: RawSession) -> None:
    lab.edit(system("<crypto>aes</crypto>"), "running")
    (crypto,) = lab.get_config("running").elements(".//*[local-name()='crypto']")
    prefix, _, name = (crypto.text or "").rpartition(":")
    assert (crypto.nsmap[prefix or None], name) == (NETWORK, "aes")
    wanted = system(f'<crypto xmlns:q="{NETWORK}">q:aes</crypto>')
    assert lab.get_config("running", wanted).values("system/crypto") != []
    fault = lab.edit_config("running", system("<crypto>des3</crypto>")).fault
    assert (fault.tag, fault.path) == ("invalid-value", "/ln:system/ln:crypto")
    unbound = lab.edit_config("running", system("<crypto>nowhere:aes</crypto>")).fault
    assert unbound.tag == "invalid-value"


def test_patterns_lengths_and_digits_are_checked(lab: RawSession) -> None:
    for content, path in (
        ("<host-name>9x</host-name>", "host-name"),
        ("<host-name/>", "host-name"),
        ("<ratio>1.234</ratio>", "ratio"),
        ("<flags>down</flags>", "flags"),
        ("<blob>***</blob>", "blob"),
        ("<small>10</small>", "small"),
    ):
        fault = lab.edit_config("candidate", system(content)).fault
        assert (fault.tag, fault.path) == ("invalid-value", f"/ln:system/ln:{path}")


def test_anydata_is_kept_as_it_is(lab: RawSession) -> None:
    extra = '<extra><a xmlns="urn:any"><b x="1">text</b><b/></a></extra>'
    lab.edit(system(extra), "running")
    answer = lab.get_config("running")
    (found,) = answer.elements(".//*[local-name()='b'][@x='1']")
    assert found.text == "text"
    assert found.tag == "{urn:any}b"


def test_user_ordered_lists_keep_and_change_their_order(lab: RawSession) -> None:
    def order() -> list[str]:
        return lab.get_config("running").values("rule/id")

    lab.edit(acl("a", rule("3"), rule("1"), rule("2")), "running")
    assert order() == ["3", "1", "2"]
    lab.edit(acl("a", rule("0", attributes=f'{INSERT}="first"')), "running")
    assert order() == ["0", "3", "1", "2"]
    key = f'xmlns:n="{NETWORK}" yang:key="[n:id=\'1\']"'
    lab.edit(acl("a", rule("9", attributes=f'{INSERT}="after" {key}')), "running")
    assert order() == ["0", "3", "1", "9", "2"]
    lab.edit(acl("a", rule("0", attributes=f'{INSERT}="before" {key}')), "running")
    assert order() == ["3", "0", "1", "9", "2"]
    lab.edit(acl("a", rule("3", "", f'{OPERATION}="delete"')), "running")
    assert order() == ["0", "1", "9", "2"]
    lab.edit(acl("a", rule("0", attributes=f'{INSERT}="last"')), "running")
    assert order() == ["1", "9", "2", "0"]


def test_inserting_beside_what_is_not_there_is_missing_instance(lab: RawSession) -> None:
    lab.edit(acl("a", rule("1")), "running")
    key = f'xmlns:n="{NETWORK}" yang:key="[n:id=\'8\']"'
    fault = lab.edit_config(
        "running", acl("a", rule("2", attributes=f'{INSERT}="after" {key}'))
    ).fault
    assert (fault.tag, fault.app_tag) == ("bad-attribute", "missing-instance")


def test_leaf_lists_by_user_and_by_system(lab: RawSession) -> None:
    searched = "".join(f"<domain-search>{each}</domain-search>" for each in ("z", "a", "m"))
    colors = "".join(f"<color>{each}</color>" for each in ("red", "blue"))
    lab.edit(system(searched + colors), "running")
    value = 'yang:value="a"'
    lab.edit(system(f'<domain-search {INSERT}="before" {value}>x</domain-search>'), "running")
    answer = lab.get_config("running")
    assert answer.values("domain-search") == ["z", "x", "a", "m"]
    assert answer.values("color") == ["blue", "red"]
    lab.edit(system(f'<color {OPERATION}="delete">red</color>'), "running")
    assert lab.get_config("running").values("color") == ["blue"]
    fault = lab.edit_config("running", system(f'<color {OPERATION}="delete">red</color>')).fault
    assert fault.tag == "data-missing"
    fault = lab.edit_config("running", system(f'<color {OPERATION}="create">blue</color>')).fault
    assert fault.tag == "data-exists"


def test_nested_lists_are_edited_deep_within(lab: RawSession) -> None:
    match = "<match><field>{}</field><value>{}</value></match>"
    permit = "<action>permit</action>"
    lab.edit(acl("a", rule("1", permit + match.format("port", 80))), "running")
    lab.edit(acl("a", rule("1", match.format("port", 443))), "running")
    lab.edit(acl("b", rule("1", permit + match.format("dscp", 46))), "running")
    assert lab.get_config("running").values("match/value") == ["443", "46"]
    gone = f'<match {OPERATION}="delete"><field>port</field></match>'
    lab.edit(acl("a", rule("1", gone)), "running")
    answer = lab.get_config("running", acl("a"))
    assert answer.values("match/value") == []
    assert answer.values("rule/action") == ["permit"]
    three = "".join(match.format(each, 1) for each in "xyz")
    fault = lab.edit_config("running", acl("a", rule("1", three))).fault
    assert (fault.tag, fault.app_tag) == ("operation-failed", "too-many-elements")
    assert fault.path == "/ln:acl[ln:name='a']/ln:rule[ln:id='1']/ln:match"


def test_a_choice_holds_one_case(lab: RawSession) -> None:
    lab.edit(system("<tcp-port>8080</tcp-port>"), "running")
    lab.edit(system("<udp><port>53</port></udp>"), "running")
    assert shown(lab.get_config("running")) == "<system><udp><port>53</port></udp></system>"
    lab.edit(system("<none/>"), "running")
    assert shown(lab.get_config("running")) == "<system><none/></system>"
    both = lab.edit_config("running", system("<tcp-port>1</tcp-port><none/>")).fault
    assert both.tag == "bad-element"
    fault = lab.edit_config("running", system("<udp/>"), test_option="test-only")
    assert fault.ok or fault.fault.tag == "data-missing"


def test_a_presence_container_exists_by_itself(lab: RawSession) -> None:
    lab.edit(system("<syslog/>"), "running")
    assert shown(lab.get_config("running")) == "<system><syslog/></system>"
    assert shown(lab.get(system("<syslog/>"))) == "<system><syslog/></system>"
    create = system(f'<syslog {OPERATION}="create"/>')
    assert lab.edit_config("running", create).fault.tag == "data-exists"
    lab.edit(system(f'<syslog {OPERATION}="delete"/>'), "running")
    assert shown(lab.get_config("running")) == ""


def test_when_decides_what_may_exist(lab: RawSession) -> None:
    backup = "<backup-host>b</backup-host>"
    fault = lab.edit_config("running", system(backup)).fault
    assert (fault.tag, fault.path) == ("unknown-element", "/ln:system/ln:backup-host")
    lab.edit(system(f"<has-backup>true</has-backup>{backup}"), "running")
    log = "<action>deny</action><log>true</log>"
    lab.edit(acl("a", rule("1", log)), "running")
    permit = log.replace("deny", "permit")
    assert lab.edit_config("running", acl("a", rule("2", permit))).fault.tag == "unknown-element"


def test_must_has_its_own_message_and_tag(lab: RawSession) -> None:
    fault = lab.edit_config("running", system("<lowest>5</lowest><highest>4</highest>")).fault
    assert (fault.tag, fault.app_tag) == ("operation-failed", "upside-down")
    assert fault.message == "The highest must not be below the lowest."
    assert fault.path == "/ln:system/ln:highest"
    lab.edit(system("<lowest>5</lowest><highest>5</highest>"), "running")
    assert lab.edit_config("running", system("<lowest>6</lowest>")).fault.app_tag == "upside-down"


def test_mandatory_unique_and_leafref(lab: RawSession) -> None:
    fault = lab.edit_config("running", acl("a", rule("1", ""))).fault
    assert (fault.tag, fault.path) == (
        "data-missing",
        "/ln:acl[ln:name='a']/ln:rule[ln:id='1']/ln:action",
    )
    lab.edit(server("one", "<ip>10.0.0.1</ip><port>80</port>"), "running")
    faults = lab.edit_config("running", server("two", "<ip>10.0.0.1</ip><port>80</port>")).faults
    assert {each.app_tag for each in faults} == {"data-not-unique"}
    lab.edit(server("two", "<ip>10.0.0.1</ip>"), "running")
    fault = lab.edit_config("running", server("two", "<acl>a</acl>")).fault
    assert fault.app_tag == "instance-required"
    lab.edit(acl("a") + server("two", "<acl>a</acl>"), "running")


def test_an_rpc_that_no_dataplane_performs_is_not_supported(lab: RawSession) -> None:
    fault = lab.rpc(f'<ping xmlns="{NETWORK}"><host>x</host></ping>').fault
    assert fault.tag == "operation-not-supported"


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_survives_a_restart(start_server: StartServer, tmp_path: Path, end: str) -> None:
    gateway = start_server(lab_settings(tmp_path, "lab"))
    session = gateway.session()
    content = (
        "<host-name>gw</host-name><ratio>0.10</ratio><flags>up</flags><blob>aGk=</blob>"
        "<small>7</small><syslog/><none/><has-backup>true</has-backup><backup-host>b</backup-host>"
        "<domain-search>z</domain-search><domain-search>a</domain-search><color>red</color>"
        f'<pointer xmlns:n="{NETWORK}">/n:system/n:ratio</pointer><crypto>aes</crypto>'
        '<extra><x xmlns="urn:any">1</x></extra>'
    )
    match = "<match><field>f</field><value>v</value></match>"
    permit = "<action>permit</action>"
    session.edit(system(content), "running")
    session.edit(acl("a", rule("2", permit), rule("1", permit + match)), "running")
    session.edit(acl("a", rule("0", attributes=f'{INSERT}="first"')), "running")
    session.edit(acl("a", rule("5")), "running")
    session.edit(acl("a", rule("2", "", f'{OPERATION}="delete"')), "running")
    session.edit(server("s", "<acl>a</acl>"), "running")
    before = session.get_config("running")
    assert before.values("rule/id") == ["0", "1", "5"]
    getattr(gateway.server, end)()
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    after = again.session()
    assert after.get_config("running").shown == before.shown
    after.edit(acl("a", rule("9", attributes=f'{INSERT}="first"')), "running")
    assert after.get_config("running").values("rule/id") == ["9", "0", "1", "5"]
    again.disconnect()


def test_modules_of_a_user_beside_ours_with_the_embedded_dataplane(
    start_server: StartServer, tmp_path: Path
) -> None:
    gateway = start_server(lab_settings(tmp_path, "beside", "embedded"))
    session = gateway.session()
    users = '<top xmlns="http://example.com/schema/1.2/config"><users><user><name>u</name></user></users></top>'
    outbound = "<outbound><dscp>ef</dscp></outbound>"
    session.edit(users + qos(policy("p", 1, outbound) + binding("eth0", "p")))
    session.commit()
    gateway.establish(session)
    assert gateway.sends(session).value("outer-dscp") == "46"
    answer = session.get_config("running")
    assert answer.value("user/name") == "u"
    assert answer.value("policy/name") == "p"
    source = session.rpc(
        f'<get-schema xmlns="{MONITORING}"><identifier>lab-users</identifier></get-schema>'
    )
    assert (source.data.text or "").startswith("module lab-users")


def test_the_embedded_dataplane_without_our_module_is_refused(
    start_server: StartServer, tmp_path: Path
) -> None:
    from tests.end_to_end.process import ServerProcess

    settings = lab_settings(tmp_path, "lab", "embedded")
    status, said = ServerProcess(tmp_path, settings).refusal()
    assert status == 1
    assert "needs the module ipsec-qos" in said


def test_a_module_that_is_no_yang_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "broken.yang").write_text(
        "module broken {\n  namespace 'urn:b';\n  prefix b;\n  leaf x;\n}\n"
    )
    (tmp_path / "set.toml").write_text('output = "b.py"\npath = ["."]\nmodules = ["broken"]\n')
    done = subprocess.run(
        [sys.executable, "-m", "yang.pyang_plugin", str(tmp_path / "set.toml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "broken.yang:4" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b.py").exists()
