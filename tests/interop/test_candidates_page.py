"""docs/candidates.md: what it tells to run is run, and prints what it says."""

import contextlib
import io
import re
from typing import Any

from tests.end_to_end.process import PASSWORD, ROOT, ServerProcess

PAGE = (ROOT / "docs" / "candidates.md").read_text()
EXAMPLE = re.compile(r"^```python\n(.*?)^```$\n\n^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_examples_print_what_the_page_says(server: ServerProcess) -> None:
    names: dict[str, Any] = {}
    found = EXAMPLE.findall(PAGE)
    assert len(found) == PAGE.count("```python") == 3
    for program, expected in found:
        here = program.replace("2022", str(server.port))
        here = here.replace('password="admin"', f"password={PASSWORD!r}")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(here, names)
        assert printed.getvalue() == expected, program


def test_the_page_has_the_limits_as_they_are() -> None:
    from server.settings import Limits

    limits = Limits()
    for name in ("private_candidates", "partial_locks", "partial_lock_nodes"):
        assert f"`{name}" in PAGE
        assert f"{getattr(limits, name):,}" in PAGE
