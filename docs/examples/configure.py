"""Configures the guide's example with ncclient and shows the tunnels."""

from pathlib import Path

from ncclient import manager

CONFIG = Path(__file__).with_name("guide.xml").read_text()
TUNNELS = '<ipsec-qos xmlns="urn:ipsec-qos:yang:ipsec-qos"><tunnels/></ipsec-qos>'

with manager.connect(
    host="127.0.0.1",
    port=2022,
    username="admin",
    password="admin",
    hostkey_verify=False,
    allow_agent=False,
    look_for_keys=False,
) as gateway:
    with gateway.locked("candidate"):
        gateway.edit_config(target="candidate", config=f"<config>{CONFIG}</config>")
        gateway.validate("candidate")
        gateway.commit()
    print(gateway.get(("subtree", TUNNELS)))
