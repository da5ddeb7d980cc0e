"""Etags, after draft-ietf-netconf-transaction-id: reading, leaving out, conditional changes.

The draft's examples (section 5) are of access lists; here they are of policies.
"""

import re

import pytest
from lxml import etree

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import OPERATION, QOS, Gateway, binding, description, policy, qos
from tests.end_to_end.test_nmda import edit_data, get_data, subtree

TXID = "urn:ietf:params:xml:ns:netconf:txid:1.0"
MODULE = "urn:ietf:params:xml:ns:yang:ietf-netconf-txid"
WITH_ETAG = f'<with-etag xmlns="{MODULE}">true</with-etag>'
VCHAR = re.compile(r"[!#-\[\]-~]+")


def etag(value: str) -> str:
    return f'xmlns:txid="{TXID}" txid:etag="{value}"'


def tagged(element: etree._Element) -> str:
    return str(element.get(f"{{{TXID}}}etag", ""))


def get_config(
    session: RawSession, known: str = "?", wanted: str = "", of: str = "running"
) -> Answer:
    content = f"<source><{of}/></source>" + (wanted and f"<filter>{wanted}</filter>")
    return session.rpc(f"<get-config {etag(known)}>{content}</get-config>")


def filtered(session: RawSession, wanted: str, of: str = "running") -> Answer:
    return session.rpc(
        f"<get-config><source><{of}/></source><filter>{wanted}</filter></get-config>"
    )


def named(answer: Answer, path: str) -> dict[str, str]:
    """The etags of the elements at a path by what names them: the first leaf, or their name."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    return {
        each[0].text or ""
        if len(each) and not len(each[0])
        else etree.QName(each).localname: tagged(each)
        for each in answer.elements(f".//{steps}")
    }


def edit(session: RawSession, content: str, target: str = "running", more: str = "") -> Answer:
    return session.rpc(
        f"<edit-config><target><{target}/></target>{more}<config>{content}</config></edit-config>"
    )


@pytest.fixture
def two(session: RawSession) -> RawSession:
    """A session of a gateway with two policies, committed one after the other."""
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    session.edit(qos(policy("q", 1)), "running")
    return session


def test_the_capability_is_announced(session: RawSession) -> None:  # 4.1, 8
    for uri in ("txid:1.0", "txid:etag:1.0"):
        assert f"urn:ietf:params:netconf:capability:{uri}" in session.capabilities
    text = " ".join(session.capabilities)
    assert "module=ietf-netconf-txid" in text
    assert "last-modified" not in text


# ---- reading (3.3)


def test_all_versioned_nodes_have_an_etag(two: RawSession) -> None:
    answer = get_config(two)
    policies = named(answer, "policies/policy")
    assert len({policies["p"], policies["q"]}) == 2
    assert named(answer, "data") == {"data": policies["q"]}
    assert named(answer, "ipsec-qos/policies") == {"policies": policies["q"]}
    assert set(named(answer, "interface-binding").values()) == {policies["p"]}
    assert all(VCHAR.fullmatch(each) and each not in "?!=" for each in policies.values())


def test_what_is_not_asked_for_has_none(two: RawSession) -> None:
    plain = two.get_config("running")
    assert TXID.encode() not in plain.text
    answer = filtered(two, f'<ipsec-qos xmlns="{QOS}"><policies {etag("?")}/></ipsec-qos>')
    assert set(named(answer, "policies")) == {"policies"}
    assert named(answer, "policies")["policies"]
    assert (
        named(answer, "data")
        == {"data": ""}
        == named(answer, "data/ipsec-qos").fromkeys(["data"], "")
    )


def test_without_the_etags_the_reply_is_the_same(two: RawSession) -> None:
    assert get_config(two).shown == two.get_config("running").shown


def test_only_what_was_changed_has_another_etag(two: RawSession) -> None:  # 3.2
    before = get_config(two)
    two.edit(description("new"), "running")
    after = get_config(two)
    for path, name, differs in (
        ("data", "data", True),
        ("policies/policy", "p", True),
        ("policies/policy", "q", False),
        ("ipsec-qos/policies", "policies", True),
        ("ipsec-qos/interface-bindings", "interface-bindings", False),
    ):
        assert (named(before, path)[name] != named(after, path)[name]) is differs, path


def test_leafs_outside_lists_and_what_goes(two: RawSession) -> None:  # 3.2
    two.edit(qos("<global><df-bit>clear</df-bit></global>"), "running")
    before = get_config(two)
    delete = f'{OPERATION}="delete"'
    two.edit(qos(policy("q", 1, attributes=delete)), "running")
    after = get_config(two)
    assert named(before, "global") == named(after, "global") != {}
    for path in ("data", "ipsec-qos/policies"):
        assert named(before, path) != named(after, path)
    two.edit(qos(f"<global {delete}/>"), "running")
    assert named(get_config(two), "ipsec-qos/policies") == named(after, "ipsec-qos/policies")


def test_xpath_and_get_data_have_etags_too(two: RawSession) -> None:
    xpath = f"""<get-config><source><running/></source><filter type="xpath" {etag("?")}
      xmlns:q="{QOS}" select="{{}}"/></get-config>"""
    expected = named(get_config(two), "policies/policy")["p"]
    for path in ("/q:ipsec-qos/q:policies/q:policy[q:name='p']", "//q:policy[q:name='p' and 1]"):
        assert named(two.rpc(xpath.format(path)), "policies/policy") == {"p": expected}
    wanted = qos(f"<policies {etag('?')}><policy><name>p</name></policy></policies>")
    for datastore in ("running", "intended", "candidate"):
        answer = get_data(two, datastore, subtree(wanted))
        assert named(answer, "policies/policy") == {"p": expected}
    assert TXID.encode() not in get_data(two, "operational", subtree(wanted)).text


def test_with_defaults_and_depth_keep_their_etags(two: RawSession) -> None:
    expected = named(get_config(two), "policies/policy")
    more = "<with-defaults>report-all-tagged</with-defaults><max-depth>3</max-depth>"
    answer = get_data(
        two, "running", subtree(qos("").replace("<ipsec-qos", f"<ipsec-qos {etag('?')}")) + more
    )
    assert named(answer, "policies/policy") == expected


# ---- leaving out what the client knows (3.4)


def test_a_client_that_is_up_to_date_gets_nothing(two: RawSession) -> None:
    newest = tagged(get_config(two).data)
    answer = get_config(two, newest)
    assert (tagged(answer.data), len(answer.data)) == ("=", 0)
    wanted = qos(f"<policies {etag(newest)}/>")
    assert two.get_config("running", wanted).shown.split() == [
        "<ipsec-qos>",
        "<policies/>",
        "</ipsec-qos>",
    ]
    assert named(filtered(two, wanted), "policies") == {"policies": "="}


def test_unchanged_entries_are_shown_by_their_keys(two: RawSession) -> None:
    newest = tagged(get_config(two).data)
    two.edit(description("new"), "running")
    answer = get_config(two, newest)
    assert named(answer, "ipsec-qos/interface-bindings") == {"interface-bindings": "="}
    policies = named(answer, "policies/policy")
    assert policies["q"] == "="
    assert policies["p"] == tagged(answer.data) != newest
    assert answer.values("policy/description") == ["new"]
    (q,) = answer.elements(".//*[local-name()='policy'][*='q']")
    assert [etree.QName(each).localname for each in q] == ["name", "sequence-number"]


def test_an_etag_of_its_own_counts_before_that_of_what_is_around(two: RawSession) -> None:
    known = named(get_config(two), "policies/policy")
    two.edit(description("new"), "running")
    entries = "".join(
        f"<policy {etag(known[name])}><name>{name}</name></policy>" for name in ("p", "q")
    )
    answer = filtered(two, qos(f"<policies {etag('?')}>{entries}</policies>"))
    found = named(answer, "policies/policy")
    assert found["q"] == "="
    assert found["p"] not in ("=", known["p"])


def test_a_leaf_has_the_etag_of_its_entry(two: RawSession) -> None:  # 3.4, figure 4
    two.edit(description("new"), "running")
    known = named(get_config(two), "policies/policy")["p"]
    leaf = "<policy><name>p</name><description {}/></policy>"
    answer = filtered(two, qos(f"<policies>{leaf.format(etag(known))}</policies>"))
    (found,) = answer.elements(".//*[local-name()='description']")
    assert (tagged(found), found.text) == ("=", None)
    answer = filtered(two, qos(f"<policies>{leaf.format(etag('?'))}</policies>"))
    assert answer.values("policy/description") == ["new"]


LONG = "9" * 5000
"""More digits than Python reads a number from."""


@pytest.mark.parametrize(
    "unknown", ["?", "=", "!", "0", "1-000000000000", "99999-0", "x", "-1-2", LONG, f"{LONG}-0"]
)
def test_an_etag_that_nobody_gave_matches_nothing(two: RawSession, unknown: str) -> None:
    assert len(get_config(two, unknown).data)


# ---- the candidate (3.5)


def test_what_differs_in_the_candidate_has_no_etag_yet(two: RawSession) -> None:
    running = get_config(two)
    assert get_config(two, of="candidate").shown == running.shown
    two.edit(description("edited"))
    answer = get_config(two, of="candidate")
    assert named(answer, "policies/policy") == named(running, "policies/policy") | {"p": "!"}
    assert named(answer, "data") == {"data": "!"}
    assert named(answer, "interface-bindings") == named(running, "interface-bindings")
    # Edits that undo one another leave the data as it is in running.
    two.edit(qos(policy("p", 1, f'<description {OPERATION}="delete"/>')))
    assert named(get_config(two, of="candidate"), "policies/policy") == named(
        running, "policies/policy"
    )
    two.do("<discard-changes/>")
    assert get_config(two, of="candidate").shown == running.shown


# ---- conditional changes (3.6, 3.7)


def described(text: str, known: str) -> str:
    return qos(policy("p", 1, f"<description>{text}</description>", etag(known)))


def mismatch(answer: Answer) -> tuple[str, str]:
    """The path and the etag that an answer names; fails where it is no such refusal."""
    fault = answer.fault
    assert (fault.type, fault.tag) == ("protocol", "operation-failed")
    (info,) = answer.element.iter(f"{{{MODULE}}}txid-value-mismatch-error-info")
    return str(info.findtext(f"{{{MODULE}}}mismatch-path")), str(
        info.findtext(f"{{{MODULE}}}mismatch-etag-value")
    )


def test_an_edit_of_running_is_refused_if_the_node_has_changed(two: RawSession) -> None:
    known = named(get_config(two), "policies/policy")["p"]
    two.edit(qos(policy("q", 1, "<description>other</description>")), "running")
    assert edit(two, described("one", known), more=WITH_ETAG).ok
    refused = edit(two, described("two", known))
    held = named(get_config(two), "policies/policy")["p"]
    path = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p'][iq:sequence-number='1']"
    assert mismatch(refused) == (path, held)
    assert refused.fault.path == path
    assert two.get_config("running").values("policy/description") == ["one", "other"]
    assert edit(two, described("three", held)).ok


def test_the_etag_after_a_change_is_told(two: RawSession) -> None:  # 5.5, 5.8
    for by in ("edit-config", "edit-data"):
        if by == "edit-config":
            answer = edit(two, description("a"), more=WITH_ETAG)
        else:
            answer = edit_data(two, "running", description("b"), WITH_ETAG)
        assert answer.ok
        assert tagged(answer.element[0]) == tagged(get_config(two).data)
    answer = edit(two, description("c"), "candidate", WITH_ETAG)
    assert tagged(answer.element[0]) == "!"
    answer = two.rpc(f"<commit>{WITH_ETAG}</commit>")
    assert tagged(answer.element[0]) == tagged(get_config(two).data)
    assert tagged(two.rpc(f"<commit>{WITH_ETAG}</commit>").element[0]) == tagged(
        get_config(two).data
    )
    assert not two.rpc("<commit/>").element[0].attrib
    assert (
        two.rpc(f"<commit>{WITH_ETAG.replace('true', 'maybe')}</commit>").fault.tag
        == "invalid-value"
    )


def test_the_newest_etag_of_all_is_enough(two: RawSession) -> None:  # 3.6.2
    newest = tagged(get_config(two).data)
    whole = "<edit-config><target><running/></target><config {}>{}</config></edit-config>"
    assert two.rpc(whole.format(etag(newest), description("one"))).ok
    assert mismatch(two.rpc(whole.format(etag(newest), description("two"))))[0] == "/"
    # A node that has not changed since is what the client knows.
    entry = qos(policy("q", 1, "<description>x</description>", etag(newest)))
    assert edit(two, entry).ok


def test_a_node_that_is_gone_has_the_etag_of_what_was_around_it(two: RawSession) -> None:
    known = named(get_config(two), "policies/policy")["q"]
    delete = f'{OPERATION}="delete" {etag(known)}'
    two.edit(qos(policy("q", 1, attributes=f'{OPERATION}="delete"')), "running")
    refused = edit(two, qos(policy("q", 1, attributes=delete)))
    assert mismatch(refused)[1] == named(get_config(two), "ipsec-qos/policies")["policies"]


def test_edits_of_the_candidate_are_checked_when_they_are_committed(
    gateway: Gateway, two: RawSession
) -> None:
    known = named(get_config(two), "policies/policy")["p"]
    assert edit(two, described("mine", known), "candidate").ok
    gateway.session().edit(description("theirs"), "running")
    refused = two.rpc("<commit/>")
    held = named(get_config(two), "policies/policy")["p"]
    assert mismatch(refused)[1] == held
    assert two.get_config("candidate").values("policy/description") == ["mine"]
    # What is given last of an element counts.
    assert edit(two, described("mine", held), "candidate").ok
    assert two.rpc("<commit/>").ok
    assert two.get_config("running").values("policy/description") == ["mine"]


def test_replacing_the_candidate_forgets_what_was_expected(
    gateway: Gateway, two: RawSession
) -> None:
    known = named(get_config(two), "policies/policy")["p"]
    assert edit(two, described("mine", known), "candidate").ok
    gateway.session().edit(description("theirs"), "running")
    whole = f"<config>{description('all')}</config>"
    two.do(f"<copy-config><target><candidate/></target><source>{whole}</source></copy-config>")
    assert two.rpc("<commit/>").ok
    assert two.get_config("running").values("policy/description") == ["all"]


def test_discarding_forgets_what_was_expected(gateway: Gateway, two: RawSession) -> None:
    known = named(get_config(two), "policies/policy")["p"]
    assert edit(two, described("mine", known), "candidate").ok
    two.do("<discard-changes/>")
    gateway.session().edit(description("theirs"), "running")
    two.edit(description("mine"))
    assert two.rpc("<commit/>").ok


def test_all_mismatches_are_told_at_once(two: RawSession) -> None:
    entries = "".join(
        policy(name, 1, "<description>x</description>", etag("?"))[
            len("<policies>") : -len("</policies>")
        ]
        for name in ("p", "q")
    )
    answer = edit(two, qos(f"<policies>{entries}</policies>"))
    assert [fault.tag for fault in answer.faults] == ["operation-failed"] * 2


def test_an_edit_with_its_etags_is_what_was_read(two: RawSession) -> None:
    """What a client has read with etags can be sent back as it is."""
    data = get_config(two, wanted=qos("")).data
    content = b"".join(etree.tostring(each) for each in data).decode()
    assert edit(two, content).ok


# ---- what lasts


def test_etags_are_the_same_after_a_restart(start_server: StartServer) -> None:
    gateway = start_server()
    session = gateway.session()
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    session.edit(qos("<global><df-bit>clear</df-bit></global>" + policy("q", 1)), "running")
    session.edit(qos(policy("q", 1, attributes=f'{OPERATION}="delete"')), "running")
    session.edit(qos(policy("r", 1)), "running")
    session.edit(description("new"), "running")
    before = get_config(session).text
    gateway.disconnect()
    gateway.server.stop()
    session = start_server().session()
    assert get_config(session).text.partition(b"<data")[2] == before.partition(b"<data")[2]
    known = named(get_config(session), "policies/policy")
    session.edit(qos(policy("r", 1, "<description>r</description>")), "running")
    after = named(get_config(session), "policies/policy")
    assert after == known | {"r": tagged(get_config(session).data)}


def test_what_was_not_read_back_has_an_etag_that_was_given_for_the_same_content(
    start_server: StartServer,
) -> None:
    gateway = start_server("[limits]\netag_changes = 1")
    session = gateway.session()
    for name in ("p", "q", "r"):
        session.edit(qos(policy(name, 1)), "running")
    before = get_config(session)
    gateway.disconnect()
    gateway.server.stop()
    session = start_server("[limits]\netag_changes = 1").session()
    after = get_config(session)
    known, found = (named(each, "policies/policy") for each in (before, after))
    assert found["r"] == known["r"]
    assert found["p"] == found["q"] == known["q"]
    assert len(get_config(session, tagged(before.data)).data) == 0
