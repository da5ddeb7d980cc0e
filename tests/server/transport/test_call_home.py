"""How often a client that does not answer is called, and how endpoints are written."""

from pathlib import Path

import pytest

from server.call_home_settings import Endpoint, read_call_home
from server.settings import Limits
from server.tls_settings import TlsSettings
from server.toml_table import Table
from server.transport.call_home import Backoff


def test_attempts_are_twice_as_far_apart_each_time_up_to_the_limit() -> None:
    limits = Limits(call_home_retry_min=1.0, call_home_retry_max=5.0)
    backoff = Backoff(limits, chance=lambda: 0.0)
    assert [backoff.delay() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    backoff.reset()
    assert backoff.delay() == 1.0


def test_up_to_half_of_a_delay_is_taken_off_by_chance() -> None:
    backoff = Backoff(Limits(call_home_retry_min=8.0), chance=lambda: 1.0)
    assert backoff.delay() == 4.0


@pytest.mark.parametrize(
    ("text", "transport", "endpoint"),
    [
        ("192.0.2.1", "ssh", Endpoint("192.0.2.1", 4334)),
        ("controller.example.net", "tls", Endpoint("controller.example.net", 4335)),
        ("controller:4400", "ssh", Endpoint("controller", 4400)),
        ("2001:db8::1", "ssh", Endpoint("2001:db8::1", 4334)),
        ("[2001:db8::1]", "tls", Endpoint("2001:db8::1", 4335)),
        ("[2001:db8::1]:4400", "tls", Endpoint("2001:db8::1", 4400)),
    ],
)
def test_endpoints_have_the_port_of_the_rfc_unless_told(
    text: str, transport: str, endpoint: Endpoint
) -> None:
    table = Table(Path("s.toml"), "call_home 1", {"transport": transport, "endpoints": [text]})
    (read,) = read_call_home([table], TlsSettings(certificate=Path("server.crt")))
    assert (read.name, read.endpoints) == (text, (endpoint,))
