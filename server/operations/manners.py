"""How a request wants its data shown: ``<with-defaults>`` (RFC 6243, section 4.5.1)."""

from lxml import etree

from server.datastore.defaults import Mode
from server.namespaces import WITH_DEFAULTS
from server.operations.parameters import word

PARAMETER = f"{{{WITH_DEFAULTS}}}with-defaults"
MODES = tuple(mode.value for mode in Mode)
OTHERS = ",".join(mode for mode in MODES if mode != Mode.EXPLICIT)

CAPABILITY = (
    "urn:ietf:params:netconf:capability:with-defaults:1.0"
    f"?basic-mode={Mode.EXPLICIT.value}&also-supported={OTHERS}"
)


def mode_of(
    request: etree._Element, otherwise: Mode = Mode.EXPLICIT, namespace: str = WITH_DEFAULTS
) -> Mode:
    """Return the mode that a request asks for."""
    return Mode(word(request, "with-defaults", MODES, otherwise.value, namespace))
