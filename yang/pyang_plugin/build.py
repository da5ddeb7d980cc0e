"""Builds the model of a module set from pyang's statements."""

from typing import Any

from yang.pyang_plugin.features import is_supported
from yang.pyang_plugin.model import Call, Choice, Model, Node, When
from yang.pyang_plugin.refusal import CannotGenerate

DATA = {"leaf", "leaf-list", "container", "list", "anydata", "anyxml"}


def build(context: Any, implemented: list[Any]) -> Model:
    """Return the model of these modules and of what they import."""
    modules = [module for module in context.modules.values() if module.keyword == "module"]
    implemented = [module for module in implemented if module.keyword == "module"]
    model = Model(context, modules, implemented, Node(None, "container", "", None), [], [])
    for module in implemented:
        _refuse_missing_targets(model, module)
        _add_children(model, model.root, module)
        for statement in getattr(module, "i_children", []):
            if statement.keyword == "rpc":
                model.rpcs.append(_call(model, statement))
            elif statement.keyword == "notification":
                model.notifications.append(_notification(model, statement))
    return model


def submodules_of(context: Any, module: Any) -> list[Any]:
    """Return the submodules that a module includes, however deep."""
    found: dict[str, Any] = {}
    pending = [module]
    while pending:
        for include in pending.pop().search("include"):
            submodule = context.get_module(include.arg)
            if submodule is not None and include.arg not in found:
                found[include.arg] = submodule
                pending.append(submodule)
    return list(found.values())


def _refuse_missing_targets(model: Model, module: Any) -> None:
    """What augments a module that is not there would go missing with it."""
    for source in (module, *submodules_of(model.context, module)):
        for augment in source.search("augment"):
            target = getattr(augment, "i_target_node", None)
            if target is None or not is_supported(augment, model.context):
                continue
            name = target.i_module.i_modulename
            if name not in model.implemented_names:
                raise CannotGenerate(
                    augment, f"it augments {name}, which the set must implement (RFC 7950, 5.6.5)"
                )


def _add_children(model: Model, parent: Node, statement: Any) -> None:
    _walk_children(model, parent, statement, (), [])


def _walk_children(
    model: Model,
    parent: Node,
    statement: Any,
    cases: tuple[tuple[str, str], ...],
    whens: list[When],
) -> None:
    for child in getattr(statement, "i_children", []):
        if not is_supported(child, model.context) or _is_of_an_import(model, child):
            continue
        conditions = whens + _outer_whens(child, parent)
        if child.keyword == "choice":
            _walk_choice(model, parent, child, cases, conditions + _own_whens(child, parent))
        elif child.keyword in DATA:
            _add(model, parent, child, cases, conditions)
        elif child.keyword == "action":
            parent.actions.append(_call(model, child, parent))
        elif child.keyword == "notification" and parent.parent is not None:
            parent.notifications.append(_notification(model, child))
        elif child.keyword not in ("rpc", "notification", "input", "output"):
            raise CannotGenerate(child, "the generator does not know this statement")


def _is_of_an_import(model: Model, statement: Any) -> bool:
    """Tell whether an augment of a module brought it that is there to be imported only."""
    augment = getattr(statement, "i_augment", None)
    return augment is not None and augment.i_module.i_modulename not in model.implemented_names


def _walk_choice(
    model: Model,
    parent: Node,
    choice: Any,
    cases: tuple[tuple[str, str], ...],
    whens: list[When],
) -> None:
    name = f"{'/'.join(cases[-1])}/{choice.arg}" if cases else choice.arg
    if any(other.name == name for other in parent.choices):
        name = f"{name}@{choice.i_module.i_modulename}"
    parent.choices.append(Choice(choice, name, cases, whens))
    for case in choice.i_children:
        if not is_supported(case, model.context):
            continue
        chain = (*cases, (name, case.arg))
        conditions = whens + _outer_whens(case, parent)
        if case.keyword == "case":
            _walk_children(model, parent, case, chain, conditions + _own_whens(case, parent))
        else:
            raise CannotGenerate(case, "a case was expected")


def _add(
    model: Model,
    parent: Node,
    statement: Any,
    cases: tuple[tuple[str, str], ...],
    whens: list[When],
) -> None:
    kind = "anydata" if statement.keyword == "anyxml" else statement.keyword
    node = Node(statement, kind, statement.arg, parent, cases=cases)
    # i_config is None inside rpcs and notifications, where the distinction does not exist.
    node.config = statement.i_config is not False
    node.in_datastore = parent.in_datastore
    node.whens = whens + _own_whens(statement, node)
    parent.children.append(node)
    if kind in ("container", "list"):
        _add_children(model, node, statement)
    # Keys come first, in the order of the key statement (RFC 7950, section 7.8.5).
    node.children.sort(key=lambda child: _place_of_key(node, child))


def _place_of_key(node: Node, child: Node) -> int:
    return node.keys.index(child.name) if child.is_key else len(node.keys)


def _own_whens(statement: Any, context: Node) -> list[When]:
    """The whens of the statement itself; ``context`` is where they are evaluated."""
    return [
        When(when, context)
        for when in statement.search("when")
        if getattr(when, "i_origin", None) != "uses"
    ]


def _outer_whens(statement: Any, context: Node) -> list[When]:
    """The whens of the augment and the uses that brought this statement in.

    pyang copies those of a uses into each of the nodes and marks them.
    """
    found = [
        When(when, context)
        for when in statement.search("when")
        if getattr(when, "i_origin", None) == "uses"
    ]
    augment = getattr(statement, "i_augment", None)
    return found + (_own_whens(augment, context) if augment is not None else [])


def _call(model: Model, statement: Any, parent: Node | None = None) -> Call:
    parts = {}
    for name in ("input", "output"):
        part = next((c for c in statement.i_children if c.keyword == name), None)
        parts[name] = _apart(model, part if part is not None else statement, statement, part)
    return Call(statement, parts)


def _notification(model: Model, statement: Any) -> Call:
    return Call(statement, {"content": _apart(model, statement, statement, statement)})


def _apart(model: Model, named: Any, owner: Any, source: Any) -> Node:
    """Return a tree that belongs to no datastore."""
    node = Node(owner, "container", named.arg or named.keyword, None)
    node.in_datastore = False
    if source is not None:
        _add_children(model, node, source)
    for each in node.walk():
        each.in_datastore = False
    return node
