"""``python -m yang.pyang_plugin SET.toml``: compile a set of modules into a bindings module."""

import argparse
import sys
from pathlib import Path

from yang.pyang_plugin.compile import CompileError, ModuleSet, compile_set


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m yang.pyang_plugin",
        description="Compile a set of YANG modules into Python bindings for the server.",
        epilog="docs/bindings.md tells what a set file holds.",
    )
    parser.add_argument("set", type=Path, metavar="SET.toml", help="the file that names the set")
    parser.add_argument("-o", "--output", type=Path, help="the file to write instead of the set's")
    arguments = parser.parse_args()
    try:
        modules = ModuleSet.read(arguments.set)
        text = compile_set(modules, sys.stderr)
    except CompileError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    output = arguments.output or modules.output
    output.write_text(text)
    print(f"wrote {output}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
