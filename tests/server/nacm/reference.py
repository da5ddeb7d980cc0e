"""RFC 8341, section 3.4.5, as slowly and plainly as it can be said.

Trees are flat here: a node is the tuple of its steps, a step a name and the keys behind it; every
question goes through every rule.
"""

from dataclasses import dataclass

Step = tuple[str, tuple[tuple[str, str], ...]]
Node = tuple[Step, ...]


@dataclass(frozen=True)
class PlainRule:
    """A rule about data, or about anything (``path`` is None)."""

    permits: bool
    module: str
    accesses: tuple[str, ...]
    path: Node | None

    def matches(self, node: Node, access: str, module: str) -> bool:
        if self.module not in ("*", module):
            return False
        if "*" not in self.accesses and access not in self.accesses:
            return False
        if self.path is None:
            return True
        if len(self.path) > len(node):
            return False
        return all(_fits(one, other) for one, other in zip(self.path, node, strict=False))


def _fits(wanted: Step, step: Step) -> bool:
    return wanted[0] == step[0] and all(key in step[1] for key in wanted[1])


@dataclass(frozen=True)
class Reference:
    """Rules, and what holds without one."""

    rules: tuple[PlainRule, ...]
    read_default: bool
    write_default: bool
    module: str = "t"
    sensitive: frozenset[str] = frozenset()
    """Names of nodes that are default-deny-all."""
    guarded: frozenset[str] = frozenset()
    """Names of nodes that are default-deny-write."""

    def permits(self, node: Node, access: str) -> bool:
        for rule in self.rules:
            if rule.matches(node, access, self.module):
                return rule.permits
        names = {name for name, _ in node}
        if names & self.sensitive or (access != "read" and names & self.guarded):
            return False
        return self.read_default if access == "read" else self.write_default

    def seen(self, nodes: dict[Node, str | None]) -> dict[Node, str | None]:
        """The nodes that can be read: with all that is around them, and with their keys."""
        return {node: text for node, text in nodes.items() if self._is_seen(node)}

    def _is_seen(self, node: Node) -> bool:
        around = [node[:depth] for depth in range(1, len(node) + 1)]
        keys = [(*each, (name, ())) for each in around for name, _ in each[-1][1] if name != "."]
        return all(self.permits(each, "read") for each in (*around, *keys))

    def may(self, old: dict[Node, str | None], new: dict[Node, str | None]) -> bool:
        """Tell whether every node that differs may be made so."""
        for node in old.keys() | new.keys():
            if node not in old:
                access = "create"
            elif node not in new:
                access = "delete"
            elif old[node] != new[node]:
                access = "update"
            else:
                continue
            if not self.permits(node, access):
                return False
        return True
