"""The scenarios: functions with a row of the semantics, run in order, each from an empty start.

The law: a scenario leaves no configuration behind; what it finds is told, never raised.
"""

import re
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from tests.packets.embedded import EmbeddedBed
from tests.packets.linux import LinuxBed
from tests.packets.trial import Trial

Play = Callable[[Trial], None]
Verdict = Literal["agrees", "cannot", "DIFFERS"]


class Scenario(NamedTuple):
    """What must be true, and what shows it."""

    row: str
    sentence: str
    play: Play


class Result(NamedTuple):
    """What came of a scenario on a dataplane."""

    scenario: Scenario
    dataplane: str
    verdict: Verdict
    details: tuple[str, ...]
    seconds: float


MOST = 12
"""Details of a scenario that are printed."""

SCENARIOS: list[Scenario] = []


def in_order() -> list[Scenario]:
    """Return the scenarios in the order of their rows."""
    return sorted(SCENARIOS, key=lambda each: int(re.split(r"\D", each.row)[0]))


def scenario(row: str, sentence: str) -> Callable[[Play], Play]:
    """Enter a function as the scenario of a row of SEMANTICS."""

    def enter(play: Play) -> Play:
        SCENARIOS.append(Scenario(row, sentence, play))
        return play

    return enter


def run(
    which: Scenario, linux: LinuxBed | None = None, oracle: EmbeddedBed | None = None
) -> Result:
    """Run a scenario; without a Linux dataplane on the embedded one alone."""
    begin = time.monotonic()
    trial = Trial(oracle or EmbeddedBed(), linux)
    try:
        trial.commit()
        trial.forget_counters()
        which.play(trial)
        trial.each(
            lambda bed: trial.equal(f"{bed.name} agrees", bed.bridge.health.status, "in-sync")
        )
    except Exception:
        trial.wrong.append(" | ".join(traceback.format_exc(limit=-3).splitlines()[1:]))
    verdict: Verdict = "DIFFERS" if trial.wrong else "cannot" if trial.cannot else "agrees"
    details = tuple(dict.fromkeys(trial.wrong)) or tuple(
        f"cannot: {each}" for each in sorted(trial.cannot)
    )
    return Result(which, trial.bed.name, verdict, details, time.monotonic() - begin)


def table(results: Iterable[Result]) -> str:
    """Return scenario by dataplane as text."""
    by_scenario: dict[Scenario, dict[str, Result]] = {}
    dataplanes: list[str] = []
    for result in results:
        by_scenario.setdefault(result.scenario, {})[result.dataplane] = result
        if result.dataplane not in dataplanes:
            dataplanes.append(result.dataplane)
    width = max(len(f"{each.row:8}{each.sentence}") for each in by_scenario)
    lines = [f"{'row     scenario':{width}}  " + "  ".join(f"{name:10}" for name in dataplanes)]
    for each, found in by_scenario.items():
        cells = "  ".join(f"{found[name].verdict:10}" for name in dataplanes if name in found)
        lines.append(f"{f'{each.row:8}{each.sentence}':{width}}  {cells}")
        for name in dataplanes:
            if name in found:
                lines.extend(f"          {name}: {detail}" for detail in found[name].details[:MOST])
    return "\n".join(lines)
