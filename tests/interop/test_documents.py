"""What the documents tell a reader to type is typed, and gives what they say it gives."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from ncclient import manager
from ncclient.xml_ import to_ele

from dataplane_bridge.tunnel_input import load_tunnels
from server.settings import load_settings
from tests.end_to_end.process import PASSWORD, ROOT, ServerProcess
from tests.interop.test_ncclient import connect
from tests.interop.test_netconf_console2 import run

README = (ROOT / "README.md").read_text()
MODEL = (ROOT / "docs" / "model.md").read_text()
EVENTS = (ROOT / "docs" / "events.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def edits(heading: str) -> Iterator[tuple[str, str]]:
    """Yield (command, edit) of the table below a heading of docs/model.md."""
    part = MODEL.split(f"### {heading}\n")[1].split("\n##")[0]
    yield from re.findall(r"^\| (.*?) \| `(<.*?)`.*\|$", part, re.MULTILINE)


GLOBAL = list(edits("The global view, groups and interfaces"))
LOCAL = list(edits("The view of a policy or of a template"))
AROUND_GLOBAL, AROUND_POLICY, AROUND_TEMPLATE = (
    each for each in blocks(MODEL, "xml") if "..." in each
)


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[manager.Manager]:
    with connect(server) as made:
        yield made


def test_every_command_of_the_guide_has_its_edit() -> None:
    guide = {command.strip("`") for command, _ in GLOBAL + LOCAL}
    for words in (
        "ipsec global df-bit clear",
        "ipsec global fragmentation aging-time",
        "ipsec global fragmentation before-encryption",
        r"ipsec policy \S+ \d+ isakmp$",
        r"ipsec policy \S+ \d+ isakmp template",
        "ipsec policy-template",
        r"speed-limit outbound \d+$",
        r"speed-limit inbound \d+ ike$",
        r"speed-limit inbound \d+ payload$",
        r"speed-limit inbound \d+ ike payload$",
        "ipsec df-bit clear",
        "ipsec fragmentation before-encryption",
        r"set dscp \d+ inbound",
        "set dscp af11 outbound",
        "set service-class cs6 inbound",
        "set service-class af1 outbound",
        "set service-class inherit-plain inbound",
    ):
        assert any(re.match(words, command) for command in guide), words


def test_every_edit_of_the_model_s_page_is_committed_as_it_stands(client: manager.Manager) -> None:
    for around, rows in (
        (AROUND_GLOBAL, GLOBAL),
        (AROUND_POLICY, LOCAL),
        (AROUND_TEMPLATE, LOCAL),
    ):
        for command, edit in rows:
            text = around.replace("...", edit)
            before = str(client.get_config("running"))
            client.edit_config(target="candidate", config=f"<config>{text}</config>")
            client.commit()
            assert str(client.get_config("running")) != before, command


def test_the_commands_of_the_readme_do_what_it_says(server: ServerProcess) -> None:
    (lines,) = (each for each in blocks(README, "sh") if "nc2 --" in each)
    commands = [line.split("#")[0].split()[1:] for line in lines.splitlines() if "nc2 --" in line]
    assert len(commands) == 6
    answers = [run(server, *command) for command in commands]
    for answer in answers:
        assert "error" not in answer.lower(), answer
    assert "<rate>1000</rate>" in answers[2]
    assert "<id>branch-1/net</id>" in answers[4]
    printed = next(each for each in blocks(README, "xml") if "<passed" in each)
    assert printed in answers[5]


def test_the_mistake_that_the_readme_shows_is_told_so(
    server: ServerProcess, tmp_path: Path
) -> None:
    file = tmp_path / "mistake.xml"
    file.write_text(AROUND_POLICY.replace("...", "<outbound><dscp>64</dscp></outbound>"))
    told = run(server, "--db", "candidate", "--edit-config", str(file))
    shown = next(each for each in blocks(README, "xml") if "error-tag" in each)
    elements = re.findall(r"<(error-\w+).*?</\1>", shown, re.DOTALL)
    assert elements == ["error-tag", "error-path", "error-message"]
    for element in re.findall(r"<error-.*?</error-\w+>", shown, re.DOTALL):
        assert "".join(element.split()) in "".join(told.split())


def test_the_python_of_the_readme_runs(server: ServerProcess) -> None:
    (source,) = blocks(README, "python")
    for program in (source, (ROOT / "docs" / "examples" / "configure.py").read_text()):
        here = program.replace("2022", str(server.port))
        here = here.replace('password="admin"', f"password={PASSWORD!r}")
        here = here.replace("__file__", "'docs/examples/configure.py'")
        done = subprocess.run(
            [sys.executable, "-c", here], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert "<rpc-reply" in done.stdout


def test_the_policies_are_watched_as_the_page_of_events_shows(
    server: ServerProcess, tmp_path: Path
) -> None:
    program = (ROOT / "docs" / "examples" / "watch.py").read_text()
    (shown,) = (each for each in blocks(EVENTS, "python") if "while" in each)
    assert "".join(shown.split()) in "".join(program.split())
    empty = "<copy-config><target><running/></target><source><config/></source></copy-config>"
    with connect(server) as editor:
        editor.dispatch(to_ele(empty))
        here = program.replace("2022", str(server.port)).replace("timeout=60", "timeout=3")
        here = here.replace('password="admin"', f"password={PASSWORD!r}")
        here = here.replace("__file__", "'docs/examples/watch.py'").replace("print(", "show(")
        here = f"from functools import partial\nshow = partial(print, flush=True)\n{here}"
        with subprocess.Popen(
            [sys.executable, "-c", here], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as watching:
            assert watching.stdout is not None
            first = watching.stdout.readline()
            guide = (ROOT / "docs" / "examples" / "guide.xml").read_text()
            editor.edit_config(target="running", config=f"<config>{guide}</config>")
            changed = AROUND_POLICY.replace("...", "<description>changed</description>")
            editor.edit_config(target="running", config=f"<config>{changed}</config>")
            rest = watching.stdout.read()
    (printed,) = (each for each in re.findall(r"```\n(all:.*?)```", EVENTS, re.DOTALL))
    assert first + rest == printed


def test_netconf_console2_subscribes_and_lists_who_does(server: ServerProcess) -> None:
    (line,) = (each for each in EVENTS.splitlines() if each.startswith("nc2 --rpc"))
    answer = run(server, *line.split("#")[0].split()[1:])
    assert "<selection" not in answer
    assert "ds:running" in answer or ":running</datastore>" in answer


def test_the_settings_of_the_page_are_taken_and_are_the_defaults(tmp_path: Path) -> None:
    text, tunnels = blocks(SETTINGS, "toml")
    file = tmp_path / "settings.toml"
    file.write_text(text.replace('"scrypt$..."', '""'))
    file.chmod(0o600)
    limits = tomllib.loads(text)["limits"]
    read = load_settings(file).limits
    assert limits.keys() == {each.name for each in fields(read)}
    file.write_text("")
    assert load_settings(file).limits == read
    (tmp_path / "tunnels.toml").write_text(tunnels)
    assert load_tunnels(tmp_path / "tunnels.toml")
