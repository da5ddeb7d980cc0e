"""Every scenario gives the replies and the state that its files say."""

from pathlib import Path

import pytest

from tests.end_to_end.client import RawSession
from tests.scenarios.replay import replay, scenarios


@pytest.mark.parametrize("folder", scenarios(), ids=lambda folder: folder.name)
def test_a_scenario_replays(session: RawSession, folder: Path) -> None:
    state = ""
    for step in replay(session, folder):
        assert step.reply == step.reply_file.read_text(), step.stem.name
        if step.state_file.exists():
            state = step.state_file.read_text()
        assert step.state == state, step.stem.name


def test_there_are_scenarios() -> None:
    assert len(scenarios()) >= 4
