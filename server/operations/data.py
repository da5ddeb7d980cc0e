"""The ``<data>`` of a reply."""

from collections.abc import Iterable
from itertools import chain

from server.service import Reply

OPEN, CLOSE = b"<data>", b"</data>"


def reply_with_data(parts: Iterable[bytes], opening: bytes = OPEN) -> Reply:
    """Return the reply whose ``<data>`` holds these parts; they are made while it is sent."""
    return Reply(chain((opening,), parts, (CLOSE,)))
