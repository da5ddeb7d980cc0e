"""Errors of data: what an edit gives, and the rules of the model."""

from tests.end_to_end.gateway import OPERATION, binding, policy, qos, template
from tests.errors.case import COMMIT, VALIDATE, Case, Chapter, edit, editing

NESTED = "<inbound><speed-limit><rate>7</rate></speed-limit></inbound>"
CONFLICT = "<inbound><service-class>af1</service-class><inherit-plain/></inbound>"
PORT = "<tunnel-selector>{}<remote-port>80</remote-port></tunnel-selector>"
P1 = edit(qos(policy("p", 1)))
IS_THERE = "The candidate holds the policy `p 1`."
TXID = "urn:ietf:params:xml:ns:netconf:txid:1.0"

EDITS = Chapter(
    "Data of an edit",
    "`<edit-config>` refuses at once what does not fit the model or the datastore; the datastore"
    " stays as it was. The path names the node with its keys.",
    (
        Case(
            "A namespace that is not there",
            editing('<system xmlns="urn:other"/>'),
            "Check the xmlns, and the modules of the hello.",
        ),
        Case(
            "A namespace that was forgotten",
            editing("<ipsec-qos/>"),
            "Declare the namespace of the data.",
        ),
        Case(
            "A node that is not there",
            editing(qos(policy("p", 1, "<outbound><speedlimit/></outbound>"))),
            "Take the name that is proposed; the model is in `docs/model.md`.",
        ),
        Case(
            "State",
            editing(qos("<tunnels/>")),
            "Leave it out: state is read with `<get>` and not configured.",
        ),
        Case(
            "A number out of its range",
            editing(qos(policy("p", 1, NESTED))),
            "Take a value of the range.",
        ),
        Case(
            "A value that is none of its type",
            editing(qos("<global><df-bit>maybe</df-bit></global>")),
            "Take one of the values that are named.",
        ),
        Case(
            "A text that is too long",
            editing(qos(policy("a-name-that-is-too-long", 1))),
            "Shorten it.",
        ),
        Case(
            "A key that is missing",
            editing(qos("<policies><policy><name>p</name></policy></policies>")),
            "Give all keys of the entry; the path has those that were given.",
        ),
        Case(
            "A leaf that is given twice",
            editing(qos(policy("p", 1, "<df-bit>set</df-bit><df-bit>clear</df-bit>"))),
            "Give it once.",
        ),
        Case(
            "Two cases of a choice",
            editing(
                qos(
                    policy(
                        "p",
                        1,
                        "<tunnel-selector><reqid>1</reqid><if-id>2</if-id></tunnel-selector>",
                    )
                )
            ),
            "Give one of them.",
        ),
        Case(
            "Text where elements belong",
            editing(qos(policy("p", 1, "<outbound>ef</outbound>"))),
            "Put the value into the leaf that it is of.",
        ),
        Case(
            "Elements where a value belongs",
            editing(qos("<global><df-bit><clear/></df-bit></global>")),
            "Give the value as text.",
        ),
        Case(
            "Create what is there",
            editing(qos(policy("p", 1, "", f'{OPERATION}="create"'))),
            "Use merge or replace where the entry may be there.",
            (P1,),
            IS_THERE,
        ),
        Case(
            "Delete what is not there",
            editing(qos(policy("q", 1, "", f'{OPERATION}="delete"'))),
            "Use remove where the entry may be gone already.",
        ),
        Case(
            "Nothing to go through",
            editing(
                qos(policy("q", 1, f'<description {OPERATION}="merge">x</description>')),
                options="<default-operation>none</default-operation>",
            ),
            "Create the entry first, or let default-operation be merge.",
        ),
        Case(
            "Delete a key",
            editing(
                qos(f'<policies><policy><name {OPERATION}="delete">p</name>'
                    "<sequence-number>1</sequence-number></policy></policies>")
            ),
            "Delete the entry.",
            (P1,),
            IS_THERE,
        ),
        Case(
            "An edit operation that is none",
            editing(qos(policy("p", 1, "", f'{OPERATION}="update"'))),
            "Take one of those that are named.",
        ),
        Case(
            "An attribute that is unknown",
            editing(qos(policy("p", 1, '<description operation="delete"/>'))),
            "Give the attribute its namespace (nc:operation), or leave it out.",
        ),
        Case(
            "A value that is marked as default and is not",
            editing(
                qos(
                    "<global><df-bit"
                    ' xmlns:wd="urn:ietf:params:xml:ns:netconf:default:1.0" wd:default="true">'
                    "clear</df-bit></global>"
                )
            ),
            "Leave the mark out, or give the default (RFC 6243, section 4.5.2).",
        ),
        Case(
            "A change since the client read",
            editing(
                qos(policy("p", 1, '<description>mine</description>',
                           f'xmlns:t="{TXID}" t:etag="of-before"')),
                "running",
            ),
            "Read it again, and edit it with the etag that it has now.",
            (edit(qos(policy("p", 1, "<description>theirs</description>")), target="running"),),
            "Somebody has changed the policy since the etag was read.",
        ),
    ),
)  # fmt: skip

RULES = Chapter(
    "Rules of the model",
    "Told by `<validate>`, `<commit>`, an edit of running, and `test-option` `test-only`: all"
    " violations in one reply. The candidate keeps the edits, running stays as it was.",
    (
        Case(
            "A reference to nothing",
            VALIDATE,
            "Configure what is named, or correct the name.",
            (edit(qos(binding("eth0", "branch"))),),
            "The candidate binds the group `branch`, of which there is no policy.",
        ),
        Case(
            "What is referenced is deleted",
            editing(qos(policy("p", 1, "", f'{OPERATION}="delete"')), "running"),
            "Delete what refers to it in the same edit: the path names it.",
            (edit(qos(policy("p", 1) + binding("eth0", "p")), target="running"),),
            "Running binds the group `p` to `eth0`.",
        ),
        Case(
            "A mandatory leaf is missing",
            VALIDATE,
            "Give it.",
            (edit(qos(policy("p", 1, "<inbound><speed-limit><ike>true</ike></speed-limit>"
                                     "</inbound>"))),),
            "The candidate limits `p 1` without a rate.",
        ),
        Case(
            "The same twice where it must be unique",
            COMMIT,
            "Let one of them go; the message and `<non-unique>` name both.",
            (edit(qos(policy("p", 1) + binding("eth0", "p"))), edit(qos(binding("eth1", "p")))),
            "The candidate binds one group to two interfaces.",
        ),
        Case(
            "A port without a protocol that has ports",
            COMMIT,
            "Give the protocol too.",
            (edit(qos(policy("p", 1, PORT.format("")))),),
            "The candidate selects tunnels by remote port only.",
        ),
        Case(
            "A class and inherit-plain",
            COMMIT,
            "Remove one of them.",
            (edit(qos(policy("p", 1, CONFLICT))),),
            "The candidate sets both for what comes in.",
        ),
        Case(
            "A name of a policy and of a template",
            COMMIT,
            "Rename one of them.",
            (edit(qos(policy("p", 1) + template("p", 1))),),
            "The candidate holds a policy and a template of the name `p`.",
        ),
        Case(
            "Two references to a template in a group",
            COMMIT,
            "Keep one of them: each policy that has one is named.",
            (
                edit(qos(policy("p", 1, "<template>t</template>") + template("t", 1))),
                edit(qos(policy("p", 2, "<template>t</template>"))),
            ),
            "Two policies of the group `p` reference a template.",
        ),
        Case(
            "A template that is not last",
            COMMIT,
            "Give it the largest sequence number of its group.",
            (
                edit(qos(policy("p", 1, "<template>t</template>") + template("t", 1))),
                edit(qos(policy("p", 2))),
            ),
            "A policy of the group `p` comes behind the one that references a template.",
        ),
        Case(
            "A template and settings of its own",
            COMMIT,
            "Move the settings to the template.",
            (
                edit(qos(policy("p", 1, "<template>t</template><df-bit>set</df-bit>")
                         + template("t", 1))),
            ),
            "The policy `p 1` references a template and sets the DF bit.",
        ),
        Case(
            "Fragments that cannot be told apart by port",
            COMMIT,
            "Remove the port or what makes fragments, or activate defragmentation.",
            (edit(qos(policy("p", 1, PORT.format("<protocol>6</protocol>")
                             + "<df-bit>clear</df-bit>"))),),
            "The candidate selects by port and clears DF; the dataplane does not defragment.",
        ),
        Case(
            "Several rules at once",
            VALIDATE,
            "Mend them all: one reply has every violation.",
            (
                edit(qos(binding("eth0", "branch"))),
                edit(qos(policy("p", 1, CONFLICT))),
                edit(qos(policy("q", 1, PORT.format("")))),
            ),
            "The candidate breaks three rules.",
        ),
        Case(
            "An edit that is only tested",
            editing(qos(binding("eth0", "branch")),
                    options="<test-option>test-only</test-option>"),
            "As for `<validate>`; nothing was edited.",
        ),
    ),
)  # fmt: skip
