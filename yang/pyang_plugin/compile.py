"""Compiles a module set in process: what the command line and the freshness test call."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

from pyang import context as pyang_context
from pyang import error, repository

from yang.pyang_plugin.entry import generate
from yang.pyang_plugin.refusal import CannotGenerate


class CompileError(Exception):
    """The modules are not right, or hold what no binding can be made for."""


def compile_set(
    names: Sequence[str],
    path: Sequence[Path],
    features: Mapping[str, Sequence[str]],
    strict: set[str],
    log: TextIO,
) -> str:
    """Return the text of the bindings module of these modules (names, or files)."""
    context = _context(path, features)
    modules = [_load(context, name) for name in names]
    context.deviation_modules = [module for module in modules if module.search("deviation")]
    context.validate()
    for module in list(context.modules.values()):
        module.prune()
    _refuse_errors(context)
    try:
        return generate(context, modules, strict, log)
    except CannotGenerate as reason:
        raise CompileError(str(reason)) from None


def _context(path: Sequence[Path], features: Mapping[str, Sequence[str]]) -> Any:
    where = ":".join(str(each) for each in path) or "."
    context = pyang_context.Context(repository.FileRepository(where, use_env=False))
    context.opts = SimpleNamespace(
        features=[],
        exclude_features=[],
        deviations=[],
        max_line_length=None,
        max_identifier_length=None,
        strict=True,
        verbose=False,
        canonical=False,
    )
    context.strict = True
    context.features.update({module: list(names) for module, names in features.items()})
    return context


def _load(context: Any, name: str) -> Any:
    if name.endswith(".yang"):
        file = Path(name)
        module = context.add_module(name, file.read_text())
    else:
        module = context.search_module(error.Position("the command line"), name)
    if module is None:
        _refuse_errors(context)
        raise CompileError(f"the module {name} was not found on the path")
    return module


def _refuse_errors(context: Any) -> None:
    found = [
        f"{position}: {error.err_to_str(tag, arguments)}"
        for position, tag, arguments in context.errors
        if error.is_error(error.err_level(tag))
    ]
    if found:
        raise CompileError("\n".join(found))
