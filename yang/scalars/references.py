"""The types that name something else: identityref, leafref, instance-identifier (RFC 7950, 9.9-13).

A name in XML has a prefix bound by the element it stands in; a value holds module names instead.
"""

from collections.abc import Callable, Mapping

from . import paths
from .names import listed
from .values import (
    Identity,
    InstancePath,
    InvalidValue,
    Namespaces,
    ScalarType,
    Value,
    canonical,
    quote,
    text_of_json,
)

Prefixes = Mapping[str, tuple[str, str]]  # module -> prefix, namespace


class IdentityRef:
    """identityref: one of ``identities`` (``module:name``); ``namespaces`` gives modules."""

    __slots__ = ("_by_name", "_identities", "parse")
    name = "identityref"
    contextual = True
    plain = False

    def __init__(self, identities: tuple[str, ...], namespaces: Mapping[str, str]) -> None:
        self._identities = {identity: Identity(identity) for identity in identities}
        of_module = {module: namespace for namespace, module in namespaces.items()}
        self._by_name: dict[tuple[str | None, str], Identity] = {}
        for identity in self._identities.values():
            module, _, name = identity.partition(":")
            self._by_name[of_module[module], name] = identity
        self.parse: Callable[[str], Identity] = self._parse

    def parse_in(self, text: str, namespaces: Namespaces) -> Identity:
        """Give the identity of a qualified name; without a prefix the default namespace holds."""
        prefix, colon, name = text.rpartition(":")
        key = namespaces.get(prefix if colon else None), name
        try:
            return self._by_name[key]
        except KeyError:
            raise self._refusal(text) from None

    def from_json(self, value: object) -> Identity:
        """Give the value of a JSON string, module name included."""
        return self._parse(text_of_json(value))

    def _parse(self, text: str) -> Identity:
        try:
            return self._identities[text]
        except KeyError:
            raise self._refusal(text) from None

    def _refusal(self, text: str) -> InvalidValue:
        known = listed(self._identities) or "none"
        return InvalidValue(f"{quote(text)} is not one of the identities {known} (module:name)")


class InstanceIdentifier:
    """instance-identifier: the grammar and the prefixes; that nodes exist is checked elsewhere."""

    __slots__ = ("_modules", "namespaces", "parse", "require_instance")
    name = "instance-identifier"
    contextual = True
    plain = False

    def __init__(self, require_instance: bool, namespaces: Mapping[str, str]) -> None:
        self.require_instance = require_instance
        self.namespaces = namespaces
        self._modules = frozenset(namespaces.values())
        self.parse: Callable[[str], InstancePath] = self._parse

    def parse_in(self, text: str, namespaces: Namespaces) -> InstancePath:
        """Give the path of XML text, where every name must have a prefix (section 9.13.2)."""

        def resolve(prefix: str | None, parent: str | None) -> str:
            namespace = namespaces.get(prefix) if prefix else None
            module = self.namespaces.get(namespace) if namespace else None
            if module is None:
                raise InvalidValue(f"{quote(text)} has a name without the prefix of a module")
            return module

        return InstancePath(paths.rewrite(text.strip(" \t\r\n"), resolve, paths.briefly))

    def from_json(self, value: object) -> InstancePath:
        """Give the value of a JSON string (RFC 7951, section 6.11)."""
        return self._parse(text_of_json(value))

    def _parse(self, text: str) -> InstancePath:
        return InstancePath(paths.rewrite(text, self._known, paths.briefly))

    def _known(self, prefix: str | None, parent: str | None) -> str:
        module = paths.in_modules(prefix, parent)
        if prefix and module not in self._modules:
            raise InvalidValue(f"{quote(module)} is not a module here")
        return module


class NodeInstanceIdentifier(InstanceIdentifier):
    """``nacm:node-instance-identifier``: keys may be missing; ``/`` is everything (RFC 8341)."""

    __slots__ = ()
    name = "string"

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__(False, namespaces)

    def parse_in(self, text: str, namespaces: Namespaces) -> InstancePath:
        """Give the path of XML text, where every name must have a prefix."""
        return _EVERYTHING if _is_everything(text) else super().parse_in(text, namespaces)

    def _parse(self, text: str) -> InstancePath:
        return _EVERYTHING if _is_everything(text) else super()._parse(text)


_EVERYTHING = InstancePath("/")


def _is_everything(text: str) -> bool:
    return text.strip(" \t\r\n") == "/"


class LeafRef:
    """leafref: the target's values; that one of them exists is checked elsewhere."""

    __slots__ = ("contextual", "parse", "plain", "target")
    name = "leafref"

    def __init__(self, target: ScalarType) -> None:
        self.target = target
        self.contextual = target.contextual
        self.plain = target.plain
        self.parse: Callable[[str], Value] = target.parse

    def parse_in(self, text: str, namespaces: Namespaces) -> Value:
        """Give the target's value."""
        return self.target.parse_in(text, namespaces)

    def from_json(self, value: object) -> Value:
        """Give the target's value."""
        return self.target.from_json(value)


def xml_text(value: Value, prefixes: Prefixes) -> tuple[str, dict[str, str]]:
    """Give the XML text and the namespaces, by prefix, that it needs in scope."""
    declarations: dict[str, str] = {}

    def qualified(module: str, name: str, parent: str | None) -> str:
        prefix, namespace = prefixes[module]
        declarations[prefix] = namespace
        return f"{prefix}:{name}"

    if isinstance(value, Identity):
        module, _, name = value.partition(":")
        return qualified(module, name, None), declarations
    if isinstance(value, InstancePath) and value != _EVERYTHING:
        return paths.rewrite(value, paths.in_modules, qualified), declarations
    return canonical(value), declarations
