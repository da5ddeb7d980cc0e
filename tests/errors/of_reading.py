"""Errors of reading, of subscriptions and of the history."""

from tests.end_to_end.gateway import qos
from tests.errors.case import Ask, Case, Chapter, edit

NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"
DS = 'xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"'
SN = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"
EVENTS = "urn:ietf:params:xml:ns:netconf:notification:1.0"
HISTORY = "urn:ipsec-qos:yang:netconf-commit-history"
DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults"


MANY = qos(
    "<policies>"
    + "".join(
        f"<policy><name>p</name><sequence-number>{number}</sequence-number></policy>"
        for number in range(1, 11)
    )
    + "</policies>"
)


def xpath(select: str) -> str:
    declared = 'xmlns:iq="urn:ipsec-qos:yang:ipsec-qos"'
    return f'<get-config><source><running/></source><filter type="xpath" {declared} select="{select}"/></get-config>'  # noqa: E501


def get_data(content: str) -> str:
    return f'<get-data xmlns="{NMDA}" {DS}>{content}</get-data>'


def establish(content: str) -> str:
    return f'<establish-subscription xmlns="{SN}">{content}</establish-subscription>'


def subscribe(content: str = "") -> str:
    return f'<create-subscription xmlns="{EVENTS}">{content}</create-subscription>'


READING = Chapter(
    "Filters, defaults, datastores",
    "A filter that selects nothing is no error: the answer is empty.",
    (
        Case(
            "A kind of filter that is not there",
            '<get><filter type="regex"/></get>',
            "Take subtree, which is meant without a type, or xpath.",
        ),
        Case(
            "An XPath filter without select",
            '<get><filter type="xpath"/></get>',
            "Give the attribute select.",
        ),
        Case(
            "A select without its type",
            '<get><filter select="/ipsec-qos"/></get>',
            "Give type='xpath' too: as a subtree the filter would be empty, and find nothing.",
        ),
        Case("An XPath that is none", xpath("/iq:ipsec-qos["), "Mend the expression."),
        Case(
            "A prefix that is not declared",
            xpath("/qos:ipsec-qos"),
            "Declare it on `<filter>` or around it.",
        ),
        Case(
            "An XPath that gives no nodes",
            xpath("count(//iq:policy)"),
            "Select nodes, and count them yourself.",
        ),
        Case(
            "An XPath that could take minutes",
            xpath("//*[count(//*[count(//*) > 0]) > 0]"),
            "Name entries by their keys; the limit is `[limits] xpath_visits`.",
            (edit(MANY, target="running"),),
            "Running holds ten policies, and the limit here is 1,000 nodes.",
        ),
        Case(
            "Two filters",
            "<get><filter/><filter/></get>",
            "Put both into one: siblings in a subtree filter select both.",
        ),
        Case(
            "A with-defaults mode that is not there",
            f'<get><with-defaults xmlns="{DEFAULTS}">all</with-defaults></get>',
            "Take one of those that are named.",
        ),
        Case("No datastore", get_data(""), "Give the identity of a datastore."),
        Case(
            "An identity of a datastore that is not there",
            get_data("<datastore>ds:startup</datastore>"),
            "Take one of those that are named.",
        ),
        Case(
            "Two filters of get-data",
            get_data(
                "<datastore>ds:running</datastore><subtree-filter/><xpath-filter>/</xpath-filter>"
            ),
            "Give one of them.",
        ),
        Case(
            "A depth that is none",
            get_data("<datastore>ds:running</datastore><max-depth>0</max-depth>"),
            "Give a number of levels, 1 or more.",
        ),
        Case(
            "Origins of configuration",
            get_data("<datastore>ds:running</datastore><with-origin/>"),
            "Ask operational for origins (RFC 8526).",
        ),
        Case(
            "An origin filter elsewhere",
            get_data(
                "<datastore>ds:running</datastore><origin-filter"
                ' xmlns:or="urn:ietf:params:xml:ns:yang:ietf-origin">or:system</origin-filter>'
            ),
            "Ask operational for origins.",
        ),
        Case(
            "An origin that is not there",
            get_data("<datastore>ds:operational</datastore><origin-filter>me</origin-filter>"),
            "Take one of those that are named.",
        ),
        Case(
            "An edit of what cannot be edited",
            f'<edit-data xmlns="{NMDA}" {DS}><datastore>ds:operational</datastore><config/>'
            "</edit-data>",
            "Edit running or candidate.",
        ),
    ),
)

EVENTS_OF = Chapter(
    "Subscriptions",
    "See `docs/events.md`. Errors of RFC 8639 have the identity as error-app-tag, and hints in"
    " `<error-info>` (RFC 8640, section 7).",
    (
        Case(
            "A stream that is not there",
            subscribe("<stream>SYSLOG</stream>"),
            "Take a stream of `/netconf/streams`.",
        ),
        Case(
            "A second subscription of RFC 5277",
            subscribe(),
            "Open another session.",
            (Ask(subscribe()),),
            "The session is subscribed.",
        ),
        Case(
            "A replay of the future",
            subscribe("<startTime>2999-01-01T00:00:00Z</startTime>"),
            "Give a time of the past.",
        ),
        Case(
            "A stop without a start",
            subscribe("<stopTime>2999-01-01T00:00:00Z</stopTime>"),
            "Give a start time too (RFC 5277, section 2.1.1).",
        ),
        Case(
            "A stop before the start",
            subscribe(
                "<startTime>2001-01-01T00:00:00Z</startTime><stopTime>2000-01-01T00:00:00Z</stopTime>"
            ),
            "Give a later stop time.",
        ),
        Case(
            "A time that is none",
            subscribe("<startTime>yesterday</startTime>"),
            "Write the time by RFC 3339.",
        ),
        Case("No stream", establish(""), "Give the stream, NETCONF."),
        Case(
            "Another stream",
            establish("<stream>SYSLOG</stream>"),
            "Take the stream NETCONF.",
        ),
        Case(
            "Another encoding",
            establish(
                f'<stream>NETCONF</stream><encoding xmlns:sn="{SN}">sn:encode-json</encoding>'
            ),
            "Leave the encoding out: over NETCONF it is XML (RFC 8640, section 4).",
        ),
        Case(
            "A filter that is not configured",
            establish("<stream>NETCONF</stream><stream-filter-name>mine</stream-filter-name>"),
            "Configure it in `/filters`, or give the filter itself.",
        ),
        Case(
            "A filter of a subscription that is none",
            establish("<stream>NETCONF</stream><stream-xpath-filter>/x[</stream-xpath-filter>"),
            "Mend the expression.",
        ),
        Case(
            "Two filters of a subscription",
            establish(
                "<stream>NETCONF</stream><stream-subtree-filter/>"
                "<stream-xpath-filter>/x</stream-xpath-filter>"
            ),
            "Give one of them.",
        ),
        Case(
            "A stop in the past",
            establish("<stream>NETCONF</stream><stop-time>2001-01-01T00:00:00Z</stop-time>"),
            "Give a time to come.",
        ),
        Case(
            "More than a session may have",
            establish("<stream>NETCONF</stream>"),
            "End one with `<delete-subscription>`, or raise `[limits] subscriptions_per_session`.",
            (Ask(establish("<stream>NETCONF</stream>")),) * 2,
            "The session has two subscriptions, which here is the limit.",
        ),
        Case(
            "A subscription that is not there",
            f'<delete-subscription xmlns="{SN}"><id>7</id></delete-subscription>',
            "Nothing: it has ended, or it is another session's.",
        ),
        Case(
            "Killing a subscription that is not there",
            f'<kill-subscription xmlns="{SN}"><id>7</id></kill-subscription>',
            "Nothing: it has ended.",
        ),
        Case(
            "Modifying a subscription that is not there",
            f'<modify-subscription xmlns="{SN}"><id>7</id></modify-subscription>',
            "Establish it anew.",
        ),
        Case(
            "One of RFC 8639 beside one of RFC 5277",
            establish("<stream>NETCONF</stream>"),
            "Open another session.",
            (Ask(subscribe()),),
            "The session has used `<create-subscription>`.",
        ),
        Case(
            "One of RFC 5277 beside one of RFC 8639",
            subscribe(),
            "Open another session.",
            (Ask(establish("<stream>NETCONF</stream>")),),
            "The session has used `<establish-subscription>`.",
        ),
    ),
)

PAST = Chapter(
    "History",
    "See `docs/commits.md`: as many commits are kept as `[history] generations` says.",
    (
        Case(
            "A commit that is not known",
            f'<rollback xmlns="{HISTORY}"><to>4000000</to></rollback>',
            "Take one of `/commit-history`.",
            (edit(MANY, target="running"),),
            "One commit has been made.",
        ),
        Case(
            "No commit",
            f'<compare xmlns="{HISTORY}"/>',
            "Say which commit to compare with.",
        ),
    ),
    server="fresh",
)
