"""Keeps a copy of the policies with ncclient: all of them first, then each change."""

from pathlib import Path

from ncclient import manager
from ncclient.xml_ import to_ele

WATCH = Path(__file__).with_name("watch.xml").read_text()
PUSH = "{urn:ietf:params:xml:ns:yang:ietf-yang-push}"

with manager.connect(
    host="127.0.0.1",
    port=2022,
    username="admin",
    password="admin",
    hostkey_verify=False,
    allow_agent=False,
    look_for_keys=False,
) as gateway:
    gateway.dispatch(to_ele(WATCH))
    while (told := gateway.take_notification(timeout=60)) is not None:
        update = told.notification_ele[1]
        for contents in update.iter(f"{PUSH}datastore-contents"):
            print("all:", len(list(contents.iter("{*}policy"))), "policies")
        for edit in update.iter(f"{PUSH}edit"):
            print(edit.findtext(f"{PUSH}operation"), edit.findtext(f"{PUSH}target"))
