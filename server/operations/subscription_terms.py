"""What the rpcs of RFC 8639 and RFC 8641 ask for: a request -> terms of a subscription."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.instance_path import InstancePath
from server.datastore.reading import Reader, anydata_text
from server.errors import RpcError, bad_element, missing_element
from server.operations.engine import Engine
from server.operations.input import read_input
from server.subscriptions.faults import SN, Refused, error_of
from server.subscriptions.terms import SUBTREE, XPATH, Namespaces, Wish
from yang.schema import ANYDATA, CONTAINER, DataNode, Operation

_LITERAL = re.compile("""("[^"]*"|'[^']*')""")
_PREFIX = re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]*):(?=[A-Za-z_*])")


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter as it was given: its value, or its content where it is a container."""

    element: etree._Element
    value: Any


@contextmanager
def refusing(structure: str, module: str = SN) -> Iterator[None]:
    """Tell what is refused in here by the error structure of the rpc."""
    try:
        yield
    except Refused as refused:
        raise error_of(refused, structure, module) from None


def given_in(engine: Engine, request: etree._Element) -> dict[str, Given]:
    """Return the parameters of an rpc of the modules by name.

    Raises RpcError for one that it does not have, or that excludes another (RFC 7950, 7.9).
    """
    operation = engine.schema.rpcs[str(request.tag)]

    reader = Reader(Locator(operation.input, request, partial(_below, operation)))
    found: dict[str, Given] = {}
    taken: dict[str, tuple[str, str]] = {}
    for element in request:
        child: Any = operation.input.by_tag.get(str(element.tag))
        if child is None and not str(element.tag).startswith("{"):
            child = operation.input.by_name.get(str(element.tag))
        if child is None:
            raise reader.locator.unknown(element)
        if child.name in found:
            raise reader.twice(element)
        _refuse_rivals(child, taken)
        if child.kind == CONTAINER:
            value: Any = read_input(child, element, partial(_below, operation, child))
        elif child.kind == ANYDATA:
            value = anydata_text(element)
        else:
            value = reader.leaf(child, element)
        found[child.name] = Given(element, value)
    return found


def _below(operation: Operation, *nodes: DataNode) -> InstancePath:
    path = InstancePath().add(operation)
    for node in nodes:
        path.add(node)
    return path


def _refuse_rivals(child: Any, taken: dict[str, tuple[str, str]]) -> None:
    for choice, case in child.cases:
        known, other = taken.setdefault(choice, (case, child.name))
        if known != case:
            raise bad_element(child.name, f"<{child.name}> and <{other}> exclude each other")


def wish_of(engine: Engine, given: dict[str, Given], prefix: str, reference: str) -> Wish | None:
    """Return the filter that the parameters hold; ``prefix`` is stream or datastore."""
    subtree, xpath = given.get(f"{prefix}-subtree-filter"), given.get(f"{prefix}-xpath-filter")
    if subtree is not None:
        return Wish(SUBTREE, subtree.value)
    if xpath is not None:
        # Those around the XPath win (ietf-subscribed-notifications, stream-xpath-filter).
        namespaces = {**module_names(engine), **xpath.element.nsmap}
        return Wish(XPATH, in_module_names(xpath.value, namespaces, engine), namespaces)
    named = given.get(reference)
    return None if named is None else Wish("", "", name=named.value)


def module_names(engine: Engine) -> Namespaces:
    """Return the prefixes that every XPath of a subscription may use: names of modules."""
    return {name: module.namespace for name, module in engine.schema.modules.items()}


def in_module_names(text: str, namespaces: Namespaces, engine: Engine) -> str:
    """Return an XPath with names of modules for prefixes, which can be told without declarations.

    A prefix that is none, or a module's name that means something else there, stays.
    """

    def renamed(found: re.Match[str]) -> str:
        module = engine.schema.module_of_namespace.get(namespaces.get(found[1], ""))
        if module is None or namespaces[module.name] != module.namespace:
            return found[0]
        return f"{module.name}:"

    parts = _LITERAL.split(text)
    parts[::2] = [_PREFIX.sub(renamed, part) for part in parts[::2]]
    return "".join(parts)


def time_in(given: dict[str, Given], name: str) -> datetime | None:
    """Return a parameter that is a time."""
    found = given.get(name)
    return None if found is None else datetime.fromisoformat(found.value)


def stop_time(
    given: dict[str, Given], now: datetime, start: datetime | None = None
) -> datetime | None:
    """Return the stop time: in the future, or behind the start of a replay (RFC 8639)."""
    stop = time_in(given, "stop-time")
    if stop is not None and start is None and stop <= now:
        raise _bad_time("stop-time", f"the stop-time {stop.isoformat()} is not in the future")
    if stop is not None and start is not None and stop <= start:
        raise _bad_time(
            "stop-time", f"the stop-time {stop.isoformat()} is not after the replay-start-time"
        )
    return stop


def replay_start(given: dict[str, Given], now: datetime) -> datetime | None:
    """Return the time from which events are replayed; it lies in the past."""
    start = time_in(given, "replay-start-time")
    if start is not None and start >= now:
        raise _bad_time(
            "replay-start-time", f"the replay-start-time {start.isoformat()} is not in the past"
        )
    return start


def refuse_other_target(given: dict[str, Given], names: Sequence[str]) -> None:
    """Raise for parameters of subscriptions to something else."""
    for name in names:
        if name in given:
            raise bad_element(name, f"<{name}> is not for a subscription of this kind")


def number_in(request: etree._Element, given: dict[str, Given]) -> int:
    """Return the id of a subscription."""
    found = given.get("id")
    if found is None:
        raise missing_element("id", f"<{etree.QName(request).localname}> needs <id>")
    return int(found.value)


def _bad_time(name: str, message: str) -> RpcError:
    return bad_element(name, message, kind="application")
