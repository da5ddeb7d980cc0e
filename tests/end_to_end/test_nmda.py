"""``<get-data>`` and ``<edit-data>`` (RFC 8526), after its examples, and origins (RFC 8342)."""

import pytest
from lxml import etree

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.gateway import OPERATION, Gateway, binding, policy, qos

NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"
DS = "urn:ietf:params:xml:ns:yang:ietf-datastores"
OR = "urn:ietf:params:xml:ns:yang:ietf-origin"
USERS = "http://example.com/schema/1.2/config"
LIMIT = "<inbound><speed-limit><rate>8</rate></speed-limit></inbound>"


def nmda(operation: str, datastore: str, content: str) -> str:
    return (
        f'<{operation} xmlns="{NMDA}" xmlns:ds="{DS}" xmlns:or="{OR}">'
        f"<datastore>ds:{datastore}</datastore>{content}</{operation}>"
    )


def get_data(session: RawSession, datastore: str, content: str = "") -> Answer:
    return session.rpc(nmda("get-data", datastore, content))


def edit_data(session: RawSession, datastore: str, config: str, more: str = "") -> Answer:
    return session.rpc(nmda("edit-data", datastore, f"{more}<config>{config}</config>"))


def subtree(content: str) -> str:
    return f"<subtree-filter>{content}</subtree-filter>"


def users(content: str) -> str:
    return f'<top xmlns="{USERS}"><users>{content}</users></top>'


def origins(answer: Answer) -> dict[str, str]:
    """The origin of each leaf, the one of what is around it where it has none of its own."""
    name = f"{{{OR}}}origin"
    found = {}
    for leaf in answer.data.xpath(".//*[not(*)]"):
        assert isinstance(leaf, etree._Element)
        line = [leaf, *leaf.iterancestors()]
        found[etree.QName(leaf).localname] = next(
            (e.get(name, "") for e in line if e.get(name)), ""
        )
    return found


@pytest.fixture
def one(gateway: Gateway, session: RawSession) -> RawSession:
    """A session of a gateway with a policy, its tunnel, and an edit that is not committed."""
    session.edit(qos(policy("p", 1, LIMIT) + binding("eth0", "p")), "running")
    gateway.establish(session)
    session.edit(qos(policy("not-yet", 1)))
    return session


# ---- the examples of RFC 8526


def test_one_user_of_running(lab: RawSession) -> None:
    lab.edit(
        users("<user><name>fred</name><type>admin</type></user><user><name>b</name></user>"),
        "running",
    )
    wanted = subtree(users("<user><name>fred</name></user>"))
    answer = get_data(lab, "running", wanted)
    assert answer.data.tag == f"{{{NMDA}}}data"
    assert answer.values("user/name") == ["fred"]
    assert answer.values("user/type") == ["admin"]


def test_the_same_by_xpath(lab: RawSession) -> None:
    lab.edit(users("<user><name>fred</name></user><user><name>b</name></user>"), "running")
    for path in ("/t:top/t:users/t:user[t:name='fred']", "//t:user[t:name = 'fred' and 1]"):
        wanted = f'<xpath-filter xmlns:t="{USERS}">{path}</xpath-filter>'
        assert get_data(lab, "running", wanted).values("user/name") == ["fred"]


def test_an_edit_that_creates(lab: RawSession) -> None:
    user = f'<user {OPERATION}="create"><name>sue</name></user>'
    assert edit_data(lab, "running", users(user)).ok
    assert lab.get_config("running").values("user/name") == ["sue"]
    assert edit_data(lab, "running", users(user)).fault.tag == "data-exists"


def test_an_edit_that_replaces_everything(lab: RawSession) -> None:
    lab.edit(users("<user><name>fred</name></user>"), "running")
    whole = "<default-operation>replace</default-operation>"
    assert edit_data(lab, "candidate", users("<user><name>sue</name></user>"), whole).ok
    assert lab.get_config("candidate").values("user/name") == ["sue"]
    assert lab.get_config("running").values("user/name") == ["fred"]


# ---- datastores


def test_each_datastore_holds_what_it_should(one: RawSession) -> None:
    assert get_data(one, "running").values("policy/name") == ["p"]
    assert get_data(one, "intended").shown == get_data(one, "running").shown
    assert sorted(get_data(one, "candidate").values("policies/policy/name")) == ["not-yet", "p"]
    for name in ("running", "candidate", "intended"):
        assert get_data(one, name).values("tunnel/id") == []
    operational = get_data(one, "operational")
    assert operational.values("policies/policy/name") == ["p"]
    assert operational.value("tunnel/id") == "t1"
    assert operational.value("dataplane/status") == "in-sync"


def test_operational_shows_the_defaults_that_are_in_use(one: RawSession) -> None:
    wanted = subtree(qos("<global/>"))
    assert get_data(one, "operational", wanted).value("global/df-bit") == "copy"
    assert get_data(one, "running", wanted).shown == ""
    mode = "<with-defaults>{}</with-defaults>"
    for name in ("explicit", "trim"):
        assert get_data(one, "operational", wanted + mode.format(name)).shown == ""
    for name in ("report-all", "report-all-tagged"):
        assert "df-bit" in get_data(one, "running", wanted + mode.format(name)).shown
        assert "df-bit" in get_data(one, "operational", wanted + mode.format(name)).shown


def test_the_library_lists_the_datastores(session: RawSession) -> None:
    library = '<yang-library xmlns="urn:ietf:params:xml:ns:yang:ietf-yang-library"/>'
    answer = get_data(session, "operational", subtree(library))
    names = {text.rpartition(":")[2] for text in answer.values("datastore/name")}
    assert names == {"running", "candidate", "intended", "operational"}
    (content,) = answer.values("content-id")
    assert any(f"content-id={content}" in each for each in session.capabilities)
    assert (
        "urn:ietf:params:netconf:capability:with-operational-defaults:1.0" in session.capabilities
    )


@pytest.mark.parametrize(
    ("datastore", "says"),
    [
        ("<datastore>ds:startup</datastore>", "'ds:startup' is no datastore of this server"),
        ("<datastore>x:running</datastore>", "'x:running' is no datastore"),
        ("<datastore>running</datastore>", "'running' is no datastore"),
    ],
)
def test_a_datastore_that_is_not_there(session: RawSession, datastore: str, says: str) -> None:
    fault = session.rpc(f'<get-data xmlns="{NMDA}" xmlns:ds="{DS}">{datastore}</get-data>').fault
    assert (fault.tag, says in fault.message) == ("invalid-value", True)


def test_a_datastore_must_be_named(session: RawSession) -> None:
    for operation in ("get-data", "edit-data"):
        fault = session.rpc(f'<{operation} xmlns="{NMDA}"/>').fault
        assert (fault.tag, fault.info["bad-element"]) == ("missing-element", "datastore")


def test_only_running_and_candidate_can_be_edited(session: RawSession) -> None:
    for name in ("operational", "intended"):
        fault = edit_data(session, name, qos(policy("p", 1))).fault
        assert fault.tag == "invalid-value"
        assert name in fault.message


def test_locks_and_validation_by_datastore(gateway: Gateway, session: RawSession) -> None:
    target = f'<target><datastore xmlns="{NMDA}" xmlns:ds="{DS}">ds:{{}}</datastore></target>'
    session.do(f"<lock>{target.format('candidate')}</lock>")
    assert gateway.session().lock().fault.tag == "lock-denied"
    source = target.replace("target", "source").format("candidate")
    session.do(f"<validate>{source}</validate>")
    session.do(f"<unlock>{target.format('candidate')}</unlock>")
    fault = session.rpc(f"<lock>{target.format('operational')}</lock>").fault
    assert fault.tag == "invalid-value"


def test_a_refused_edit_changes_nothing(session: RawSession) -> None:
    bad = policy("p", 1, "<template>nowhere</template>")
    assert edit_data(session, "running", qos(bad)).fault.app_tag == "instance-required"
    assert session.get_config("running").shown == ""
    url = nmda("edit-data", "running", "<url>file:///etc/passwd</url>")
    assert session.rpc(url).fault.tag == "operation-not-supported"


# ---- filters


def test_config_filter_tells_configuration_from_state(one: RawSession) -> None:
    wanted = subtree(qos(""))
    only = "<config-filter>{}</config-filter>"
    configured = get_data(one, "operational", wanted + only.format("true"))
    assert configured.values("policies/policy/name") == ["p"]
    assert configured.values("tunnel/id") == []
    state = get_data(one, "operational", wanted + only.format("false"))
    assert state.values("policies/policy/name") == []
    assert state.values("tunnel/id") == ["t1"]
    assert get_data(one, "running", only.format("false")).shown == ""
    assert get_data(one, "running", only.format("true")).values("policy/name") == ["p"]
    assert get_data(one, "running", only.format("maybe")).fault.tag == "invalid-value"


def test_origins_are_told_once_where_they_change(one: RawSession) -> None:
    configured = "<config-filter>true</config-filter>"
    answer = get_data(one, "operational", subtree(qos("")) + configured + "<with-origin/>")
    found = origins(answer)
    assert found["sequence-number"] == "or:intended"
    assert found["df-bit"] == "or:default"
    assert found["counted-length"] == "or:default"
    (top,) = answer.data
    assert top.get(f"{{{OR}}}origin") == "or:intended"
    assert answer.elements(".//*[local-name()='policy']/@*") == []
    assert (
        get_data(one, "operational", subtree(qos(""))).elements(".//@*[local-name()='origin']")
        == []
    )


def test_state_has_no_origin(one: RawSession) -> None:
    answer = get_data(one, "operational", subtree(qos("<dataplane/>")) + "<with-origin/>")
    assert [etree.QName(e).localname for e in answer.elements(".//*[@*]")] == ["ipsec-qos"]


def test_origin_filters(one: RawSession) -> None:
    wanted = subtree(qos("<global/><policies/><dataplane><status/></dataplane>"))
    only = "<origin-filter>or:intended</origin-filter>"
    answer = get_data(one, "operational", wanted + only)
    assert answer.values("speed-limit/rate") == ["8"]
    assert answer.values("speed-limit/counted-length") == []
    assert answer.values("global/df-bit") == []
    assert answer.value("dataplane/status") == "in-sync"
    negated = "<negated-origin-filter>or:intended</negated-origin-filter>"
    answer = get_data(one, "operational", wanted + negated)
    assert answer.values("speed-limit/rate") == []
    assert answer.value("speed-limit/counted-length") == "encrypted"
    assert answer.values("policy/name") == ["p"]
    assert answer.value("global/df-bit") == "copy"
    both = "<origin-filter>or:intended</origin-filter><origin-filter>or:default</origin-filter>"
    whole = get_data(one, "operational", wanted)
    assert get_data(one, "operational", wanted + both).shown == whole.shown
    every = "<origin-filter>or:origin</origin-filter>"
    assert get_data(one, "operational", wanted + every).shown == whole.shown


def test_origins_are_of_the_operational_datastore(session: RawSession) -> None:
    assert get_data(session, "running", "<with-origin/>").fault.tag == "invalid-value"
    only = "<origin-filter>or:intended</origin-filter>"
    assert get_data(session, "running", only).fault.tag == "unknown-element"
    fault = get_data(session, "operational", only.replace("intended", "made-up")).fault
    assert (fault.tag, "or:learned" in fault.message) == ("invalid-value", True)
    both = only + only.replace("origin-filter", "negated-origin-filter")
    assert get_data(session, "operational", both).fault.tag == "bad-element"


def test_max_depth_counts_from_what_is_selected(one: RawSession) -> None:
    depth = "<max-depth>{}</max-depth>"
    top = get_data(one, "running", depth.format(1))
    assert top.shown == "<ipsec-qos/>\n"
    assert get_data(one, "running", depth.format(2)).shown.split() == [
        "<ipsec-qos>",
        "<policies/>",
        "<interface-bindings/>",
        "</ipsec-qos>",
    ]
    entry = subtree(qos("<policies><policy><name>p</name></policy></policies>"))
    keys = ["<name>p</name>", "<sequence-number>1</sequence-number>"]
    lines = get_data(one, "running", entry + depth.format(1)).shown.split()
    assert lines[2:-2] == ["<policy>", *keys, "</policy>"]
    lines = get_data(one, "running", entry + depth.format(2)).shown.split()
    assert lines[2:-2] == ["<policy>", *keys, "<inbound/>", "</policy>"]
    leaf = subtree(
        qos(
            "<policies><policy><inbound><speed-limit><rate/></speed-limit></inbound></policy></policies>"
        )
    )
    assert get_data(one, "running", leaf + depth.format(1)).values("speed-limit/rate") == ["8"]
    unbounded = get_data(one, "running", depth.format("unbounded"))
    assert unbounded.shown == get_data(one, "running").shown
    assert get_data(one, "running", depth.format("0" * 5000 + "1")).shown == top.shown
    for text in ("0", "65536", "-1", "deep", "9" * 5000, "\u0663"):
        assert get_data(one, "running", depth.format(text)).fault.tag == "invalid-value"


def test_all_filters_hold_together(one: RawSession) -> None:
    paths = ("/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p']", "//iq:policy[1][iq:inbound]")
    for path in paths:
        xpath = f'<xpath-filter xmlns:iq="urn:ipsec-qos:yang:ipsec-qos">{path}</xpath-filter>'
        negated = "<negated-origin-filter>or:intended</negated-origin-filter>"
        answer = get_data(one, "operational", xpath + negated + "<with-origin/>")
        assert answer.values("speed-limit/rate") == []
        assert origins(answer)["counted-length"] == "or:default"
        assert (
            get_data(one, "operational", xpath + "<config-filter>false</config-filter>").shown == ""
        )
        shallow = get_data(one, "operational", xpath + "<max-depth>1</max-depth>")
        assert shallow.values("policy/name") == ["p"]
        assert shallow.values("policy/inbound") == []


def test_two_kinds_of_filters_exclude_each_other(session: RawSession) -> None:
    both = subtree(qos("")) + "<xpath-filter>/*</xpath-filter>"
    assert get_data(session, "running", both).fault.tag == "bad-element"
    fault = get_data(session, "running", "<filter/>").fault
    assert (fault.tag, fault.info["bad-element"]) == ("unknown-element", "filter")
