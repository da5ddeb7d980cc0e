"""Our engine and libyang on modules that exercise most of RFC 7950."""

import os
import time
from collections.abc import Iterator

import pytest

from tests.differential import broad
from tests.differential.campaign import Campaign, Tally
from tests.differential.conftest import LIBRARY
from tests.differential.engine import Engine
from tests.differential.expected import statements
from tests.libyang import Context
from tests.yang.compiled import bindings
from yang.schema import Schema

SEED = int(os.environ.get("SEED", "1"))
ALONE = 2
"""How often each statement must be the only cause of a rejection, in 20,000 verdicts."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


@pytest.fixture(scope="module")
def oracle() -> Iterator[Context]:
    assert LIBRARY is not None
    context = Context(LIBRARY, broad.PATH, broad.LOADED, broad.FEATURES)
    yield context
    context.close()


def run(schema: Schema, oracle: Context, verdicts: int) -> Tally:
    tally = Tally()
    for about, share in broad.SHARES.items():
        campaign = Campaign(Engine(schema), oracle, broad.domains(about), SEED, tally)
        campaign.run(tally.verdicts + int(verdicts * share))
    return tally


def test_agrees_with_libyang(schema: Schema, oracle: Context) -> None:
    tally = run(schema, oracle, 500)
    assert not tally.disagreements, tally.disagreements[0]


@pytest.mark.slow
def test_agrees_with_libyang_at_length(schema: Schema, oracle: Context, verdicts: int) -> None:
    started = time.monotonic()
    tally = run(schema, oracle, verdicts)
    rate = tally.verdicts / (time.monotonic() - started)
    assert not tally.disagreements, tally.disagreements[0]
    print(tally.told(rate))
    least = ALONE * verdicts // 20000
    wanted = statements(schema, broad.REFUSED)
    rare = {cause: tally.sole[cause] for cause in wanted if tally.sole[cause] < least}
    assert not rare, f"less than {least} times the only cause of a rejection: {rare}"
