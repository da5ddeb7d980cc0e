import pytest

from dataplane_bridge.tunnels import Tunnel


@pytest.mark.parametrize(
    ("fields", "mtu"),
    [
        ({}, 1446),
        ({"cipher": "aes-cbc-sha256"}, 1438),
        ({"nat_traversal": True}, 1438),
        ({"cipher": "aes-cbc-sha256", "nat_traversal": True}, 1422),
        ({"local_address": "2001:db8::1", "remote_address": "2001:db8::2"}, 1426),
    ],
)
def test_row_7_tunnel_mtu_is_the_kernels_own_figure(fields: dict[str, str], mtu: int) -> None:
    assert Tunnel("t", "wan0", **fields).tunnel_mtu == mtu  # type: ignore[arg-type]


@pytest.mark.parametrize("cipher", ["aes-gcm", "aes-cbc-sha256"])
@pytest.mark.parametrize("nat", [False, True])
@pytest.mark.parametrize("remote", ["192.0.2.2", "2001:db8::2"])
@pytest.mark.parametrize("egress", [1280, 1281, 1400, 1499, 1500, 9000])
def test_the_tunnel_mtu_is_the_largest_that_fits(
    cipher: str, nat: bool, remote: str, egress: int
) -> None:
    tunnel = Tunnel(
        "t",
        "wan0",
        cipher=cipher,  # type: ignore[arg-type]
        nat_traversal=nat,
        remote_address=remote,
        egress_mtu=egress,
    )
    outer_length = tunnel.encapsulation.outer_length
    assert outer_length(tunnel.tunnel_mtu) <= egress < outer_length(tunnel.tunnel_mtu + 1)


def test_outer_length_is_what_the_kernel_sent() -> None:
    # DATAPLANE.md, section 3: a 1500-byte inner packet left as fragments of 1500 and 76 bytes.
    assert Tunnel("t", "wan0").encapsulation.outer_length(1500) == 1500 + 76 - 20
