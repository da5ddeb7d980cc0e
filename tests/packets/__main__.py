"""``python -m tests.packets embedded|libipsec|kernel [words]`` runs the scenarios.

The words are regular expressions, all of which row and sentence of a scenario match.

"kernel" makes a machine for it; "kernel-here" is for a kernel that has ESP itself.
"""

import re
import signal
import sys
from collections.abc import Iterable, Iterator

from tests.packets import scenarios  # noqa: F401
from tests.packets.embedded import EmbeddedBed
from tests.packets.linux import LinuxBed
from tests.packets.scenario import Result, Scenario, in_order, run, table
from tests.packets.virtual_machine import run_inside


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; return how many scenarios differ."""
    # Told to end, the lab is taken away as at any other end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    dataplane, *words = arguments or ["embedded"]
    if dataplane == "kernel":
        command = [sys.executable, "-m", "tests.packets", "kernel-here", *words]
        status, text = run_inside(command)
        print(text)
        return status
    chosen = [
        each
        for each in in_order()
        if all(re.search(word, f"{each.row} {each.sentence}") for word in words)
    ]
    results = list(results_of(dataplane, chosen))
    print(table(results))
    print(f"{len(results)} scenarios, {sum(each.seconds for each in results):.1f} s")
    return sum(each.verdict == "DIFFERS" for each in results)


def results_of(dataplane: str, chosen: Iterable[Scenario]) -> Iterator[Result]:
    """Yield what comes of the scenarios on that dataplane."""
    if dataplane == "embedded":
        for each in chosen:
            yield run(each)
        return
    from tests.packets.gateway import linux_bed  # its imports need Linux and take their time

    with linux_bed("selector" if dataplane == "libipsec" else "reqid") as bed:
        for each in chosen:
            yield _tried(each, bed)


def _tried(each: Scenario, bed: LinuxBed) -> Result:
    """Return what comes of a scenario; one that differs is played once more, and that is said.

    A busy machine holds a sender or user-space ESP up for a moment, and a rate is not kept to. What
    is really wrong differs again.
    """
    for again in ("", " (played again)"):
        result = run(each, bed, EmbeddedBed(bed.tunnels()))
        print(f"{result.seconds:6.1f} s {result.verdict:8} {each.sentence}{again}", flush=True)
        if result.verdict != "DIFFERS":
            break
        print("".join(f"           {detail}\n" for detail in result.details), end="", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
