"""Errors of messages, operations and their parameters."""

from tests.end_to_end.client import BASE, MONITORING
from tests.end_to_end.gateway import OPERATION, description
from tests.errors.case import Case, Chapter, editing

_RPC = f'<rpc xmlns="{BASE}" message-id="101">'


def _message(content: str, head: str = _RPC) -> bytes:
    text = f"{head}{content}</rpc>".encode()
    return b"\n#%d\n%b\n##\n" % (len(text), text)


MESSAGES = Chapter(
    "Messages",
    "What is wrong with a message as such. After `malformed-message` and `too-big` the server"
    " closes the session, since nothing behind can be told apart; the others leave it open. In"
    " base:1.0, whose clients do not know `malformed-message`, the session is closed without it.",
    (
        Case(
            "XML that is not well-formed",
            _message("<get>"),
            "Let an XML library write the messages; the place is that of the first fault.",
        ),
        Case(
            "Chunks that are none",
            b"\n#0\n",
            "Frame messages by RFC 6242, section 4.2: the size of a chunk is 1 or more octets.",
        ),
        Case(
            "A document type",
            _message("<get/>", f'<!DOCTYPE rpc [<!ENTITY e "x">]>{_RPC}'),
            "Send no DOCTYPE and no entities but those of XML itself (RFC 6241, section 3).",
        ),
        Case(
            "No rpc",
            b"\n#22\n<notification xmlns='x'\n#2\n/>\n##\n",
            "Send `<rpc>` after the hello, in the namespace of the base.",
        ),
        Case(
            "A message that is too long",
            b"\n#70000\n" + _message("")[5:].partition(b"</rpc>")[0] + b"x" * 70_000,
            "Send the edit in parts, or raise `[limits] max_message_bytes` (here 65536).",
        ),
        Case(
            "No message-id",
            _message("<get/>", f'<rpc xmlns="{BASE}">'),
            "Give each `<rpc>` a message-id; the session goes on.",
        ),
        Case("An empty rpc", _message(""), "Put one operation into `<rpc>`."),
        Case(
            "Two operations",
            _message("<commit/><discard-changes/>"),
            "Send an `<rpc>` for each operation; none of them was performed.",
        ),
        Case(
            "An rpc of another namespace",
            _message("<get/>", '<rpc xmlns="urn:other" message-id="101">'),
            "Declare the base namespace, by default or with a prefix.",
        ),
    ),
)

OPERATIONS = Chapter(
    "Operations and parameters",
    "What the operation itself is asked wrongly. Nothing of it is performed.",
    (
        Case(
            "An operation that is not there",
            '<reboot xmlns="urn:other"/>',
            "Look at the modules of the hello; check the xmlns of the operation.",
        ),
        Case(
            "A parameter that is missing",
            "<get-config/>",
            "Give the parameter that is named.",
        ),
        Case(
            "A parameter that is unknown",
            "<commit><soon/></commit>",
            "Remove it; check its spelling and namespace.",
        ),
        Case(
            "A parameter of a module, without its namespace",
            "<commit><comment>ticket 4711</comment></commit>",
            "Give the xmlns that is named.",
        ),
        Case(
            "Text where parameters are",
            "<commit>confirmed</commit>",
            "Give the parameter as an element; as it stands this would be a commit for good.",
        ),
        Case(
            "A parameter that is given twice",
            "<lock><target><running/></target><target><candidate/></target></lock>",
            "Give it once.",
        ),
        Case(
            "A word that is not one of those allowed",
            editing(description("x"), options="<default-operation>delete</default-operation>"),
            "Take one of the words that are named.",
        ),
        Case(
            "A number of a parameter out of its range",
            "<commit><confirmed/><confirm-timeout>0</confirm-timeout></commit>",
            "Give seconds, 1 or more.",
        ),
        Case(
            "A parameter that needs another one",
            "<commit><confirm-timeout>60</confirm-timeout></commit>",
            "Give `<confirmed/>` too: without it this would be a commit for good.",
        ),
        Case(
            "A datastore that is not there",
            "<lock><target><factory/></target></lock>",
            "Name running or candidate.",
        ),
        Case(
            "Two datastores where one is meant",
            "<get-config><source><running/><candidate/></source></get-config>",
            "Ask twice.",
        ),
        Case(
            "Startup",
            "<copy-config><target><startup/></target><source><running/></source></copy-config>",
            "Leave the step out: a commit is durable before it is answered.",
        ),
        Case(
            "Deleting a datastore",
            "<delete-config><target><running/></target></delete-config>",
            "Do what the message says instead.",
        ),
        Case(
            "A URL",
            "<copy-config><target><candidate/></target><source><url>file:///x</url></source>"
            "</copy-config>",
            "Give `<config>` with the content.",
        ),
        Case(
            "A copy onto itself",
            "<copy-config><target><running/></target><source><running/></source></copy-config>",
            "Name two datastores.",
        ),
        Case(
            "An edit operation on the config element",
            "<edit-config><target><candidate/></target>"
            f'<config {OPERATION}="replace">{description("x")}</config></edit-config>',
            "Give `<default-operation>`, or the attribute to the data.",
        ),
        Case(
            "A module that is not there",
            f'<get-schema xmlns="{MONITORING}"><identifier>ietf-bgp</identifier></get-schema>',
            "Take a name from `/netconf-state/schemas`.",
        ),
        Case(
            "A revision that is not there",
            f'<get-schema xmlns="{MONITORING}"><identifier>ipsec-qos</identifier>'
            "<version>2001-01-01</version></get-schema>",
            "Leave the version out, or take the one that is named.",
        ),
        Case(
            "A format that is not there",
            f'<get-schema xmlns="{MONITORING}"><identifier>ipsec-qos</identifier>'
            "<format>yin</format></get-schema>",
            "Ask for yang.",
        ),
        Case(
            "Killing a session that is not there",
            "<kill-session><session-id>4000000000</session-id></kill-session>",
            "Nothing: it has ended. `/netconf-state/sessions` has those that exist.",
        ),
        Case(
            "Killing oneself",
            "<kill-session><session-id>{admin}</session-id></kill-session>",
            "Close the session with `<close-session>`.",
        ),
        Case(
            "An action that is not there",
            '<action xmlns="urn:ietf:params:xml:ns:yang:1">'
            '<ipsec-qos xmlns="urn:ipsec-qos:yang:ipsec-qos"><dataplane/></ipsec-qos></action>',
            "Name the action inside the node that has it.",
        ),
        Case(
            "Input of a module's rpc that is missing",
            '<remove-tunnel xmlns="urn:ipsec-qos:yang:ipsec-qos-embedded"/>',
            "Give the parameter that is named.",
        ),
    ),
)
