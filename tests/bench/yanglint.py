"""Parse and validate the document of N policies: ours against yanglint, CPU seconds.

    python -m tests.bench.yanglint [N]          default 10000

yanglint comes with Debian's libyang2-tools. Both read the same file, with the same module.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import read_configuration
from server.validation.validator import Validator
from tests.bench.policies import gateway, policies
from yang.bindings.gateway import SCHEMA
from yang.library import OWN_MODULES

RUNS = 3


def ours(text: str) -> float:
    """Return the CPU seconds of parsing and validating."""
    validator = Validator(SCHEMA)
    empty = validator.empty()
    begin = time.process_time()
    root = read_configuration(
        SCHEMA, SCHEMA.root.empty, etree.fromstring(f"<config>{text}</config>")
    )
    _, violations = validator.advance(empty, root, changes_between(SCHEMA, empty.root, root))
    took = time.process_time() - begin
    if violations:
        raise AssertionError("the document is not valid")
    return took


def theirs(file: Path) -> float:
    """Return the CPU seconds of yanglint on the file."""
    paths = [
        argument for each in ("ietf", "ipsec-qos") for argument in ("-p", str(OWN_MODULES / each))
    ]
    module = str(OWN_MODULES / "ipsec-qos" / "ipsec-qos.yang")
    begin = os.times()
    subprocess.run(["yanglint", *paths, "-t", "config", module, str(file)], check=True)
    end = os.times()
    return end.children_user + end.children_system - begin.children_user - begin.children_system


def main() -> None:
    """Print both and their ratio, for two documents."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    compare("policies only", policies(range(count)), RUNS)
    compare("groups, templates, bindings", gateway(count), 1)


def compare(what: str, text: str, runs: int) -> None:
    """Print the CPU seconds of both on one document."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "policies.xml"
        file.write_text(text)
        mine = min(ours(text) for _ in range(RUNS))
        other = min(theirs(file) for _ in range(runs))
    print(f"{what}: ours {mine:.3f} s, yanglint {other:.3f} s, ratio {mine / other:.3f}")


if __name__ == "__main__":
    main()
