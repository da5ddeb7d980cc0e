"""``python -m tests.interop.matrix``: run the tests of the clients, write docs/clients.md."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "clients.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"


class Matrix:
    """A pytest plugin that gathers which operation of which client was shown to work."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], bool] = {}
        self._marks: dict[str, tuple[str, tuple[str, ...]]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            mark = item.get_closest_marker("operation")
            module = getattr(item, "module", None)
            if mark is not None and isinstance(module, ModuleType):
                client = mark.kwargs.get("client") or module.CLIENT
                self._marks[item.nodeid] = (client, mark.args)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid not in self._marks or (report.when != "call" and report.passed):
            return
        client, operations = self._marks[report.nodeid]
        for each in operations:
            self.found[client, each] = self.found.get((client, each), True) and report.passed

    def table(self) -> str:
        """Return the matrix as a Markdown table."""
        clients = sorted({client for client, _ in self.found})
        operations = dict.fromkeys(
            operation for args in self._marks.values() for operation in args[1]
        )
        lines = [
            "| operation | " + " | ".join(clients) + " |",
            "|---" * (len(clients) + 1) + "|",
        ]
        for operation in sorted(operations):
            cells = (_cell(self.found.get((client, operation))) for client in clients)
            lines.append(f"| {operation} | " + " | ".join(cells) + " |")
        return "\n".join(lines)


def _cell(found: bool | None) -> str:
    return "" if found is None else "works" if found else "**fails**"


def main() -> int:
    """Run the tests and write the table into the page."""
    matrix = Matrix()
    status = pytest.main(["-q", str(HERE)], plugins=[matrix])
    table = matrix.table()
    print(table)
    text = PAGE.read_text()
    put = f"{BEGIN}\n{table}\n{END}"
    PAGE.write_text(
        re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: put, text, flags=re.DOTALL)
    )
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
