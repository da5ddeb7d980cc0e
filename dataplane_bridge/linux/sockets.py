"""The sockets of the Linux dataplane: netlink to the kernel, and the control socket of charon.

The law: nothing else in this package opens a socket, and none of them leaves the machine.
"""

import socket

SEND_SECONDS = 5.0
_NETLINK_NETFILTER = 12
_RECEIVE_BUFFER = 4 << 20


def netfilter_socket(groups: int = 0) -> socket.socket:
    """Return a netlink socket to netfilter in this thread's namespace, member of those groups."""
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)
    netlink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    netlink.bind((0, groups))
    netlink.settimeout(SEND_SECONDS)
    return netlink


def control_socket(path: str, seconds: float | None) -> socket.socket:
    """Return a connection to charon's VICI socket; raise ``OSError`` where there is none."""
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection
