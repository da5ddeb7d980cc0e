"""docs/reading.md: what it tells to run is run, and prints what it says."""

import contextlib
import io
import re
from typing import Any

from tests.end_to_end.process import PASSWORD, ROOT, ServerProcess

PAGE = (ROOT / "docs" / "reading.md").read_text()
EXAMPLE = re.compile(
    r"^```python\n(.*?)^```$(?:\n\n^```(?:xml|text)\n(.*?)^```$)?", re.DOTALL | re.MULTILINE
)


def told(text: str) -> str:
    """Text without what differs from one server to the next: which commit it was, and its etag."""
    return re.sub(r"\b\d+-[0-9a-f]{12}\b", "ETAG", text)


def test_the_examples_print_what_the_page_says(server: ServerProcess) -> None:
    names: dict[str, Any] = {}
    found = EXAMPLE.findall(PAGE)
    assert len(found) >= 10
    for program, expected in found:
        here = program.replace("2022", str(server.port))
        here = here.replace('password="admin"', f"password={PASSWORD!r}")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(here, names)
        assert told(printed.getvalue()) == told(expected), program


def test_the_page_tells_of_every_parameter_that_narrows_a_reply() -> None:
    for name in ("config-filter", "max-depth", "with-origin", "subtree-filter", "xpath-filter"):
        assert f"<{name}" in PAGE
