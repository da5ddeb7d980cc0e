"""The capability with-defaults (RFC 6243) over the wire."""

import pytest
from lxml import etree

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.gateway import OPERATION, policy, qos

WITH_DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults"
MARK = 'xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default'
LIMIT = "<inbound><speed-limit><rate>8</rate><ike>false</ike></speed-limit></inbound>"
CONFIG = qos("<global><df-bit>copy</df-bit></global>" + policy("p", 1, LIMIT))


def mode(name: str) -> str:
    return f'<with-defaults xmlns="{WITH_DEFAULTS}">{name}</with-defaults>'


def got(session: RawSession, name: str, wanted: str = "") -> Answer:
    """What get-config shows in a mode; get must show the same."""
    answer = session.rpc(
        f"<get-config><source><running/></source>{wanted}{mode(name)}</get-config>"
    )
    if wanted:
        assert session.rpc(f"<get>{wanted}{mode(name)}</get>").shown == answer.shown
    return answer


@pytest.fixture
def set_by_hand(session: RawSession) -> RawSession:
    """A session of a gateway where two values are set to what they would be by default."""
    session.edit(CONFIG, "running")
    return session


def test_what_is_announced_is_what_the_server_does(session: RawSession) -> None:
    assert (
        "urn:ietf:params:netconf:capability:with-defaults:1.0"
        "?basic-mode=explicit&also-supported=report-all,report-all-tagged,trim"
    ) in session.capabilities


def test_each_mode_shows_its_part(set_by_hand: RawSession) -> None:
    explicit = got(set_by_hand, "explicit")
    assert explicit.shown == set_by_hand.get_config("running").shown
    assert explicit.values("global/df-bit") == ["copy"]
    assert explicit.values("global/fragmentation") == []
    everything = got(set_by_hand, "report-all")
    assert everything.values("global/df-bit") == ["copy"]
    assert len(everything.values("global/fragmentation")) == 1
    assert everything.values("speed-limit/ike") == ["false"]
    assert everything.values("speed-limit/counted-length") == ["encrypted"]
    assert b"default=" not in everything.text
    trimmed = got(set_by_hand, "trim")
    assert trimmed.values("ipsec-qos/global") == []
    assert trimmed.values("speed-limit/rate") == ["8"]
    assert trimmed.values("speed-limit/ike") == []


def test_what_nobody_set_is_tagged(set_by_hand: RawSession) -> None:
    answer = got(set_by_hand, "report-all-tagged")
    attribute = "{urn:ietf:params:xml:ns:netconf:default:1.0}default"
    tags = {
        etree.QName(each).localname: each.get(attribute) for each in answer.elements(".//*[not(*)]")
    }
    assert tags["df-bit"] is None
    assert tags["ike"] is None
    assert tags["fragmentation"] == tags["counted-length"] == "true"
    assert answer.shown == got(set_by_hand, "report-all").shown


def test_a_filter_sees_what_is_shown(set_by_hand: RawSession) -> None:
    content = qos(
        "<policies><policy><inbound><speed-limit><counted-length>encrypted</counted-length>"
        "<rate/></speed-limit></inbound></policy></policies>"
    )
    paths = (
        "/ipsec-qos/policies/policy/inbound/speed-limit[counted-length='encrypted']/rate",
        "//speed-limit[starts-with(counted-length, 'enc')]/rate",
    )
    for wanted in (
        f"<filter>{content}</filter>",
        *(f'<filter type="xpath" select="{path}"/>' for path in paths),
    ):
        assert got(set_by_hand, "report-all", wanted).values("speed-limit/rate") == ["8"]
        assert got(set_by_hand, "explicit", wanted).shown == ""
        assert got(set_by_hand, "trim", wanted).shown == ""


def test_get_shows_state_in_every_mode(session: RawSession) -> None:
    for name in ("report-all", "report-all-tagged", "trim", "explicit"):
        answer = session.rpc(f"<get>{mode(name)}</get>")
        assert answer.value("dataplane/status") == "in-sync"
        assert answer.values("global/df-bit") == ([] if name in ("trim", "explicit") else ["copy"])


def test_a_mode_that_does_not_exist_is_an_invalid_value(session: RawSession) -> None:
    fault = got(session, "report-some").fault
    assert (fault.tag, fault.info["bad-element"]) == ("invalid-value", "with-defaults")


def test_copy_config_copies_what_the_mode_shows(set_by_hand: RawSession) -> None:
    for name, as_shown in (
        ("report-all", "report-all"),
        ("trim", "trim"),
        ("explicit", "explicit"),
        ("report-all-tagged", "explicit"),  # What comes tagged is default data in the copy.
    ):
        set_by_hand.do(
            "<copy-config><target><candidate/></target><source><running/></source>"
            f"{mode(name)}</copy-config>"
        )
        assert set_by_hand.get_config("candidate").shown == got(set_by_hand, as_shown).shown
    set_by_hand.do("<discard-changes/>")


# ---- the attribute default in what a client sends (section 4.5.2)


def test_default_data_that_is_sent_unsets_what_was_set(set_by_hand: RawSession) -> None:
    set_by_hand.edit(qos(f'<global><df-bit {MARK}="true">copy</df-bit></global>'), "running")
    assert set_by_hand.get_config("running").values("global/df-bit") == []
    set_by_hand.edit(qos(f'<global><df-bit {MARK}="0">copy</df-bit></global>'), "running")
    assert set_by_hand.get_config("running").values("global/df-bit") == ["copy"]


def test_what_was_read_tagged_can_be_sent_back(set_by_hand: RawSession) -> None:
    before = set_by_hand.get_config("running").shown
    read = got(set_by_hand, "report-all-tagged").text
    data = read[read.index(b"<data>") + 6 : read.index(b"</data>")].decode()
    set_by_hand.do(
        "<copy-config><target><running/></target>"
        f"<source><config>{data}</config></source></copy-config>"
    )
    assert set_by_hand.get_config("running").shown == before


@pytest.mark.parametrize(
    ("leaf", "tag"),
    [
        (f'<df-bit {MARK}="true">clear</df-bit>', "invalid-value"),
        (f'<df-bit {MARK}="true" {OPERATION}="delete">copy</df-bit>', "invalid-value"),
        (f'<df-bit {MARK}="true" {OPERATION}="create">copy</df-bit>', "data-exists"),
        (f'<df-bit {MARK}="maybe">copy</df-bit>', "bad-attribute"),
    ],
)
def test_what_cannot_be_default_data_is_refused(
    set_by_hand: RawSession, leaf: str, tag: str
) -> None:
    fault = set_by_hand.edit_config("candidate", qos(f"<global>{leaf}</global>")).fault
    assert (fault.tag, fault.path) == (tag, "/iq:ipsec-qos/iq:global/iq:df-bit")


def test_only_a_leaf_can_be_default_data(session: RawSession) -> None:
    fault = session.edit_config("candidate", qos(policy("p", 1, "", f'{MARK}="true"'))).fault
    assert (fault.tag, fault.info["bad-attribute"]) == ("bad-attribute", "default")
    rate = f'<inbound><speed-limit><rate {MARK}="1">8</rate></speed-limit></inbound>'
    fault = session.edit_config("candidate", qos(policy("p", 1, rate))).fault
    assert "but it has no default" in fault.message


# ---- the example of appendix A


MTUS = {"eth0": "8192", "eth1": "1500", "eth2": "9000", "eth3": None}
"""Set by the client, but for the last; A.2 has a status too, which is no configuration.

From memory: the appendix could not be looked up.
"""


def test_the_example_of_the_appendix(lab: RawSession) -> None:
    interfaces = "".join(
        f"<interface><name>{name}</name>{'' if mtu is None else f'<mtu>{mtu}</mtu>'}</interface>"
        for name, mtu in MTUS.items()
    )
    users = "http://example.com/schema/1.2/config"
    lab.edit(f'<top xmlns="{users}"><interfaces>{interfaces}</interfaces></top>', "running")
    expected = {
        "report-all": ["8192", "1500", "9000", "1500"],
        "report-all-tagged": ["8192", "1500", "9000", "1500"],
        "trim": ["8192", "9000"],
        "explicit": ["8192", "1500", "9000"],
    }
    for name, mtus in expected.items():
        answer = got(lab, name)
        assert answer.values("interface/name") == list(MTUS)
        assert answer.values("interface/mtu") == mtus, name
    tagged = got(lab, "report-all-tagged").elements(".//*[local-name()='mtu'][@*]")
    # What the client set is no default data where the basic mode is explicit (section 2.3.1).
    assert [each.getparent()[0].text for each in tagged] == ["eth3"]  # type: ignore[index]
