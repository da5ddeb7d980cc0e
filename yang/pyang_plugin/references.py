"""The constraints of types: leafrefs and instance-identifiers that need an instance."""

from typing import Any

from yang.pyang_plugin.access import access, given, root_of
from yang.pyang_plugin.constraints import ConstraintText, reads_around
from yang.pyang_plugin.index_text import IndexTexts, look_up_value, value_tuple
from yang.pyang_plugin.model import Model, Node
from yang.pyang_plugin.names import Scope, parsed, with_modules
from yang.pyang_plugin.paths import Paths
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.terms import Leafs, Selection, Uncompilable
from yang.pyang_plugin.types import (
    Types,
    built_in,
    default_of,
    leafref_path,
    requires_instance,
    union_members,
)
from yang.pyang_plugin.xpath import Compiler


class References:
    """Makes the constraints of the leafs whose values must name something that exists."""

    def __init__(self, model: Model, types: Types, indexes: IndexTexts) -> None:
        self._model = model
        self._types = types
        self._indexes = indexes

    def of(self, node: Node) -> ConstraintText | None:
        """Return the constraint of a leaf's type, if it has one."""
        members = union_members(node.statement.search_one("type"))
        needing = [
            each
            for each in members
            if built_in(each) in ("leafref", "instance-identifier") and requires_instance(each)
        ]
        if not needing:
            return None
        for each in needing:
            if built_in(each) == "leafref":
                self._refuse_missing_module(each, node)
        if len(members) > 1:
            return self._in_union(node, members, needing)
        if built_in(needing[0]) == "instance-identifier":
            return self._fallback(node, "instance", [], "an instance-identifier")
        path = leafref_path(needing[0])
        try:
            return self._leafref(node, path)
        except Uncompilable:
            pass
        try:
            return self._at_hand(node, path)
        except Uncompilable as reason:
            return self._fallback(node, "leafref", [path], str(reason))

    def _refuse_missing_module(self, leafref: Any, node: Node) -> None:
        target = self._types.target(leafref, node.statement)
        name = target.i_module.i_modulename
        if name not in self._model.implemented_names:
            raise CannotGenerate(
                leafref, f"it points into {name}, which the set must implement (RFC 7950, 5.6.5)"
            )

    def _in_union(self, node: Node, members: list[Any], needing: list[Any]) -> ConstraintText:
        """One member that takes the value is enough: a path that exists, or no reference."""
        if any(built_in(each) == "instance-identifier" for each in needing):
            raise CannotGenerate(
                node.statement, "an instance-identifier in a union must not require an instance"
            )
        others = [each for each in members if each not in needing]
        first = members.index(needing[0])
        if any(self._is_contextual(each, node) for each in members[first:] if each in others):
            # What the leafref does not find would be read anew, where no prefix is bound any more.
            raise CannotGenerate(
                node.statement,
                "an identityref or instance-identifier in a union must stand before a leafref",
            )
        texts = "".join(f"{self._types.scalar(each, node.statement).text}, " for each in others)
        leafrefs = [leafref_path(each) for each in needing]
        constraint = self._fallback(node, "leafref", leafrefs, "a leafref in a union")
        if others:
            constraint.value = f"t.Union(({texts}))"
        return constraint

    def _is_contextual(self, member: Any, node: Node) -> bool:
        return self._types.made(self._types.scalar(member, node.statement)).contextual

    def _fallback(self, node: Node, kind: str, leafrefs: list[Any], why: str) -> ConstraintText:
        return ConstraintText(
            kind,
            node,
            node.home,
            "fallback",
            " or ".join(path.arg for path in leafrefs),
            app_tag="instance-required",
            xpath=" | ".join(self._xpath(node, path) for path in leafrefs) or None,
            why=why,
        )

    def _xpath(self, node: Node, path: Any) -> str:
        return with_modules(parsed(path), Scope(path, node, self._model.context))

    def _leafref(self, node: Node, path: Any) -> ConstraintText:
        if default_of(node) is not None or node.statement.search("default"):
            raise Uncompilable("a leafref with a default")
        compiler = self._compiler(node, path)
        selection = self._selection(compiler.paths, parsed(path))
        mine, optional = access(node, node.home, "e")
        if any("c[" in value for value in selection.values):
            raise Uncompilable("a path by values of an entry around this one")
        joined = self._indexes.look_up(selection)
        test = f"bool(find[{joined}].get({look_up_value(selection.values)}, EMPTY_BUCKET))"
        many = node.kind == "leaf-list"
        each = (f"({mine} or ())" if optional else mine) if many else None
        contexts = -1
        if node.home.parent is not None:
            contexts = self._indexes.number(
                node.home.path, value_tuple(selection.values, [], (), each)
            )
        return ConstraintText(
            "leafref",
            node,
            node.home,
            "join",
            path.arg,
            app_tag="instance-required",
            applies=given(node, node.home),
            test=f"all({test} for v in {each})" if many else test,
            value=mine,
            reverse=[(joined, contexts, True, True)],
            xpath=self._xpath(node, path),
        )

    def _at_hand(self, node: Node, path: Any) -> ConstraintText:
        """Return the constraint of a leafref to what is in its own entry or in one around it."""
        if default_of(node) is not None or node.statement.search("default"):
            raise Uncompilable("a leafref with a default")
        compiler = self._compiler(node, path)
        tree = parsed(path)
        match tree:
            case ("relative", steps):
                target = compiler.paths.term(steps, node)
            case ("absolute", steps):
                target = compiler.paths.term(steps, root_of(node))
            case _:
                raise Uncompilable("a path that starts with a function")
        if not isinstance(target, Leafs):
            raise Uncompilable("a leafref to what is in no entry around it")
        mine, optional = access(node, node.home, "e")
        many = node.kind == "leaf-list"
        test = _is_among("v" if many else mine, target)
        constraint = ConstraintText(
            "leafref",
            node,
            node.home,
            "local",
            path.arg,
            app_tag="instance-required",
            applies=given(node, node.home),
            test=f"all({test} for v in {f'({mine} or ())' if optional else mine})"
            if many
            else test,
            value=mine,
            xpath=self._xpath(node, path),
        )
        reads_around(constraint, compiler)
        return constraint

    def _compiler(self, node: Node, path: Any) -> Compiler:
        scope = Scope(path, node, self._model.context)
        return Compiler(scope, self._types, self._indexes.look_up)

    def _selection(self, paths: Paths, path: Any) -> Selection:
        """Return the selection of entries whose leaf a leafref may point to (section 9.9.2)."""
        match path:
            case ("absolute", steps):
                start, rest = paths.descend(steps[:-1], root_of(paths.scope.node), select=True)
            case ("relative", steps):
                start, rest = paths.descend(steps[:-1], paths.scope.node, select=True)
            case _:
                raise Uncompilable("a path that starts with a function")
        if not isinstance(start, Selection):
            raise Uncompilable("a leafref to what is in no list")
        if start.order or start.present or start.missing:
            raise Uncompilable("this predicate in a leafref path")
        target = start.list_node
        for step in [*rest, steps[-1]]:
            match step:
                case ("step", "child", ("name", prefix, name), []):
                    target = paths.child(target, prefix, name)
                case _:
                    raise Uncompilable("a leafref path that leaves the entry")
        return self._to(paths, start, target)

    def _to(self, paths: Paths, start: Selection, target: Node) -> Selection:
        if target.home is not start.list_node:
            raise Uncompilable("a list inside another list")
        if default_of(target) is not None or target.statement.search("default"):
            raise Uncompilable("a leafref to a leaf with a default")
        node, many = paths.scope.node, target.kind == "leaf-list"
        text, optional = access(target, start.list_node, "e")
        if many and optional:
            text = f"({text} or ())"
        mine = "v" if node.kind == "leaf-list" else access(node, node.home, "e")[0]
        if paths.basis(target) not in ("int", "str", "bool"):
            if many:
                raise Uncompilable("a leafref to a leaf-list of this type")
            text, mine = f"key_text({text})", f"key_text({mine})"
        return Selection(
            start.list_node, (*start.fields, (text, many)), (*start.values, mine), (), ()
        )


def _is_among(mine: str, target: Leafs) -> str:
    """Return a test that a value is the target's, or among the target's values."""
    plain = target.basis in ("int", "str", "bool")
    held, value = target.text, mine if plain else f"key_text({mine})"
    if target.many:
        return f"{value} in {held}" if plain else f"{value} in [key_text(w) for w in {held}]"
    return f"{value} == {held if plain else f'key_text({held})'}"
