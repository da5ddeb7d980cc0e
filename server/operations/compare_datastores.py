"""``<compare>`` of two datastores (RFC 9144): the yang-patch that leads from one to the other.

Running is intended here, and operational is running as it is in use with the state (decision
0011). A default in use is the value of a node that is not configured, and so no difference.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from lxml import etree

from server.datastore.datastores import CANDIDATE, RUNNING
from server.datastore.edit import applied
from server.datastore.manner import PLAIN, Manner
from server.datastore.reduction import may_be_reduced, reduced
from server.datastore.to_xml import Writer
from server.errors import bad_element, missing_element
from server.namespaces import COMPARE, ORIGIN, PRIVATE_CANDIDATE
from server.operations.engine import Engine
from server.operations.filters import EVERYTHING, Wanted
from server.operations.get_data import OPERATIONAL, filters_of
from server.operations.parameters import nmda_datastore, parameter, refuse_others, word
from server.operations.state_edits import state_edits
from server.protocol.rendering import text_to_xml
from server.service import Reply
from server.sessions import NetconfSession
from server.subscriptions.patch import Differ, Edit, text_of
from server.subscriptions.selection import pruned
from server.xpath.evaluation import evaluated

_PARAMETERS = ("source", "target", "all", "report-origin", "subtree-filter", "xpath-filter")
REFERENCE_POINT = f"{{{PRIVATE_CANDIDATE}}}reference-point"
_NO_MATCHES = b'<no-matches xmlns="%b"/>' % COMPARE.encode()
_OPEN = b'<differences xmlns="%b"><yang-patch><patch-id>' % COMPARE.encode()
_CLOSE = b"</yang-patch></differences>"
_ORIGIN = f' xmlns:or="{ORIGIN}" or:origin="or:intended"'


class Side(NamedTuple):
    """One of the two datastores, as the session sees it."""

    name: str
    root: Any

    @property
    def is_operational(self) -> bool:
        """Whether it holds state besides configuration."""
        return self.name == OPERATIONAL


def compare_datastores(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return what leads from the source to the target, as far as the session may read both."""
    refuse_others(request, *_PARAMETERS, further=(REFERENCE_POINT,))
    source = _side(engine, session, request, "source")
    target = _side(engine, session, request, "target")
    source, target = _at_reference_point(engine, session, request, source, target)
    wanted = filters_of(engine, request, COMPARE)
    edits = _configuration_edits(engine, source, target, wanted)
    if parameter(request, "report-origin", COMPARE) is not None:
        edits = [_with_origins(each, source, target) for each in edits]
    if parameter(request, "all", COMPARE) is not None:
        edits += _state_edits(engine, session, source, target, wanted)
    if not edits and wanted is not EVERYTHING:
        shown = (_matches(engine, session, each, wanted) for each in (source, target))
        if not any(shown):
            return Reply((_NO_MATCHES,))
    names = f"{source.name} (source) and {target.name} (target)"
    told = text_to_xml(f"{source.name}-{target.name}") + b"</patch-id><comment>diff between "
    return Reply((_OPEN, told, text_to_xml(names), b"</comment>", text_of(edits), _CLOSE))


def _side(
    engine: Engine, session: NetconfSession, request: etree._Element, parameter_name: str
) -> Side:
    element = parameter(request, parameter_name, COMPARE)
    if element is None:
        raise missing_element(parameter_name, f"<compare> needs <{parameter_name}>")
    name = nmda_datastore(element)
    root = engine.datastores.root(CANDIDATE if name == CANDIDATE else RUNNING, session)
    return Side(name, engine.access.seen(session, root))


def _at_reference_point(
    engine: Engine, session: NetconfSession, request: etree._Element, source: Side, target: Side
) -> tuple[Side, Side]:
    """Return the sides where the candidate is compared with what it was at an earlier time.

    It takes the place of the other side (draft-ietf-netconf-privcand, ``reference-point``).
    """
    points = ("last-update", "creation-point")
    point = word(request, "reference-point", points, "", PRIVATE_CANDIDATE)
    if not point:
        return source, target
    if CANDIDATE not in (source.name, target.name):
        raise bad_element(
            "reference-point", "<reference-point> is of a comparison with the candidate"
        )
    branch = engine.datastores.branch(session)
    past = branch.created if point == "creation-point" else branch.base
    side = Side(f"candidate at {point}", engine.access.seen(session, past))
    return (source, side) if target.name != CANDIDATE else (side, target)


def _configuration_edits(engine: Engine, source: Side, target: Side, wanted: Wanted) -> list[Edit]:
    schema = engine.schema
    if source.root is target.root:
        return []
    old, new = source.root, target.root
    if wanted.xpath is not None:
        old, new = (_evaluated(engine, root, wanted) for root in (old, new))
    elif wanted.filter is not None and wanted.filter.is_impossible:
        return []
    elif wanted.filter is not None:
        if may_be_reduced(schema.root, wanted.filter):
            old, new = reduced(schema.root, old, new)
        old, new = (pruned(schema.root, root, wanted.filter) for root in (old, new))
    return Differ(Writer(schema), with_sources=True).inside(schema.root, old, new, "")


def _evaluated(engine: Engine, root: Any, wanted: Wanted) -> Any:
    """Return what an XPath that is no lookup selects, as a root."""
    assert wanted.xpath is not None
    expression, namespaces = wanted.xpath.expression, wanted.xpath.namespaces
    read = partial(engine.view.configuration, root, wanted.filter)
    found = evaluated(engine.schema, expression, namespaces, read, engine.evaluation_limits)
    return applied(engine.schema, engine.schema.root.empty, found, "replace")


def _state_edits(
    engine: Engine, session: NetconfSession, source: Side, target: Side, wanted: Wanted
) -> Sequence[Edit]:
    """Return what only operational can hold, where one of the two is operational."""
    if source.is_operational is target.is_operational:
        return ()
    one, other = (source, target) if source.is_operational else (target, source)
    show = partial(_everything, engine, session, one)
    state = wanted.shown(engine, show, Manner(config=False))
    limit = engine.evaluation_limits.octets
    return state_edits(engine.schema, state, other.root, target.is_operational, limit)


def _everything(
    engine: Engine, session: NetconfSession, side: Side, wanted: Any, manner: Manner
) -> Iterable[bytes]:
    sight = engine.access.sight(session)
    return engine.view.everything(side.root, wanted, manner, sight=sight)


def _matches(engine: Engine, session: NetconfSession, side: Side, wanted: Wanted) -> bool:
    """Tell whether a filter selects anything; looked at no further than the first of it."""
    show: Any = partial(engine.view.configuration, side.root)
    if side.is_operational:
        show = partial(_everything, engine, session, side)
    return any(part for part in wanted.shown(engine, show, PLAIN))


def _with_origins(edit: Edit, source: Side, target: Side) -> Edit:
    """Return an edit that tells where what it shows of operational comes from."""
    value, before = edit.value, edit.source
    if target.is_operational and value:
        value = _marked(value)
    if source.is_operational and before:
        before = _marked(before)
    return edit._replace(value=value, source=before)


def _marked(text: str) -> str:
    """Return an element with its origin: all configuration in use is intended."""
    end = min(at for at in (text.find(each) for each in (" ", ">", "/")) if at > 0)
    return text[:end] + _ORIGIN + text[end:]
