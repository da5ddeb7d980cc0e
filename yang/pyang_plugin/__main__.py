"""``python -m yang.pyang_plugin``: compile a set of modules into a bindings module."""

import argparse
import sys
from pathlib import Path
from typing import Any

from yang.pyang_plugin.compile import CompileError, compile_set


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m yang.pyang_plugin",
        description="Compile YANG modules into Python bindings for the server.",
    )
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="module names or files")
    parser.add_argument("-p", "--path", action="append", default=[], help="where modules are")
    parser.add_argument(
        "-F",
        "--features",
        action="append",
        default=[],
        metavar="MODULE:FEATURE,...",
        help="the features of a module that are supported; without it, all of them",
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--no-fallback",
        default="",
        metavar="MODULE,...",
        help="fail if a constraint of these modules would have to walk the datastore",
    )
    arguments = parser.parse_args()
    return _run(arguments)


def _run(arguments: Any) -> int:
    try:
        text = compile_set(
            arguments.modules,
            [Path(path) for path in arguments.path],
            dict(_feature(text) for text in arguments.features),
            set(filter(None, arguments.no_fallback.split(","))),
            sys.stderr,
        )
    except CompileError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    arguments.output.write_text(text)
    return 0


def _feature(text: str) -> tuple[str, list[str]]:
    module, _, features = text.partition(":")
    return module, [feature for feature in features.split(",") if feature]


if __name__ == "__main__":
    sys.exit(main())
