"""Pages of lists (draft-ietf-netconf-list-pagination, section 3; -nc, section 3).

The draft's examples (appendix A.3) are of a module of members with state of their own; here they
are of users, whose names come in the order of the alphabet, which is this server's order of a list.
"""

import pytest

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.gateway import Gateway, policy, qos
from tests.end_to_end.house import HIDE, House, path_rule
from tests.end_to_end.test_etags import TXID, etag
from tests.end_to_end.test_nmda import DS, NMDA

LP = "urn:ietf:params:xml:ns:yang:ietf-list-pagination"
NC = "urn:ietf:params:xml:ns:yang:ietf-list-pagination-nc"
SYSC = "urn:ietf:params:xml:ns:yang:ietf-system-capabilities"
USERS = "http://example.com/schema/1.2/config"
MEMBERS = {"alice": 3, "bob": 1, "eric": 2, "joe": 0, "lin": 2}
SELECT = "/t:top/t:users/t:user"
SAME_DEPT = "t:company-info/t:dept = current()/t:company-info/t:dept"


def page(session: RawSession, select: str = SELECT, /, **parameters: object) -> Answer:
    """Read a page of what a path selects; parameters with underscores for hyphens."""
    return session.rpc(
        f'<get-config><source><running/></source><filter type="xpath" xmlns:t="{USERS}" '
        f'select="{select}"/>{asked(**parameters)}</get-config>'
    )


def asked(**parameters: object) -> str:
    content = "".join(
        f"<{name.replace('_', '-')}>{value}</{name.replace('_', '-')}>"
        for name, value in parameters.items()
    )
    return f'<list-pagination xmlns="{NC}" xmlns:t="{USERS}">{content}</list-pagination>'


def names(answer: Answer) -> list[str]:
    return answer.values("user/name")


def mark(answer: Answer, name: str, of: str = "user") -> str | None:
    """What all entries of a list are marked with."""
    found = {each.get(f"{{{LP}}}{name}") for each in answer.elements(f".//*[local-name()='{of}']")}
    assert len(found) == 1, answer.text
    return found.pop()


@pytest.fixture
def five(lab: RawSession) -> RawSession:
    """A session of a server with five users and two groups."""
    users = "".join(
        f"<user><name>{name}</name><full-name>{name.upper()}</full-name>"
        + (f"<company-info><dept>{dept}</dept></company-info>" if dept else "")
        + "</user>"
        for name, dept in MEMBERS.items()
    )
    groups = "".join(
        f"<group><name>{group}</name>"
        + "".join(f"<member>{each}</member>" for each in members)
        + "</group>"
        for group, members in (("all", MEMBERS), ("few", ("bob", "joe")))
    )
    addresses = "".join(
        f"<address><ip>10.0.0.{n}</ip><prefix-length>24</prefix-length></address>"
        for n in (1, 2, 3)
    )
    lab.edit(
        f'<top xmlns="{USERS}"><users>{users}</users><groups>{groups}</groups><interfaces>'
        f"<interface><name>eth0</name>{addresses}</interface></interfaces></top>",
        "running",
    )
    return lab


def test_the_modules_are_announced(five: RawSession) -> None:
    text = " ".join(five.capabilities)
    for name in ("ietf-list-pagination", "ietf-list-pagination-nc", "ietf-system-capabilities"):
        assert f"module={name}&" in text
    assert "features=sort" in text


# ---- limit, offset, direction (A.3.1 to A.3.3)


@pytest.mark.parametrize(
    ("parameters", "expected", "remaining"),
    [
        ({}, "alice bob eric joe lin", None),
        ({"limit": 1}, "alice", "4"),
        ({"limit": 2}, "alice bob", "3"),
        ({"limit": 5}, "alice bob eric joe lin", None),
        ({"limit": 6}, "alice bob eric joe lin", None),
        ({"limit": "unbounded", "offset": 0}, "alice bob eric joe lin", None),
        ({"offset": 1}, "bob eric joe lin", None),
        ({"offset": 4}, "lin", None),
        ({"offset": 5}, "", None),
        ({"offset": 2, "limit": 2}, "eric joe", "1"),
        ({"direction": "forwards", "limit": 2}, "alice bob", "3"),
        ({"direction": "backwards"}, "lin joe eric bob alice", None),
        ({"direction": "backwards", "offset": 1, "limit": 2}, "joe eric", "2"),
    ],
)
def test_a_page_of_a_list(
    five: RawSession, parameters: dict[str, object], expected: str, remaining: str | None
) -> None:
    answer = page(five, SELECT, **parameters)
    assert names(answer) == expected.split()
    if expected:
        assert mark(answer, "remaining") == remaining


def test_a_subtree_selects_the_list_as_well(five: RawSession) -> None:
    users = f'<top xmlns="{USERS}"><users><user><full-name/></user></users></top>'
    answer = five.rpc(
        f"<get-config><source><running/></source><filter>{users}</filter>{asked(limit=2)}</get-config>"
    )
    assert (names(answer), answer.values("user/full-name")) == (["alice", "bob"], ["ALICE", "BOB"])
    assert answer.values("user/company-info/dept") == []


def test_pages_of_get_and_get_data(five: RawSession) -> None:
    users = f'<top xmlns="{USERS}"><users><user/></users></top>'
    answers = [five.rpc(f"<get><filter>{users}</filter>{asked(offset=1, limit=2)}</get>")]
    answers += [
        five.rpc(
            f'<get-data xmlns="{NMDA}" xmlns:ds="{DS}"><datastore>ds:{name}</datastore>'
            f"<subtree-filter>{users}</subtree-filter>{asked(offset=1, limit=2)}</get-data>"
        )
        for name in ("running", "candidate", "intended", "operational")
    ]
    for answer in answers:
        assert (names(answer), mark(answer, "remaining")) == (["bob", "eric"], "2")


# ---- cursor (A.3.4)


@pytest.mark.parametrize("direction", ["forwards", "backwards"])
def test_cursors_lead_through_the_list_and_back(five: RawSession, direction: str) -> None:
    order = sorted(MEMBERS, reverse=direction == "backwards")
    answer = page(five, limit=2, direction=direction)
    found, cursors = [names(answer)], [""]
    while (cursor := mark(answer, "next")) is not None:
        answer = page(five, limit=2, direction=direction, cursor=cursor)
        found.append(names(answer))
        cursors.append(cursor)
        before = page(five, limit=1, direction=direction, cursor=mark(answer, "previous"))
        assert names(before) == [found[-2][-1]]
    assert found == [order[0:2], order[2:4], order[4:]]
    assert mark(answer, "remaining") is None


def test_a_cursor_stays_with_its_entry(five: RawSession) -> None:
    cursor = mark(page(five, limit=2), "next")
    five.edit(
        f'<top xmlns="{USERS}"><users><user><name>aaron</name></user></users></top>', "running"
    )
    assert names(page(five, cursor=cursor, limit=1)) == ["eric"]


# ---- where and sort-by (A.3.5, A.3.6)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("t:company-info/t:dept=2", "eric lin"),
        ("t:name='joe' or t:name='bob'", "bob joe"),
        ("company-info", "alice bob eric lin"),
        ("starts-with(t:full-name,'J')", "joe"),
        ("count(../t:user) = 5", "alice bob eric joe lin"),
        ("2", "alice bob eric joe lin"),
        ("''", ""),
        ("unfiltered", "alice bob eric joe lin"),
        ("current()/t:name='joe'", "joe"),
        ("current()[t:name='joe']/t:full-name", "joe"),
        ("not(current()/company-info)", "joe"),
        (f"../t:user[{SAME_DEPT}][2]", "eric lin"),
        ("/t:top/t:groups/t:group[t:name='few'][t:member=current()/t:name]", "bob joe"),
    ],
)
def test_where_leaves_what_it_holds_for(five: RawSession, where: str, expected: str) -> None:
    assert names(page(five, where=where)) == expected.split()


def test_where_comes_before_the_other_parameters(five: RawSession) -> None:
    answer = page(five, where="t:company-info", direction="backwards", offset=1, limit=2)
    assert (names(answer), mark(answer, "remaining")) == (["eric", "bob"], "1")
    assert names(page(five, where="t:company-info", cursor=mark(answer, "next"))) == [
        *("alice", "bob", "eric", "lin")
    ]


def test_what_is_sorted_by_comes_first_and_what_lacks_it_last(five: RawSession) -> None:
    answer = page(five, sort_by="company-info/dept")
    assert names(answer) == ["bob", "eric", "lin", "alice", "joe"]
    assert mark(answer, "locale") == "C"
    backwards = page(five, sort_by="t:company-info/t:dept", direction="backwards", limit=2)
    assert names(backwards) == ["joe", "alice"]
    assert names(page(five, sort_by="none", limit=1)) == ["alice"]
    assert names(page(five, sort_by="full-name", locale="C.UTF-8", limit=1)) == ["alice"]


# ---- leaf-lists and what is in lists (3.2, A.3.8)


def test_a_page_of_a_leaf_list(five: RawSession) -> None:
    select = "/t:top/t:groups/t:group[t:name='all']/t:member"
    answer = page(five, select, offset=1, limit=2)
    assert answer.values("group/member") == ["bob", "eric"]
    assert mark(answer, "remaining", "member") == "2"
    backwards = page(five, select, direction="backwards", where="contains(., 'l')", limit=1)
    assert backwards.values("group/member") == ["lin"]
    both = page(five, select, where="/t:top/t:groups/t:group[t:name='few']/t:member[.=current()]")
    assert both.values("group/member") == ["bob", "joe"]
    assert page(five, select, cursor="x").fault.tag == "invalid-value"


def test_lists_inside_are_limited(five: RawSession) -> None:
    answer = page(five, "/t:top/t:groups/t:group", sublist_limit=1)
    assert answer.values("group/name") == ["all", "few"]
    assert answer.values("group/member") == ["alice", "bob"]
    found = [
        each.get(f"{{{LP}}}remaining") for each in answer.elements(".//*[local-name()='member']")
    ]
    assert found == ["4", "1"]
    answer = page(five, "/t:top/t:interfaces/t:interface[t:name='eth0']", sublist_limit=2)
    assert answer.values("address/ip") == ["10.0.0.1", "10.0.0.2"]
    assert mark(answer, "remaining", "address") == "1"
    everything = five.rpc(
        f"<get-config><source><running/></source>{asked(sublist_limit=1)}</get-config>"
    )
    assert (names(everything), mark(everything, "remaining")) == (["alice"], "4")


def test_a_list_inside_an_entry_has_pages(five: RawSession) -> None:
    select = "/t:top/t:interfaces/t:interface[t:name='eth0']/t:address"
    answer = page(five, select, where="t:ip != '10.0.0.2'", direction="backwards", limit=1)
    assert answer.values("address/ip") == ["10.0.0.3"]
    cursor = mark(answer, "next", "address")
    assert page(five, select, cursor=cursor).values("address/ip") == [
        *("10.0.0.1", "10.0.0.2", "10.0.0.3")
    ]


# ---- errors


@pytest.mark.parametrize(
    ("parameters", "app_tag"),
    [
        ({"offset": 6}, "offset-out-of-range"),
        ({"offset": 1, "where": "t:name='none'"}, "offset-out-of-range"),
        ({"cursor": "bm9ib2R5"}, "cursor-not-found"),
        ({"cursor": "?"}, "cursor-not-found"),
        ({"cursor": "YWxpY2U=", "where": "t:name='bob'"}, "cursor-not-found"),
        ({"cursor": "YWxpY2U=", "offset": 1}, None),
        ({"locale": "C"}, None),
        ({"locale": "sv_SE", "sort_by": "name"}, "locale-unavailable"),
        ({"sort_by": "colour"}, None),
        ({"sort_by": "company-info"}, None),
        ({"limit": 0}, None),
        ({"direction": "sideways"}, None),
        ({"where": "]"}, None),
    ],
)
def test_what_cannot_be_is_told(
    five: RawSession, parameters: dict[str, object], app_tag: str | None
) -> None:
    fault = page(five, SELECT, **parameters).fault
    assert (fault.type, fault.tag) in (
        ("application", "invalid-value"),
        ("protocol", "invalid-value"),
    )
    assert app_tag is None or fault.app_tag == app_tag


def test_an_empty_list_has_an_empty_page(lab: RawSession) -> None:
    assert page(lab, where="t:name", sort_by="name", limit=2).shown == ""
    assert page(lab, offset=1).fault.app_tag == "offset-out-of-range"
    assert page(lab, cursor="YWxpY2U=").fault.app_tag == "cursor-not-found"
    for wrong in ({"sort_by": "company-info"}, {"where": "]"}):
        assert page(lab, SELECT, **wrong).fault.tag == "invalid-value"


def test_the_path_of_an_error_leads_to_the_parameter(five: RawSession) -> None:
    fault = page(five, SELECT, limit=0).fault
    assert fault.path == "/nc:get-config/lpgnc:list-pagination/lpgnc:limit"


def test_a_page_is_of_one_list(five: RawSession) -> None:
    for select in ("/t:top", "//t:user[last()]", "/t:top/*"):
        assert page(five, select, limit=1).fault.tag == "invalid-value", select
    assert page(five, "/t:top/t:users/t:user", colour="red").fault.tag == "unknown-element"


# ---- with the rest


def test_a_page_of_state(gateway: Gateway, session: RawSession) -> None:
    for number in range(4):
        gateway.establish(session, f"t{number}")
    tunnels = qos("<tunnels><tunnel><id/></tunnel></tunnels>")
    answer = session.rpc(
        f"<get><filter>{tunnels}</filter>{asked(direction='backwards', offset=1, limit=2)}</get>"
    )
    shown = answer.values("tunnel/id")
    assert (len(shown), mark(answer, "remaining", "tunnel")) == (2, "1")
    whole = session.get(tunnels).values("tunnel/id")
    assert shown == whole[::-1][1:3]
    answer = session.rpc(f"<get><filter>{tunnels}</filter>{asked(sort_by='id', limit=3)}</get>")
    assert answer.values("tunnel/id") == ["t0", "t1", "t2"]
    for refused in (asked(where="t:id = 't1'"), asked(cursor="dDE=")):
        answer = session.rpc(f"<get><filter>{tunnels}</filter>{refused}</get>")
        assert answer.fault.tag == "operation-not-supported"
    answer = session.rpc(f"<get><filter>{tunnels}</filter>{asked(offset=5)}</get>")
    assert answer.fault.app_tag == "offset-out-of-range"


def test_lists_of_state_are_told_to_be_constrained(session: RawSession) -> None:
    """draft-ietf-netconf-list-pagination, section 3.3; RFC 9196."""
    answer = session.get(f'<system-capabilities xmlns="{SYSC}"/>')
    assert answer.value("datastore-capabilities/datastore").endswith(":operational")
    told = dict(
        zip(
            answer.values("per-node-capabilities/node-selector"),
            answer.values("per-node-capabilities/constrained"),
            strict=True,
        )
    )
    assert told["/iq:ipsec-qos/iq:tunnels/iq:tunnel"] == "true"
    assert set(told.values()) == {"true"}
    assert not any("iq:policy" in path.split("/")[3:4] for path in told)


def test_a_page_keeps_its_etags(session: RawSession) -> None:
    for name in ("p", "q"):
        session.edit(qos(policy(name, 1)), "running")
    policies = qos(f"<policies {etag('?')}><policy/></policies>")
    answer = session.rpc(
        f"<get-config><source><running/></source><filter>{policies}</filter>"
        f"{asked(limit=1)}</get-config>"
    )
    (entry,) = answer.elements(".//*[local-name()='policy']")
    assert entry.get(f"{{{TXID}}}etag")
    assert entry.get(f"{{{LP}}}remaining") == "1"


def test_what_may_not_be_read_is_on_no_page(house: House) -> None:
    house.rules(HIDE, path_rule("all", "/iq:ipsec-qos", "permit"))
    request = (
        f"<get-config><source><running/></source><filter>{qos('<policies><policy/></policies>')}"
        f"</filter>{asked(limit=1)}</get-config>"
    )
    assert mark(house.admin.rpc(request), "remaining", "policy") == "1"
    answer = house.viewer.rpc(request)
    assert (answer.values("policy/name"), mark(answer, "remaining", "policy")) == (["p"], None)
