"""What a subscription held is free as soon as its session has ended, without the collector."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.app import App
from server.sessions import Peer
from server.settings import Settings, User
from server.subscriptions.on_change import OnChangePush
from tests.end_to_end.gateway import QOS
from tests.end_to_end.pushed import subtree, to_changes, xpath

POLICY = "<policy><name>p{}</name></policy>"
SUBTREE = f'<ipsec-qos xmlns="{QOS}"><policies>{{}}</policies></ipsec-qos>'
MANY = SUBTREE.format("".join(map(POLICY.format, range(2000))))
URI = "u" * 100_000
LONG = xpath("/q:ipsec-qos/q:policies").replace("xmlns:q", f'xmlns:long="{URI}" xmlns:q')


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = App(Settings(tmp_path, users={"ada": User("ada")}))
    made.start()
    yield made
    made.close()


@pytest.mark.parametrize("wanted", [subtree(MANY), LONG])
def test_a_large_filter_goes_with_its_session(app: App, wanted: str) -> None:
    gc.collect()
    gc.disable()
    try:
        held = _subscribed(app, wanted)
        assert all(each() is None for each in held)
    finally:
        gc.enable()


def _subscribed(app: App, wanted: str) -> list[Any]:
    """Subscribe and hang up; weak references to what was made."""
    session = app.sessions.open(Peer("ada", "", "netconf-ssh"))
    app.operations.perform(session, etree.fromstring(to_changes(wanted)))
    (subscription,) = app.engine.subscriptions
    feeder = subscription.feeder
    assert isinstance(feeder, OnChangePush)
    held = [weakref.ref(each) for each in (feeder, feeder.picture.selection)]
    app.sessions.close(session)
    return held
