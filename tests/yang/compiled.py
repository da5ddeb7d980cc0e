"""Bindings compiled while the tests run."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from yang.pyang_plugin.compile import ModuleSet, compile_set

MODULES = Path(__file__).parent / "modules"
STANDARD = Path(__file__).parents[2] / "yang" / "modules" / "ietf"


def bindings(
    modules: Sequence[str],
    path: Sequence[Path] = (MODULES, STANDARD),
    features: Mapping[str, Sequence[str]] | None = None,
) -> tuple[ModuleType, str]:
    """Return the bindings of a set of modules and how its constraints are checked."""
    log = io.StringIO()
    wanted = ModuleSet(tuple(modules), tuple(path), Path(), features or {})
    text = compile_set(wanted, log)
    module = ModuleType("bindings_of_a_test")
    exec(compile(text, "<bindings>", "exec"), module.__dict__)
    return module, log.getvalue()


@cache
def broad() -> tuple[ModuleType, str]:
    """Return the bindings of the broad test modules."""
    return bindings(BROAD)


BROAD = ("broad", "broad-extra")


def module_of(text: str, where: Path, name: str = "t") -> ModuleType:
    """Return the bindings of a module whose body this is; its prefix is its name."""
    header = f'module {name} {{ yang-version 1.1; namespace "urn:{name}"; prefix {name};\n'
    (where / f"{name}.yang").write_text(header + text + "\n}\n")
    return bindings([name], (where, MODULES, STANDARD))[0]
