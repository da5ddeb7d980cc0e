"""Our engine and libyang on modules that exercise most of RFC 7950."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.differential import broad, broad_odd
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


@pytest.fixture(scope="module", params=[broad, broad_odd], ids=["broad", "odd"])
def about(request: pytest.FixtureRequest) -> Any:
    """What to draw from: a file of domains."""
    return request.param


@pytest.fixture(scope="module")
def schema(about: Any) -> Schema:
    found = bindings(about.LOADED, about.PATH, about.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


@pytest.fixture(scope="module")
def oracle(about: Any) -> Iterator[Context]:
    assert LIBRARY is not None
    context = Context(LIBRARY, about.PATH, about.LOADED, about.FEATURES)
    yield context
    context.close()


def run(about: Any, schema: Schema, oracle: Context, verdicts: int) -> Tally:
    tally = Tally()
    for container, share in about.SHARES.items():
        campaign = Campaign(Engine(schema), oracle, about.domains(container), SEED, tally)
        campaign.run(tally.verdicts + int(verdicts * share))
    return tally


def test_agrees_with_libyang(about: Any, schema: Schema, oracle: Context) -> None:
    tally = run(about, schema, oracle, 500)
    assert not tally.disagreements, tally.disagreements[0]


@pytest.mark.slow
def test_agrees_with_libyang_at_length(
    about: Any, schema: Schema, oracle: Context, verdicts: int
) -> None:
    started = time.monotonic()
    tally = run(about, schema, oracle, verdicts)
    rate = tally.verdicts / (time.monotonic() - started)
    assert not tally.disagreements, tally.disagreements[0]
    print(tally.told(rate))
    least = ALONE * verdicts // 20000
    wanted = {each for each in statements(schema, about.REFUSED) if about.OWN in each}
    rare = {cause: tally.sole[cause] for cause in wanted if tally.sole[cause] < least}
    assert not rare, f"less than {least} times the only cause of a rejection: {rare}"
