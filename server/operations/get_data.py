"""``<get-data>`` (RFC 8526, section 3.1.1): any datastore, with origins, as deep as wanted.

Running is intended here: nothing expands or disables configuration. Operational is running as it
is in use, defaults included, with the state of the server and the dataplane.
"""

from functools import partial

from lxml import etree

from server.datastore.datastores import CANDIDATE, RUNNING
from server.datastore.defaults import Mode
from server.datastore.filter import Filter
from server.datastore.manner import Manner, OriginFilter
from server.errors import bad_element, invalid_value, missing_element, unknown_element
from server.namespaces import NMDA, ORIGIN, WITH_DEFAULTS
from server.operations.data import reply_with_data
from server.operations.engine import Engine
from server.operations.etags import source_of
from server.operations.filters import EVERYTHING, Wanted, by_xpath
from server.operations.manners import PARAMETER, mode_of
from server.operations.pagination import further, paged
from server.operations.parameters import (
    nmda_datastore,
    parameter,
    refuse_others,
    refuse_text,
    word,
)
from server.service import Reply
from server.sessions import NetconfSession

OPERATIONAL = "operational"
CAPABILITY = "urn:ietf:params:netconf:capability:with-operational-defaults:1.0"
ORIGINS = ("intended", "dynamic", "system", "learned", "default", "unknown", "origin")
MOST_LEVELS = 65_535

_OPEN = b'<data xmlns="%s">' % NMDA.encode()
_PARAMETERS = (
    "datastore",
    "subtree-filter",
    "xpath-filter",
    "config-filter",
    "origin-filter",
    "negated-origin-filter",
    "max-depth",
    "with-origin",
    "with-defaults",
)


def get_data(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Return data of a datastore, filtered."""
    refuse_others(request, *_PARAMETERS, further=(PARAMETER, *further(engine)))
    name = datastore_of(request)
    wanted = wanted_of(engine, request)
    manner = _manner(request, name)
    if name != OPERATIONAL and manner.config is False:
        return reply_with_data((), _OPEN)  # There is nothing but configuration.
    if name == OPERATIONAL:  # Etags are of configuration (draft-ietf-netconf-transaction-id, 1).
        root, shows, opening = engine.datastores.root(RUNNING), engine.view.everything, _OPEN
    else:
        of = CANDIDATE if name == CANDIDATE else RUNNING
        source = source_of(engine, session, request, of, manner, _OPEN)
        if source.is_match:
            return Reply((source.opening,))
        root, shows, opening = source.root, engine.view.configuration, source.opening
        manner = source.manner
    page = paged(engine, session, request, wanted, root, manner)
    show = partial(shows, page.root, sight=page.sight)
    return reply_with_data(wanted.shown(engine, show, page.manner), opening)


def datastore_of(request: etree._Element) -> str:
    """Return the datastore that ``<datastore>`` names."""
    element = parameter(request, "datastore", NMDA)
    if element is None:
        raise missing_element("datastore", "<get-data> needs <datastore>, such as ds:operational")
    return nmda_datastore(element)


def wanted_of(engine: Engine, request: etree._Element) -> Wanted:
    """Return what the filter of a request wants."""
    return filters_of(engine, request, NMDA)


def filters_of(engine: Engine, request: etree._Element, namespace: str) -> Wanted:
    """Return what the one of two filters wants that an operation takes."""
    subtree = parameter(request, "subtree-filter", namespace)
    xpath = parameter(request, "xpath-filter", namespace)
    if subtree is not None and xpath is not None:
        raise bad_element("xpath-filter", "<subtree-filter> and <xpath-filter> exclude each other")
    if subtree is not None:
        refuse_text(subtree, "; an XPath goes into <xpath-filter>")
        return Wanted(Filter.compile(engine.schema.root, subtree))
    if xpath is not None:
        return by_xpath(engine, xpath.text or "", xpath.nsmap)
    return EVERYTHING


def _manner(request: etree._Element, name: str) -> Manner:
    is_operational = name == OPERATIONAL
    origins = _origins(request)
    with_origin = parameter(request, "with-origin", NMDA) is not None
    if with_origin and not is_operational:
        raise invalid_value(f"<with-origin> is for the operational datastore, not {name}")
    if origins is not None and not is_operational:
        told = "negated-origin-filter" if origins.negated else "origin-filter"
        raise unknown_element(told, f"<{told}> is for the operational datastore, not {name}")
    return Manner(
        defaults=_mode(request, Mode.REPORT_ALL if is_operational else Mode.EXPLICIT),
        config=_config_filter(request),
        origins=origins,
        with_origin=with_origin,
        depth=_depth(request),
    )


def _mode(request: etree._Element, otherwise: Mode) -> Mode:
    # The grouping puts the parameter into the module that uses it; clients know it by its own.
    foreign = any(child.tag == PARAMETER for child in request)
    return mode_of(request, otherwise, WITH_DEFAULTS if foreign else NMDA)


def _config_filter(request: etree._Element) -> bool | None:
    text = word(request, "config-filter", ("true", "false"), "", NMDA)
    return None if not text else text == "true"


def _depth(request: etree._Element) -> int | None:
    element = parameter(request, "max-depth", NMDA)
    text = "unbounded" if element is None else (element.text or "").strip()
    if text == "unbounded":
        return None
    # Python refuses to read numbers of thousands of digits.
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if not 1 <= len(digits) <= len(str(MOST_LEVELS)) or int(digits) > MOST_LEVELS:
        raise invalid_value(f"<max-depth> is {text[:40]!r}, not 1 to {MOST_LEVELS:,} or unbounded")
    return int(digits)


def _origins(request: etree._Element) -> OriginFilter | None:
    found = {
        name: [child for child in request if child.tag in (f"{{{NMDA}}}{name}", name)]
        for name in ("origin-filter", "negated-origin-filter")
    }
    wanted, unwanted = found.values()
    if wanted and unwanted:
        raise bad_element(
            "negated-origin-filter",
            "<origin-filter> and <negated-origin-filter> exclude each other",
        )
    if not (wanted or unwanted):
        return None
    return OriginFilter(tuple(_origin(each) for each in wanted or unwanted), bool(unwanted))


def _origin(element: etree._Element) -> str:
    text = (element.text or "").strip()
    prefix, _, name = text.rpartition(":")
    if element.nsmap.get(prefix or None) != ORIGIN or name not in ORIGINS:
        raise invalid_value(
            f"{text!r} is no origin; there are {', '.join(f'or:{each}' for each in ORIGINS)},"
            f' where xmlns:or="{ORIGIN}"'
        )
    return f"ietf-origin:{name}"
