"""The differential test has teeth: with a part of the engine switched off, the judges disagree."""

from collections.abc import Callable
from typing import Any

import pytest

from server.validation import indexes
from server.validation.validator import Validator
from tests.differential import broad, ipsec_qos
from tests.differential.campaign import Campaign
from tests.differential.conftest import LIBRARY
from tests.differential.documents import Domains
from tests.differential.engine import Engine
from tests.libyang import Context
from tests.yang.compiled import bindings

pytestmark = pytest.mark.slow

Breakage = Callable[[Validator], None]


def ask(schema: Any, domains: Domains, oracle: Context, break_it: Breakage, verdicts: int) -> int:
    """Return how many verdicts it took to disagree; 0 if that did not happen."""
    validator = Validator(schema)
    break_it(validator)
    tally = Campaign(Engine(schema, validator), oracle, domains, 1).run(verdicts)
    return tally.verdicts if tally.disagreements else 0


def no_reverse_checks(validator: Validator) -> None:
    validator._reverse = {
        number: [(c, r) for c, r in found if c.kind == "leafref"]
        for number, found in validator._reverse.items()
    }


def no_back_checks_of_leafrefs(validator: Validator) -> None:
    validator._reverse = {
        number: [(c, r) for c, r in found if c.kind != "leafref"]
        for number, found in validator._reverse.items()
    }


def no_leafrefs(validator: Validator) -> None:
    for found in validator._here.values():
        found[:] = [each for each in found if each.kind != "leafref"]


def no_musts(validator: Validator) -> None:
    for found in validator._here.values():
        found[:] = [each for each in found if each.kind != "must"]


def no_unique(validator: Validator) -> None:
    for found in validator._here.values():
        found[:] = [each for each in found if each.kind != "unique"]


def no_structure(validator: Validator) -> None:
    validator._structure = {}


def no_entries_below(validator: Validator) -> None:
    validator._below = {}


def no_fallback(validator: Validator) -> None:
    validator._fallback._constraints = []


@pytest.mark.parametrize(
    "break_it",
    [
        no_reverse_checks,
        no_back_checks_of_leafrefs,
        no_leafrefs,
        no_musts,
        no_unique,
        no_structure,
    ],
)
def test_a_blunted_engine_is_found_out_on_ipsec_qos(break_it: Breakage) -> None:
    assert LIBRARY is not None
    path = (ipsec_qos.MODULES / "ipsec-qos", ipsec_qos.MODULES / "ietf")
    oracle = Context(LIBRARY, path, ipsec_qos.LOADED, ipsec_qos.FEATURES)
    took = ask(ipsec_qos.schema(), ipsec_qos.domains(), oracle, break_it, 6000)
    oracle.close()
    assert took


def test_stale_indexes_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LIBRARY is not None
    monkeypatch.setattr(indexes, "_take", lambda buckets, value, member: None)
    path = (ipsec_qos.MODULES / "ipsec-qos", ipsec_qos.MODULES / "ietf")
    oracle = Context(LIBRARY, path, ipsec_qos.LOADED, ipsec_qos.FEATURES)
    took = ask(ipsec_qos.schema(), ipsec_qos.domains(), oracle, lambda _: None, 6000)
    oracle.close()
    assert took


@pytest.mark.parametrize(
    ("about", "break_it"),
    [
        ("/broad:conditions", no_entries_below),
        ("/broad:network", no_fallback),
        ("/broad:network", no_structure),
        ("/broad:network", no_reverse_checks),
        ("/broad:conditions", no_musts),
    ],
)
def test_a_blunted_engine_is_found_out_on_the_broad_modules(about: str, break_it: Breakage) -> None:
    assert LIBRARY is not None
    oracle = Context(LIBRARY, broad.PATH, broad.LOADED, broad.FEATURES)
    schema = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    took = ask(schema, broad.domains(about), oracle, break_it, 6000)
    oracle.close()
    assert took


def test_ignored_defaults_are_found_out() -> None:
    assert LIBRARY is not None
    oracle = Context(LIBRARY, broad.PATH, broad.LOADED, broad.FEATURES)
    module: Any = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0]
    module.default = lambda value, otherwise: value if value is not None else 0
    took = ask(module.SCHEMA, broad.domains("/broad:limits"), oracle, lambda _: None, 6000)
    oracle.close()
    assert took
