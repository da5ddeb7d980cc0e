"""The compiled rules against the plain reading of the RFC, on random rules and trees."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.nacm.writes import denials
from tests.server.nacm.gate import Gate, group, rule_list, schema_of, session_of
from tests.server.nacm.reference import Node, PlainRule, Reference, Step
from tests.server.nacm.test_examples import path_rule
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, Schema

MODULE = """
  import ietf-netconf-acm { prefix nacm; }
  container a {
    leaf x { type uint8; }
    leaf-list t { type string; }
    leaf s { nacm:default-deny-all; type uint8; }
    container g { presence "p"; nacm:default-deny-write; leaf y { type uint8; } }
    list b { key "k l"; leaf k { type string; } leaf l { type uint8; } leaf v { type uint8; }
      list d { key n; leaf n { type string; } leaf w { type uint8; } } }
  }
  container z { leaf q { type uint8; } }
"""
PATHS: tuple[Node, ...] = tuple(
    tuple((name, keys) for name, keys in path)
    for path in (
        (("a", ()),),
        (("a", ()), ("x", ())),
        (("a", ()), ("t", ())),
        (("a", ()), ("t", ((".", "m"),))),
        (("a", ()), ("s", ())),
        (("a", ()), ("g", ())),
        (("a", ()), ("g", ()), ("y", ())),
        (("a", ()), ("b", ())),
        (("a", ()), ("b", (("k", "m"),))),
        (("a", ()), ("b", (("l", "2"),))),
        (("a", ()), ("b", (("k", "m"), ("l", "1")))),
        (("a", ()), ("b", (("k", "m"), ("l", "1"))), ("v", ())),
        (("a", ()), ("b", (("k", "n"),)), ("d", (("n", "m"),))),
        (("a", ()), ("b", ()), ("d", ()), ("w", ())),
        (("a", ()), ("b", ()), ("l", ())),
        (("a", ()), ("b", (("k", "n"), ("l", "2"))), ("k", ())),
        (("z", ()),),
        (),
    )
)
ACCESSES = ("*", "read", "create", "update", "delete", "create update", "read delete")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return schema_of(MODULE, Path(tmp_path_factory.mktemp("reference")))


plain_rules = st.builds(
    PlainRule,
    st.booleans(),
    st.sampled_from(("*", "t", "t", "u")),
    st.sampled_from(ACCESSES).map(lambda text: tuple(text.split())),
    st.one_of(st.none(), st.sampled_from(PATHS)),
)
references = st.builds(
    Reference,
    st.lists(plain_rules, max_size=6).map(tuple),
    st.booleans(),
    st.booleans(),
    st.just("t"),
    st.just(frozenset({"s"})),
    st.just(frozenset({"g"})),
)

small = st.integers(0, 2)
words = st.sampled_from("mn")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Some content of the module."""

    def some(text: str) -> str:
        return text if draw(st.booleans()) else ""

    def leaf(name: str) -> str:
        return some(f"<{name}>{draw(small)}</{name}>")

    def inner(count: int) -> str:
        names = draw(st.sets(words, max_size=count))
        return "".join(f"<d><n>{name}</n>{leaf('w')}</d>" for name in sorted(names))

    keys = draw(st.sets(st.tuples(words, st.integers(1, 2)), max_size=4))
    entries = "".join(
        f"<b><k>{k}</k><l>{number}</l>{leaf('v')}{inner(2)}</b>" for k, number in sorted(keys)
    )
    values = "".join(f"<t>{each}</t>" for each in sorted(draw(st.sets(words))))
    guarded = some(f"<g>{leaf('y')}</g>")
    return f"<a>{leaf('x')}{values}{leaf('s')}{guarded}{entries}</a><z>{leaf('q')}</z>"


def written(rule: PlainRule, number: int) -> str:
    """The rule as it is configured."""
    action = "permit" if rule.permits else "deny"
    path = "" if rule.path is None else _path_text(rule.path)
    text = path_rule(f"r{number}", path, action, " ".join(rule.accesses))
    if rule.path is None:
        text = text[: text.index("<path")] + text[text.index("</path>") + 7 :]
    return text.replace(
        "<access-operations>", f"<module-name>{rule.module}</module-name><access-operations>"
    )


def _path_text(path: Node) -> str:
    steps = []
    for name, keys in path:
        predicates = "".join(
            f"[{key if key == '.' else 'acme:' + key}='{text}']" for key, text in keys
        )
        steps.append(f"/acme:{name}{predicates}")
    return "".join(steps) or "/"


def flat(node: Any, value: Any, above: Node = ()) -> dict[Node, str | None]:
    """All data nodes of a tree; a container without presence only if anything is in it."""
    found: dict[Node, str | None] = {}
    for child in node.slots:
        held = value[child.at.slot]
        if child.module.name != "t" or held is None:
            continue
        if child.kind == LIST:
            for entry in held.values():
                keys = tuple((k.name, canonical(entry[k.at.slot])) for k in child.key_leafs)
                here: Node = (*above, (child.name, keys))
                found |= {here: None} | flat(child, entry, here)
        elif child.kind == LEAF_LIST:
            for each in held:
                found[(*above, (child.name, ((".", canonical(each)),)))] = None
        elif child.kind == CONTAINER:
            here = (*above, (child.name, ()))
            below = flat(child, held, here)
            found |= ({here: None} if child.presence else {}) | below
        else:
            found[(*above, (child.name, ()))] = canonical(held)
    return found


def gate_of(schema: Schema, reference: Reference, document: str) -> Gate:
    words_of = {True: "permit", False: "deny"}
    rules = [written(rule, number) for number, rule in enumerate(reference.rules)]
    return Gate(
        schema,
        f"<read-default>{words_of[reference.read_default]}</read-default>"
        f"<write-default>{words_of[reference.write_default]}</write-default>"
        + group("g", "u")
        + rule_list("l", "g", *rules),
        document,
    )


anything = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400
)


@anything
@given(references, documents())
def test_what_is_seen_is_what_the_rules_say(
    schema: Schema, reference: Reference, document: str
) -> None:
    gate = gate_of(schema, reference, document)
    seen = gate.control.seen(session_of("u"), gate.root)
    assert flat(schema.root, seen) == reference.seen(flat(schema.root, gate.root))


@anything
@given(references, documents(), documents())
def test_what_may_be_changed_is_what_the_rules_say(
    schema: Schema, reference: Reference, before: str, after: str
) -> None:
    gate = gate_of(schema, reference, before)
    nacm = schema.by_path["/ietf-netconf-acm:nacm"].at.slot
    new = list(gate.configuration.edited(after, "replace"))
    new[nacm] = gate.root[nacm]
    new_root = schema.root.value._make(new)
    expected = reference.may(flat(schema.root, gate.root), flat(schema.root, new_root))
    rights = gate.control._rights(session_of("u"))
    assert rights is not None
    found = list(denials(rights.top, gate.root, new_root))
    assert (not found) is expected, found


@anything
@given(references, documents(), st.lists(documents(), max_size=3))
def test_what_is_seen_of_one_version_does_not_depend_on_those_before(
    schema: Schema, reference: Reference, first: str, others: list[str]
) -> None:
    gate = gate_of(schema, reference, first)
    gate.control.seen(session_of("u"), gate.root)
    for document in others:
        replacing = document.replace("<a>", "<a nc:operation='replace'>")
        gate.configuration.edit(replacing)
        seen = gate.control.seen(session_of("u"), gate.root)
        assert flat(schema.root, seen) == reference.seen(flat(schema.root, gate.root))


def test_a_step_is_a_name_and_its_keys() -> None:
    step: Step = ("b", (("k", "m"),))
    rule = PlainRule(True, "*", ("*",), (("a", ()), ("b", ())))
    assert rule.matches((("a", ()), step, ("v", ())), "read", "t")
    assert not rule.matches((("a", ()),), "read", "t")
