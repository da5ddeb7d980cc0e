"""The settings of the driver linux: what is taken, and what is refused by its name."""

from typing import Any

import pytest

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.settings import LinuxSettings, settings_of


def test_an_empty_table_means_the_defaults() -> None:
    assert settings_of({}) == LinuxSettings()


def test_all_that_can_be_set() -> None:
    found = settings_of(
        {
            "mode": "selector",
            "vici": "/run/vici",
            "if-id": 42,
            "xfrm-interface": "ipsec-q",
            "tunnel-interface": "ipsec1",
            "mpls-interfaces": ["core0", "core1.7"],
            "route-table": 100,
            "rule-priority": 5,
            "repair-drift": False,
        }
    )
    assert found == LinuxSettings(
        "selector", "/run/vici", "ipsec1", ("core0", "core1.7"), 100, 5, 42, "ipsec-q", False
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"mod": "reqid"}, "mod is not a setting"),
        ({"mode": "policy"}, "mode is 'policy'; it can be"),
        ({"vici": ""}, "vici is ''"),
        ({"if-id": 0}, "if-id is 0"),
        ({"if-id": 1 << 32}, "if-id is 4294967296"),
        ({"xfrm-interface": "a b"}, "xfrm-interface is 'a b'"),
        ({"xfrm-interface": "sixteen-letters-"}, "xfrm-interface"),
        ({"mpls-interfaces": ["core0; drop"]}, "mpls-interfaces is not a list"),
        ({"mpls-interfaces": "core0"}, "mpls-interfaces is not a list"),
        ({"route-table": 0}, "route-table is 0"),
        ({"rule-priority": True}, "rule-priority is True"),
        ({"repair-drift": "yes"}, "repair-drift is 'yes'"),
    ],
)
def test_what_cannot_be_is_named(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BridgeError, match=sentence):
        settings_of(table)
