"""The schema: what generated bindings are written in.

A bindings module builds one ``Schema`` out of these nodes. A node knows its children, how its
value is laid out, and nothing of XML documents, datastores or protocols.

How configuration is laid out: a container or a list entry is a ``NamedTuple`` with one field for
each configuration child in schema order. A leaf is its value or ``None``; a leaf-list is a tuple;
a container without presence is always there (``empty`` is shared); one with presence may be
``None``; a list is a ``SortedMap`` (``OrderedMap`` if its user orders it) from key to entry.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from yang.changes import Key
from yang.constraints import Constraint, Index
from yang.ordered_map import OrderedMap
from yang.prefixes import told_apart
from yang.scalars import ScalarType, key_getter, parse_default, sort_key_function
from yang.sorted_map import SortedMap

# ``governed``: what a node demands (mandatory, min-elements) holds only under a when; a constraint
# says so, and the shape of the schema does not.

LEAF, LEAF_LIST, CONTAINER, LIST, ANYDATA = range(5)
"""Kinds of data nodes, in the ``kind`` of each."""

Case: TypeAlias = tuple[str, str]
"""A choice and one of its cases, the choice named uniquely below its data node."""


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A YANG module of the set."""

    name: str
    namespace: str
    prefix: str
    revision: str
    implemented: bool
    features: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    submodules: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"<module {self.name}@{self.revision}>"


@dataclass(slots=True, eq=False, kw_only=True)
class Place:
    """Where a node stands; filled in when the schema is built.

    The parent of an rpc, and of a notification tied to no node, is ``None``.
    """

    parent: Any = None
    path: str = ""
    slot: int = -1
    tag: str = ""


@dataclass(slots=True, eq=False)
class Leaf:
    """A leaf. ``default`` is the text of the statement, ``default_value`` what it means."""

    name: str
    module: Module
    type: ScalarType
    default: str | None = None
    mandatory: bool = False
    governed: bool = False
    config: bool = True
    cases: tuple[Case, ...] = ()
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)
    kind: int = field(default=LEAF, init=False, repr=False)
    default_value: Any = field(default=None, init=False, repr=False)
    sort_key: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.default is not None:
            self.default_value = parse_default(self.type, self.default)
        self.sort_key = sort_key_function(self.type)


@dataclass(slots=True, eq=False)
class LeafList:
    """A leaf-list. ``defaults`` are canonical texts."""

    name: str
    module: Module
    type: ScalarType
    defaults: tuple[str, ...] = ()
    user_ordered: bool = False
    min_elements: int = 0
    max_elements: int | None = None
    governed: bool = False
    config: bool = True
    cases: tuple[Case, ...] = ()
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)
    kind: int = field(default=LEAF_LIST, init=False, repr=False)


@dataclass(slots=True, eq=False)
class AnyData:
    """An anydata or anyxml node; its value is the canonical text of its XML content."""

    name: str
    module: Module
    mandatory: bool = False
    governed: bool = False
    config: bool = True
    cases: tuple[Case, ...] = ()
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)
    kind: int = field(default=ANYDATA, init=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A choice. ``cases`` is what it stands in itself, ``default`` its default case, if any."""

    name: str
    mandatory: bool
    cases: tuple[Case, ...]
    module: Module
    default: str | None = None
    governed: bool = False


@dataclass(slots=True, eq=False)
class Container:
    """A container. ``value`` is the class of its configuration, if it can hold any."""

    name: str
    module: Module
    children: tuple["DataNode", ...]
    value: Any = None
    presence: bool = False
    config: bool = True
    cases: tuple[Case, ...] = ()
    choices: tuple[Choice, ...] = ()
    actions: tuple["Operation", ...] = ()
    notifications: tuple["Notification", ...] = ()
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)
    kind: int = field(default=CONTAINER, init=False, repr=False)
    by_tag: dict[str, "DataNode"] = field(default_factory=dict, init=False, repr=False)
    by_name: dict[str, "DataNode"] = field(default_factory=dict, init=False, repr=False)
    slots: tuple["DataNode", ...] = field(default=(), init=False, repr=False)
    states: tuple["DataNode", ...] = field(default=(), init=False, repr=False)
    evicts: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)
    empty: Any = field(default=None, init=False, repr=False)
    holds_lists: bool = field(default=False, init=False, repr=False)
    reading: dict[Any, tuple[int, int, Any, Any]] = field(
        default_factory=dict, init=False, repr=False
    )
    """Tag -> (slot, kind, parse where text is enough, node): what a reader asks of each element."""


@dataclass(slots=True, eq=False)
class List:
    """A list. ``keys`` names its key leafs; a state list may have none."""

    name: str
    module: Module
    keys: tuple[str, ...]
    children: tuple["DataNode", ...]
    value: Any = None
    user_ordered: bool = False
    min_elements: int = 0
    max_elements: int | None = None
    governed: bool = False
    config: bool = True
    cases: tuple[Case, ...] = ()
    choices: tuple[Choice, ...] = ()
    actions: tuple["Operation", ...] = ()
    notifications: tuple["Notification", ...] = ()
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)
    kind: int = field(default=LIST, init=False, repr=False)
    by_tag: dict[str, "DataNode"] = field(default_factory=dict, init=False, repr=False)
    by_name: dict[str, "DataNode"] = field(default_factory=dict, init=False, repr=False)
    slots: tuple["DataNode", ...] = field(default=(), init=False, repr=False)
    states: tuple["DataNode", ...] = field(default=(), init=False, repr=False)
    evicts: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)
    empty: Any = field(default=None, init=False, repr=False)
    holds_lists: bool = field(default=False, init=False, repr=False)
    reading: dict[Any, tuple[int, int, Any, Any]] = field(
        default_factory=dict, init=False, repr=False
    )
    """Tag -> (slot, kind, parse where text is enough, node): what a reader asks of each element."""
    key_leafs: tuple[Leaf, ...] = field(default=(), init=False, repr=False)
    key_of: Callable[[Any], Key] = field(default=key_getter(()), init=False, repr=False)
    """Gives the key of a bound entry, as its map sorts it."""

    @property
    def no_entries(self) -> Any:
        """The value of this list where it has no entries."""
        return _NO_ORDERED_ENTRIES if self.user_ordered else _NO_ENTRIES

    def build(self, items: Iterable[tuple[Key, Any]]) -> Any:
        """Return the map of these entries, whose keys are distinct."""
        return OrderedMap.build(items) if self.user_ordered else SortedMap.build(items)


@dataclass(slots=True, eq=False)
class Operation:
    """An rpc or an action."""

    name: str
    module: Module
    input: Container
    output: Container
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)


@dataclass(slots=True, eq=False)
class Notification:
    """A notification."""

    name: str
    module: Module
    content: Container
    deny: str = ""
    at: Place = field(default_factory=Place, repr=False)


DataNode: TypeAlias = Leaf | LeafList | Container | List | AnyData
Inner: TypeAlias = Container | List


_NO_ENTRIES: SortedMap[Any, Any] = SortedMap()
_NO_ORDERED_ENTRIES: OrderedMap[Any, Any] = OrderedMap()


class Schema:
    """One set of modules, compiled."""

    def __init__(
        self,
        *,
        digest: str,
        modules: tuple[Module, ...],
        root: Container,
        rpcs: tuple[Operation, ...] = (),
        notifications: tuple[Notification, ...] = (),
        indexes: tuple[Index, ...] = (),
        constraints: tuple[Constraint, ...] = (),
        bases: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.digest = digest
        """Changes whenever the compiled set does."""
        self.modules = {module.name: module for module in modules}
        self.root = root
        self.indexes = indexes
        self.constraints = constraints
        self.bases = bases or {}
        """Identity -> every identity that it is derived from, however far."""
        self.by_path: dict[str, DataNode] = {}
        self._place(root, None, "")
        self.rpcs = {_tag(rpc): self._operation(rpc, "") for rpc in rpcs}
        self.notifications = {
            _tag(each): self._notification(each, "", root) for each in notifications
        }
        self.module_of_namespace = {module.namespace: module for module in modules}

    @property
    def prefixes(self) -> Mapping[str, tuple[str, str]]:
        """Module name -> (prefix, namespace)."""
        return told_apart((m.name, m.prefix, m.namespace) for m in self.modules.values())

    def _place(self, node: DataNode, parent: Inner | None, above: str) -> None:
        place = node.at
        place.parent = parent
        place.tag = _tag(node)
        if parent is not None:
            place.path = above + "/" + name_below(node, parent)
            self.by_path[place.path] = node
        if isinstance(node, Container | List):
            for child in node.children:
                self._place(child, node, place.path)
            for action in node.actions:
                self._operation(action, place.path).at.parent = node
            for notification in node.notifications:
                self._notification(notification, place.path, node).at.parent = node
            _lay_out(node)

    def _operation(self, operation: Operation, above: str) -> Operation:
        operation.at.tag = _tag(operation)
        operation.at.path = _path_below(above, operation)
        for part in (operation.input, operation.output):
            self._place_apart(part, operation.at.path)
        return operation

    def _notification(self, notification: Notification, above: str, node: Inner) -> Notification:
        notification.at.tag = _tag(notification)
        notification.at.path = _path_below(above, notification)
        self._place_apart(notification.content, notification.at.path)
        notification.content.at.parent = node
        return notification

    def _place_apart(self, container: Container, path: str) -> None:
        """Place a tree that is no part of a datastore."""
        container.at.tag = _tag(container)
        container.at.path = path
        for child in container.children:
            self._place(child, container, path)
        _lay_out(container)


def name_below(node: DataNode, parent: Inner) -> str:
    """Return the node's name as RFC 7951 writes it below that parent."""
    if parent.at.parent is None and not parent.at.path:
        return f"{node.module.name}:{node.name}"
    return node.name if node.module is parent.module else f"{node.module.name}:{node.name}"


def absent(node: DataNode) -> Any:
    """Return what stands in the slot of a configuration node that is not there."""
    match node:
        case Container(presence=False):
            return node.empty
        case List():
            return node.no_entries
        case LeafList():
            return ()
    return None


def is_absent(node: DataNode, value: Any) -> bool:
    """Tell whether a slot holds nothing that exists (RFC 7950, 7.5.1 for containers)."""
    if value is None:
        return True
    if node.kind == CONTAINER:
        return value is node.empty and not node.presence  # type: ignore[union-attr]
    return node.kind in (LIST, LEAF_LIST) and len(value) == 0


def _tag(node: Any) -> str:
    return f"{{{node.module.namespace}}}{node.name}"


def _path_below(above: str, node: Any) -> str:
    if above and node.module.name == _module_of(above):
        return f"{above}/{node.name}"
    return f"{above}/{node.module.name}:{node.name}"


def _module_of(path: str) -> str:
    """Return the module of the last node of a schema path."""
    named = [step.partition(":")[0] for step in path.split("/") if ":" in step]
    return named[-1]


def _lay_out(node: Inner) -> None:
    node.by_tag = {child.at.tag: child for child in node.children}
    for child in node.children:
        node.by_name.setdefault(child.name, child)
    node.slots = tuple(child for child in node.children if child.config and node.value is not None)
    node.states = tuple(child for child in node.children if child not in node.slots)
    for slot, child in enumerate(node.slots):
        child.at.slot = slot
    node.reading = {child.at.tag: _reading(child) for child in node.slots}
    node.holds_lists = any(
        child.kind == LIST or (isinstance(child, Container) and child.holds_lists)
        for child in node.slots
    )
    if node.value is not None:
        node.empty = node.value._make(absent(child) for child in node.slots)
        node.evicts = {
            child.at.slot: rivals
            for child in node.slots
            if (rivals := tuple(r.at.slot for r in node.slots if _rivals(child, r)))
        }
    if isinstance(node, List):
        node.key_leafs = cast("tuple[Leaf, ...]", tuple(node.by_name[name] for name in node.keys))
        node.key_of = key_getter([(leaf.at.slot, leaf.type) for leaf in node.key_leafs])


def _reading(child: DataNode) -> tuple[int, int, Any, Any]:
    parse = None
    if isinstance(child, Leaf) and not child.type.contextual:
        parse = child.type.parse
    return child.at.slot, child.kind, parse, child


def _rivals(one: DataNode, other: DataNode) -> bool:
    """Tell whether two nodes stand in different cases of one choice."""
    theirs = dict(other.cases)
    return any(theirs.get(choice, case) != case for choice, case in one.cases)
