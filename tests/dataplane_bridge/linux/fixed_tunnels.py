"""A discovery for tests: tunnels that are told."""

from collections.abc import Callable, Collection, Mapping, Sequence

from dataplane_bridge.linux.registry import Known

OnChange = Callable[[Collection[str]], None]


class FixedTunnels:
    """Tells of the tunnels that it was told of."""

    def __init__(self, *known: Known) -> None:
        self.is_known = True
        self._known = {each.tunnel.id: each for each in known}
        self._watchers: list[OnChange] = []

    def read(self) -> Sequence[Known]:
        return tuple(self._known.values())

    def watch(self, on_change: OnChange) -> None:
        self._watchers.append(on_change)

    def now(self, names: Collection[str]) -> Mapping[str, Known | None]:
        return {name: self._known.get(name) for name in names}

    def trouble(self) -> str | None:
        return None

    def look_again(self) -> None:
        """Nothing changes by that."""

    def close(self) -> None:
        self._watchers.clear()

    def come(self, *known: Known) -> None:
        self._known.update({each.tunnel.id: each for each in known})
        for on_change in self._watchers:
            on_change([each.tunnel.id for each in known])

    def go(self, *tunnel_ids: str) -> None:
        for tunnel_id in tunnel_ids:
            del self._known[tunnel_id]
        for on_change in self._watchers:
            on_change(tunnel_ids)
