"""Type statements -> the text of a constructor of ``yang.scalars`` (RFC 7950, section 9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyang import statements

from yang import scalars
from yang.pyang_plugin.features import is_supported
from yang.pyang_plugin.identities import Identities, qualified
from yang.pyang_plugin.model import Node
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.restrictions import (
    LONGEST,
    has_restrictions,
    message_text,
    restricted,
    string_text,
)
from yang.scalars import (
    CANONICAL_TYPEDEFS,
    InvalidValue,
    ScalarType,
    Value,
    canonical,
    parse_default,
)

INTEGERS = {
    f"{sign}int{bits}": ((0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
    for bits in (8, 16, 32, 64)
    for sign in ("u", "")
}

# A string to YANG, whose description gives its prefixes a meaning (RFC 8341, section 3.5.2).
NODE_INSTANCE_IDENTIFIER = "ietf-netconf-acm:node-instance-identifier"


@dataclass(frozen=True)
class Scalar:
    """A type as text: its constructor, its Python annotation, and how XPath compares it.

    ``basis`` is int, str, bool, or ``other`` for what compares by canonical text only.
    """

    text: str
    annotation: str
    basis: str


class Types:
    """Translates the type statements of one set."""

    def __init__(self, context: Any, modules: list[Any]) -> None:
        self._context = context
        self.identities = Identities(context, modules)
        self.modules = {
            module.search_one("namespace").arg: module.arg
            for module in modules
            if module.search_one("namespace")
        }

    def of(self, node: Node) -> Scalar:
        """Return the type of a leaf or leaf-list."""
        return self.scalar(node.statement.search_one("type"), node.statement)

    def scalar(self, statement: Any, owner: Any) -> Scalar:
        """Return the text of a type statement; ``owner`` is the leaf whose type it is.

        The path of a leafref in a typedef leads elsewhere from every leaf.
        """
        chain = list(_chain(statement))
        name = chain[-1].arg
        special = _canonical_typedef(chain)
        if special is not None:
            return self._canonical(*special)
        if any(_typedef_name(each) == NODE_INSTANCE_IDENTIFIER for each in chain):
            return Scalar("t.NodeInstanceIdentifier(NAMESPACES)", "t.InstancePath", "other")
        if name in INTEGERS:
            return self._integer(name, chain)
        if name == "union":
            return self._union(chain, owner)
        if name == "leafref":
            return self._leafref(chain, owner)
        make = {
            "string": self._string,
            "boolean": lambda _: Scalar("t.Boolean()", "bool", "bool"),
            "empty": lambda _: Scalar("t.EmptyType()", "t.Empty", "other"),
            "enumeration": self._enumeration,
            "bits": self._bits,
            "binary": self._binary,
            "decimal64": self._decimal,
            "identityref": self._identityref,
            "instance-identifier": self._instance_identifier,
        }.get(name)
        if make is None:
            raise CannotGenerate(statement, f"the type {name} is not known")
        return make(chain)

    # ---- defaults

    def default_text(self, node: Node, default: Any) -> str:
        """Return the canonical text of a default statement's value."""
        return canonical(self._default(node, default))

    def default_literal(self, node: Node) -> str | None:
        """Return the Python literal of a leaf's default; ``None`` where there is no literal."""
        value = self._default(node, default_of(node))
        if isinstance(value, scalars.Identity):
            return repr(str(value))
        return repr(value) if type(value) in (int, str, bool) else None

    def _default(self, node: Node, default: Any) -> Value:
        scalar = self.made(self.of(node))
        module = default.i_orig_module
        try:
            if not scalar.contextual:
                return parse_default(scalar, str(default.arg))
            prefixes: dict[str | None, str] = {None: self._namespace(module.i_modulename)}
            prefixes |= {p: self._namespace(name) for p, (name, _) in module.i_prefixes.items()}
            return scalar.parse_in(str(default.arg), prefixes)
        except InvalidValue as reason:
            raise CannotGenerate(default, f"the type refuses it: {reason}") from None

    def made(self, scalar: Scalar) -> ScalarType:
        """Return the type itself."""
        names = {"t": scalars, "Decimal": Decimal, "NAMESPACES": self.modules}
        return eval(scalar.text, names)  # type: ignore[no-any-return]

    def _namespace(self, module: str) -> str:
        return next((ns for ns, name in self.modules.items() if name == module), "")

    # ---- one method for each built-in type

    def _integer(self, name: str, chain: list[Any]) -> Scalar:
        low, high = INTEGERS[name]
        ranges = restricted("range", chain, ((low, high),), int)
        message = message_text("range", chain)
        return Scalar(f"t.Integer({name!r}, {ranges!r}{message})", "int", "int")

    def _decimal(self, chain: list[Any]) -> Scalar:
        digits = int(next(t.search_one("fraction-digits").arg for t in reversed(chain)))
        low, high = (Decimal(bound).scaleb(-digits) for bound in (-(2**63), 2**63 - 1))
        ranges = restricted("range", chain, ((low, high),), Decimal)
        shown = "" if ranges == ((low, high),) else "".join(f"({a!r}, {z!r}), " for a, z in ranges)
        return Scalar(
            f"t.Decimal64({digits}, ({shown}){message_text('range', chain)})", "Decimal", "other"
        )

    def _string(self, chain: list[Any]) -> Scalar:
        return Scalar(string_text(chain), "str", "str")

    def _canonical(self, typedef: str, chain: list[Any]) -> Scalar:
        text = string_text(chain) if has_restrictions(chain) else "None"
        return Scalar(f"t.CanonicalString({typedef!r}, {text})", "str", "str")

    def _binary(self, chain: list[Any]) -> Scalar:
        lengths = restricted("length", chain, ((0, LONGEST),), int)
        shown = () if lengths == ((0, LONGEST),) else lengths
        return Scalar(f"t.Binary({shown!r}{message_text('length', chain)})", "bytes", "other")

    def _enumeration(self, chain: list[Any]) -> Scalar:
        return Scalar(f"t.Enumeration({self._assigned('enum', 'value', chain)!r})", "str", "str")

    def _bits(self, chain: list[Any]) -> Scalar:
        return Scalar(f"t.Bits({self._assigned('bit', 'position', chain)!r})", "str", "str")

    def _assigned(self, keyword: str, number: str, chain: list[Any]) -> tuple[Any, ...]:
        """Names with their numbers; a derived type may take only some (RFC 7950, 9.6.4.2)."""
        numbers: dict[str, int] = {}
        for item in chain[-1].search(keyword):
            explicit = item.search_one(number)
            # One greater than the greatest so far (RFC 7950, 9.6.4.2 and 9.7.4.2).
            following = max(numbers.values()) + 1 if numbers else 0
            numbers[item.arg] = int(explicit.arg) if explicit is not None else following
        kept = next(t for t in chain if t.search(keyword))
        names = [i.arg for i in kept.search(keyword) if is_supported(i, self._context)]
        return tuple((name, numbers[name]) for name in names)

    def _union(self, chain: list[Any], owner: Any) -> Scalar:
        members = [self.scalar(member, owner) for member in chain[-1].search("type")]
        bases = {member.basis for member in members}
        annotations = sorted({a for m in members for a in m.annotation.split(" | ")})
        text = "".join(f"{member.text}, " for member in members)
        return Scalar(
            f"t.Union(({text}))",
            " | ".join(annotations),
            bases.pop() if len(bases) == 1 else "other",
        )

    def _leafref(self, chain: list[Any], owner: Any) -> Scalar:
        target = self.target(chain[-1], owner)
        scalar = self.scalar(target.search_one("type"), target)
        return Scalar(f"t.LeafRef({scalar.text})", scalar.annotation, scalar.basis)

    def target(self, leafref: Any, owner: Any) -> Any:
        """Return the leaf that a leafref type of this leaf points to."""
        specification = list(_chain(leafref))[-1].i_type_spec
        found = statements.validate_leafref_path(
            self._context,
            owner,
            specification.path_spec,
            specification.path_,
            accept_non_config_target=True,
        )
        if found is None or found[0] is None:
            raise CannotGenerate(leafref, "the leafref has no target in this module set")
        return found[0]

    def _identityref(self, chain: list[Any]) -> Scalar:
        sets = [
            self.identities.derived_from(qualified(b.i_identity)) for b in chain[-1].search("base")
        ]
        allowed = tuple(sorted(set.intersection(*sets)))
        needed = {name.partition(":")[0] for name in allowed}
        namespaces = {ns: module for ns, module in self.modules.items() if module in needed}
        return Scalar(f"t.IdentityRef({allowed!r}, {namespaces!r})", "t.Identity", "identity")

    def _instance_identifier(self, chain: list[Any]) -> Scalar:
        return Scalar(
            f"t.InstanceIdentifier({requires_instance(chain[0])}, NAMESPACES)",
            "t.InstancePath",
            "other",
        )


def requires_instance(statement: Any) -> bool:
    """Tell what ``require-instance`` of a type says; true by default (RFC 7950, 9.9.3)."""
    for each in _chain(statement):
        found = each.search_one("require-instance")
        if found is not None:
            return bool(found.arg == "true")
    return True


def leafref_path(statement: Any) -> Any | None:
    """Return the path statement of a leafref type, else ``None``."""
    last = list(_chain(statement))[-1]
    return last.search_one("path") if last.arg == "leafref" else None


def _chain(statement: Any) -> Iterator[Any]:
    """Yield the type statement, then those of its typedefs, the built-in one last."""
    while True:
        yield statement
        typedef = getattr(statement, "i_typedef", None)
        if typedef is None:
            return
        statement = typedef.search_one("type")


def union_members(statement: Any) -> list[Any]:
    """Return the type statements of a union's members, unions among them taken apart."""
    last = list(_chain(statement))[-1]
    if last.arg != "union":
        return [statement]
    return [each for member in last.search("type") for each in union_members(member)]


def default_of(node: Node) -> Any | None:
    """Return the default statement that holds for a leaf: its own or that of a typedef."""
    if node.kind != "leaf" or node.mandatory or node.is_key:
        return None
    return node.statement.search_one("default") or inherited_default(
        node.statement.search_one("type")
    )


def built_in(statement: Any) -> str:
    """Return the name of the built-in type that a type statement comes down to."""
    return str(list(_chain(statement))[-1].arg)


def inherited_default(statement: Any) -> Any | None:
    """Return the default statement of the first typedef that has one."""
    for each in _chain(statement):
        typedef = getattr(each, "i_typedef", None)
        if typedef is not None and typedef.search_one("default") is not None:
            return typedef.search_one("default")
    return None


def _canonical_typedef(chain: list[Any]) -> tuple[str, list[Any]] | None:
    for at, each in enumerate(chain):
        name = _typedef_name(each)
        if name in CANONICAL_TYPEDEFS:
            return name, chain[: at + 1]
    return None


def _typedef_name(statement: Any) -> str:
    """Return the qualified name of the typedef that a type statement uses; empty for none."""
    typedef = getattr(statement, "i_typedef", None)
    return "" if typedef is None else f"{typedef.i_orig_module.i_modulename}:{typedef.arg}"
