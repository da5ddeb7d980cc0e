"""How data is shown: which defaults, what is marked, how deep (RFC 6243; RFC 8526, get-data)."""

from dataclasses import dataclass, replace

from server.datastore.defaults import Mode
from server.datastore.paging import Marks
from server.datastore.tagging import DECLARATION, Tagging
from server.namespaces import DEFAULT_ATTRIBUTE, ORIGIN, PAGINATION
from yang.schema import DataNode

INTENDED, DEFAULT, SYSTEM = "intended", "default", "system"
"""Where values of this server come from (RFC 8342, section 5.3.4)."""


@dataclass(frozen=True, slots=True)
class OriginFilter:
    """Configuration of these origins, or of all others (``module:name`` of identities)."""

    origins: tuple[str, ...]
    negated: bool = False

    def takes(self, origin: str) -> bool:
        """Tell whether configuration of this origin is shown; all origins derive from one base."""
        known = {f"ietf-origin:{origin}", "ietf-origin:origin"}
        return bool(known.intersection(self.origins)) is not self.negated


@dataclass(frozen=True, slots=True)
class Manner:
    """How a request wants its data."""

    defaults: Mode = Mode.EXPLICIT
    config: bool | None = None
    """Only nodes with this ``config`` property; ``None``: all."""
    origins: OriginFilter | None = None
    with_origin: bool = False
    depth: int | None = None
    """Levels shown of each selected node, itself the first; ``None``: all."""

    page: Marks | None = None
    """What lists and leaf-lists that are not shown whole are marked with."""
    tagging: Tagging | None = None
    """Etags, where the client asked for any."""

    @property
    def is_plain(self) -> bool:
        """Whether what is held is shown as it is, so that what was written before serves."""
        return self is PLAIN or self == PLAIN

    @property
    def adds_marks_only(self) -> bool:
        """Whether whole entries are shown as they are, with attributes of their own added."""
        if self.tagging is None and self.page is None:
            return False
        inside = self.page is not None and self.page.are_inside
        return not inside and replace(self, tagging=None, page=None).is_plain

    @property
    def declarations(self) -> str:
        """The namespaces of the attributes that nodes may be given."""
        declared = ""
        if self.defaults is Mode.REPORT_ALL_TAGGED:
            declared += f' xmlns:wd="{DEFAULT_ATTRIBUTE}"'
        if self.with_origin:
            declared += f' xmlns:or="{ORIGIN}"'
        if self.page is not None:
            declared += f' xmlns:lp="{PAGINATION}"'
        if self.tagging is not None:
            declared += DECLARATION
        return declared

    def takes(self, node: DataNode, origin: str) -> bool:
        """Tell whether a node passes the filters, for itself."""
        if self.config is not None and node.config is not self.config:
            return False
        # State has no origin, and no filter of origins concerns it.
        return self.origins is None or not node.config or self.origins.takes(origin)

    def attributes(self, node: DataNode, origin: str, around: str, is_default: bool) -> str:
        """Return the attributes of a node; ``around`` is the origin of the node that it is in."""
        marks = ""
        if is_default and self.defaults is Mode.REPORT_ALL_TAGGED:
            marks = ' wd:default="true"'
        if self.with_origin and node.config and origin != around:
            marks += f' or:origin="or:{origin}"'
        return marks


PLAIN = Manner()
