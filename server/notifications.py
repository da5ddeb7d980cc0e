"""What happened, for whoever wants to know; for now, the log."""

import logging
from collections.abc import Mapping
from typing import Any

_log = logging.getLogger(__name__)


def log_event(name: str, content: Mapping[str, Any]) -> None:
    """Write an event of the dataplane to the log."""
    told = ", ".join(f"{key} {value}" for key, value in content.items())
    _log.info("%s: %s", name, told)
