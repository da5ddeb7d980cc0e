"""XML namespaces and capability identifiers of the protocol."""

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
WITH_DEFAULTS = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults"
DEFAULT_ATTRIBUTE = "urn:ietf:params:xml:ns:netconf:default:1.0"
ORIGIN = "urn:ietf:params:xml:ns:yang:ietf-origin"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"
NMDA = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"
YANG = "urn:ietf:params:xml:ns:yang:1"
YANG_LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"
PUSH = "urn:ietf:params:xml:ns:yang:ietf-yang-push"

HISTORY = "urn:ipsec-qos:yang:netconf-commit-history"

CAPABILITY_BASE_1_0 = "urn:ietf:params:netconf:base:1.0"
CAPABILITY_BASE_1_1 = "urn:ietf:params:netconf:base:1.1"
