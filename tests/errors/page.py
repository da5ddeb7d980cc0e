"""Each case is performed by a real server, and what it answers becomes the page."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from tests.end_to_end.client import BASE, CLIENT_KEY, Background, RawSession, background
from tests.end_to_end.conftest import lab_settings
from tests.end_to_end.gateway import Gateway, eventually
from tests.end_to_end.process import ServerProcess
from tests.errors.case import ADMIN, OTHER, VIEWER, Ask, Case, Chapter
from tests.errors.of_candidates import CONFLICTS, PARTIAL_LOCKS
from tests.errors.of_data import EDITS, RULES
from tests.errors.of_dataplane import DATAPLANE, TROUBLE
from tests.errors.of_messages import MESSAGES, OPERATIONS
from tests.errors.of_modules import CONSTRAINTS
from tests.errors.of_pages import PAGES
from tests.errors.of_push import PUSHING
from tests.errors.of_reading import EVENTS_OF, PAST, READING
from tests.errors.of_sessions import ACCESS, CONFIRMING, LOCKS

HERE = Path(__file__).parent
CHAPTERS = (
    MESSAGES,
    OPERATIONS,
    EDITS,
    RULES,
    CONSTRAINTS,
    LOCKS,
    PARTIAL_LOCKS,
    CONFLICTS,
    CONFIRMING,
    ACCESS,
    READING,
    PAGES,
    EVENTS_OF,
    PUSHING,
    PAST,
    DATAPLANE,
    TROUBLE,
)
KEY = CLIENT_KEY.export_public_key("openssh").decode().strip()
SETTINGS = f"""
[limits]
max_message_bytes = 65536
subscriptions_per_session = 2
push_update_bytes = 1024
xpath_visits = 1000
[users.viewer]
authorized_keys = ["{KEY}"]
groups = ["viewers"]
"""
NUMBERS = {ADMIN: 11, OTHER: 12, VIEWER: 13}
"""The page's session-ids: those that the server gives depend on what was done before."""

SUBSCRIPTION = "2147483648"

UNSTABLE = (
    (
        re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)"),
        "2026-11-25T08:00:00+00:00",
    ),
    (re.compile(r"partial lock \d+ of"), "partial lock 3 of"),
    (re.compile(r"\b2147483\d{3}\b"), SUBSCRIPTION),
    (re.compile(r"\b\d+-[0-9a-f]{12}\b"), "7-2f4727803981"),
    (re.compile(r"/\S+/state/running.sqlite"), "/var/lib/ipsec-qos-netconf/running.sqlite"),
)
"""What is another each time, and what the page has for it."""


class Answered:
    """A case and what was answered."""

    def __init__(self, case: Case, request: str, reply: str) -> None:
        self.case = case
        self.request = request
        self.reply = reply
        found = etree.fromstring(f"<all>{reply}</all>")
        self.errors = [child for child in found if child.tag == "rpc-error"]


Performed = list[tuple[Chapter, list[Answered]]]


def perform_all() -> Performed:
    """Return what the servers answer, chapter by chapter."""
    found: Performed = []
    with background() as loop, tempfile.TemporaryDirectory(prefix="errors-") as name:
        for server in ("gateway", "fresh", "example", "failing"):
            chapters = [each for each in CHAPTERS if each.server == server]
            directory = Path(name) / server
            directory.mkdir()
            if server == "failing":  # What has failed may not be used for the next case.
                answered = []
                for number, case in enumerate(chapters[0].cases):
                    (directory / str(number)).mkdir()
                    with _server(server, directory / str(number), loop) as gateway:
                        answered.append(_perform(gateway, case))
                found.append((chapters[0], answered))
                continue
            with _server(server, directory, loop) as gateway:
                for chapter in chapters:
                    found.append((chapter, [_reset_after(gateway, each) for each in chapter.cases]))
    return sorted(found, key=lambda each: CHAPTERS.index(each[0]))


@contextmanager
def _server(name: str, directory: Path, loop: Background) -> Iterator[Gateway]:
    more = lab_settings(directory, "example", folder=HERE) if name == "example" else SETTINGS
    server = ServerProcess(directory, more)
    if name == "failing":
        server.module = "tests.errors.failing_server"
    gateway = Gateway(loop, server.start())
    try:
        yield gateway
        gateway.disconnect()
    finally:
        server.stop()
    assert not server.tracebacks(), "".join(server.log)


def _reset_after(gateway: Gateway, case: Case) -> Answered:
    try:
        return _perform(gateway, case)
    finally:
        gateway.disconnect()
        session = gateway.session()
        session.do("<discard-changes/>")
        session.rpc("<cancel-commit><persist-id>token</persist-id></cancel-commit>")
        empty = "<copy-config><target><running/></target><source><config/></source></copy-config>"
        eventually(lambda: session.rpc(empty).ok)  # A session ends a moment after its socket.
        gateway.disconnect()


def _perform(gateway: Gateway, case: Case) -> Answered:
    sessions: dict[str, RawSession] = {}

    def session(user: str) -> RawSession:
        if user not in sessions:
            sessions[user] = gateway.connect(username=user).session()
        return sessions[user]

    session(ADMIN)
    subscription = SUBSCRIPTION
    for step in case.before:
        if isinstance(step, Ask):
            answer = session(step.by).rpc(step.operation)
            assert not answer.faults, (case.title, answer.text)
            subscription = next(iter(answer.values("id")), subscription)
        else:
            step(gateway.server)
    asking = session(case.by)
    if isinstance(case.request, bytes):
        asking.send(case.request)
        shown = _text_of(case.request)
    else:
        operation = case.request
        for user, number in NUMBERS.items():
            operation = operation.replace(f"{{{user}}}", str(number))
        operation = operation.replace("{subscription}", SUBSCRIPTION)
        shown = _indented(f"<x>{operation}</x>")
        if ADMIN in sessions:
            operation = case.request.replace("{admin}", str(sessions[ADMIN].id))
            operation = operation.replace("{subscription}", subscription)
        asking.send_rpc(operation)
    answer = asking.read_reply()
    assert answer.faults, (case.title, answer.text)
    return Answered(case, shown, _stable(_indented(answer.text.decode()), sessions))


def _text_of(request: bytes) -> str:
    """Return a message as the page shows it: a chunk as its text, what is no chunk as it is."""
    found = re.fullmatch(rb"\n#(\d+)\n(.*)\n##\n", request, re.DOTALL)
    if found and len(found[2]) == int(found[1]):
        return found[2].decode()
    text = re.sub(r"x{100,}", "xxx...", request.decode())
    return text.replace("\n", "\\n")


def _indented(text: str) -> str:
    """Return what is in an element, indented, without the namespace of the base."""
    root = etree.fromstring(text.replace(f' xmlns="{BASE}"', ""))
    etree.indent(root)
    inner = "".join(etree.tostring(each, encoding="unicode") for each in root)
    return re.sub(r"^  ", "", inner.strip("\n"), flags=re.MULTILINE).strip()


def _stable(reply: str, sessions: dict[str, RawSession]) -> str:
    """Return a reply with the session-ids and times of the page."""
    known = {str(session.id): str(NUMBERS[user]) for user, session in sessions.items()}

    def number(found: re.Match[str]) -> str:
        return found[1] + known.get(found[2], found[2])

    reply = re.sub(r"(session-id>|session )(\d+)", number, reply)
    for pattern, shown in UNSTABLE:
        reply = pattern.sub(shown, reply)
    return reply


# ---- the page


HEAD = (HERE / "head.md").read_text()

NOT_HERE = (HERE / "tail.md").read_text()


def page(performed: Performed) -> str:
    """Return the text of docs/errors.md."""
    parts = [HEAD, _index(performed)]
    for chapter, answered in performed:
        parts.append(f"## {chapter.title}\n\n{chapter.intro}\n")
        parts += [_section(each) for each in answered]
    return "\n".join([*parts, NOT_HERE])


def _index(performed: Performed) -> str:
    rows: dict[tuple[str, str], list[str]] = {}
    for _, answered in performed:
        for each in answered:
            for error in each.errors:
                tag, app = (error.findtext(f"error-{name}") or "" for name in ("tag", "app-tag"))
                links = rows.setdefault((tag, app), [])
                link = f"[{each.case.title}](#{_anchor(each.case.title)})"
                if link not in links:
                    links.append(link)
    lines = ["| error-tag | error-app-tag | cases |", "|---|---|---|"]
    lines += [
        f"| {tag} | {app} | {', '.join(links)} |" for (tag, app), links in sorted(rows.items())
    ]
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _section(answered: Answered) -> str:
    case = answered.case
    given = f"Given: {case.given}\n\n" if case.given else ""
    return (
        f"### {case.title}\n\n{given}```xml\n{answered.request}\n```\n\n"
        f"```xml\n{answered.reply}\n```\n\nWhat to do: {case.todo}\n"
    )
