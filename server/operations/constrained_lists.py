"""For which lists not all parameters of pages are taken: state of RFC 9196's module.

draft-ietf-netconf-list-pagination, section 3.3: lists of state may be constrained, and a server
says which of its are. Ours all are: they take no ``where`` and no ``cursor``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from yang.scalars import Identity, InstancePath
from yang.schema import LIST, Schema

PATH = "/ietf-system-capabilities:system-capabilities"


def list_states(schema: Schema) -> Mapping[str, Callable[[], Any]]:
    """Return state by the schema path of the node that it fills; none without the modules."""
    if "ietf-list-pagination" not in schema.modules:
        return {}
    lists = [path for path, node in schema.by_path.items() if node.kind == LIST and not node.config]
    told = {
        "datastore-capabilities": [
            {
                "datastore": Identity("ietf-datastores:operational"),
                "per-node-capabilities": [
                    {
                        "node-selector": InstancePath(path),
                        "ietf-list-pagination:constrained": True,
                    }
                    for path in lists
                ],
            }
        ]
    }
    return {PATH: lambda: told}
