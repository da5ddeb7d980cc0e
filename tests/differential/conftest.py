"""Options of a campaign, and the library that it needs."""

import os
import warnings

import pytest

from tests.libyang import load

LIBRARY = load()
if LIBRARY is None:
    warnings.warn(
        "LIBYANG IS NOT INSTALLED (apt install libyang2): THE ENGINE IS NOT COMPARED WITH IT",
        stacklevel=1,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, loudly, where there is nothing to compare with."""
    if LIBRARY is None:
        for item in items:
            if "differential" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="LIBYANG IS NOT INSTALLED"))


@pytest.fixture(scope="session")
def verdicts() -> int:
    """How many verdicts a campaign gives: the environment's VERDICTS, else 20,000."""
    return int(os.environ.get("VERDICTS", "20000"))
