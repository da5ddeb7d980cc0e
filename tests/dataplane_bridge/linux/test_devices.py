"""The xfrm interface that tunnels share: made where it can be, and said why where it cannot."""

import os
import subprocess
from collections.abc import Iterator

import pytest
from pyroute2 import IPRoute

from dataplane_bridge.driver import DataplaneFailed, DataplaneRefused
from dataplane_bridge.linux.devices import devices_of, install_tunnel_device
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture
def netlink() -> Iterator[IPRoute]:
    name = f"ipsecqos-dev-{os.getpid()}"
    with namespace(name), inside(name), IPRoute() as found:
        yield found


def test_before_there_is_any_other_device_it_is_made_or_told_what_the_kernel_needs(
    netlink: IPRoute,
) -> None:
    try:
        install_tunnel_device(netlink, "ipsecqos0", 42)
    except DataplaneFailed as error:
        assert "the kernel needs xfrm_interface" in str(error)
    else:
        assert devices_of(netlink)["ipsecqos0"].mtu == 1500


def test_an_interface_of_that_name_that_is_not_ours_is_left_alone(netlink: IPRoute) -> None:
    subprocess.run(["ip", "tuntap", "add", "ipsecqos0", "mode", "tun"], check=True)
    with pytest.raises(DataplaneRefused, match="did not make.*ip link del ipsecqos0"):
        install_tunnel_device(netlink, "ipsecqos0", 42)
    assert devices_of(netlink)["ipsecqos0"].if_id is None
