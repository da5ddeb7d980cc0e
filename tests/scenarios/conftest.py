"""The fixtures of the end-to-end tests: one server, empty for each scenario."""

from tests.end_to_end.conftest import (
    event_loop_thread,
    gateway,
    session,
    shared_server,
    start_server,
)

__all__ = ["event_loop_thread", "gateway", "session", "shared_server", "start_server"]
