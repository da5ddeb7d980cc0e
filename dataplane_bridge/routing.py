"""Which tunnel a packet goes into or came out of.

The law: the most specific remote prefix decides, as in a routing table; then protocol and port,
where a tunnel is for one only; then the tunnel that came first.
"""

from collections.abc import Iterable

from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import Direction
from dataplane_bridge.prefixes import Prefix, host_prefix
from dataplane_bridge.tunnels import Tunnel


def find_tunnel(tunnels: Iterable[Tunnel], packet: Packet, direction: Direction) -> Tunnel | None:
    """Return the tunnel of a packet that has addresses, or ``None``: then it travels in clear."""
    local, remote = packet.source, packet.destination
    if direction == "inbound":
        local, remote = remote, local
    if local is None or remote is None:
        return None
    here, there = host_prefix(local), host_prefix(remote)
    best: tuple[tuple[int, int, int], Tunnel] | None = None
    for tunnel in tunnels:
        rank = _rank(tunnel, packet, here, there)
        if rank is not None and (best is None or rank > best[0]):
            best = (rank, tunnel)
    return None if best is None else best[1]


def _rank(
    tunnel: Tunnel, packet: Packet, here: Prefix, there: Prefix
) -> tuple[int, int, int] | None:
    """Return how specifically the tunnel is for the packet; ``None`` where it is not."""
    if tunnel.protocol not in (None, packet.protocol):
        return None
    if tunnel.remote_port not in (None, packet.remote_port):
        return None
    if not any(here.within(prefix) for prefix in tunnel.local_networks):
        return None
    lengths = [prefix.length for prefix in tunnel.remote_networks if there.within(prefix)]
    if not lengths:
        return None
    return max(lengths), tunnel.protocol is not None, tunnel.remote_port is not None
