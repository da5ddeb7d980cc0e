"""Errors of every constraint of YANG, with a module that has one of each."""

from tests.errors.case import VALIDATE, Case, Chapter, edit, editing

INSERT = 'xmlns:yang="urn:ietf:params:xml:ns:yang:1" yang:insert'


def shop(content: str) -> str:
    return f'<shop xmlns="urn:example">{content}</shop>'


def _case(title: str, content: str, todo: str, given: str = "") -> Case:
    return Case(title, VALIDATE, todo, (edit(shop(content)),), given or f"`{content}`")


CONSTRAINTS = Chapter(
    "Constraints of your own modules",
    "Every constraint of RFC 7950 with the tags of its section 15, and the error-message and"
    " error-app-tag of a module. The module is `tests/errors/example.yang`.",
    (
        _case(
            "must",
            "<opens>9</opens><closes>8</closes>",
            "Make the condition true; a module's own error-message takes its place.",
        ),
        _case(
            "must with error-message and error-app-tag",
            "<discount>60</discount>",
            "What the module says.",
        ),
        Case(
            "when, in an edit",
            editing(shop("<guard>rex</guard>")),
            "Give what the condition asks for in the same edit, or leave the node out.",
        ),
        _case(
            "max-elements",
            "".join(f"<shelf><number>{each}</number></shelf>" for each in (1, 2, 3)),
            "Remove entries.",
            "Three shelves.",
        ),
        _case("min-elements", "<staff><clerk>ann</clerk></staff>", "Add entries."),
        _case(
            "choice, mandatory",
            "<payment><currency>EUR</currency></payment>",
            "Give one of its cases.",
        ),
        _case("leaf, mandatory", "<payment><cash/></payment>", "Give it."),
        _case(
            "require-instance",
            "<favourite xmlns:ex='urn:example'>/ex:shop/ex:shelf[ex:number='7']</favourite>",
            "Configure what is named, or name something else.",
        ),
        Case(
            "insert beside what is not there",
            editing(
                shop(
                    f'<till {INSERT}="after" xmlns:ex="urn:example" yang:key="[ex:number=\'9\']">'
                    "<number>1</number></till>"
                )
            ),
            "Name an entry that exists, or insert first or last.",
        ),
        Case(
            "insert without saying where",
            editing(shop(f'<till {INSERT}="before"><number>1</number></till>')),
            "Give yang:key for a list, yang:value for a leaf-list.",
        ),
        Case(
            "insert at a place that is none",
            editing(shop(f'<till {INSERT}="middle"><number>1</number></till>')),
            "Take first, last, before or after.",
        ),
        Case(
            "range with error-app-tag",
            editing(shop("<floor>13</floor>")),
            "Take a value of the range.",
        ),
        Case(
            "pattern with error-app-tag",
            editing(shop("<name>X</name>")),
            "Take a value of the pattern.",
        ),
        Case("length with error-app-tag", editing(shop("<name>toolongname</name>")), "Shorten it."),
        Case(
            "when, in a configuration",
            f"<validate><source><config>{shop('<guard>rex</guard>')}</config></source></validate>",
            "Give what the condition asks for, or leave the node out.",
        ),
        _case(
            "Several constraints at once",
            "<discount>60</discount><opens>9</opens><closes>8</closes>"
            "<staff><clerk>ann</clerk></staff><payment/>",
            "Mend them all.",
        ),
        Case(
            "An rpc that nobody performs",
            '<ring xmlns="urn:example"/>',
            "Nothing: the dataplane in use does not have it.",
        ),
    ),
    server="example",
)
