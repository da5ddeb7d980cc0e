"""Our engine and libyang on ipsec-qos: one verdict; every constraint alone seen broken."""

import os
import time
from collections.abc import Iterator

import pytest

from tests.differential import ipsec_qos
from tests.differential.campaign import Campaign, Tally
from tests.differential.conftest import LIBRARY
from tests.differential.engine import Engine
from tests.differential.expected import statements
from tests.libyang import Context

SEED = int(os.environ.get("SEED", "1"))
ALONE = 20
"""How often each constraint must be the only cause of a rejection, in 20,000 verdicts."""


@pytest.fixture(scope="module")
def oracle() -> Iterator[Context]:
    assert LIBRARY is not None
    path = (ipsec_qos.MODULES / "ipsec-qos", ipsec_qos.MODULES / "ietf")
    context = Context(LIBRARY, path, ipsec_qos.LOADED, ipsec_qos.FEATURES)
    yield context
    context.close()


def run(oracle: Context, verdicts: int) -> Tally:
    return Campaign(Engine(ipsec_qos.schema()), oracle, ipsec_qos.domains(), SEED).run(verdicts)


def test_agrees_with_libyang(oracle: Context) -> None:
    tally = run(oracle, 500)
    assert not tally.disagreements, tally.disagreements[0]


@pytest.mark.slow
def test_agrees_with_libyang_at_length(oracle: Context, verdicts: int) -> None:
    started = time.monotonic()
    tally = run(oracle, verdicts)
    rate = tally.verdicts / (time.monotonic() - started)
    assert not tally.disagreements, tally.disagreements[0]
    print(tally.told(rate))
    wanted = statements(ipsec_qos.schema(), ipsec_qos.domains().refused)
    least = ALONE * verdicts // 20000
    rare = {cause: tally.sole[cause] for cause in wanted if tally.sole[cause] < least}
    assert not rare, f"less than {least} times the only cause of a rejection: {rare}"
