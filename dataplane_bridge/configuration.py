"""The shape of the bound configuration, as this room needs it.

The law: nothing here is made, only described; the values are the tuples that ``yang.bindings``
generates from the module ``ipsec-qos``. A container without presence is never ``None``. Keys and
mandatory leafs are ``Any``: the bindings call them optional, but no valid entry lacks them.
"""

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

Entry = TypeVar("Entry", covariant=True)

POLICIES = "/ipsec-qos:ipsec-qos/policies/policy"
TEMPLATES = "/ipsec-qos:ipsec-qos/policy-templates/policy-template"
BINDINGS = "/ipsec-qos:ipsec-qos/interface-bindings/interface-binding"

EntryKey = tuple[str, int]
"""Name and sequence number of a policy or a policy template."""


class Entries(Protocol[Entry]):
    """A list of the datastore: a sorted map from key tuples to entries."""

    def get(self, key: tuple[Any, ...]) -> Entry | None:
        """Return the entry, or ``None``."""

    def items(self) -> Iterator[tuple[Any, Entry]]:
        """Return pairs of key and entry."""


class Selector(Protocol):
    """A ``tunnel-selector``."""

    @property
    def connection(self) -> tuple[str, ...]:
        """Names of connections."""

    @property
    def if_id(self) -> tuple[int, ...]:
        """XFRM interface identifiers."""

    @property
    def reqid(self) -> tuple[int, ...]:
        """Request identifiers."""

    @property
    def remote_prefix(self) -> tuple[str, ...]:
        """Prefixes that all remote traffic selectors are within."""

    @property
    def protocol(self) -> int | None:
        """Upper-layer protocol."""

    @property
    def remote_port(self) -> int | None:
        """Remote port."""


class SpeedLimit(Protocol):
    """A ``speed-limit``; ``rate`` in kbit/s, ``burst`` in bytes."""

    @property
    def rate(self) -> Any:
        """The rate, kbit/s."""

    @property
    def counted_length(self) -> str | None:
        """Which length counts; encrypted where it is not set."""

    @property
    def ike(self) -> bool | None:
        """Whether IKE counts; false where it is not set."""

    @property
    def burst(self) -> int | None:
        """Size of the bucket, bytes."""


class OutboundQos(Protocol):
    """The container ``outbound``."""

    @property
    def speed_limit(self) -> SpeedLimit | None:
        """The limit."""

    @property
    def dscp(self) -> int | str | None:
        """The code point, a number or a name."""

    @property
    def service_class(self) -> str | None:
        """The service class."""


class InboundQos(OutboundQos, Protocol):
    """The container ``inbound``."""

    @property
    def inherit_plain(self) -> object:
        """Not ``None`` when the class follows from the decrypted packet."""


class Template(Protocol):
    """A policy template, and what a policy shares with it."""

    @property
    def name(self) -> Any:
        """Name of the group."""

    @property
    def sequence_number(self) -> Any:
        """Position within the group."""

    @property
    def tunnel_selector(self) -> Selector:
        """The tunnels that it is for."""

    @property
    def df_bit(self) -> str | None:
        """Treatment of the DF bit."""

    @property
    def fragmentation(self) -> str | None:
        """When to fragment."""

    @property
    def inbound(self) -> InboundQos:
        """For decrypted packets."""

    @property
    def outbound(self) -> OutboundQos:
        """For packets that are encrypted."""


class Policy(Template, Protocol):
    """A policy."""

    @property
    def template(self) -> str | None:
        """Name of the templates that it takes its QoS from."""


class Binding(Protocol):
    """An interface binding."""

    @property
    def interface(self) -> Any:
        """Name of the interface."""

    @property
    def policy_group(self) -> Any:
        """Name of the group."""


class GlobalSettings(Protocol):
    """The container ``global``."""

    @property
    def df_bit(self) -> str | None:
        """Treatment of the DF bit; copy where it is not set."""

    @property
    def fragmentation(self) -> str | None:
        """When to fragment; after encryption where it is not set."""

    @property
    def fragment_aging_time(self) -> int | None:
        """Milliseconds; 5000 where it is not set."""


class Policies(Protocol):
    """The container ``policies``."""

    @property
    def policy(self) -> Entries[Policy]:
        """The policies, by name and sequence number."""


class PolicyTemplates(Protocol):
    """The container ``policy-templates``."""

    @property
    def policy_template(self) -> Entries[Template]:
        """The templates, by name and sequence number."""


class InterfaceBindings(Protocol):
    """The container ``interface-bindings``."""

    @property
    def interface_binding(self) -> Entries[Binding]:
        """The bindings, by interface."""


class IpsecQos(Protocol):
    """The container ``ipsec-qos``."""

    @property
    def global_(self) -> GlobalSettings:
        """What holds where nothing else is said."""

    @property
    def policies(self) -> Policies:
        """The policies."""

    @property
    def policy_templates(self) -> PolicyTemplates:
        """The templates."""

    @property
    def interface_bindings(self) -> InterfaceBindings:
        """The bindings."""


class Root(Protocol):
    """A whole configuration."""

    @property
    def ipsec_qos(self) -> IpsecQos:
        """The container ``ipsec-qos``."""
