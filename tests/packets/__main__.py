"""``python -m tests.packets embedded|libipsec|kernel [words]`` runs the scenarios."""

import sys
from collections.abc import Iterable, Iterator

from tests.packets import scenarios  # noqa: F401
from tests.packets.embedded import EmbeddedBed
from tests.packets.linux import linux_bed
from tests.packets.scenario import SCENARIOS, Result, Scenario, run, table


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; return how many scenarios differ."""
    dataplane, *words = arguments or ["embedded"]
    chosen = [
        each for each in SCENARIOS if all(word in f"{each.row} {each.sentence}" for word in words)
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
    with linux_bed("selector" if dataplane == "libipsec" else "reqid") as bed:
        for each in chosen:
            result = run(each, bed, EmbeddedBed(bed.tunnels()))
            print(f"{result.seconds:6.1f} s {result.verdict:8} {each.sentence}", flush=True)
            yield result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
