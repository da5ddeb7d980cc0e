"""Whether an event passes an XPath filter (RFC 5277, section 5.2).

The law: the expression is evaluated on the event alone, whose notification is the child of the
root; what cannot be evaluated, or would cost too much, lets nothing through.
"""

import logging
from collections.abc import Mapping

from server.errors import RpcError, invalid_value
from server.events.event import Event
from server.events.subscription import Takes
from server.xpath.evaluation import EvaluationLimits, evaluated
from server.xpath.expressions import SELF, Call, KindTest, Path, Step
from server.xpath.parser import BadXPath, parse
from yang.schema import Schema

_log = logging.getLogger(__name__)


def selecting(
    schema: Schema,
    text: str,
    namespaces: Mapping[str | None, str],
    limits: EvaluationLimits,
    any_value: bool = False,
) -> Takes:
    """Return what takes the events of which the XPath selects anything; raises RpcError.

    ``namespaces`` are the prefixes in scope. With ``any_value`` the expression may give something
    else than nodes, and takes the events for which it is true (RFC 8639, stream-xpath-filter).
    """
    try:
        expression = parse(text, dict(namespaces))
        if any_value:
            condition = Call("boolean", (expression,))
            expression = Path(True, (Step(SELF, KindTest("node"), (condition,)),))
    except BadXPath as error:
        raise invalid_value(str(error)) from None

    def selects_of(body: bytes) -> bool:
        parts = (body,)
        tree = evaluated(schema, expression, namespaces, lambda manner: parts, limits)
        return len(tree) > 0

    def takes(event: Event) -> bool:
        try:
            return selects_of(event.body)
        except RpcError as error:
            _log.warning("an XPath filter passes over event %d: %s", event.number, error.message)
            return False

    selects_of(b"")  # An expression that gives no set of nodes is refused now.
    return takes
