"""Expression -> subtree filter: what XPath asks for, as lookups where it can be said so.

``lookup`` gives the filter that shows exactly what an expression selects, or ``None`` where only
evaluating can tell; common filters, paths whose predicates compare leafs with values, are never
evaluated. ``reach`` gives a filter that shows all that evaluating has to see, so that a path into
one entry reads that entry and not the datastore.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from server.datastore.filter import Filter, Text
from server.xpath.expressions import (
    ANY_NODE,
    ATTRIBUTE,
    CHILD,
    DESCENDANT,
    DESCENDANT_OR_SELF,
    DOWNWARD,
    SELF,
    Call,
    Expression,
    KindTest,
    Literal,
    NameTest,
    Number,
    Operation,
    Path,
    Step,
    branches,
    operands_of,
    predicates_of,
)
from yang.scalars import Integer, LeafRef
from yang.schema import ANYDATA, LEAF, LEAF_LIST, Container, DataNode, Inner, Leaf, LeafList, List

MOST_ALTERNATIVES = 256
"""Combinations of values that one step may ask for and still be a lookup."""

MOST_VISITS = 20_000
"""Nodes of the schema that finding out may look at: an event loop waits for it."""

Requirements = Sequence[tuple[DataNode, str]]
"""Leafs and the texts that they must have, all of them."""


class _NotALookup(Exception):
    """Only evaluating can tell."""


def lookup(root: Container, expression: Expression) -> Filter | None:
    """Return the filter that is the same as the expression, if there is one."""
    made = Filter()
    walk = _Walk(exact=True)
    try:
        for branch in branches(expression):
            if not isinstance(branch, Path) or branch.start is not None:
                return None
            walk.path(made, root, branch)
    except _NotALookup:
        return None
    return Filter.selection() if walk.all else made


def reach(root: Container, expression: Expression) -> Filter:
    """Return a filter that shows everything that evaluating the expression reads."""
    made = Filter()
    walk = _Walk(exact=False)
    # What a path inside a predicate reads below its node is there: the node is shown whole.
    pending = [(expression, False)]
    while pending and not walk.all:
        part, inside = pending.pop()
        if isinstance(part, Path):
            if any(step.axis not in DOWNWARD for step in part.steps):
                walk.all = True
            elif part.absolute or (part.start is None and not inside):
                walk.path(made, root, part)
        elif isinstance(part, Call) and part.name == "deref":
            walk.all = True
        pending += [(each, inside) for each in operands_of(part)]
        pending += [(each, True) for each in predicates_of(part)]
    return Filter.selection() if walk.all else made


_CONTENT = tuple(KindTest(kind) for kind in ("node", "text"))


class _Walk:
    """Follows paths down the schema. ``exact``: give up where a filter cannot say the same."""

    def __init__(self, exact: bool) -> None:
        self.all = False
        """The root itself is selected."""
        self._exact = exact
        self._visits = 0
        self._below: dict[tuple[int, int], Filter | None] = {}
        """What a path selects below a node, by the number of steps that are left."""

    def path(self, made: Filter, root: Container, path: Path) -> None:
        """Add to a filter of the root what a path from the root selects."""
        if not path.steps:
            self.all = True
        self._below = {}
        self._add(made, root, _without_descendants(path.steps))

    def _filter(self, node: Inner, steps: tuple[Step, ...]) -> Filter | None:
        """Return what the steps select below a node; ``None``: nothing."""
        key = (id(node), len(steps))
        if key not in self._below:
            made = Filter()
            self._add(made, node, steps)
            self._below[key] = None if made.is_empty else made
        return self._below[key]

    def _add(self, made: Filter, node: Inner, steps: tuple[Step, ...]) -> None:
        """Add to the filter of a node what the steps select from it."""
        self._visits += len(node.children)
        if self._visits > MOST_VISITS:
            self._give_up()
            self.all = True
            return
        if not steps:
            made.is_selection = True
            return
        step, rest = steps[0], steps[1:]
        if step.axis == ATTRIBUTE or (isinstance(step.test, KindTest) and step.test.kind != "node"):
            self._give_up()
            made.is_selection = True
        elif step.axis in (SELF, DESCENDANT_OR_SELF):
            self._add_deep(made, node, step, rest)
        elif step.axis == CHILD:
            for child in node.children:
                if _fits(step, child):
                    self._add_child(made, child, step.predicates, rest)
        else:
            self._give_up()
            self.all = True

    def _add_deep(self, made: Filter, node: Inner, step: Step, rest: tuple[Step, ...]) -> None:
        if step.predicates or isinstance(step.test, NameTest):
            # Which of the nodes it keeps, of this one and those below, no filter can say.
            self._give_up()
            made.is_selection = True
        else:
            self._add(made, node, rest)
            if step.axis == DESCENDANT_OR_SELF:
                for child in node.children:
                    self._add_child(made, child, (), (step, *rest))

    def _add_child(
        self,
        made: Filter,
        child: DataNode,
        predicates: tuple[Expression, ...],
        rest: tuple[Step, ...],
    ) -> None:
        if isinstance(child, Container | List):
            for required, whole in self._alternatives(child, predicates):
                below = Filter.selection() if whole else self._filter(child, rest)
                if below is not None:
                    made.add_inner(child, self._with(below, required))
        else:
            further = next((step for step in rest if not _stays(step)), None)
            if further is None:
                self._add_leaf(made, child, predicates)
            elif child.kind == ANYDATA or further.axis != CHILD or further.test in _CONTENT:
                # What is inside, the text of a leaf for one, only evaluating finds.
                self._give_up()
                made.add(child)

    def _add_leaf(self, made: Filter, child: DataNode, predicates: tuple[Expression, ...]) -> None:
        if not predicates:
            made.add(child)
            return
        if self._exact:
            wanted = _disjunction(predicates[0]) if len(predicates) == 1 else None
            values = [_own_value(child, each) for each in wanted or (predicates[0],)]
            if not isinstance(child, LeafList) or wanted is None or None in values:
                raise _NotALookup
            for value in values:
                made.add(child, Text.exactly(child, value or ""))
        else:
            made.add(child)

    def _alternatives(
        self, node: Inner, predicates: tuple[Expression, ...]
    ) -> Iterator[tuple[Requirements, bool]]:
        """Yield what an instance must have, and whether more predicates have to see it whole."""
        choices: list[list[Requirements]] = []
        whole = False
        for predicate in predicates:
            found = [_requirements(node, each) for each in _disjunction(predicate)]
            known = [each for each in found if each is not None]
            if len(known) < len(found):
                self._give_up()
                whole = True
                break
            choices.append(known)
        count = 1
        for each in choices:
            count *= len(each)
        if count > MOST_ALTERNATIVES:
            self._give_up()
            choices, whole = [], True
        for chosen in product(*choices):
            yield [one for each in chosen for one in each], whole

    def _with(self, below: Filter, required: Requirements) -> Filter:
        if not required:
            return below
        made = Filter.selection() if below.is_selection else Filter.merged([below]) or Filter()
        for leaf, text in required:
            made.require(leaf, Text.exactly(leaf, text))
            if not self._exact and not made.is_selection:
                made.add(leaf)
        return made

    def _give_up(self) -> None:
        if self._exact:
            raise _NotALookup


def _without_descendants(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps with ``descendant::x`` written as ``descendant-or-self::node()/x``."""
    written: list[Step] = []
    for step in steps:
        if step.axis == DESCENDANT:
            written += [ANY_NODE, Step(CHILD, step.test, step.predicates)]
        else:
            written.append(step)
    return tuple(written)


def _fits(step: Step, node: DataNode) -> bool:
    test = step.test
    return isinstance(test, KindTest) or test.fits(node.module.namespace, node.name)


def _stays(step: Step) -> bool:
    """Tell whether a step keeps a leaf: ``.`` or what ``//`` stands for."""
    return (
        step.axis in (SELF, DESCENDANT_OR_SELF)
        and step.test == KindTest("node")
        and not step.predicates
    )


def _disjunction(predicate: Expression) -> tuple[Expression, ...]:
    if isinstance(predicate, Operation) and predicate.operator == "or":
        return predicate.operands
    return (predicate,)


def _requirements(node: Inner, predicate: Expression) -> Requirements | None:
    """Return the leafs that a conjunction compares and with what; ``None``: it does more."""
    conjunction: tuple[Expression, ...] = (predicate,)
    if isinstance(predicate, Operation) and predicate.operator == "and":
        conjunction = predicate.operands
    found = [_comparison(node, each) for each in conjunction]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _comparison(node: Inner, expression: Expression) -> tuple[DataNode, str] | None:
    """Return the leaf and the value of ``leaf = value``."""
    for path, value in _sides(expression):
        if len(path.steps) != 1 or path.steps[0].axis != CHILD or path.steps[0].predicates:
            return None
        leafs = [child for child in node.children if _fits(path.steps[0], child)]
        if len(leafs) == 1 and isinstance(leafs[0], Leaf | LeafList):
            text = _value_for(leafs[0], value)
            return None if text is None else (leafs[0], text)
    return None


def _own_value(node: DataNode, expression: Expression) -> str | None:
    """Return the value of ``. = value``."""
    for path, value in _sides(expression):
        if path.steps == (Step(SELF, KindTest("node")),):
            return _value_for(node, value)
    return None


def _sides(expression: Expression) -> Iterator[tuple[Path, Literal | Number]]:
    if isinstance(expression, Operation) and expression.operator == "=":
        if len(expression.operands) != 2:
            return
        for path, value in (expression.operands, expression.operands[::-1]):
            if _is_relative(path) and isinstance(value, Literal | Number):
                yield path, value  # type: ignore[misc]


def _is_relative(expression: Expression) -> bool:
    return isinstance(expression, Path) and not expression.absolute and expression.start is None


def _value_for(node: DataNode, value: Literal | Number) -> str | None:
    """Return the only text that compares equal; ``None`` where there may be others."""
    if node.kind not in (LEAF, LEAF_LIST):
        return None
    scalar = node.type  # type: ignore[union-attr]
    if scalar.contextual:
        return None
    if isinstance(value, Literal):
        return value.text
    while isinstance(scalar, LeafRef):
        scalar = scalar.target
    if not isinstance(scalar, Integer) or "." in value.text:
        return None
    return value.text.lstrip("0") or "0"  # As written: Python reads no thousands of digits.
