"""Errors of pages of lists and of comparisons."""

from tests.end_to_end.gateway import qos
from tests.errors.case import Case, Chapter, edit
from tests.errors.of_reading import DS, MANY

NC = "urn:ietf:params:xml:ns:yang:ietf-list-pagination-nc"
COMPARE = "urn:ietf:params:xml:ns:yang:ietf-nmda-compare"
POLICIES = qos("<policies><policy/></policies>")
TUNNELS = qos("<tunnels><tunnel/></tunnels>")
TEN = (edit(MANY, target="running"),)


def page(content: str, wanted: str = POLICIES, operation: str = "get-config") -> str:
    source = "<source><running/></source>" if operation == "get-config" else ""
    return (
        f"<{operation}>{source}<filter>{wanted}</filter>"
        f'<list-pagination xmlns="{NC}">{content}</list-pagination></{operation}>'
    )


def compare(content: str) -> str:
    return f'<compare xmlns="{COMPARE}" {DS}>{content}</compare>'


PAGES = Chapter(
    "Pages and comparisons",
    "See `docs/reading.md`.",
    (
        Case(
            "A page of no list",
            page("<limit>5</limit>", qos("<policies/>")),
            "Select one list or leaf-list, and nothing beside it.",
        ),
        Case(
            "An offset behind the end",
            page("<offset>11</offset>"),
            "Begin at or before the end.",
            TEN,
            "There are ten policies.",
        ),
        Case(
            "A cursor that is none",
            page("<cursor>cAAx</cursor>"),
            "The entry may have been deleted: begin anew, or with the cursor of another.",
        ),
        Case(
            "A cursor and an offset",
            page("<cursor>cAAx</cursor><offset>1</offset>"),
            "Give one of the two.",
        ),
        Case(
            "A locale that is not there",
            page("<sort-by>description</sort-by><locale>sv_SE</locale>"),
            "Leave it out, and sort by the rules of a language yourself.",
        ),
        Case(
            "A node that cannot be sorted by",
            page("<sort-by>inbound</sort-by>"),
            "Give a leaf, with the containers on the way to it.",
        ),
        Case(
            "A condition on a list of state",
            page("<where>id = 't1'</where>", TUNNELS, "get"),
            "Filter by a subtree, or take all and look yourself.",
        ),
        Case(
            "A comparison without a datastore",
            compare("<source>ds:running</source>"),
            "Name both.",
        ),
    ),
)
