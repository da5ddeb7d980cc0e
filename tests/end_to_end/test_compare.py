"""``<compare>`` of datastores (RFC 9144)."""

import pytest
from lxml import etree

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.gateway import OPERATION, QOS, Gateway, binding, description, policy, qos
from tests.end_to_end.house import HIDE, House, path_rule

COMPARE = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare"
DS = "urn:ietf:params:xml:ns:yang:ietf-datastores"
OR = "urn:ietf:params:xml:ns:yang:ietf-origin"
IF = "urn:ietf:params:xml:ns:yang:ietf-interfaces"
Edit = tuple[str, str, str | None, str | None]
"""Operation, target, the text of the value and of the source-value."""


def compare(session: RawSession, source: str, target: str, more: str = "") -> Answer:
    return session.rpc(
        f'<compare xmlns="{COMPARE}" xmlns:ds="{DS}"><source>ds:{source}</source>'
        f"<target>ds:{target}</target>{more}</compare>"
    )


def text(edit: etree._Element, name: str) -> str | None:
    found = edit.find(f"{{{COMPARE}}}{name}")
    if found is None:
        return None
    return "".join(etree.tostring(each, method="text").decode() for each in found)


def edits(answer: Answer) -> list[Edit]:
    """What an answer tells; its form is checked on the way."""
    assert not answer.faults, answer.text
    (differences,) = answer.element
    assert differences.tag == f"{{{COMPARE}}}differences"
    (patch,) = differences
    assert patch.findtext(f"{{{COMPARE}}}patch-id")
    found = patch.findall(f"{{{COMPARE}}}edit")
    ids = [each.findtext(f"{{{COMPARE}}}edit-id") for each in found]
    assert len(set(ids)) == len(ids)
    return [
        (
            str(each.findtext(f"{{{COMPARE}}}operation")),
            str(each.findtext(f"{{{COMPARE}}}target")),
            text(each, "value"),
            text(each, "source-value"),
        )
        for each in found
    ]


def no_matches(answer: Answer) -> bool:
    return [each.tag for each in answer.element] == [f"{{{COMPARE}}}no-matches"]


POLICIES = "/ipsec-qos:ipsec-qos/policies/policy"


@pytest.fixture
def edited(session: RawSession) -> RawSession:
    """A session of a gateway whose candidate differs from running."""
    keys = "<sequence-number>1</sequence-number>"
    session.edit(qos(policy("p", 1, "<description>old</description>")), "running")
    session.edit(qos(policy("gone", 1)), "running")
    session.edit(qos(policy("same", 1) + binding("eth0", "p")), "running")
    session.edit(
        qos(
            f"<policies><policy><name>p</name>{keys}<description>new</description></policy>"
            f'<policy {OPERATION}="delete"><name>gone</name>{keys}</policy>'
            f"<policy><name>a/b</name>{keys}</policy></policies>"
        )
    )
    return session


def test_the_module_is_announced(session: RawSession) -> None:
    assert any("module=ietf-nmda-compare&revision=2021-12-10" in e for e in session.capabilities)


def test_the_example_of_the_rfc(lab: RawSession) -> None:
    """Section 5. There operational is the source and holds a learned value; here running is.

    The RFC's targets lack the name of the list, and its values a namespace; RFC 8072 has them.
    """
    kind = '<type xmlns:t="urn:ietf:params:xml:ns:yang:iana-if-type">t:ethernetCsmacd</type>'
    interface = (
        f'<interfaces xmlns="{IF}"><interface><name>eth0</name>{{}}</interface></interfaces>'
    )
    lab.edit(interface.format(kind + "<enabled>true</enabled>"), "running")
    lab.edit(interface.format("<enabled>false</enabled><description>ip interface</description>"))
    wanted = f'<xpath-filter xmlns:if="{IF}">/if:interfaces</xpath-filter>'
    answer = compare(lab, "running", "candidate", f"<report-origin/>{wanted}")
    target = "/ietf-interfaces:interfaces/interface=eth0"
    assert sorted(edits(answer)) == [
        ("create", f"{target}/description", "ip interface", None),
        ("replace", f"{target}/enabled", "false", "true"),
    ]
    for name in ("description", "enabled"):
        assert answer.elements(f".//*[local-name()='{name}'][namespace-uri()='{IF}']")
    assert f"xmlns:or={OR}".encode() not in answer.text


def test_what_differs_leads_from_the_source_to_the_target(edited: RawSession) -> None:
    assert sorted(edits(compare(edited, "running", "candidate"))) == [
        ("create", f"{POLICIES}=a%2Fb,1", "a/b1", None),
        ("delete", f"{POLICIES}=gone,1", None, "gone1"),
        ("replace", f"{POLICIES}=p,1/description", "new", "old"),
    ]
    assert sorted(edits(compare(edited, "candidate", "intended"))) == [
        ("create", f"{POLICIES}=gone,1", "gone1", None),
        ("delete", f"{POLICIES}=a%2Fb,1", None, "a/b1"),
        ("replace", f"{POLICIES}=p,1/description", "old", "new"),
    ]


def test_datastores_that_hold_the_same_do_not_differ(edited: RawSession) -> None:
    for source, target in (
        ("running", "running"),
        ("running", "intended"),
        ("intended", "operational"),
        ("candidate", "candidate"),
    ):
        assert edits(compare(edited, source, target)) == []
    edited.do("<discard-changes/>")
    assert edits(compare(edited, "operational", "candidate")) == []


@pytest.mark.parametrize(
    "wanted",
    [
        f"<subtree-filter>{qos('<policies><policy><name>p</name></policy></policies>')}</subtree-filter>",
        f"<subtree-filter>{qos('<policies><policy><description/></policy></policies>')}</subtree-filter>",
        f'<xpath-filter xmlns:q="{QOS}">//q:policies/q:policy[q:name="p"]</xpath-filter>',
        f'<xpath-filter xmlns:q="{QOS}">//q:description[string-length(.) = 3]</xpath-filter>',
    ],
)
def test_a_filter_selects_what_is_compared(edited: RawSession, wanted: str) -> None:
    assert edits(compare(edited, "running", "candidate", wanted)) == [
        ("replace", f"{POLICIES}=p,1/description", "new", "old")
    ]


def test_a_condition_holds_in_each_of_the_two(edited: RawSession) -> None:
    content = "<policies><policy><description>old</description></policy></policies>"
    wanted = f"<subtree-filter>{qos(content)}</subtree-filter>"
    ((operation, target, _, source),) = edits(compare(edited, "running", "candidate", wanted))
    assert (operation, target, source) == ("delete", f"{POLICIES}=p,1", "p1old")


def test_a_filter_that_matches_nothing_is_told_from_no_difference(edited: RawSession) -> None:
    for wanted in (
        "<subtree-filter/>",
        f"<subtree-filter>{qos('<policy-templates/>')}</subtree-filter>",
        "<subtree-filter><nothing>x</nothing></subtree-filter>",
        f'<xpath-filter xmlns:q="{QOS}">//q:policy[. = 7]</xpath-filter>',
    ):
        assert no_matches(compare(edited, "running", "candidate", wanted)), wanted
    same = qos("<policies><policy><name>same</name></policy></policies>")
    wanted = f"<subtree-filter>{same}</subtree-filter>"
    assert edits(compare(edited, "running", "candidate", wanted)) == []


def test_what_only_operational_can_hold_is_compared_on_demand(
    gateway: Gateway, edited: RawSession
) -> None:
    gateway.establish(edited)
    content = qos("<tunnels><tunnel><id/></tunnel></tunnels><policies/>")
    wanted = f"<subtree-filter>{content}</subtree-filter>"
    assert edits(compare(edited, "running", "operational", wanted)) == []
    found = edits(compare(edited, "running", "operational", f"<all/>{wanted}"))
    assert [each[:2] for each in found] == [
        ("create", "/ipsec-qos:ipsec-qos/tunnels/tunnel=t1")
    ] or [each[:2] for each in found] == [("create", "/ipsec-qos:ipsec-qos/tunnels")]
    back = edits(compare(edited, "operational", "intended", f"<all/>{wanted}"))
    assert [each[0] for each in back] == ["delete"]
    assert back[0][3] == found[0][2]
    both = edits(compare(edited, "candidate", "operational", f"<all/>{wanted}"))
    assert len(both) == len(found) + 3
    assert edits(compare(edited, "operational", "operational", "<all/>")) == []


def test_the_whole_state_is_compared(edited: RawSession) -> None:
    found = edits(compare(edited, "running", "operational", "<all/>"))
    targets = [each[1] for each in found]
    assert "/ietf-netconf-monitoring:netconf-state" in targets
    assert all(each[0] == "create" for each in found)
    assert not any(target.startswith(f"{POLICIES}=p") for target in targets)


def test_origins_are_told_of_operational(edited: RawSession) -> None:
    answer = compare(edited, "candidate", "operational", "<report-origin/>")
    values = answer.elements(".//*[local-name()='value']/*")
    sources = answer.elements(".//*[local-name()='source-value']/*")
    assert {each.get(f"{{{OR}}}origin") for each in values} == {"or:intended"}
    assert {each.get(f"{{{OR}}}origin") for each in sources} == {None}
    assert OR.encode() not in compare(edited, "candidate", "operational").text


@pytest.mark.parametrize(
    ("content", "tag", "element"),
    [
        ("<source>ds:running</source>", "missing-element", "target"),
        ("<source>ds:startup</source><target>ds:running</target>", "invalid-value", None),
        (
            "<source>ds:running</source><target>ds:running</target><some/>",
            "unknown-element",
            "some",
        ),
        (
            "<source>ds:running</source><target>ds:running</target><subtree-filter/><xpath-filter/>",
            "bad-element",
            "xpath-filter",
        ),
    ],
)
def test_what_is_wrong_is_told(
    session: RawSession, content: str, tag: str, element: str | None
) -> None:
    fault = session.rpc(f'<compare xmlns="{COMPARE}" xmlns:ds="{DS}">{content}</compare>').fault
    assert (fault.tag, fault.info.get("bad-element")) == (tag, element)


def test_what_may_not_be_read_is_left_out(house: House) -> None:
    house.rules(HIDE, path_rule("all", "/iq:ipsec-qos", "permit"))
    house.admin.edit(description("new"))
    house.admin.edit(qos(policy("secret", 1, "<description>changed</description>")))
    found = edits(compare(house.viewer, "running", "candidate"))
    assert found == [("replace", f"{POLICIES}=p,1/description", "new", "open")]
    assert len(edits(compare(house.admin, "running", "candidate"))) == 2
    hidden = qos("<policies><policy><name>secret</name></policy></policies>")
    wanted = f"<subtree-filter>{hidden}</subtree-filter>"
    assert no_matches(compare(house.viewer, "running", "candidate", wanted))
    house.admin.do("<discard-changes/>")
