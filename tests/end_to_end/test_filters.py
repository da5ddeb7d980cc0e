"""Subtree filters (RFC 6241, section 6): the examples of section 6.4, and what clients write.

Data, filters, answers and numbers of 6.4.1 to 6.4.7 are those that the tests of another server
quote from the RFC, but for the order of the entries, which is the server's. 6.4.8 is about
attributes, which no YANG module has.
"""

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.gateway import Gateway, binding, policy, qos

TOP = "http://example.com/schema/1.2/config"
USERS = "".join(
    f"<user><name>{name}</name><type>{kind}</type><full-name>{full}</full-name>"
    f"<company-info><dept>{dept}</dept><id>{number}</id></company-info></user>"
    for name, kind, full, dept, number in (
        ("root", "superuser", "Charlie Root", 1, 1),
        ("fred", "admin", "Fred Flintstone", 2, 2),
        ("barney", "admin", "Barney Rubble", 2, 3),
    )
)
GROUPS = (
    "<group><name>stone</name><member>fred</member><member>barney</member></group>"
    "<group><name>age</name><member>wilma</member></group>"
)
INTERFACES = "<interface><name>eth0</name><mtu>1500</mtu></interface>"


def top(content: str) -> str:
    return f'<top xmlns="{TOP}">{content}</top>'


def users(content: str) -> str:
    return top(f"<users>{content}</users>")


@pytest.fixture
def stone_age(lab: RawSession) -> RawSession:
    """A session of a server that holds the users of RFC 6241."""
    lab.edit(
        top(
            f"<users>{USERS}</users><groups>{GROUPS}</groups><interfaces>{INTERFACES}</interfaces>"
        ),
        "running",
    )
    return lab


def shown(session: RawSession, wanted: str | None) -> str:
    """Return what get-config shows, on one line; get must show the same of it."""
    text = session.get_config("running", wanted).shown
    if wanted is not None:
        assert session.get(wanted).shown == text
    return "".join(line.strip() for line in text.splitlines())


def entry(name: str) -> str:
    return next(each + "</user>" for each in USERS.split("</user>") if f">{name}<" in each)


BARNEY, FRED, ROOT = entry("barney"), entry("fred"), entry("root")


def of_users(content: str) -> str:
    return f"<top><users>{content}</users></top>"


def test_no_filter_shows_everything(stone_age: RawSession) -> None:  # 6.4.1
    text = shown(stone_age, None)
    assert all(part in text for part in (ROOT, FRED, BARNEY, INTERFACES))


def test_an_empty_filter_shows_nothing(stone_age: RawSession) -> None:  # 6.4.2
    assert shown(stone_age, "") == ""
    assert stone_age.rpc('<get><filter type="subtree"/></get>').shown == ""


def test_a_selection_node_shows_its_subtree(stone_age: RawSession) -> None:  # 6.4.3
    everybody = of_users(BARNEY + FRED + ROOT)
    assert shown(stone_age, top("<users/>")) == everybody
    assert shown(stone_age, users("<user/>")) == everybody


def test_a_selection_below_a_list_shows_it_of_all_entries(stone_age: RawSession) -> None:  # 6.4.4
    assert shown(stone_age, users("<user><name/></user>")) == of_users(
        "".join(f"<user><name>{name}</name></user>" for name in ("barney", "fred", "root"))
    )


def test_a_content_match_of_the_key_shows_one_entry(stone_age: RawSession) -> None:  # 6.4.5
    assert shown(stone_age, users("<user><name>fred</name></user>")) == of_users(FRED)


def test_a_content_match_with_selections_shows_these_only(stone_age: RawSession) -> None:  # 6.4.6
    wanted = users("<user><name>fred</name><type/><full-name/></user>")
    assert shown(stone_age, wanted) == of_users(
        "<user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name></user>"
    )


def test_several_subtrees_are_shown_together(stone_age: RawSession) -> None:  # 6.4.7
    wanted = users(
        "<user><name>root</name><company-info/></user>"
        "<user><name>fred</name><company-info><id/></company-info></user>"
        "<user><name>barney</name><type>superuser</type><company-info><dept/></company-info></user>"
    )
    assert shown(stone_age, wanted) == of_users(
        "<user><name>fred</name><company-info><id>2</id></company-info></user>"
        "<user><name>root</name><company-info><dept>1</dept><id>1</id></company-info></user>"
    )


def test_an_entry_that_two_siblings_select_is_shown_once(stone_age: RawSession) -> None:
    wanted = users(
        "<user><name>fred</name><type/></user><user><name>fred</name><full-name/></user>"
    )
    assert shown(stone_age, wanted) == of_users(
        "<user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name></user>"
    )


def test_a_whole_entry_beside_a_part_of_another(stone_age: RawSession) -> None:
    wanted = users("<user><name>fred</name></user><user><name>root</name><type/></user>")
    assert shown(stone_age, wanted) == of_users(
        FRED + "<user><name>root</name><type>superuser</type></user>"
    )


def test_the_same_container_given_twice(stone_age: RawSession) -> None:
    wanted = top(
        "<users><user><name>root</name></user></users>"
        "<users><user><name>fred</name><type/></user></users>"
    )
    assert shown(stone_age, wanted) == of_users(
        "<user><name>fred</name><type>admin</type></user>" + ROOT
    )


def test_the_same_top_given_twice(stone_age: RawSession) -> None:
    wanted = users("<user><name>root</name></user>") + top("<interfaces/>")
    assert shown(stone_age, wanted) == (
        f"<top><users>{ROOT}</users><interfaces>{INTERFACES}</interfaces></top>"
    )


def test_a_content_match_of_what_is_no_key(stone_age: RawSession) -> None:
    wanted = users("<user><type>admin</type></user>")
    assert shown(stone_age, wanted) == of_users(BARNEY + FRED)
    wanted = users("<user><type>admin</type><full-name>Fred Flintstone</full-name></user>")
    assert shown(stone_age, wanted) == of_users(FRED)


def test_a_content_match_adds_the_keys(stone_age: RawSession) -> None:
    wanted = users("<user><type>admin</type><full-name/></user>")
    assert shown(stone_age, wanted) == of_users(
        "<user><name>barney</name><type>admin</type><full-name>Barney Rubble</full-name></user>"
        "<user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name></user>"
    )


def test_a_content_match_that_fails_shows_nothing(stone_age: RawSession) -> None:
    assert shown(stone_age, users("<user><name>wilma</name></user>")) == ""
    assert shown(stone_age, users("<user><name>fred</name><type>superuser</type></user>")) == ""


def test_a_content_match_below_an_entry_decides_for_its_own_siblings(
    stone_age: RawSession,
) -> None:
    wanted = users("<user><company-info><dept>2</dept><id/></company-info></user>")
    assert shown(stone_age, wanted) == of_users(
        "<user><name>barney</name><company-info><dept>2</dept><id>3</id></company-info></user>"
        "<user><name>fred</name><company-info><dept>2</dept><id>2</id></company-info></user>"
    )


def test_a_content_match_of_a_number_in_another_form(stone_age: RawSession) -> None:
    wanted = users("<user><company-info><id>+2</id></company-info><type/></user>")
    assert "fred" in shown(stone_age, wanted)


def test_a_content_match_has_blanks_around(stone_age: RawSession) -> None:
    assert shown(stone_age, users("<user><name>\n  fred\n </name></user>")) == of_users(FRED)


def test_a_content_match_of_a_leaf_list(stone_age: RawSession) -> None:
    wanted = top("<groups><group><member>fred</member></group></groups>")
    stone = "<group><name>stone</name><member>barney</member><member>fred</member></group>"
    assert shown(stone_age, wanted) == f"<top><groups>{stone}</groups></top>"


def test_what_nobody_knows_selects_nothing(stone_age: RawSession) -> None:
    for wanted in (
        '<top xmlns="urn:other"><users/></top>',
        top("<wizards/>"),
        users("<user><colour/></user>"),
        "<nothing/>",
        users("<user><name>fred</name><colour>red</colour></user>"),
    ):
        assert shown(stone_age, wanted) == "", wanted


def test_what_nobody_knows_beside_what_is_known(stone_age: RawSession) -> None:
    wanted = '<other xmlns="urn:other"/>' + top("<wizards/><interfaces/>")
    assert shown(stone_age, wanted) == f"<top><interfaces>{INTERFACES}</interfaces></top>"


def test_a_filter_without_namespaces(stone_age: RawSession) -> None:
    wanted = '<top xmlns=""><users><user><name>root</name></user></users></top>'
    assert shown(stone_age, wanted) == of_users(ROOT)
    prefixed = (
        f'<x:top xmlns:x="{TOP}"><x:users><x:user><x:name>root</x:name></x:user></x:users></x:top>'
    )
    assert shown(stone_age, prefixed) == of_users(ROOT)


def test_comments_and_blanks_in_a_filter_mean_nothing(stone_age: RawSession) -> None:
    wanted = users("\n <!-- who? --> <user>\n<!-- he --><name>root</name>\n</user>\n")
    assert shown(stone_age, wanted) == of_users(ROOT)


def test_a_filter_of_an_unknown_type_is_refused(lab: RawSession) -> None:
    fault = lab.rpc('<get><filter type="regex" select="/top"/></get>').fault
    assert (fault.tag, fault.info["bad-attribute"]) == ("bad-attribute", "type")


def test_a_leaf_that_is_not_there_shows_no_presence_container_around_it(lab: RawSession) -> None:
    lab.edit('<system xmlns="urn:lab:network"><syslog/></system>', "running")
    wanted = '<system xmlns="urn:lab:network"><syslog>%s</syslog></system>'
    assert shown(lab, wanted % "<level/>") == ""
    assert shown(lab, wanted % "") == "<system><syslog/></system>"


# ---- the gateway's own data


def test_a_dscp_is_matched_as_it_was_entered(session: RawSession) -> None:
    session.edit(qos(policy("named", 1, "<outbound><dscp>af11</dscp></outbound>")), "running")
    session.edit(qos(policy("plain", 1, "<outbound><dscp>10</dscp></outbound>")), "running")
    for text, name in (("af11", "named"), ("10", "plain")):
        wanted = qos(
            f"<policies><policy><outbound><dscp>{text}</dscp></outbound></policy></policies>"
        )
        for answer in (session.get_config("running", wanted), session.get(wanted)):
            assert answer.values("outbound/dscp") == [text]
            assert answer.values("policy/name") == [name]


def test_an_entry_of_two_keys_by_one_of_them(session: RawSession) -> None:
    for name, number in (("a", 1), ("a", 2), ("b", 1)):
        session.edit(qos(policy(name, number)), "running")
    wanted = qos("<policies><policy><name>a</name></policy></policies>")
    answer = session.get_config("running", wanted)
    assert answer.values("policy/sequence-number") == ["1", "2"]
    wanted = qos("<policies><policy><sequence-number>1</sequence-number></policy></policies>")
    assert session.get_config("running", wanted).values("policy/name") == ["a", "b"]


def test_state_is_filtered_like_configuration(gateway: Gateway, session: RawSession) -> None:
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    gateway.establish(session, "t1")
    gateway.establish(session, "t2", interface="eth1")
    wanted = qos("<tunnels><tunnel><status>no-policy</status><interface/></tunnel></tunnels>")
    assert session.get(wanted).shown == (
        "<ipsec-qos>\n  <tunnels>\n    <tunnel>\n      <id>t2</id>\n"
        "      <interface>eth1</interface>\n      <status>no-policy</status>\n"
        "    </tunnel>\n  </tunnels>\n</ipsec-qos>\n"
    )
    wanted = qos("<tunnels><tunnel><id>t1</id><effective><df-bit/></effective></tunnel></tunnels>")
    answer = session.get(wanted)
    assert answer.value("df-bit/origin") == "default"
    assert answer.values("effective/fragmentation/origin") == []


def test_configuration_and_state_in_one_filter(gateway: Gateway, session: RawSession) -> None:
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    gateway.establish(session)
    wanted = qos("<policies><policy><name/></policy></policies><dataplane><status/></dataplane>")
    answer = session.get(wanted)
    assert answer.value("policy/name") == "p"
    assert answer.value("dataplane/status") == "in-sync"
    assert answer.values("tunnel/id") == []


def test_an_unknown_name_below_a_list_of_state_selects_nothing(
    gateway: Gateway, session: RawSession
) -> None:
    gateway.establish(session)
    assert session.get(qos("<tunnels><tunnel><colour/></tunnel></tunnels>")).shown == ""


def test_get_config_with_a_filter_for_state_shows_nothing(
    gateway: Gateway, session: RawSession
) -> None:
    gateway.establish(session)
    assert session.get_config("running", qos("<tunnels/>")).shown == ""
