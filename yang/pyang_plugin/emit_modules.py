"""The modules of a set -> text of a bindings module."""

from collections.abc import Iterator
from typing import Any

from yang.pyang_plugin.build import submodules_of
from yang.pyang_plugin.features import supported_features
from yang.pyang_plugin.model import Model


def module_lines(model: Model, names: dict[str, str]) -> Iterator[str]:
    """Yield the modules of a set; put the name of each constant into ``names``."""
    yield "NAMESPACES = {"
    for module in model.modules:
        yield f"    {module.search_one('namespace').arg!r}: {module.arg!r},"
    yield "}"
    implemented = set(model.implemented)
    deviations = _deviations(model.context, model.modules)
    for number, module in enumerate(model.modules):
        name = f"_M{number}"
        names[module.arg] = name
        revision = module.i_latest_revision or ""
        features = supported_features(module, model.context)
        submodules = tuple(
            (each.arg, each.i_latest_revision or "")
            for each in submodules_of(model.context, module)
        )
        yield (
            f"{name} = s.Module({module.arg!r}, {module.search_one('namespace').arg!r}, "
            f"{module.search_one('prefix').arg!r}, {revision!r}, {module in implemented}, "
            f"{features!r}, {deviations.get(module.arg, ())!r}, {submodules!r})"
        )


def _deviations(context: Any, modules: list[Any]) -> dict[str, tuple[str, ...]]:
    """Return which modules deviate from each module."""
    found: dict[str, tuple[str, ...]] = {}
    for module in modules:
        for source in (module, *submodules_of(context, module)):
            for deviation in source.search("deviation"):
                target = getattr(deviation, "i_target_node", None)
                name = _first_module(deviation, source) if target is None else target.i_module.arg
                if module.arg not in found.get(name, ()):
                    found[name] = (*found.get(name, ()), module.arg)
    return found


def _first_module(deviation: Any, module: Any) -> str:
    prefix = deviation.arg.split("/")[1].partition(":")[0]
    name, _ = module.i_prefixes[prefix]
    return str(name)
