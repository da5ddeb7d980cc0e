"""Replays a scenario: requests in order, and after each step what the dataplane shows.

A folder is one scenario, ``NN-name.request.xml`` one step of it: operations sent one after another.
``.reply.xml`` holds what they are answered, ``.state.xml`` what the state of the tunnels and the
dataplane is after them; where that file is missing, the step must not change the state.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tests.end_to_end.client import Answer, RawSession

QOS = "urn:ipsec-qos:yang:ipsec-qos"
HERE = Path(__file__).parent

_STATE = (
    f'<get><filter><ipsec-qos xmlns="{QOS}"><tunnels><tunnel><id/><policy/><effective/><status/>'
    "<condition/><tunnel-mtu/></tunnel></tunnels><dataplane><status/><fragment-aging-time/>"
    "</dataplane></ipsec-qos></filter></get>"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Step:
    """One step: its file without the end of the name, what came of it."""

    stem: Path
    reply: str
    state: str

    @property
    def reply_file(self) -> Path:
        return self.stem.with_name(f"{self.stem.name}.reply.xml")

    @property
    def state_file(self) -> Path:
        return self.stem.with_name(f"{self.stem.name}.state.xml")


def scenarios() -> list[Path]:
    """Return the folders, in order."""
    return sorted(each for each in HERE.iterdir() if each.is_dir() and each.name[0].isdigit())


def replay(session: RawSession, folder: Path) -> Iterator[Step]:
    """Yield each step, performed."""
    for file in sorted(folder.glob("*.request.xml")):
        replies = [_performed(session, each) for each in etree.parse(file).getroot()]
        state = _text(session.rpc(_STATE), "state")
        stem = file.with_name(file.name.removesuffix(".request.xml"))
        yield Step(stem, f"<replies>\n{''.join(replies)}</replies>\n", state)


def _performed(session: RawSession, request: etree._Element) -> str:
    text = etree.tostring(request, encoding="unicode", with_tail=False)
    return _text(session.rpc(text), "reply")


def _text(answer: Answer, name: str) -> str:
    """Return the children of a reply, indented, without message-id and times."""
    root = etree.Element(name)
    root.extend(list(answer.element))
    _forget_namespaces(root)
    if name == "state":
        data = root[0]
        root[:] = list(data)
    etree.cleanup_namespaces(root)
    etree.indent(root)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    if name == "reply":
        text = "".join(f"  {line}\n" for line in text.splitlines())
    else:
        text += "\n"
    return _TIME.sub("TIME", text)


def _forget_namespaces(root: etree._Element) -> None:
    """Replies are read by people; the tests of operations look at the namespaces."""
    for each in root.iter("*"):
        each.tag = etree.QName(each).localname
        for name in list(each.attrib):
            del each.attrib[name]
