"""How pyang finds the plugin: ``pyang -f yang-bindings``."""

import optparse
import sys
from typing import Any, TextIO

from pyang import error, plugin

from yang.pyang_plugin.build import build
from yang.pyang_plugin.constraints import report
from yang.pyang_plugin.emit import Emitter
from yang.pyang_plugin.refusal import CannotGenerate


def pyang_plugin_init() -> None:
    """Register the plugin (called by pyang)."""
    plugin.register_plugin(BindingsPlugin("yang-bindings"))


class BindingsPlugin(plugin.PyangPlugin):  # type: ignore[misc]
    """The output format ``yang-bindings``."""

    def add_output_format(self, fmts: dict[str, Any]) -> None:
        """Offer the format."""
        self.multiple_modules = True
        fmts["yang-bindings"] = self

    def add_opts(self, optparser: Any) -> None:
        """Offer the plugin's options."""
        group = optparser.add_option_group(optparse.OptionGroup(optparser, "Bindings"))
        group.add_option(
            "--yang-bindings-no-fallback",
            dest="bindings_no_fallback",
            metavar="MODULES",
            default="",
            help="Fail if a constraint of one of these modules needs the fall-back.",
        )

    def setup_ctx(self, ctx: Any) -> None:
        """Let implicit errors be errors."""

    def setup_fmt(self, ctx: Any) -> None:
        """Prepare pyang for the format."""
        ctx.implicit_errors = False

    def emit(self, ctx: Any, modules: list[Any], fd: TextIO) -> None:
        """Write the bindings of these modules."""
        strict = set(filter(None, ctx.opts.bindings_no_fallback.split(",")))
        try:
            fd.write(generate(ctx, modules, strict, sys.stderr))
        except CannotGenerate as reason:
            raise error.EmitError(str(reason)) from None


def generate(context: Any, modules: list[Any], strict: set[str], log: TextIO) -> str:
    """Return the bindings of validated modules; tell in ``log`` how constraints are checked.

    ``strict`` names modules none of whose constraints may need the fall-back.
    """
    emitter = Emitter(build(context, modules))
    text = emitter.text()
    for line in report(emitter.constraints.found):
        print(line, file=log)
    slow = [
        each
        for each in emitter.constraints.found
        if each.how == "fallback" and each.node.module_name in strict
    ]
    if slow:
        raise SystemExit(
            f"{len(slow)} constraints of {', '.join(sorted(strict))} would be checked by walking "
            "the datastore; write them so that they read one entry or compare with equality"
        )
    return text
