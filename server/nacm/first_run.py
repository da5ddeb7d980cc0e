"""The rules that are there before anybody has written any: nobody is locked out, and it shows.

By RFC 8341 a server without rules permits no write. So where ``/nacm`` is empty at a start, a
group with a rule that permits everything is written into running, for the users of the settings.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from server.datastore.datastores import RUNNING, Datastores
from server.datastore.edit import edit
from server.errors import RpcError, RpcErrors
from server.nacm.control import Outside
from server.nacm.rules import MODULE, PATH
from server.namespaces import BASE
from server.sessions import NetconfSession, Peer
from server.settings import Settings

_log = logging.getLogger(__name__)

OPERATION = "first-start"
"""How the journal names the change."""


def outside_of(settings: Settings) -> Outside:
    """Return what the settings say of access."""
    return Outside(
        frozenset(settings.access.recovery_users),
        {user.name: frozenset(user.groups) for user in settings.users.values() if user.groups},
    )


def permit_admins(
    datastores: Datastores, settings: Settings, clock: Callable[[], datetime]
) -> None:
    """Write the group of the administrators and its rule where nothing says who may do what."""
    group = settings.access.admin_group
    node: Any = datastores.schema.by_path.get(PATH)
    if node is None:
        _log.warning("the module set has no %s: every user may do everything", MODULE)
        return
    root = datastores.root(RUNNING)
    if not group or root[node.at.slot] is not node.empty:
        return
    members = [user.name for user in settings.users.values() if not user.groups]
    made = edit(datastores.schema, root, _admins(node, group, members), "merge")
    nobody = NetconfSession(0, "", Peer("", "", ""), clock())
    try:
        with datastores.changing(RUNNING, nobody):
            datastores.replace_running(made, nobody, OPERATION)
    except (RpcError, RpcErrors) as error:
        _log.error("the group %r could not be written: %s", group, error)
        return
    told = ", ".join(members) or "nobody yet"
    _log.info("access control has no rules: the group %r may do everything (%s)", group, told)


def _admins(node: Any, group: str, members: Sequence[str]) -> etree._Element:
    space = node.module.namespace
    config = etree.Element(f"{{{BASE}}}config")
    nacm = etree.SubElement(config, f"{{{space}}}nacm")

    def add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
        made = etree.SubElement(parent, f"{{{space}}}{name}")
        made.text = text
        return made

    own = add(add(nacm, "groups"), "group")
    add(own, "name", group)
    for member in members:
        add(own, "user-name", member)
    rules = add(nacm, "rule-list")
    add(rules, "name", group)
    add(rules, "group", group)
    rule = add(rules, "rule")
    add(rule, "name", "permit-all")
    add(rule, "module-name", "*")
    add(rule, "access-operations", "*")
    add(rule, "action", "permit")
    add(rule, "comment", "Written at the first start")
    return config
