"""``python -m tests.interop.matrix``: run the tests of the clients, write docs/clients.md."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.interop.reasons import REASONS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "clients.md"
YES, AS_A_REQUEST, FAILS = "yes", "as a request", "**fails**"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"


class Matrix:
    """A pytest plugin that gathers which operation of which client was shown to work."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], str] = {}
        self._marks: dict[str, list[tuple[str, str, str]]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            module = getattr(item, "module", None)
            for mark in item.iter_markers("operation"):
                assert isinstance(module, ModuleType)
                client = mark.kwargs.get("client") or module.CLIENT
                how = AS_A_REQUEST if mark.kwargs.get("how") == "rpc" else YES
                self._marks.setdefault(item.nodeid, []).extend(
                    (client, operation, how) for operation in mark.args
                )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid in self._marks and (report.when == "call" or not report.passed):
            self._note(report.nodeid, report.passed)

    def believe(self) -> None:
        """Take every test for one that passes."""
        for each in self._marks:
            self._note(each, True)

    def _note(self, test: str, passed: bool) -> None:
        for client, operation, how in self._marks[test]:
            before = self.found.get((client, operation), AS_A_REQUEST)
            best = YES if YES in (before, how) else AS_A_REQUEST
            is_bad = FAILS in (before, YES if passed else FAILS)
            self.found[client, operation] = FAILS if is_bad else best

    def table(self) -> str:
        """Return the matrix as a Markdown table, and below it the reason of each "no"."""
        clients = sorted({client for client, _ in self.found})
        reasons: list[str] = []
        lines = [
            "| operation | " + " | ".join(clients) + " |",
            "|---" * (len(clients) + 1) + "|",
        ]
        for operation in sorted({operation for _, operation in self.found}, key=str.lower):
            cells = (self._cell(client, operation, reasons) for client in clients)
            lines.append(f"| {operation} | " + " | ".join(cells) + " |")
        notes = (f"{number}. {reason}" for number, reason in enumerate(reasons, 1))
        return "\n".join([*lines, "", *notes])

    def _cell(self, client: str, operation: str, reasons: list[str]) -> str:
        reason = REASONS.get((client.split()[0], operation))
        if found := self.found.get((client, operation)):
            assert reason is None, f"{client} has {operation}: strike out why not"
            return found
        assert reason is not None, f"{client}, {operation}: neither a test nor a reason"
        if reason not in reasons:
            reasons.append(reason)
        return f"no ({reasons.index(reason) + 1})"


def main() -> int:
    """Run the tests and write the table into the page; ``--check`` compares without running."""
    matrix = Matrix()
    is_check = sys.argv[1:] == ["--check"]
    options = ["--collect-only", "-qq"] if is_check else ["-q"]
    status = int(pytest.main([*options, str(HERE)], plugins=[matrix]))
    if is_check:
        matrix.believe()
    text = PAGE.read_text()
    put = f"{BEGIN}\n{matrix.table()}\n{END}"
    page = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: put, text, flags=re.DOTALL)
    if not is_check:
        PAGE.write_text(page)
    elif page != text:
        print("docs/clients.md is not what the tests show: python -m tests.interop.matrix")
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
