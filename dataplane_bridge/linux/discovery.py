"""Which tunnels charon has: asked at start and after every reconnect, then told by its events.

Theory of operation: an event only says which IKE_SA changed; its children are then asked for, so
that no order of events can leave a wrong picture. One thread hears, another one asks and has the
changes applied; what is told meanwhile is asked for and applied together. While charon is away the
tunnels stay: the kernel still has their SAs. When it is back it is asked for all of them.

The law: whatever goes wrong on the socket ends the connection, and a new one starts from nothing.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from typing import Any

import vici
from pyroute2 import IPRoute

from dataplane_bridge.linux.associations import (
    Surroundings,
    known_tunnels,
    merged_tunnels,
    text,
)
from dataplane_bridge.linux.devices import addresses_of, devices_of
from dataplane_bridge.linux.news import URGENT, Event, News
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.linux.sockets import control_socket

_log = logging.getLogger(__name__)

EVENTS = ("child-updown", "child-rekey", "ike-updown", "ike-rekey")
MOVES = "ike-update"
"""A peer has another address (RFC 4555); older daemons do not tell it."""
RETRY_SECONDS = 0.5
RESYNC_SECONDS = 300.0
FEW_EVENTS = 50
"""Up to so many IKE_SAs are asked for one by one."""
_ANSWER_SECONDS = 30.0
_OF_VICI = (
    OSError,
    vici.exception.CommandException,
    vici.exception.DeserializationException,
    vici.exception.EventUnknownException,
    vici.exception.SessionException,
)
"""What the library raises where charon goes away, or does not know what it is asked."""

OnChange = Callable[[Collection[str]], None]


class CharonDiscovery:
    """The tunnels of one charon, by its VICI socket."""

    def __init__(self, path: str, mpls_interfaces: tuple[str, ...] = ()) -> None:
        self.connected = False
        self.is_known = False
        self._path = path
        self._events = [*EVENTS, MOVES]
        self._mpls_interfaces = mpls_interfaces
        self._by_ike: dict[str, tuple[Known, ...]] = {}
        self._told: dict[str, Known] = {}
        self._around: Surroundings | None = None
        self._stop = threading.Event()
        self._again = threading.Event()
        self._lock = threading.Lock()
        self._complaint: str | None = None

    def read(self) -> Sequence[Known]:
        """Return the tunnels that exist now; those last known while charon is away."""
        try:
            session = self._session()
        except OSError:
            self._complain(f"does not answer at {self._path}; its tunnels are not known")
            return tuple(self._told.values())
        try:
            self._read_all(session)
            self._complaint = None
        except _OF_VICI as error:
            self._complain(f"could not tell its tunnels: {error}")
        finally:
            session.transport.close()
        return tuple(self._told.values())

    def _complain(self, sentence: str) -> None:
        """Log what is wrong with charon, once: it is asked again and again."""
        if sentence != self._complaint:
            _log.warning("charon %s", sentence)
        self._complaint = sentence

    def watch(self, on_change: OnChange) -> None:
        """Call this with each change from now on, in a thread of its own."""
        threading.Thread(target=self._run, args=(on_change,), daemon=True, name="charon").start()

    def trouble(self) -> str | None:
        """Return why tunnels are not known now, or ``None``."""
        if self.connected:
            return None
        return (
            f"charon does not answer at {self._path}; the tunnels are those last known. Is it"
            " running, with the plugin vici, and is the setting vici its socket?"
        )

    def look_again(self) -> None:
        """Ask charon for all tunnels again within a second."""
        self._again.set()

    def close(self) -> None:
        """Stop watching, soon."""
        self._stop.set()

    def now(self, names: Collection[str]) -> Mapping[str, Known | None]:
        """Return these tunnels as they are known now; ``None`` for one that is gone."""
        with self._lock:
            return {name: self._told.get(name) for name in names}

    def _run(self, on_change: OnChange) -> None:
        while not self._stop.is_set():
            try:
                self._listen(on_change)
            except vici.exception.EventUnknownException:
                _log.warning(
                    "this charon does not tell when a peer has another address: that is seen"
                    " within %d s",
                    RESYNC_SECONDS,
                )
                self._events = [*EVENTS]
            except (*_OF_VICI, ValueError, KeyError) as error:
                if self.connected:
                    _log.warning("charon went away (%s); its tunnels are kept", error)
            self.connected = False
            self._stop.wait(RETRY_SECONDS)

    def _listen(self, on_change: OnChange) -> None:
        news = News()
        with ExitStack() as stack:
            listener = stack.enter_context(_closing(self._session(None)))
            asker = stack.enter_context(_closing(self._session()))
            # Ended before the socket is, since to end is to tell charon.
            events = stack.enter_context(closing(listener.listen(self._events, timeout=1.0)))
            next(events)  # registered, so that nothing is missed between asking and listening
            hearing = threading.Thread(target=self._hear, args=(events, news), daemon=True)
            hearing.start()
            stack.callback(hearing.join)
            stack.callback(news.end)
            on_change(tuple(self._read_all(asker)))
            self.connected = True
            while not self._stop.is_set():
                heard = news.take(RESYNC_SECONDS)
                if heard is None:
                    raise OSError("the event stream ended")
                self._tell(self._ask(asker, heard), on_change)

    def _hear(self, events: Iterator[tuple[Any, Any]], news: News) -> None:
        """Gather what charon tells, while what was told before is asked for and applied."""
        try:
            for name, content in events:
                if self._stop.is_set() or news.ended:
                    return
                if name is not None:
                    news.put(text(name), text(content))
                elif self._again.is_set():
                    self._again.clear()
                    news.ring()
        except (*_OF_VICI, ValueError) as error:
            _log.debug("charon's events end: %s", error)
        finally:
            news.end()

    def _ask(self, asker: vici.Session, heard: Sequence[Event]) -> dict[str, Known | None]:
        """Ask for what was heard of; for all if it was nothing, or much."""
        if not 0 < len(heard) <= FEW_EVENTS:
            # charon may still list a child that it said is down.
            return self._read_all(asker, [each for event in heard for each in _gone(*event)])
        # New SAs go where the old ones went: that is not worth the time to look.
        is_rekey = all(name == URGENT for name, _ in heard)
        around = self._around if is_rekey and self._around else self._surroundings()
        found: dict[str, tuple[Known, ...]] = {}
        for name, content in heard:
            found.update(self._read_some(asker, name, content, around))
        with self._lock:
            self._by_ike.update(found)
            self._by_ike = {number: known for number, known in self._by_ike.items() if known}
            return self._difference()

    def _tell(self, changes: Mapping[str, Known | None], on_change: OnChange) -> None:
        if changes:
            on_change(tuple(changes))

    def _read_all(
        self, session: vici.Session, gone: Collection[str] = ()
    ) -> dict[str, Known | None]:
        around = self._surroundings()
        found = {
            ike["uniqueid"]: tuple(known_tunnels(name, ike, around, gone))
            for name, ike in _associations(session, {})
        }
        with self._lock:
            self.is_known = True
            self._by_ike = found
            return self._difference()

    def _read_some(
        self, session: vici.Session, name: str, content: Mapping[str, Any], around: Surroundings
    ) -> dict[str, tuple[Known, ...]]:
        up = content.get("up") == "yes"
        gone = _gone(name, content)
        found: dict[str, tuple[Known, ...]] = {}
        for ike in _sides(content):
            told = (
                ()
                if name == "ike-updown" and not up
                else _associations(session, {"ike-id": ike["uniqueid"]})
            )
            found[ike["uniqueid"]] = tuple(
                known for each, now in told for known in known_tunnels(each, now, around, gone)
            )
        return found

    def _difference(self) -> dict[str, Known | None]:
        now = merged_tunnels(known for part in self._by_ike.values() for known in part)
        changes: dict[str, Known | None] = {
            name: known for name, known in now.items() if self._told.get(name) != known
        }
        changes.update({name: None for name in self._told if name not in now})
        self._told = now
        return changes

    def _surroundings(self) -> Surroundings:
        with IPRoute() as netlink:
            devices, addresses = devices_of(netlink), addresses_of(netlink)
        self._around = Surroundings(devices, addresses, self._mpls_interfaces)
        return self._around

    def _session(self, seconds: float | None = _ANSWER_SECONDS) -> vici.Session:
        return vici.Session(control_socket(self._path, seconds))


class _closing:  # noqa: N801 - read like contextlib.closing
    def __init__(self, session: vici.Session) -> None:
        self._session = session

    def __enter__(self) -> vici.Session:
        return self._session

    def __exit__(self, *_: object) -> None:
        try:
            self._session.transport.close()
        except OSError:
            _log.debug("the VICI socket was closed already")


def _associations(
    session: vici.Session, which: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for answer in session.list_sas(which):
        yield from text(answer).items()


def _sides(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the IKE_SAs that an event is about: one, or the old and the new one."""
    for value in content.values():
        if isinstance(value, Mapping):
            if "old" in value and "new" in value and "uniqueid" not in value:
                yield value["old"]
                yield value["new"]
            else:
                yield value


def _gone(name: str, content: Mapping[str, Any]) -> list[str]:
    """Return the unique ids of the children that an event says are down."""
    if name != "child-updown" or content.get("up") == "yes":
        return []
    return [
        child["uniqueid"] for ike in _sides(content) for child in ike.get("child-sas", {}).values()
    ]
