"""The examples of RFC 6241 for requests and edits (sections 4 and 7), as the RFC sends them.

The RFC's interfaces and areas are those of ``lab-users``; its filters are in ``test_filters.py``,
its confirmed commits in ``test_confirmed_commit.py``.
"""

from tests.end_to_end.client import BASE, Answer, RawSession

XC = f'xmlns:xc="{BASE}"'
AREA = "<name>0.0.0.0</name>"


def top(content: str) -> str:
    return f'<top xmlns="http://example.com/schema/1.2/config">{content}</top>'


def ospf(content: str) -> str:
    return top(f"<protocols><ospf><area>{AREA}{content}</area></ospf></protocols>")


def shown(session: RawSession) -> str:
    return "".join(line.strip() for line in session.get_config("running").shown.splitlines())


def sent(session: RawSession, text: str) -> Answer:
    session.send(session.frame(text.encode()))
    return session.read_reply()


def test_attributes_of_the_rpc_come_back(lab: RawSession) -> None:  # 4.1
    answer = sent(
        lab,
        f'<rpc message-id="101" xmlns="{BASE}" xmlns:ex="http://example.net/content/1.0"'
        ' ex:user-id="fred"><discard-changes/></rpc>',
    )
    assert answer.ok
    assert answer.message_id == "101"
    assert answer.element.get("{http://example.net/content/1.0}user-id") == "fred"


def test_an_rpc_without_message_id_is_told(lab: RawSession) -> None:  # 4.3
    fault = sent(
        lab, f'<rpc xmlns="{BASE}"><get-config><source><running/></source></get-config></rpc>'
    ).fault
    assert (fault.type, fault.tag) == ("rpc", "missing-attribute")
    assert fault.info == {"bad-attribute": "message-id", "bad-element": "rpc"}


def test_a_value_out_of_its_range_is_told_with_its_path(lab: RawSession) -> None:  # 4.3
    edit = top("<interface><name>Ethernet0/0</name><mtu>25000</mtu></interface>")
    fault = lab.edit_config("running", edit).fault
    assert (fault.type, fault.tag) == ("application", "invalid-value")
    assert fault.path == "/t:top/t:interface[t:name='Ethernet0/0']/t:mtu"
    assert fault.message == "mtu: '25000' is not in the range 256..9192"


def test_the_mtu_of_an_interface_is_set(lab: RawSession) -> None:  # 7.2
    lab.edit(top("<interface><name>Ethernet0/0</name><mtu>1500</mtu></interface>"), "running")
    assert "<name>Ethernet0/0</name><mtu>1500</mtu></interface>" in shown(lab)


def test_an_interface_is_added_in_place_of_what_was_there(lab: RawSession) -> None:  # 7.2
    lab.edit(
        top(
            "<interface><name>Ethernet0/0</name><mtu>576</mtu>"
            "<address><name>198.51.100.1</name></address></interface>"
        ),
        "running",
    )
    interface = (
        "<name>Ethernet0/0</name><mtu>1500</mtu>"
        "<address><name>192.0.2.4</name><prefix-length>24</prefix-length></address></interface>"
    )
    lab.edit(top(f'<interface {XC} xc:operation="replace">{interface}'), "running")
    assert f"<interface>{interface}" in shown(lab)
    assert "198.51.100.1" not in shown(lab)


def test_the_configuration_of_an_interface_is_deleted(lab: RawSession) -> None:  # 7.2
    for name in ("Ethernet0/0", "Ethernet0/1"):
        lab.edit(top(f"<interface><name>{name}</name><mtu>1500</mtu></interface>"), "running")
    delete = f'<interface {XC} xc:operation="delete"><name>Ethernet0/0</name></interface>'
    lab.edit(top(delete), "running", default_operation="none")
    assert "Ethernet0/0" not in shown(lab)
    assert "Ethernet0/1" in shown(lab)
    again = lab.edit_config("running", top(delete), default_operation="none").fault
    assert again.tag == "data-missing"


def test_one_of_the_interfaces_of_an_area_is_deleted(lab: RawSession) -> None:  # 7.2
    both = "".join(
        f"<interface><name>192.0.2.{n}</name><metric>{n}</metric></interface>" for n in (1, 4)
    )
    lab.edit(ospf(f"<interfaces>{both}</interfaces>"), "running")
    delete = f'<interface {XC} xc:operation="delete"><name>192.0.2.4</name></interface>'
    lab.edit(ospf(f"<interfaces>{delete}</interfaces>"), "running", default_operation="none")
    left = "<interface><name>192.0.2.1</name><metric>1</metric></interface>"
    assert f"<area>{AREA}<interfaces>{left}</interfaces></area>" in shown(lab)


def test_a_whole_configuration_is_copied(lab: RawSession) -> None:  # 7.3, without a url
    lab.edit(top("<interface><name>Ethernet0/0</name><mtu>1500</mtu></interface>"), "running")
    config = top("<interface><name>Ethernet1/0</name><mtu>576</mtu></interface>")
    lab.do(
        "<copy-config><target><running/></target>"
        f"<source><config>{config}</config></source></copy-config>"
    )
    assert shown(lab).count("<interface>") == 1
    assert "Ethernet1/0" in shown(lab)
