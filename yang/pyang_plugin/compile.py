"""Compiles a module set in process: what the command line and the freshness test call."""

import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

from pyang import context as pyang_context
from pyang import error, repository

from yang.pyang_plugin.entry import generate
from yang.pyang_plugin.refusal import CannotGenerate


class CompileError(Exception):
    """The modules are not right, or hold what no binding can be made for."""


@dataclass(frozen=True)
class ModuleSet:
    """What a set file says: which modules, where they are, which features are supported."""

    modules: tuple[str, ...]
    path: tuple[Path, ...]
    output: Path
    features: Mapping[str, Sequence[str]] = field(default_factory=dict)
    no_fallback: frozenset[str] = frozenset()

    @classmethod
    def read(cls, file: Path) -> "ModuleSet":
        """Read a set file; its paths are relative to it.

        ``base`` names another set file of the same directory, whose keys hold where this one has
        none; ``leave-out`` lists modules of it that this set does not have.
        """
        try:
            table = tomllib.loads(file.read_text())
            if "base" in table:
                below = tomllib.loads((file.parent / table["base"]).read_text())
                features = {**below.get("features", {}), **table.get("features", {})}
                table = {**below, **table, "features": features}
            less = set(table.get("leave-out", ()))
            return cls(
                tuple(module for module in table["modules"] if module not in less),
                tuple(file.parent / each for each in table.get("path", ["."])),
                file.parent / table["output"],
                {module: tuple(names) for module, names in table.get("features", {}).items()},
                frozenset(table.get("no-fallback", ())),
            )
        except OSError as error:
            raise CompileError(f"cannot read {file}: {error.strerror}") from None
        except tomllib.TOMLDecodeError as error:
            raise CompileError(f"{file}: {error}") from None
        except KeyError as error:
            raise CompileError(f"{file}: the key {error} is missing") from None


def compile_set(wanted: ModuleSet, log: TextIO) -> str:
    """Return the text of the bindings of a set; tell in ``log`` how constraints are checked."""
    context = _context(wanted.path, wanted.features)
    modules = [_load(context, name) for name in wanted.modules]
    context.deviation_modules = [module for module in modules if module.search("deviation")]
    context.validate()
    for module in list(context.modules.values()):
        module.prune()
    _refuse_errors(context, set(wanted.modules))
    try:
        return generate(context, modules, set(wanted.no_fallback), log)
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


def _refuse_errors(context: Any, implemented: Set[str] | None = None) -> None:
    found = [
        f"{position}: {error.err_to_str(tag, arguments)}"
        for position, tag, arguments in context.errors
        if error.is_error(error.err_level(tag))
        # What a module that is only imported augments need not be there: it augments nothing
        # (RFC 7950, section 5.6.5).
        and not (
            tag == "NODE_NOT_FOUND"
            and implemented is not None
            and position.top.arg not in implemented
        )
    ]
    if found:
        raise CompileError("\n".join(found))
