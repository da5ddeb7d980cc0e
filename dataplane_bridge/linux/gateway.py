"""The Linux dataplane put together from its settings: charon, kernel, and who watches them.

The law: what this kernel lacks is told at the start, in one sentence, before anything is changed.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from dataplane_bridge.driver import BridgeError, Clock
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.discovery import CharonDiscovery
from dataplane_bridge.linux.privileges import check_capable, keep_only
from dataplane_bridge.linux.settings import LinuxSettings, settings_of
from dataplane_bridge.linux.watching import KernelWatch
from dataplane_bridge.linux.xfrm import Associations


class LinuxGateway:
    """This network namespace's kernel and charon, as one dataplane."""

    def __init__(
        self, table: Mapping[str, Any], clock: Clock, guard: AbstractContextManager[object]
    ) -> None:
        """Read the settings and open what is needed; raise ``BridgeError``."""
        self.settings = settings_of(table)
        check_capable()
        self._associations = _associations(self.settings)
        discovery = CharonDiscovery(self.settings.vici, self.settings.mpls_interfaces)
        self.driver = LinuxDataplane(clock, self.settings, discovery, guard, self._associations)
        self._watch = KernelWatch(
            self.settings.route_table,
            self.driver.route_port,
            self.driver.look_for_disturbance,
            self.driver.look_at_tunnels_again,
            self._associations,
        )

    def give_up_privileges(self) -> None:
        """Keep what a gateway needs of root's capabilities; before any thread is started."""
        keep_only()

    def remove_all(self) -> None:
        """Take everything out of the kernel that this driver ever made here."""
        self.driver.remove_all()

    def watch(self) -> None:
        """Begin to look out for what others do; the bridge has been started."""
        self._watch.start()

    def close(self) -> None:
        """Let go of kernel and charon; QoS stays in force."""
        self._watch.close()
        self.driver.close()
        if self._associations is not None:
            self._associations.close()


def _associations(settings: LinuxSettings) -> Associations | None:
    if settings.mode == "selector":
        return None  # a user-space ESP has no SAs in the kernel
    try:
        return Associations()
    except OSError as error:
        raise BridgeError(
            f"The kernel does not tell its SAs ({error.strerror}); it needs xfrm_user, and the"
            " server CAP_NET_ADMIN. With kernel-libipsec, set mode = 'selector'."
        ) from error
