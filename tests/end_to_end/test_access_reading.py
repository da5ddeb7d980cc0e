"""Access control and the other ways to read: XPath, ``<get-data>``, with-defaults."""

import pytest

from tests.end_to_end.client import Answer
from tests.end_to_end.gateway import description, policy, qos
from tests.end_to_end.house import HIDE, House, denied, names, path_rule
from tests.end_to_end.test_etags import TXID, edit, etag, get_config
from tests.end_to_end.test_nmda import edit_data, get_data, subtree
from tests.end_to_end.test_xpath import got, got_config

ETAG = f"{{{TXID}}}etag"
POLICIES = "/q:ipsec-qos/q:policies/q:policy"
HIDE_GLOBAL = path_rule(
    "no-fragmentation", "/iq:ipsec-qos/iq:global/iq:fragmentation", "deny", "read"
)
WITH = (
    "<with-defaults xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults'>"
    "{}</with-defaults>"
)


@pytest.mark.parametrize(
    "xpath",
    [
        f"{POLICIES}[q:name='secret']",
        f"{POLICIES}[q:description='hidden']/q:name",
        f"{POLICIES}[contains(q:description, 'hid')]",
        "//q:description[. = 'hidden']",
        f"{POLICIES}[count(../q:policy) = 2]",
        f"{POLICIES}[last()][q:name = 'secret']",
    ],
)
def test_an_xpath_finds_nothing_of_what_is_hidden(house: House, xpath: str) -> None:
    assert got_config(house.admin, xpath).shown != ""
    house.rules(HIDE)
    assert got_config(house.viewer, xpath).shown == ""
    assert got(house.viewer, xpath).shown == ""


def test_get_data_shows_what_may_be_read_of_each_datastore(house: House) -> None:
    house.rules(HIDE)
    for datastore in ("running", "candidate", "intended", "operational"):
        answer = get_data(house.viewer, datastore)
        assert names(answer) == ["p"]
        assert b"hidden" not in answer.text
        assert answer.elements("/*/*/*[local-name()='nacm']") == []


def test_edit_data_takes_the_same_rights_as_edit_config(house: House) -> None:
    assert denied(edit_data(house.viewer, "candidate", description("x")))
    house.rules(path_rule("all", "/iq:ipsec-qos", "permit"))
    assert edit_data(house.viewer, "candidate", description("x")).ok


def read(house: House, mode: str) -> Answer:
    wanted = qos("<global/>")
    return house.viewer.rpc(
        f"<get-config><source><running/></source><filter>{wanted}</filter>"
        f"{WITH.format(mode)}</get-config>"
    )


@pytest.mark.parametrize("mode", ["report-all", "report-all-tagged"])
def test_a_default_is_not_shown_for_what_is_hidden(house: House, mode: str) -> None:
    """It would say that nobody configured it, or pretend so."""
    house.admin.edit(
        qos("<global><fragmentation>before-encryption</fragmentation></global>"), "running"
    )
    assert read(house, mode).value("global/fragmentation") == "before-encryption"
    house.rules(HIDE_GLOBAL)
    assert read(house, mode).values("global/fragmentation") == []
    assert read(house, mode).value("global/df-bit") == "copy"
    shown = get_data(house.viewer, "operational", subtree(qos("<global/>")))
    assert shown.values("global/fragmentation") == []


def test_etags_tell_nothing_of_nodes_that_are_hidden(house: House) -> None:
    house.rules(HIDE, path_rule("all", "/iq:ipsec-qos", "permit"))
    answer = get_config(house.viewer)
    assert names(answer) == ["p"]
    assert get_config(house.admin).data.get(ETAG) == answer.data.get(ETAG)
    hidden = qos(policy("secret", 1, "<description>x</description>", etag("?")))
    fault = edit(house.viewer, hidden).fault
    assert (fault.tag, fault.path) == ("access-denied", None)
    shown = qos(policy("p", 1, "<description>x</description>", etag("?")))
    assert edit(house.viewer, shown).fault.tag == "operation-failed"
