"""The state of RFC 8639: the streams, and the subscriptions that exist."""

from collections.abc import Callable, Mapping
from typing import Any

from server.events.stream import DESCRIPTION, NETCONF, EventStream
from server.subscriptions.faults import SN
from server.subscriptions.registry import Subscriptions
from server.subscriptions.terms import time_text
from yang.scalars import EMPTY


def subscription_states(
    stream: EventStream, subscriptions: Subscriptions
) -> Mapping[str, Callable[[], Any]]:
    """Return the state by the schema path of the node that it fills."""
    return {
        f"/{SN}:streams": lambda: {"stream": [_stream(stream)]},
        f"/{SN}:subscriptions": subscriptions.states,
    }


def _stream(stream: EventStream) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": NETCONF,
        "description": DESCRIPTION,
        "replay-support": EMPTY,
        "replay-log-creation-time": time_text(stream.created),
    }
    if stream.aged is not None:
        told["replay-log-aged-time"] = time_text(stream.aged)
    return told
