"""The module set as clients see it: capabilities, content of the YANG library, sources."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yang.schema import Module, Schema

LIBRARY_REVISION = "2019-01-04"
DATASTORES = ("running", "candidate", "intended", "operational")
"""What the server has; all of one schema (RFC 8342)."""
OWN_MODULES = Path(__file__).parent / "modules"


class Library:
    """The modules of one schema, and where their sources are."""

    def __init__(self, schema: Schema, directories: Sequence[Path]) -> None:
        self._modules = tuple(schema.modules.values())
        self._directories = tuple(directories)
        self.content_id = _content_id(self._modules)
        """Changes only when the set does (RFC 8525, section 3)."""

    def capabilities(self) -> Iterator[str]:
        """Yield the capabilities that announce the modules (RFC 7950, section 5.6.4)."""
        yield (
            "urn:ietf:params:netconf:capability:yang-library:1.1"
            f"?revision={LIBRARY_REVISION}&content-id={self.content_id}"
        )
        for module in self._modules:
            if module.implemented:
                yield _capability(module)

    def state(self) -> dict[str, Any]:
        """Return the content of ``/yang-library`` (RFC 8525)."""
        implemented = [_implemented(each) for each in self._modules if each.implemented]
        imported = [_imported(each) for each in self._modules if not each.implemented]
        return {
            "module-set": [{"name": "all", "module": implemented, "import-only-module": imported}],
            "schema": [{"name": "all", "module-set": ["all"]}],
            "datastore": [{"name": _datastore(name), "schema": "all"} for name in DATASTORES],
            "content-id": self.content_id,
        }

    def old_state(self) -> dict[str, Any]:
        """Return the content of ``/modules-state``, deprecated but read by old clients."""
        return {
            "module-set-id": self.content_id,
            "module": [_old(each) for each in self._modules],
        }

    def sources(self) -> Iterator[tuple[str, str, str]]:
        """Yield (name, revision, namespace) of every source that can be had."""
        for module in self._modules:
            yield module.name, module.revision, module.namespace
            for name, revision in module.submodules:
                yield name, revision, module.namespace

    def source(self, name: str, revision: str) -> str | None:
        """Return the text of a module or submodule; any revision that is there if none is named."""
        known = {(each, rev) for each, rev, _ in self.sources()}
        if not any(name == each and revision in ("", rev) for each, rev in known):
            return None
        for directory in self._directories:
            for file in sorted(directory.glob(f"**/{name}.yang")) + sorted(
                directory.glob(f"**/{name}@*.yang")
            ):
                return file.read_text()
        return None


def _content_id(modules: Sequence[Module]) -> str:
    told = sorted(
        (m.name, m.revision, m.namespace, m.implemented, m.features, m.deviations, m.submodules)
        for m in modules
    )
    return hashlib.sha256(repr((told, DATASTORES)).encode()).hexdigest()[:16]


def _capability(module: Module) -> str:
    text = f"{module.namespace}?module={module.name}"
    if module.revision:
        text += f"&revision={module.revision}"
    if module.features:
        text += f"&features={','.join(module.features)}"
    if module.deviations:
        text += f"&deviations={','.join(module.deviations)}"
    return text


def _datastore(name: str) -> str:
    return f"ietf-datastores:{name}"


def _implemented(module: Module) -> dict[str, Any]:
    told = _imported(module)
    if not module.revision:
        told.pop("revision", None)
    told["feature"] = list(module.features)
    told["deviation"] = list(module.deviations)
    return told


def _imported(module: Module) -> dict[str, Any]:
    submodules = [
        {"name": name, **({"revision": revision} if revision else {})}
        for name, revision in module.submodules
    ]
    return {
        "name": module.name,
        "revision": module.revision,
        "namespace": module.namespace,
        "submodule": submodules,
    }


def _old(module: Module) -> dict[str, Any]:
    return {
        "name": module.name,
        "revision": module.revision,
        "namespace": module.namespace,
        "feature": list(module.features),
        "deviation": [{"name": name, "revision": ""} for name in module.deviations],
        "conformance-type": "implement" if module.implemented else "import",
    }
