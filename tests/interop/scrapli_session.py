"""A session of the new scrapli, run by the Python of its own environment.

It is told on standard input, a JSON text a line: first how to connect, then each [method,
arguments]. It answers each with [is ok, what came].
"""

import asyncio
import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

# The environment in which types are checked has the old scrapli.
auth = import_module("scrapli.auth")
netconf = import_module("scrapli.netconf")
transport = import_module("scrapli.transport")

TRANSPORTS = {"bin": transport.BinOptions, "ssh2": transport.Ssh2Options}
WORDS = {
    "source": netconf.DatastoreType,
    "target": netconf.DatastoreType,
    "filter_type": netconf.FilterType,
    "defaults_type": netconf.DefaultsType,
    "config_filter": netconf.ConfigFilter,
    "default_operation": netconf.DefaultOperation,
    "test_option": netconf.TestOption,
    "error_option": netconf.ErrorOption,
}


def answer(method: Callable[..., Any], arguments: dict[str, Any]) -> tuple[bool, Any]:
    """Call a method; tell whether it went well, and what it gave."""
    words = {name: WORDS[name](value) for name, value in arguments.items() if name in WORDS}
    try:
        found = method(**(arguments | words))
        if asyncio.iscoroutine(found):
            found = LOOP.run_until_complete(found)
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"
    if isinstance(found, netconf.Result):
        return not found.failed, found.result
    return True, found


LOOP = asyncio.new_event_loop()


def main() -> None:
    """Serve the session until the end of the input."""
    port, kind, logins = json.loads(sys.stdin.readline())
    client = netconf.Netconf(
        "127.0.0.1",
        port=port,
        auth_options=auth.Options(**logins),
        transport_options=TRANSPORTS[kind](),
    )
    for line in sys.stdin:
        name, arguments = json.loads(line)
        found = getattr(client, name)
        said = answer(found, arguments) if callable(found) else (True, found)
        print(json.dumps(said), flush=True)


main()
