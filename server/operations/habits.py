"""What clients write that no RFC has, where what they mean is plain (docs/decisions/0020).

scrapli (2026.10.14) takes the names of capabilities for namespaces: there is nothing else that an
element of these could be.
"""

from lxml import etree

from server.namespaces import BASE, WITH_DEFAULTS

VALIDATE = "urn:ietf:params:xml:ns:netconf:capability:validate:1.0"
DEFAULTS = "urn:ietf:params:netconf:capability:with-defaults:1.0"
VALIDATION = f"{{{VALIDATE}}}validate"
MISTAKEN = f"{{{DEFAULTS}}}with-defaults"


def put_right(request: etree._Element) -> None:
    """Give such elements of an operation the namespace that they belong to."""
    if request.tag == VALIDATION:
        for element in list(request.iter(f"{{{VALIDATE}}}*")):
            element.tag = f"{{{BASE}}}{etree.QName(element).localname}"
    for element in request:
        if element.tag == MISTAKEN:
            element.tag = f"{{{WITH_DEFAULTS}}}with-defaults"
