"""Network devices, and the one that this server makes: an xfrm interface that all tunnels share.

The law: a device of that name which this server did not make is never used or changed; ours is
known by its alias.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from dataplane_bridge.driver import DataplaneFailed, DataplaneRefused

ALIAS = "made by ipsec-qos-netconf"
SMALLEST_MTU = 1500
_LOOPBACK = 1
_UP = 1


class Device(NamedTuple):
    """A network device; ``if_id`` of an xfrm interface."""

    number: int
    name: str
    mtu: int
    if_id: int | None = None
    alias: str = ""
    is_up: bool = True


def devices_of(netlink: IPRoute) -> dict[str, Device]:
    """Return the network devices by name."""
    return {device.name: device for device in map(_device, netlink.get_links())}


def addresses_of(netlink: IPRoute) -> dict[str, int]:
    """Return the number of the device that has each address of this machine."""
    return {
        message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS"): message["index"]
        for message in netlink.get_addr()
    }


def install_tunnel_device(netlink: IPRoute, name: str, if_id: int) -> None:
    """Make our xfrm interface unless it is there; raise ``DataplaneRefused`` or ``Failed``."""
    devices = devices_of(netlink)
    there = devices.get(name)
    if there is not None and (there.alias != ALIAS or there.if_id != if_id):
        raise DataplaneRefused(
            f"There is an interface {name} that this server did not make, or made for another"
            f" if_id; remove it (ip link del {name}) or give the setting xfrm-interface another"
            " name."
        )
    try:
        if there is None:
            mtu = max([SMALLEST_MTU, *_mtus(devices)])
            # An underlying device is only a hint to the kernel; the loopback is always there.
            netlink.link(
                "add",
                ifname=name,
                kind="xfrm",
                xfrm_if_id=if_id,
                xfrm_link=_LOOPBACK,
                mtu=mtu,
            )
            # A kernel does not take the alias of a device that it is only making (6.1).
            number = netlink.link_lookup(ifname=name)[0]
            netlink.link("set", index=number, ifalias=ALIAS, state="up")
        elif not there.is_up:
            netlink.link("set", index=there.number, state="up")
    except NetlinkError as error:
        raise DataplaneFailed(
            f"The xfrm interface {name} cannot be made ({error.args[-1]}); the kernel needs"
            " xfrm_interface."
        ) from error


def remove_tunnel_device(netlink: IPRoute, name: str) -> None:
    """Take our xfrm interface away."""
    there = devices_of(netlink).get(name)
    if there is not None and there.alias == ALIAS:
        netlink.link("del", index=there.number)


def _mtus(devices: Mapping[str, Device]) -> list[int]:
    """Return the MTUs of the devices that IPsec packets may leave by."""
    return [each.mtu for each in devices.values() if each.number != _LOOPBACK and not each.if_id]


def _device(message: Any) -> Device:
    details = message.get_attr("IFLA_LINKINFO")
    if_id = None
    if details is not None and details.get_attr("IFLA_INFO_KIND") == "xfrm":
        data = details.get_attr("IFLA_INFO_DATA")
        if_id = None if data is None else data.get_attr("IFLA_XFRM_IF_ID")
    return Device(
        message["index"],
        message.get_attr("IFLA_IFNAME"),
        message.get_attr("IFLA_MTU"),
        if_id,
        message.get_attr("IFLA_IFALIAS") or "",
        bool(message["flags"] & _UP),
    )
