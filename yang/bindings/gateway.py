"""Bindings of the module set: ipsec-qos, ipsec-qos-embedded, ipsec-qos-deviations, netconf-commit-history, ietf-interfaces, iana-if-type, ietf-netconf, ietf-netconf-monitoring, ietf-netconf-notifications, nc-notifications, notifications, ietf-subscribed-notifications, ietf-yang-push, netconf-push-deviations, ietf-yang-library, ietf-datastores, ietf-netconf-with-defaults, ietf-netconf-nmda, ietf-nmda-compare, ietf-system-capabilities, ietf-list-pagination, ietf-list-pagination-nc, ietf-netconf-txid, ietf-origin, ietf-netconf-acm, netconf-access-state, netconf-local-transport, ietf-netconf-private-candidate, ietf-netconf-partial-lock.

GENERATED from the YANG modules by the pyang plugin of this project; do not edit.
See docs/bindings.md.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from yang import scalars as t
from yang import schema as s
from yang.constraints import Around, Constraint, Index, Reverse
from yang.ordered_map import OrderedMap
from yang.sorted_map import SortedMap
from yang.xpath_functions import (
    ABSENT, EMPTY_BUCKET, NAN, any_above, any_below, default, is_true, key_text, number, text,
)

NAMESPACES = {
    'urn:ipsec-qos:yang:ipsec-qos': 'ipsec-qos',
    'urn:ipsec-qos:yang:ipsec-qos-embedded': 'ipsec-qos-embedded',
    'urn:ipsec-qos:yang:ipsec-qos-deviations': 'ipsec-qos-deviations',
    'urn:ipsec-qos:yang:netconf-commit-history': 'netconf-commit-history',
    'urn:ietf:params:xml:ns:yang:ietf-interfaces': 'ietf-interfaces',
    'urn:ietf:params:xml:ns:yang:iana-if-type': 'iana-if-type',
    'urn:ietf:params:xml:ns:netconf:base:1.0': 'ietf-netconf',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring': 'ietf-netconf-monitoring',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-notifications': 'ietf-netconf-notifications',
    'urn:ietf:params:xml:ns:netmod:notification': 'nc-notifications',
    'urn:ietf:params:xml:ns:netconf:notification:1.0': 'notifications',
    'urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications': 'ietf-subscribed-notifications',
    'urn:ietf:params:xml:ns:yang:ietf-yang-push': 'ietf-yang-push',
    'urn:ipsec-qos:yang:netconf-push-deviations': 'netconf-push-deviations',
    'urn:ietf:params:xml:ns:yang:ietf-yang-library': 'ietf-yang-library',
    'urn:ietf:params:xml:ns:yang:ietf-datastores': 'ietf-datastores',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults': 'ietf-netconf-with-defaults',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-nmda': 'ietf-netconf-nmda',
    'urn:ietf:params:xml:ns:yang:ietf-nmda-compare': 'ietf-nmda-compare',
    'urn:ietf:params:xml:ns:yang:ietf-system-capabilities': 'ietf-system-capabilities',
    'urn:ietf:params:xml:ns:yang:ietf-list-pagination': 'ietf-list-pagination',
    'urn:ietf:params:xml:ns:yang:ietf-list-pagination-nc': 'ietf-list-pagination-nc',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-txid': 'ietf-netconf-txid',
    'urn:ietf:params:xml:ns:yang:ietf-origin': 'ietf-origin',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-acm': 'ietf-netconf-acm',
    'urn:ipsec-qos:yang:netconf-access-state': 'netconf-access-state',
    'urn:ipsec-qos:yang:netconf-local-transport': 'netconf-local-transport',
    'urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate': 'ietf-netconf-private-candidate',
    'urn:ietf:params:xml:ns:netconf:partial-lock:1.0': 'ietf-netconf-partial-lock',
    'urn:ietf:params:xml:ns:yang:ietf-inet-types': 'ietf-inet-types',
    'urn:ietf:params:xml:ns:yang:ietf-yang-types': 'ietf-yang-types',
    'urn:ietf:params:xml:ns:yang:ietf-network-instance': 'ietf-network-instance',
    'urn:ietf:params:xml:ns:yang:ietf-ip': 'ietf-ip',
    'urn:ietf:params:xml:ns:yang:ietf-yang-schema-mount': 'ietf-yang-schema-mount',
    'urn:ietf:params:xml:ns:yang:ietf-restconf': 'ietf-restconf',
    'urn:ietf:params:xml:ns:yang:ietf-yang-patch': 'ietf-yang-patch',
    'urn:ietf:params:xml:ns:yang:ietf-yang-metadata': 'ietf-yang-metadata',
    'urn:ietf:params:xml:ns:yang:ietf-yang-structure-ext': 'ietf-yang-structure-ext',
}
_M0 = s.Module('ipsec-qos', 'urn:ipsec-qos:yang:ipsec-qos', 'iq', '2026-11-24', True, ('exact-burst',), (), ())
_M1 = s.Module('ipsec-qos-embedded', 'urn:ipsec-qos:yang:ipsec-qos-embedded', 'iqe', '2026-11-24', True, (), (), ())
_M2 = s.Module('ipsec-qos-deviations', 'urn:ipsec-qos:yang:ipsec-qos-deviations', 'iqd', '2026-11-24', True, (), (), ())
_M3 = s.Module('netconf-commit-history', 'urn:ipsec-qos:yang:netconf-commit-history', 'nch', '2026-11-24', True, (), (), ())
_M4 = s.Module('ietf-interfaces', 'urn:ietf:params:xml:ns:yang:ietf-interfaces', 'if', '2018-02-20', True, (), ('ipsec-qos-deviations',), ())
_M5 = s.Module('iana-if-type', 'urn:ietf:params:xml:ns:yang:iana-if-type', 'ianaift', '2019-02-08', True, (), (), ())
_M6 = s.Module('ietf-netconf', 'urn:ietf:params:xml:ns:netconf:base:1.0', 'nc', '2011-06-01', True, ('writable-running', 'candidate', 'confirmed-commit', 'rollback-on-error', 'validate', 'xpath'), (), ())
_M7 = s.Module('ietf-netconf-monitoring', 'urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring', 'ncm', '2010-10-04', True, (), (), ())
_M8 = s.Module('ietf-netconf-notifications', 'urn:ietf:params:xml:ns:yang:ietf-netconf-notifications', 'ncn', '2012-02-06', True, (), (), ())
_M9 = s.Module('nc-notifications', 'urn:ietf:params:xml:ns:netmod:notification', 'manageEvent', '2008-07-14', True, (), (), ())
_M10 = s.Module('notifications', 'urn:ietf:params:xml:ns:netconf:notification:1.0', 'ncEvent', '2008-07-14', True, (), (), ())
_M11 = s.Module('ietf-subscribed-notifications', 'urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications', 'sn', '2019-09-09', True, ('encode-xml', 'replay', 'subtree', 'xpath'), ('netconf-push-deviations',), ())
_M12 = s.Module('ietf-yang-push', 'urn:ietf:params:xml:ns:yang:ietf-yang-push', 'yp', '2019-09-09', True, ('on-change',), (), ())
_M13 = s.Module('netconf-push-deviations', 'urn:ipsec-qos:yang:netconf-push-deviations', 'npd', '2026-11-25', True, (), (), ())
_M14 = s.Module('ietf-yang-library', 'urn:ietf:params:xml:ns:yang:ietf-yang-library', 'yanglib', '2019-01-04', True, (), (), ())
_M15 = s.Module('ietf-datastores', 'urn:ietf:params:xml:ns:yang:ietf-datastores', 'ds', '2018-02-14', True, (), (), ())
_M16 = s.Module('ietf-netconf-with-defaults', 'urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults', 'ncwd', '2011-06-01', True, (), (), ())
_M17 = s.Module('ietf-netconf-nmda', 'urn:ietf:params:xml:ns:yang:ietf-netconf-nmda', 'ncds', '2019-01-07', True, ('origin', 'with-defaults'), (), ())
_M18 = s.Module('ietf-nmda-compare', 'urn:ietf:params:xml:ns:yang:ietf-nmda-compare', 'cmp', '2021-12-10', True, (), (), ())
_M19 = s.Module('ietf-system-capabilities', 'urn:ietf:params:xml:ns:yang:ietf-system-capabilities', 'sysc', '2022-02-17', True, (), (), ())
_M20 = s.Module('ietf-list-pagination', 'urn:ietf:params:xml:ns:yang:ietf-list-pagination', 'lpg', '2025-04-03', True, ('sort',), (), ())
_M21 = s.Module('ietf-list-pagination-nc', 'urn:ietf:params:xml:ns:yang:ietf-list-pagination-nc', 'lpgnc', '2025-04-03', True, (), (), ())
_M22 = s.Module('ietf-netconf-txid', 'urn:ietf:params:xml:ns:yang:ietf-netconf-txid', 'ietf-netconf-txid', '2023-03-01', True, (), (), ())
_M23 = s.Module('ietf-origin', 'urn:ietf:params:xml:ns:yang:ietf-origin', 'or', '2018-02-14', True, (), (), ())
_M24 = s.Module('ietf-netconf-acm', 'urn:ietf:params:xml:ns:yang:ietf-netconf-acm', 'nacm', '2018-02-14', True, (), (), ())
_M25 = s.Module('netconf-access-state', 'urn:ipsec-qos:yang:netconf-access-state', 'nas', '2026-11-25', True, (), (), ())
_M26 = s.Module('netconf-local-transport', 'urn:ipsec-qos:yang:netconf-local-transport', 'nlt', '2026-11-25', True, (), (), ())
_M27 = s.Module('ietf-netconf-private-candidate', 'urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate', 'pc', '2025-10-30', True, ('private-candidate',), (), ())
_M28 = s.Module('ietf-netconf-partial-lock', 'urn:ietf:params:xml:ns:netconf:partial-lock:1.0', 'pl', '2009-10-19', True, (), (), ())
_M29 = s.Module('ietf-inet-types', 'urn:ietf:params:xml:ns:yang:ietf-inet-types', 'inet', '2013-07-15', False, (), (), ())
_M30 = s.Module('ietf-yang-types', 'urn:ietf:params:xml:ns:yang:ietf-yang-types', 'yang', '2013-07-15', False, (), (), ())
_M31 = s.Module('ietf-network-instance', 'urn:ietf:params:xml:ns:yang:ietf-network-instance', 'ni', '2019-01-21', False, (), (), ())
_M32 = s.Module('ietf-ip', 'urn:ietf:params:xml:ns:yang:ietf-ip', 'ip', '2018-02-22', False, (), (), ())
_M33 = s.Module('ietf-yang-schema-mount', 'urn:ietf:params:xml:ns:yang:ietf-yang-schema-mount', 'yangmnt', '2019-01-14', False, (), (), ())
_M34 = s.Module('ietf-restconf', 'urn:ietf:params:xml:ns:yang:ietf-restconf', 'rc', '2017-01-26', False, (), (), ())
_M35 = s.Module('ietf-yang-patch', 'urn:ietf:params:xml:ns:yang:ietf-yang-patch', 'ypatch', '2017-02-22', False, (), (), ())
_M36 = s.Module('ietf-yang-metadata', 'urn:ietf:params:xml:ns:yang:ietf-yang-metadata', 'md', '2016-08-05', False, (), (), ())
_M37 = s.Module('ietf-yang-structure-ext', 'urn:ietf:params:xml:ns:yang:ietf-yang-structure-ext', 'sx', '2020-06-17', False, (), (), ())


class IpsecQosGlobal(NamedTuple):
    """/ipsec-qos:ipsec-qos/global"""
    df_bit: str | None
    fragmentation: str | None
    fragment_aging_time: int | None

class IpsecQosPoliciesPolicyTunnelSelector(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy/tunnel-selector"""
    connection: tuple[str, ...]
    if_id: tuple[int, ...]
    reqid: tuple[int, ...]
    remote_prefix: tuple[str, ...]
    protocol: int | None
    remote_port: int | None

class IpsecQosPoliciesPolicyInboundSpeedLimit(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy/inbound/speed-limit"""
    rate: int | None
    counted_length: str | None
    ike: bool | None
    burst: int | None

class IpsecQosPoliciesPolicyInbound(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy/inbound"""
    speed_limit: IpsecQosPoliciesPolicyInboundSpeedLimit | None
    dscp: int | str | None
    service_class: str | None
    inherit_plain: t.Empty | None

class IpsecQosPoliciesPolicyOutboundSpeedLimit(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy/outbound/speed-limit"""
    rate: int | None
    counted_length: str | None
    ike: bool | None
    burst: int | None

class IpsecQosPoliciesPolicyOutbound(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy/outbound"""
    speed_limit: IpsecQosPoliciesPolicyOutboundSpeedLimit | None
    dscp: int | str | None
    service_class: str | None

class IpsecQosPoliciesPolicy(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies/policy"""
    name: str | None
    sequence_number: int | None
    description: str | None
    template: str | None
    tunnel_selector: IpsecQosPoliciesPolicyTunnelSelector
    df_bit: str | None
    fragmentation: str | None
    inbound: IpsecQosPoliciesPolicyInbound
    outbound: IpsecQosPoliciesPolicyOutbound

class IpsecQosPolicies(NamedTuple):
    """/ipsec-qos:ipsec-qos/policies"""
    policy: SortedMap[tuple[Any, ...], IpsecQosPoliciesPolicy]

class IpsecQosPolicyTemplatesPolicyTemplateTunnelSelector(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template/tunnel-selector"""
    connection: tuple[str, ...]
    if_id: tuple[int, ...]
    reqid: tuple[int, ...]
    remote_prefix: tuple[str, ...]
    protocol: int | None
    remote_port: int | None

class IpsecQosPolicyTemplatesPolicyTemplateInboundSpeedLimit(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template/inbound/speed-limit"""
    rate: int | None
    counted_length: str | None
    ike: bool | None
    burst: int | None

class IpsecQosPolicyTemplatesPolicyTemplateInbound(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template/inbound"""
    speed_limit: IpsecQosPolicyTemplatesPolicyTemplateInboundSpeedLimit | None
    dscp: int | str | None
    service_class: str | None
    inherit_plain: t.Empty | None

class IpsecQosPolicyTemplatesPolicyTemplateOutboundSpeedLimit(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template/outbound/speed-limit"""
    rate: int | None
    counted_length: str | None
    ike: bool | None
    burst: int | None

class IpsecQosPolicyTemplatesPolicyTemplateOutbound(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template/outbound"""
    speed_limit: IpsecQosPolicyTemplatesPolicyTemplateOutboundSpeedLimit | None
    dscp: int | str | None
    service_class: str | None

class IpsecQosPolicyTemplatesPolicyTemplate(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates/policy-template"""
    name: str | None
    sequence_number: int | None
    description: str | None
    tunnel_selector: IpsecQosPolicyTemplatesPolicyTemplateTunnelSelector
    df_bit: str | None
    fragmentation: str | None
    inbound: IpsecQosPolicyTemplatesPolicyTemplateInbound
    outbound: IpsecQosPolicyTemplatesPolicyTemplateOutbound

class IpsecQosPolicyTemplates(NamedTuple):
    """/ipsec-qos:ipsec-qos/policy-templates"""
    policy_template: SortedMap[tuple[Any, ...], IpsecQosPolicyTemplatesPolicyTemplate]

class IpsecQosInterfaceBindingsInterfaceBinding(NamedTuple):
    """/ipsec-qos:ipsec-qos/interface-bindings/interface-binding"""
    interface: str | None
    policy_group: str | None

class IpsecQosInterfaceBindings(NamedTuple):
    """/ipsec-qos:ipsec-qos/interface-bindings"""
    interface_binding: SortedMap[tuple[Any, ...], IpsecQosInterfaceBindingsInterfaceBinding]

class IpsecQos(NamedTuple):
    """/ipsec-qos:ipsec-qos"""
    global_: IpsecQosGlobal
    policies: IpsecQosPolicies
    policy_templates: IpsecQosPolicyTemplates
    interface_bindings: IpsecQosInterfaceBindings

class IetfInterfacesInterfacesInterface(NamedTuple):
    """/ietf-interfaces:interfaces/interface"""
    name: str | None
    type: t.Identity | None

class IetfInterfacesInterfaces(NamedTuple):
    """/ietf-interfaces:interfaces"""
    interface: SortedMap[tuple[Any, ...], IetfInterfacesInterfacesInterface]

class IetfSubscribedNotificationsFiltersStreamFilter(NamedTuple):
    """/ietf-subscribed-notifications:filters/stream-filter"""
    name: str | None
    stream_subtree_filter: str | None
    stream_xpath_filter: str | None

class IetfSubscribedNotificationsFiltersIetfYangPushSelectionFilter(NamedTuple):
    """/ietf-subscribed-notifications:filters/ietf-yang-push:selection-filter"""
    filter_id: str | None
    datastore_subtree_filter: str | None
    datastore_xpath_filter: str | None

class IetfSubscribedNotificationsFilters(NamedTuple):
    """/ietf-subscribed-notifications:filters"""
    stream_filter: SortedMap[tuple[Any, ...], IetfSubscribedNotificationsFiltersStreamFilter]
    selection_filter: SortedMap[tuple[Any, ...], IetfSubscribedNotificationsFiltersIetfYangPushSelectionFilter]

class IetfSubscribedNotificationsSubscriptionsSubscriptionReceiversReceiver(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions/subscription/receivers/receiver"""
    name: str | None

class IetfSubscribedNotificationsSubscriptionsSubscriptionReceivers(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions/subscription/receivers"""
    receiver: SortedMap[tuple[Any, ...], IetfSubscribedNotificationsSubscriptionsSubscriptionReceiversReceiver]

class IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushPeriodic(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:periodic"""
    period: int | None
    anchor_time: str | None

class IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushOnChange(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:on-change"""
    dampening_period: int | None
    sync_on_start: bool | None
    excluded_change: tuple[str, ...]

class IetfSubscribedNotificationsSubscriptionsSubscription(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions/subscription"""
    id: int | None
    stream_filter_name: str | None
    stream_subtree_filter: str | None
    stream_xpath_filter: str | None
    stream: str | None
    datastore: t.Identity | None
    selection_filter_ref: str | None
    datastore_subtree_filter: str | None
    datastore_xpath_filter: str | None
    stop_time: str | None
    encoding: t.Identity | None
    receivers: IetfSubscribedNotificationsSubscriptionsSubscriptionReceivers
    periodic: IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushPeriodic | None
    on_change: IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushOnChange | None

class IetfSubscribedNotificationsSubscriptions(NamedTuple):
    """/ietf-subscribed-notifications:subscriptions"""
    subscription: SortedMap[tuple[Any, ...], IetfSubscribedNotificationsSubscriptionsSubscription]

class IetfNetconfAcmNacmGroupsGroup(NamedTuple):
    """/ietf-netconf-acm:nacm/groups/group"""
    name: str | None
    user_name: tuple[str, ...]

class IetfNetconfAcmNacmGroups(NamedTuple):
    """/ietf-netconf-acm:nacm/groups"""
    group: SortedMap[tuple[Any, ...], IetfNetconfAcmNacmGroupsGroup]

class IetfNetconfAcmNacmRuleListRule(NamedTuple):
    """/ietf-netconf-acm:nacm/rule-list/rule"""
    name: str | None
    module_name: str | None
    rpc_name: str | None
    notification_name: str | None
    path: t.InstancePath | None
    access_operations: str | None
    action: str | None
    comment: str | None

class IetfNetconfAcmNacmRuleList(NamedTuple):
    """/ietf-netconf-acm:nacm/rule-list"""
    name: str | None
    group: tuple[str, ...]
    rule: OrderedMap[tuple[Any, ...], IetfNetconfAcmNacmRuleListRule]

class IetfNetconfAcmNacm(NamedTuple):
    """/ietf-netconf-acm:nacm"""
    enable_nacm: bool | None
    read_default: str | None
    write_default: str | None
    exec_default: str | None
    enable_external_groups: bool | None
    groups: IetfNetconfAcmNacmGroups
    rule_list: OrderedMap[tuple[Any, ...], IetfNetconfAcmNacmRuleList]

class Configuration(NamedTuple):
    """All configuration of the set."""
    ipsec_qos: IpsecQos
    interfaces: IetfInterfacesInterfaces
    filters: IetfSubscribedNotificationsFilters
    subscriptions: IetfSubscribedNotificationsSubscriptions
    nacm: IetfNetconfAcmNacm

_T1 = t.Enumeration((('clear', 0), ('copy', 1), ('set', 2)))
_T2 = t.Enumeration((('before-encryption', 0), ('after-encryption', 1)))
_T3 = t.Integer('uint32', ((1000, 60000),))
_T4 = t.String(((1, 15),), ())
_T5 = t.Integer('uint16', ((1, 10000),))
_T6 = t.String(((0, 255),), ())
_T7 = t.LeafRef(t.String(((1, 15),), ()))
_T8 = t.String(((1, 64),), ())
_T9 = t.Integer('uint32', ((1, 4294967295),))
_T10 = t.CanonicalString('ietf-inet-types:ip-prefix', None)
_T11 = t.Integer('uint8', ((0, 255),))
_T12 = t.Integer('uint16', ((1, 65535),))
_T13 = t.Integer('uint32', ((8, 4194303),))
_T14 = t.Enumeration((('encrypted', 0), ('payload', 1)))
_T15 = t.Boolean()
_T16 = t.Integer('uint32', ((1500, 1073741824),))
_T17 = t.Union((t.Integer('uint8', ((0, 63),)), t.Enumeration((('default', 0), ('cs1', 1), ('af11', 2), ('af12', 3), ('af13', 4), ('cs2', 5), ('af21', 6), ('af22', 7), ('af23', 8), ('cs3', 9), ('af31', 10), ('af32', 11), ('af33', 12), ('cs4', 13), ('af41', 14), ('af42', 15), ('af43', 16), ('cs5', 17), ('ef', 18), ('cs6', 19), ('cs7', 20))), ))
_T18 = t.Enumeration((('be', 0), ('af1', 1), ('af2', 2), ('af3', 3), ('af4', 4), ('ef', 5), ('cs6', 6), ('cs7', 7)))
_T19 = t.EmptyType()
_T20 = t.LeafRef(t.String((), ()))
_T21 = t.String(((1, 255),), ())
_T22 = t.String((), ())
_T23 = t.CanonicalString('ietf-inet-types:ip-address-no-zone', None)
_T24 = t.Integer('uint32', ((0, 4294967295),))
_T25 = t.Enumeration((('local', 0), ('template', 1), ('global', 2), ('default', 3)))
_T26 = t.Union((t.Enumeration((('be', 0), ('af1', 1), ('af2', 2), ('af3', 3), ('af4', 4), ('ef', 5), ('cs6', 6), ('cs7', 7))), t.Enumeration((('inherit-plain', 0),)), ))
_T27 = t.Enumeration((('applied', 0), ('pending-rekey', 1), ('failed', 2), ('no-policy', 3)))
_T28 = t.Enumeration((('tunnel', 0), ('df-bit', 1), ('fragmentation', 2), ('inbound-speed-limit', 3), ('outbound-speed-limit', 4), ('inbound-dscp', 5), ('outbound-dscp', 6), ('inbound-service-class', 7), ('outbound-service-class', 8)))
_T29 = t.Enumeration((('warning', 0), ('not-applicable', 1), ('pending-rekey', 2), ('failed', 3)))
_T30 = t.CanonicalString('ietf-yang-types:date-and-time', None)
_T31 = t.Integer('uint64', ((0, 18446744073709551615),))
_T32 = t.Enumeration((('in-sync', 0), ('drifted', 1), ('failed', 2)))
_T33 = t.IdentityRef(('iana-if-type:a12MppSwitch', 'iana-if-type:aal2', 'iana-if-type:aal5', 'iana-if-type:actelisMetaLOOP', 'iana-if-type:adsl', 'iana-if-type:adsl2', 'iana-if-type:adsl2plus', 'iana-if-type:aflane8023', 'iana-if-type:aflane8025', 'iana-if-type:aluELP', 'iana-if-type:aluEpon', 'iana-if-type:aluEponLogicalLink', 'iana-if-type:aluEponOnu', 'iana-if-type:aluEponPhysicalUni', 'iana-if-type:aluGponOnu', 'iana-if-type:aluGponPhysicalUni', 'iana-if-type:arap', 'iana-if-type:arcnet', 'iana-if-type:arcnetPlus', 'iana-if-type:async', 'iana-if-type:atm', 'iana-if-type:atmDxi', 'iana-if-type:atmFuni', 'iana-if-type:atmIma', 'iana-if-type:atmLogical', 'iana-if-type:atmRadio', 'iana-if-type:atmSubInterface', 'iana-if-type:atmVciEndPt', 'iana-if-type:atmVirtual', 'iana-if-type:atmbond', 'iana-if-type:aviciOpticalEther', 'iana-if-type:basicISDN', 'iana-if-type:bgppolicyaccounting', 'iana-if-type:bits', 'iana-if-type:bridge', 'iana-if-type:bsc', 'iana-if-type:cableDownstreamRfPort', 'iana-if-type:capwapDot11Bss', 'iana-if-type:capwapDot11Profile', 'iana-if-type:capwapWtpVirtualRadio', 'iana-if-type:cblVectaStar', 'iana-if-type:cctEmul', 'iana-if-type:ces', 'iana-if-type:channel', 'iana-if-type:ciscoISLvlan', 'iana-if-type:cnr', 'iana-if-type:coffee', 'iana-if-type:compositeLink', 'iana-if-type:dcn', 'iana-if-type:ddnX25', 'iana-if-type:digitalPowerline', 'iana-if-type:digitalWrapperOverheadChannel', 'iana-if-type:dlsw', 'iana-if-type:docsCableDownstream', 'iana-if-type:docsCableMCmtsDownstream', 'iana-if-type:docsCableMaclayer', 'iana-if-type:docsCableNdf', 'iana-if-type:docsCableNdr', 'iana-if-type:docsCableScte55d1FwdOob', 'iana-if-type:docsCableScte55d1RetOob', 'iana-if-type:docsCableScte55d2DsOob', 'iana-if-type:docsCableScte55d2UsOob', 'iana-if-type:docsCableUpstream', 'iana-if-type:docsCableUpstreamChannel', 'iana-if-type:docsCableUpstreamRfPort', 'iana-if-type:docsOfdmDownstream', 'iana-if-type:docsOfdmaUpstream', 'iana-if-type:ds0', 'iana-if-type:ds0Bundle', 'iana-if-type:ds1', 'iana-if-type:ds1FDL', 'iana-if-type:ds3', 'iana-if-type:dtm', 'iana-if-type:dvbAsiIn', 'iana-if-type:dvbAsiOut', 'iana-if-type:dvbRccDownstream', 'iana-if-type:dvbRccMacLayer', 'iana-if-type:dvbRccUpstream', 'iana-if-type:dvbRcsMacLayer', 'iana-if-type:dvbRcsTdma', 'iana-if-type:dvbTdm', 'iana-if-type:e1', 'iana-if-type:econet', 'iana-if-type:eon', 'iana-if-type:eplrs', 'iana-if-type:escon', 'iana-if-type:ethernet3Mbit', 'iana-if-type:ethernetCsmacd', 'iana-if-type:fast', 'iana-if-type:fastEther', 'iana-if-type:fastEtherFX', 'iana-if-type:fastdsl', 'iana-if-type:fcipLink', 'iana-if-type:fddi', 'iana-if-type:fibreChannel', 'iana-if-type:frDlciEndPt', 'iana-if-type:frForward', 'iana-if-type:frameRelay', 'iana-if-type:frameRelayInterconnect', 'iana-if-type:frameRelayMPI', 'iana-if-type:frameRelayService', 'iana-if-type:frf16MfrBundle', 'iana-if-type:g703at2mb', 'iana-if-type:g703at64k', 'iana-if-type:g9981', 'iana-if-type:g9982', 'iana-if-type:g9983', 'iana-if-type:gfast', 'iana-if-type:gfp', 'iana-if-type:ghn', 'iana-if-type:gigabitEthernet', 'iana-if-type:gpon', 'iana-if-type:gr303IDT', 'iana-if-type:gr303RDT', 'iana-if-type:gtp', 'iana-if-type:h323Gatekeeper', 'iana-if-type:h323Proxy', 'iana-if-type:hdh1822', 'iana-if-type:hdlc', 'iana-if-type:hdsl2', 'iana-if-type:hiperlan2', 'iana-if-type:hippi', 'iana-if-type:hippiInterface', 'iana-if-type:homepna', 'iana-if-type:hostPad', 'iana-if-type:hssi', 'iana-if-type:hyperchannel', 'iana-if-type:iana-interface-type', 'iana-if-type:ibm370parChan', 'iana-if-type:idsl', 'iana-if-type:ieee1394', 'iana-if-type:ieee80211', 'iana-if-type:ieee80212', 'iana-if-type:ieee802154', 'iana-if-type:ieee80216WMAN', 'iana-if-type:ieee8023adLag', 'iana-if-type:if-gsn', 'iana-if-type:ifPwType', 'iana-if-type:ifVfiType', 'iana-if-type:ilan', 'iana-if-type:imt', 'iana-if-type:infiniband', 'iana-if-type:interleave', 'iana-if-type:ip', 'iana-if-type:ipForward', 'iana-if-type:ipOverAtm', 'iana-if-type:ipOverCdlc', 'iana-if-type:ipOverClaw', 'iana-if-type:ipSwitch', 'iana-if-type:isdn', 'iana-if-type:isdns', 'iana-if-type:isdnu', 'iana-if-type:iso88022llc', 'iana-if-type:iso88023Csmacd', 'iana-if-type:iso88024TokenBus', 'iana-if-type:iso88025CRFPInt', 'iana-if-type:iso88025Dtr', 'iana-if-type:iso88025Fiber', 'iana-if-type:iso88025TokenRing', 'iana-if-type:iso88026Man', 'iana-if-type:isup', 'iana-if-type:l2vlan', 'iana-if-type:l3ipvlan', 'iana-if-type:l3ipxvlan', 'iana-if-type:lapb', 'iana-if-type:lapd', 'iana-if-type:lapf', 'iana-if-type:linegroup', 'iana-if-type:lmp', 'iana-if-type:localTalk', 'iana-if-type:macSecControlledIF', 'iana-if-type:macSecUncontrolledIF', 'iana-if-type:mediaMailOverIp', 'iana-if-type:mfSigLink', 'iana-if-type:microwaveCarrierTermination', 'iana-if-type:microwaveRadioLinkTerminal', 'iana-if-type:miox25', 'iana-if-type:mocaVersion1', 'iana-if-type:modem', 'iana-if-type:mpc', 'iana-if-type:mpegTransport', 'iana-if-type:mpls', 'iana-if-type:mplsTunnel', 'iana-if-type:msdsl', 'iana-if-type:mvl', 'iana-if-type:myrinet', 'iana-if-type:nfas', 'iana-if-type:nsip', 'iana-if-type:opticalChannel', 'iana-if-type:opticalChannelGroup', 'iana-if-type:opticalTransport', 'iana-if-type:other', 'iana-if-type:otnOdu', 'iana-if-type:otnOduc', 'iana-if-type:otnOtsi', 'iana-if-type:otnOtsig', 'iana-if-type:otnOtu', 'iana-if-type:otnOtuc', 'iana-if-type:para', 'iana-if-type:pdnEtherLoop1', 'iana-if-type:pdnEtherLoop2', 'iana-if-type:pip', 'iana-if-type:plc', 'iana-if-type:pon155', 'iana-if-type:pon622', 'iana-if-type:pos', 'iana-if-type:ppp', 'iana-if-type:pppMultilinkBundle', 'iana-if-type:primaryISDN', 'iana-if-type:propAtm', 'iana-if-type:propBWAp2Mp', 'iana-if-type:propCnls', 'iana-if-type:propDocsWirelessDownstream', 'iana-if-type:propDocsWirelessMaclayer', 'iana-if-type:propDocsWirelessUpstream', 'iana-if-type:propMultiplexor', 'iana-if-type:propPointToPointSerial', 'iana-if-type:propVirtual', 'iana-if-type:propWirelessP2P', 'iana-if-type:proteon10Mbit', 'iana-if-type:proteon80Mbit', 'iana-if-type:ptm', 'iana-if-type:q2931', 'iana-if-type:qam', 'iana-if-type:qllc', 'iana-if-type:radioMAC', 'iana-if-type:radsl', 'iana-if-type:reachDSL', 'iana-if-type:regular1822', 'iana-if-type:rfc1483', 'iana-if-type:rfc877x25', 'iana-if-type:rpr', 'iana-if-type:rs232', 'iana-if-type:rsrb', 'iana-if-type:sdci', 'iana-if-type:sdlc', 'iana-if-type:sdsl', 'iana-if-type:shdsl', 'iana-if-type:sip', 'iana-if-type:sipSig', 'iana-if-type:sipTg', 'iana-if-type:sixToFour', 'iana-if-type:slip', 'iana-if-type:smdsDxi', 'iana-if-type:smdsIcip', 'iana-if-type:softwareLoopback', 'iana-if-type:sonet', 'iana-if-type:sonetOverheadChannel', 'iana-if-type:sonetPath', 'iana-if-type:sonetVT', 'iana-if-type:srp', 'iana-if-type:ss7SigLink', 'iana-if-type:stackToStack', 'iana-if-type:starLan', 'iana-if-type:tdlc', 'iana-if-type:teLink', 'iana-if-type:termPad', 'iana-if-type:tr008', 'iana-if-type:transpHdlc', 'iana-if-type:tunnel', 'iana-if-type:ultra', 'iana-if-type:usb', 'iana-if-type:v11', 'iana-if-type:v35', 'iana-if-type:v36', 'iana-if-type:v37', 'iana-if-type:vdsl', 'iana-if-type:vdsl2', 'iana-if-type:virtualIpAddress', 'iana-if-type:virtualTg', 'iana-if-type:vmwareNicTeam', 'iana-if-type:vmwareVirtualNic', 'iana-if-type:voiceDID', 'iana-if-type:voiceEBS', 'iana-if-type:voiceEM', 'iana-if-type:voiceEMFGD', 'iana-if-type:voiceEncap', 'iana-if-type:voiceFGDEANA', 'iana-if-type:voiceFGDOS', 'iana-if-type:voiceFXO', 'iana-if-type:voiceFXS', 'iana-if-type:voiceOverAtm', 'iana-if-type:voiceOverCable', 'iana-if-type:voiceOverFrameRelay', 'iana-if-type:voiceOverIp', 'iana-if-type:wwanPP', 'iana-if-type:wwanPP2', 'iana-if-type:x213', 'iana-if-type:x25huntGroup', 'iana-if-type:x25mlp', 'iana-if-type:x25ple', 'iana-if-type:x86Laps', 'iana-if-type:xboxWireless'), {'urn:ietf:params:xml:ns:yang:iana-if-type': 'iana-if-type'})
_T34 = t.Enumeration((('up', 1), ('down', 2), ('testing', 3), ('unknown', 4), ('dormant', 5), ('not-present', 6), ('lower-layer-down', 7)))
_T35 = t.String((), (t.Pattern('(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*)?', '([0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*)?', False, None, None), ))
_T36 = t.Enumeration((('running', 0), ('candidate', 1), ('startup', 2)))
_T37 = t.InstanceIdentifier(True, NAMESPACES)
_T38 = t.IdentityRef(('ietf-netconf-monitoring:rnc', 'ietf-netconf-monitoring:rng', 'ietf-netconf-monitoring:xsd', 'ietf-netconf-monitoring:yang', 'ietf-netconf-monitoring:yin'), {'urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring': 'ietf-netconf-monitoring'})
_T39 = t.Union((t.Enumeration((('NETCONF', 0),)), t.String((), ()), ))
_T40 = t.IdentityRef(('ietf-netconf-monitoring:netconf-beep', 'ietf-netconf-monitoring:netconf-soap-over-beep', 'ietf-netconf-monitoring:netconf-soap-over-https', 'ietf-netconf-monitoring:netconf-ssh', 'ietf-netconf-monitoring:netconf-tls', 'netconf-local-transport:netconf-unix'), {'urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring': 'ietf-netconf-monitoring', 'urn:ipsec-qos:yang:netconf-local-transport': 'netconf-local-transport'})
_T41 = t.Union((t.CanonicalString('ietf-inet-types:ip-address', None), t.String(((1, 253),), (t.Pattern('(?:(?:(?:[0-9A-Z_a-z](?:[\\-0-9A-Z_a-z]){0,61})?[0-9A-Za-z]\\.)*(?:[0-9A-Z_a-z](?:[\\-0-9A-Z_a-z]){0,61})?[0-9A-Za-z]\\.?)|\\.', '((([a-zA-Z0-9_]([a-zA-Z0-9\\-_]){0,61})?[a-zA-Z0-9]\\.)*([a-zA-Z0-9_]([a-zA-Z0-9\\-_]){0,61})?[a-zA-Z0-9]\\.?)|\\.', False, None, None), )), ))
_T42 = t.IdentityRef(('ietf-datastores:candidate', 'ietf-datastores:conventional', 'ietf-datastores:dynamic', 'ietf-datastores:intended', 'ietf-datastores:operational', 'ietf-datastores:running', 'ietf-datastores:startup'), {'urn:ietf:params:xml:ns:yang:ietf-datastores': 'ietf-datastores'})
_T43 = t.IdentityRef(('ietf-subscribed-notifications:encode-xml',), {'urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications': 'ietf-subscribed-notifications'})
_T44 = t.Enumeration((('active', 1), ('suspended', 2)))
_T45 = t.Enumeration((('create', 0), ('delete', 1), ('insert', 2), ('move', 3), ('replace', 4)))
_T46 = t.String(((1, 18446744073709551615),), (t.Pattern('[A-Z_a-z][\\-\\.0-9A-Z_a-z]*', '[a-zA-Z_][a-zA-Z0-9\\-_.]*', False, None, None), t.Pattern('[^\\r\\n]|[^\\r\\n][^\\r\\n]|[^Xx][^\\r\\n]*|[^\\r\\n][^Mm][^\\r\\n]*|[^\\r\\n][^\\r\\n][^Ll][^\\r\\n]*', '.|..|[^xX].*|.[^mM].*|..[^lL].*', False, None, None), ))
_T47 = t.String((), (t.Pattern('\\d{4}-\\d{2}-\\d{2}', '\\d{4}-\\d{2}-\\d{2}', False, None, None), ))
_T48 = t.LeafRef(t.String(((1, 18446744073709551615),), (t.Pattern('[A-Z_a-z][\\-\\.0-9A-Z_a-z]*', '[a-zA-Z_][a-zA-Z0-9\\-_.]*', False, None, None), t.Pattern('[^\\r\\n]|[^\\r\\n][^\\r\\n]|[^Xx][^\\r\\n]*|[^\\r\\n][^Mm][^\\r\\n]*|[^\\r\\n][^\\r\\n][^Ll][^\\r\\n]*', '.|..|[^xX].*|.[^mM].*|..[^lL].*', False, None, None), )))
_T49 = t.Union((t.String((), (t.Pattern('\\d{4}-\\d{2}-\\d{2}', '\\d{4}-\\d{2}-\\d{2}', False, None, None), )), t.String(((0, 0),), ()), ))
_T50 = t.Enumeration((('implement', 0), ('import', 1)))
_T51 = t.LeafRef(t.IdentityRef(('ietf-datastores:candidate', 'ietf-datastores:conventional', 'ietf-datastores:dynamic', 'ietf-datastores:intended', 'ietf-datastores:operational', 'ietf-datastores:running', 'ietf-datastores:startup'), {'urn:ietf:params:xml:ns:yang:ietf-datastores': 'ietf-datastores'}))
_T52 = t.NodeInstanceIdentifier(NAMESPACES)
_T53 = t.Enumeration((('permit', 0), ('deny', 1)))
_T54 = t.String(((1, 18446744073709551615),), (t.Pattern('[^\\*][^\\r\\n]*', '[^\\*].*', False, None, None), ))
_T55 = t.String(((1, 18446744073709551615),), ())
_T56 = t.Union((t.String((), (t.Pattern('\\*', '\\*', False, None, None), )), t.String(((1, 18446744073709551615),), (t.Pattern('[^\\*][^\\r\\n]*', '[^\\*].*', False, None, None), )), ))
_T57 = t.Union((t.String((), (t.Pattern('\\*', '\\*', False, None, None), )), t.String((), ()), ))
_T58 = t.Union((t.String((), (t.Pattern('\\*', '\\*', False, None, None), )), t.Bits((('create', 0), ('read', 1), ('update', 2), ('delete', 3), ('exec', 4))), ))
_T59 = t.Integer('uint16', ((0, 65535),))
_T60 = t.Enumeration((('aes-gcm', 0), ('aes-cbc-sha256', 1)))
_T61 = t.Integer('uint16', ((1280, 65535),))
_T62 = t.Enumeration((('none', 0), ('outbound', 1), ('inbound', 2), ('both', 3)))
_T63 = t.Enumeration((('inbound', 0), ('outbound', 1)))
_T64 = t.Enumeration((('data', 0), ('ike', 1)))
_T65 = t.Enumeration((('ipv4', 0), ('ipv6', 1)))
_T66 = t.Integer('uint16', ((40, 65535),))
_T67 = t.Integer('uint8', ((0, 63),))
_T68 = t.Integer('uint32', ((1, 100000),))
_T69 = t.Integer('uint8', ((0, 7),))
_T70 = t.Enumeration((('report-all', 0), ('report-all-tagged', 1), ('trim', 2), ('explicit', 3)))
_T71 = t.Union((t.String((), ()), t.Enumeration((('unfiltered', 0),)), ))
_T72 = t.Union((t.String((), (t.Pattern('(?:[A-Z_a-z][\\-\\.0-9A-Z_a-z]*:)?[A-Z_a-z][\\-\\.0-9A-Z_a-z]*(?:/[A-Z_a-z](?:[\\-\\.0-9A-Z_a-z]*:)?[A-Z_a-z](?:[\\-\\.0-9A-Z_a-z]*))*', '([A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*(/[A-Za-z_]([A-Za-z0-9_.-]*:)?[A-Za-z_]([A-Za-z0-9_.-]*))*', False, None, None), )), t.Enumeration((('none', 0),)), ))
_T73 = t.Enumeration((('forwards', 0), ('backwards', 1)))
_T74 = t.Union((t.Integer('uint32', ((1, 4294967295),)), t.Enumeration((('unbounded', 0),)), ))
_T75 = t.Enumeration((('merge', 0), ('replace', 1), ('none', 2)))
_T76 = t.Enumeration((('test-then-set', 0), ('set', 1), ('test-only', 2)))
_T77 = t.Enumeration((('stop-on-error', 0), ('continue-on-error', 1), ('rollback-on-error', 2)))
_T78 = t.String(((0, 1024),), ())
_T79 = t.IdentityRef(('ietf-origin:default', 'ietf-origin:dynamic', 'ietf-origin:intended', 'ietf-origin:learned', 'ietf-origin:system', 'ietf-origin:unknown'), {'urn:ietf:params:xml:ns:yang:ietf-origin': 'ietf-origin'})
_T80 = t.Union((t.Integer('uint16', ((1, 65535),)), t.Enumeration((('unbounded', 0),)), ))
_T81 = t.Enumeration((('last-update', 0), ('creation-point', 1)))
_T82 = t.Enumeration((('create', 0), ('delete', 1), ('insert', 2), ('merge', 3), ('move', 4), ('replace', 5), ('remove', 6)))
_T83 = t.Enumeration((('before', 0), ('after', 1), ('first', 2), ('last', 3)))
_T84 = t.Enumeration((('revert-on-conflict', 0), ('prefer-candidate', 1), ('prefer-running', 2)))
_T85 = t.Enumeration((('begin', 0), ('end', 1)))
_T86 = t.CanonicalString('ietf-inet-types:ip-address', None)
_T87 = t.Enumeration((('running', 0), ('startup', 1)))
_T88 = t.Enumeration((('merge', 0), ('replace', 1), ('create', 2), ('delete', 3), ('remove', 4)))
_T89 = t.Enumeration((('closed', 0), ('killed', 1), ('dropped', 2), ('timeout', 3), ('bad-hello', 4), ('other', 5)))
_T90 = t.Enumeration((('start', 0), ('cancel', 1), ('timeout', 2), ('extend', 3), ('complete', 4)))
_T91 = t.IdentityRef(('ietf-subscribed-notifications:insufficient-resources', 'ietf-subscribed-notifications:unsupportable-volume', 'ietf-yang-push:period-unsupported', 'ietf-yang-push:sync-too-big', 'ietf-yang-push:update-too-big'), {'urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications': 'ietf-subscribed-notifications', 'urn:ietf:params:xml:ns:yang:ietf-yang-push': 'ietf-yang-push'})
_T92 = t.IdentityRef(('ietf-subscribed-notifications:filter-unavailable', 'ietf-subscribed-notifications:no-such-subscription', 'ietf-subscribed-notifications:stream-unavailable', 'ietf-subscribed-notifications:suspension-timeout', 'ietf-yang-push:datastore-not-subscribable', 'ietf-yang-push:unchanging-selection'), {'urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications': 'ietf-subscribed-notifications', 'urn:ietf:params:xml:ns:yang:ietf-yang-push': 'ietf-yang-push'})

_N1 = s.Container('global', _M0, (
    s.Leaf('df-bit', _M0, _T1, default='copy'),
    s.Leaf('fragmentation', _M0, _T2, default='after-encryption'),
    s.Leaf('fragment-aging-time', _M0, _T3, default='5000'),
), value=IpsecQosGlobal)
_N2 = s.Container('tunnel-selector', _M0, (
    s.LeafList('connection', _M0, _T8, cases=(('match', 'connection'),)),
    s.LeafList('if-id', _M0, _T9, cases=(('match', 'if-id'),)),
    s.LeafList('reqid', _M0, _T9, cases=(('match', 'reqid'),)),
    s.LeafList('remote-prefix', _M0, _T10, cases=(('match', 'traffic'),)),
    s.Leaf('protocol', _M0, _T11, cases=(('match', 'traffic'),)),
    s.Leaf('remote-port', _M0, _T12, cases=(('match', 'traffic'),)),
), value=IpsecQosPoliciesPolicyTunnelSelector, choices=(s.Choice('match', False, (), _M0), ))
_N3 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, mandatory=True),
    s.Leaf('counted-length', _M0, _T14, default='encrypted'),
    s.Leaf('ike', _M0, _T15, default='false'),
    s.Leaf('burst', _M0, _T16),
), value=IpsecQosPoliciesPolicyInboundSpeedLimit, presence=True)
_N4 = s.Container('inbound', _M0, (
    _N3,
    s.Leaf('dscp', _M0, _T17),
    s.Leaf('service-class', _M0, _T18),
    s.Leaf('inherit-plain', _M0, _T19),
), value=IpsecQosPoliciesPolicyInbound)
_N5 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, mandatory=True),
    s.Leaf('counted-length', _M0, _T14, default='encrypted'),
    s.Leaf('ike', _M0, _T15, default='false'),
    s.Leaf('burst', _M0, _T16),
), value=IpsecQosPoliciesPolicyOutboundSpeedLimit, presence=True)
_N6 = s.Container('outbound', _M0, (
    _N5,
    s.Leaf('dscp', _M0, _T17),
    s.Leaf('service-class', _M0, _T18),
), value=IpsecQosPoliciesPolicyOutbound)
_N7 = s.List('policy', _M0, ('name', 'sequence-number'), (
    s.Leaf('name', _M0, _T4),
    s.Leaf('sequence-number', _M0, _T5),
    s.Leaf('description', _M0, _T6),
    s.Leaf('template', _M0, _T7),
    _N2,
    s.Leaf('df-bit', _M0, _T1),
    s.Leaf('fragmentation', _M0, _T2),
    _N4,
    _N6,
), value=IpsecQosPoliciesPolicy)
_N8 = s.Container('policies', _M0, (
    _N7,
), value=IpsecQosPolicies)
_N9 = s.Container('tunnel-selector', _M0, (
    s.LeafList('connection', _M0, _T8, cases=(('match', 'connection'),)),
    s.LeafList('if-id', _M0, _T9, cases=(('match', 'if-id'),)),
    s.LeafList('reqid', _M0, _T9, cases=(('match', 'reqid'),)),
    s.LeafList('remote-prefix', _M0, _T10, cases=(('match', 'traffic'),)),
    s.Leaf('protocol', _M0, _T11, cases=(('match', 'traffic'),)),
    s.Leaf('remote-port', _M0, _T12, cases=(('match', 'traffic'),)),
), value=IpsecQosPolicyTemplatesPolicyTemplateTunnelSelector, choices=(s.Choice('match', False, (), _M0), ))
_N10 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, mandatory=True),
    s.Leaf('counted-length', _M0, _T14, default='encrypted'),
    s.Leaf('ike', _M0, _T15, default='false'),
    s.Leaf('burst', _M0, _T16),
), value=IpsecQosPolicyTemplatesPolicyTemplateInboundSpeedLimit, presence=True)
_N11 = s.Container('inbound', _M0, (
    _N10,
    s.Leaf('dscp', _M0, _T17),
    s.Leaf('service-class', _M0, _T18),
    s.Leaf('inherit-plain', _M0, _T19),
), value=IpsecQosPolicyTemplatesPolicyTemplateInbound)
_N12 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, mandatory=True),
    s.Leaf('counted-length', _M0, _T14, default='encrypted'),
    s.Leaf('ike', _M0, _T15, default='false'),
    s.Leaf('burst', _M0, _T16),
), value=IpsecQosPolicyTemplatesPolicyTemplateOutboundSpeedLimit, presence=True)
_N13 = s.Container('outbound', _M0, (
    _N12,
    s.Leaf('dscp', _M0, _T17),
    s.Leaf('service-class', _M0, _T18),
), value=IpsecQosPolicyTemplatesPolicyTemplateOutbound)
_N14 = s.List('policy-template', _M0, ('name', 'sequence-number'), (
    s.Leaf('name', _M0, _T4),
    s.Leaf('sequence-number', _M0, _T5),
    s.Leaf('description', _M0, _T6),
    _N9,
    s.Leaf('df-bit', _M0, _T1),
    s.Leaf('fragmentation', _M0, _T2),
    _N11,
    _N13,
), value=IpsecQosPolicyTemplatesPolicyTemplate)
_N15 = s.Container('policy-templates', _M0, (
    _N14,
), value=IpsecQosPolicyTemplates)
_N16 = s.List('interface-binding', _M0, ('interface',), (
    s.Leaf('interface', _M0, _T20),
    s.Leaf('policy-group', _M0, _T7, mandatory=True),
), value=IpsecQosInterfaceBindingsInterfaceBinding)
_N17 = s.Container('interface-bindings', _M0, (
    _N16,
), value=IpsecQosInterfaceBindings)
_N18 = s.Container('policy', _M0, (
    s.Leaf('name', _M0, _T4, config=False),
    s.Leaf('sequence-number', _M0, _T5, config=False),
    s.Leaf('template', _M0, _T4, config=False),
    s.Leaf('template-sequence-number', _M0, _T5, config=False),
), presence=True, config=False)
_N19 = s.Container('df-bit', _M0, (
    s.Leaf('value', _M0, _T1, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N20 = s.Container('fragmentation', _M0, (
    s.Leaf('value', _M0, _T2, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N21 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, config=False),
    s.Leaf('counted-length', _M0, _T14, config=False),
    s.Leaf('ike', _M0, _T15, config=False),
    s.Leaf('burst', _M0, _T24, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), presence=True, config=False)
_N22 = s.Container('dscp', _M0, (
    s.Leaf('value', _M0, _T17, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N23 = s.Container('service-class', _M0, (
    s.Leaf('value', _M0, _T26, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N24 = s.Container('inbound', _M0, (
    _N21,
    _N22,
    _N23,
), config=False)
_N25 = s.Container('speed-limit', _M0, (
    s.Leaf('rate', _M0, _T13, config=False),
    s.Leaf('counted-length', _M0, _T14, config=False),
    s.Leaf('ike', _M0, _T15, config=False),
    s.Leaf('burst', _M0, _T24, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), presence=True, config=False)
_N26 = s.Container('dscp', _M0, (
    s.Leaf('value', _M0, _T17, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N27 = s.Container('service-class', _M0, (
    s.Leaf('value', _M0, _T26, config=False),
    s.Leaf('origin', _M0, _T25, config=False),
), config=False)
_N28 = s.Container('outbound', _M0, (
    _N25,
    _N26,
    _N27,
), config=False)
_N29 = s.Container('effective', _M0, (
    _N19,
    _N20,
    _N24,
    _N28,
), config=False)
_N30 = s.List('condition', _M0, ('feature',), (
    s.Leaf('feature', _M0, _T28, config=False),
    s.Leaf('status', _M0, _T29, config=False),
    s.Leaf('reason', _M0, _T22, config=False),
), config=False)
_N31 = s.Container('inbound', _M0, (
    s.Leaf('conform-packets', _M0, _T31, config=False),
    s.Leaf('conform-octets', _M0, _T31, config=False),
    s.Leaf('exceed-packets', _M0, _T31, config=False),
    s.Leaf('exceed-octets', _M0, _T31, config=False),
    s.Leaf('ike-exceed-packets', _M0, _T31, config=False),
    s.Leaf('ike-exceed-octets', _M0, _T31, config=False),
    s.Leaf('too-big-packets', _M0, _T31, config=False),
    s.Leaf('fragmented-packets', _M0, _T31, config=False),
    s.Leaf('current-rate', _M0, _T31, config=False),
), config=False)
_N32 = s.Container('outbound', _M0, (
    s.Leaf('conform-packets', _M0, _T31, config=False),
    s.Leaf('conform-octets', _M0, _T31, config=False),
    s.Leaf('exceed-packets', _M0, _T31, config=False),
    s.Leaf('exceed-octets', _M0, _T31, config=False),
    s.Leaf('ike-exceed-packets', _M0, _T31, config=False),
    s.Leaf('ike-exceed-octets', _M0, _T31, config=False),
    s.Leaf('too-big-packets', _M0, _T31, config=False),
    s.Leaf('fragmented-packets', _M0, _T31, config=False),
    s.Leaf('current-rate', _M0, _T31, config=False),
), config=False)
_N33 = s.Container('counters', _M0, (
    s.Leaf('discontinuity-time', _M0, _T30, config=False),
    _N31,
    _N32,
), config=False)
_N34 = s.Container('input', _M0, (
))
_N35 = s.Container('output', _M0, (
    s.Leaf('discontinuity-time', _M0, _T30),
))
_N36 = s.Operation('clear-counters', _M0, input=_N34, output=_N35)
_N37 = s.List('tunnel', _M0, ('id',), (
    s.Leaf('id', _M0, _T21, config=False),
    s.Leaf('connection', _M0, _T22, config=False),
    s.Leaf('interface', _M0, _T20, config=False),
    s.Leaf('local-address', _M0, _T23, config=False),
    s.Leaf('remote-address', _M0, _T23, config=False),
    s.Leaf('reqid', _M0, _T24, config=False),
    s.Leaf('if-id', _M0, _T24, config=False),
    s.LeafList('local-prefix', _M0, _T10, config=False),
    s.LeafList('remote-prefix', _M0, _T10, config=False),
    s.Leaf('tunnel-mtu', _M0, _T24, config=False),
    _N18,
    _N29,
    s.Leaf('status', _M0, _T27, config=False),
    _N30,
    _N33,
), config=False, actions=(_N36, ))
_N38 = s.Container('tunnels', _M0, (
    _N37,
), config=False)
_N39 = s.List('feature', _M0, ('name',), (
    s.Leaf('name', _M0, _T22, config=False),
    s.Leaf('supported', _M0, _T15, config=False),
    s.Leaf('reason', _M0, _T22, config=False),
), config=False)
_N40 = s.Container('last-apply', _M0, (
    s.Leaf('time', _M0, _T30, config=False),
    s.Leaf('steps', _M0, _T24, config=False),
), presence=True, config=False)
_N41 = s.Container('unmatched', _M0, (
    s.Leaf('packets', _M0, _T31, config=False),
    s.Leaf('octets', _M0, _T31, config=False),
), config=False)
_N42 = s.Container('input', _M0, (
))
_N43 = s.Container('output', _M0, (
    s.Leaf('steps', _M0, _T24),
))
_N44 = s.Operation('resynchronize', _M0, input=_N42, output=_N43)
_N45 = s.Container('dataplane', _M0, (
    s.Leaf('driver', _M0, _T22, config=False),
    s.Leaf('status', _M0, _T32, config=False),
    s.Leaf('reason', _M0, _T22, config=False),
    s.Leaf('fragment-aging-time', _M0, _T24, config=False),
    _N39,
    _N40,
    _N41,
), config=False, actions=(_N44, ))
_N46 = s.Container('ipsec-qos', _M0, (
    _N1,
    _N8,
    _N15,
    _N17,
    _N38,
    _N45,
), value=IpsecQos)
_N47 = s.List('commit', _M3, ('id',), (
    s.Leaf('id', _M3, _T24, config=False),
    s.Leaf('time', _M3, _T30, config=False),
    s.Leaf('operation', _M3, _T22, config=False),
    s.Leaf('username', _M3, _T22, config=False),
    s.Leaf('session-id', _M3, _T9, config=False),
    s.Leaf('source', _M3, _T22, config=False),
    s.Leaf('comment', _M3, _T22, config=False),
    s.Leaf('changes', _M3, _T24, config=False),
), config=False)
_N48 = s.Container('commit-history', _M3, (
    _N47,
), config=False)
_N49 = s.Container('statistics', _M4, (
    s.Leaf('discontinuity-time', _M4, _T30, mandatory=True, config=False),
    s.Leaf('in-octets', _M4, _T31, config=False),
    s.Leaf('in-unicast-pkts', _M4, _T31, config=False),
    s.Leaf('in-broadcast-pkts', _M4, _T31, config=False),
    s.Leaf('in-multicast-pkts', _M4, _T31, config=False),
    s.Leaf('in-discards', _M4, _T24, config=False),
    s.Leaf('in-errors', _M4, _T24, config=False),
    s.Leaf('in-unknown-protos', _M4, _T24, config=False),
    s.Leaf('out-octets', _M4, _T31, config=False),
    s.Leaf('out-unicast-pkts', _M4, _T31, config=False),
    s.Leaf('out-broadcast-pkts', _M4, _T31, config=False),
    s.Leaf('out-multicast-pkts', _M4, _T31, config=False),
    s.Leaf('out-discards', _M4, _T24, config=False),
    s.Leaf('out-errors', _M4, _T24, config=False),
), config=False)
_N50 = s.List('interface', _M4, ('name',), (
    s.Leaf('name', _M4, _T22),
    s.Leaf('type', _M4, _T33, mandatory=True),
    s.Leaf('oper-status', _M4, _T34, mandatory=True, config=False),
    s.Leaf('last-change', _M4, _T30, config=False),
    s.Leaf('phys-address', _M4, _T35, config=False),
    s.LeafList('higher-layer-if', _M4, _T20, config=False),
    s.LeafList('lower-layer-if', _M4, _T20, config=False),
    s.Leaf('speed', _M4, _T31, config=False),
    _N49,
), value=IetfInterfacesInterfacesInterface)
_N51 = s.Container('interfaces', _M4, (
    _N50,
), value=IetfInterfacesInterfaces)
_N52 = s.Container('capabilities', _M7, (
    s.LeafList('capability', _M7, _T22, config=False),
), config=False)
_N53 = s.Container('global-lock', _M7, (
    s.Leaf('locked-by-session', _M7, _T24, mandatory=True, config=False),
    s.Leaf('locked-time', _M7, _T30, mandatory=True, config=False),
), config=False, cases=(('lock-type', 'global-lock'),))
_N54 = s.List('partial-lock', _M7, ('lock-id',), (
    s.Leaf('lock-id', _M7, _T24, config=False),
    s.Leaf('locked-by-session', _M7, _T24, mandatory=True, config=False),
    s.Leaf('locked-time', _M7, _T30, mandatory=True, config=False),
    s.LeafList('select', _M7, _T22, min_elements=1, config=False),
    s.LeafList('locked-node', _M7, _T37, config=False),
), config=False, cases=(('lock-type', 'partial-lock'),))
_N55 = s.Container('locks', _M7, (
    _N53,
    _N54,
), presence=True, choices=(s.Choice('lock-type', False, (), _M7), ), config=False)
_N56 = s.List('datastore', _M7, ('name',), (
    s.Leaf('name', _M7, _T36, config=False),
    _N55,
), config=False)
_N57 = s.Container('datastores', _M7, (
    _N56,
), config=False)
_N58 = s.List('schema', _M7, ('identifier', 'version', 'format'), (
    s.Leaf('identifier', _M7, _T22, config=False),
    s.Leaf('version', _M7, _T22, config=False),
    s.Leaf('format', _M7, _T38, config=False),
    s.Leaf('namespace', _M7, _T22, mandatory=True, config=False),
    s.LeafList('location', _M7, _T39, config=False),
), config=False)
_N59 = s.Container('schemas', _M7, (
    _N58,
), config=False)
_N60 = s.List('session', _M7, ('session-id',), (
    s.Leaf('session-id', _M7, _T9, config=False),
    s.Leaf('transport', _M7, _T40, mandatory=True, config=False),
    s.Leaf('username', _M7, _T22, mandatory=True, config=False),
    s.Leaf('source-host', _M7, _T41, config=False),
    s.Leaf('login-time', _M7, _T30, mandatory=True, config=False),
    s.Leaf('in-rpcs', _M7, _T24, default='0', config=False),
    s.Leaf('in-bad-rpcs', _M7, _T24, default='0', config=False),
    s.Leaf('out-rpc-errors', _M7, _T24, default='0', config=False),
    s.Leaf('out-notifications', _M7, _T24, default='0', config=False),
), config=False)
_N61 = s.Container('sessions', _M7, (
    _N60,
), config=False)
_N62 = s.Container('statistics', _M7, (
    s.Leaf('netconf-start-time', _M7, _T30, config=False),
    s.Leaf('in-bad-hellos', _M7, _T24, default='0', config=False),
    s.Leaf('in-sessions', _M7, _T24, default='0', config=False),
    s.Leaf('dropped-sessions', _M7, _T24, default='0', config=False),
    s.Leaf('in-rpcs', _M7, _T24, default='0', config=False),
    s.Leaf('in-bad-rpcs', _M7, _T24, default='0', config=False),
    s.Leaf('out-rpc-errors', _M7, _T24, default='0', config=False),
    s.Leaf('out-notifications', _M7, _T24, default='0', config=False),
), config=False)
_N63 = s.Container('netconf-state', _M7, (
    _N52,
    _N57,
    _N59,
    _N61,
    _N62,
), config=False)
_N64 = s.List('stream', _M9, ('name',), (
    s.Leaf('name', _M9, _T22, config=False),
    s.Leaf('description', _M9, _T22, mandatory=True, config=False),
    s.Leaf('replaySupport', _M9, _T15, mandatory=True, config=False),
    s.Leaf('replayLogCreationTime', _M9, _T30, config=False),
    s.Leaf('replayLogAgedTime', _M9, _T30, config=False),
), min_elements=1, config=False)
_N65 = s.Container('streams', _M9, (
    _N64,
), config=False)
_N66 = s.Container('netconf', _M9, (
    _N65,
), config=False)
_N67 = s.List('stream', _M11, ('name',), (
    s.Leaf('name', _M11, _T22, config=False),
    s.Leaf('description', _M11, _T22, config=False),
    s.Leaf('replay-support', _M11, _T19, config=False),
    s.Leaf('replay-log-creation-time', _M11, _T30, mandatory=True, config=False),
    s.Leaf('replay-log-aged-time', _M11, _T30, config=False),
), config=False)
_N68 = s.Container('streams', _M11, (
    _N67,
), config=False)
_N69 = s.List('stream-filter', _M11, ('name',), (
    s.Leaf('name', _M11, _T22),
    s.AnyData('stream-subtree-filter', _M11, cases=(('filter-spec', 'stream-subtree-filter'),)),
    s.Leaf('stream-xpath-filter', _M11, _T22, cases=(('filter-spec', 'stream-xpath-filter'),)),
), value=IetfSubscribedNotificationsFiltersStreamFilter, choices=(s.Choice('filter-spec', False, (), _M11), ))
_N70 = s.List('selection-filter', _M12, ('filter-id',), (
    s.Leaf('filter-id', _M12, _T22),
    s.AnyData('datastore-subtree-filter', _M12, cases=(('filter-spec', 'datastore-subtree-filter'),)),
    s.Leaf('datastore-xpath-filter', _M12, _T22, cases=(('filter-spec', 'datastore-xpath-filter'),)),
), value=IetfSubscribedNotificationsFiltersIetfYangPushSelectionFilter, choices=(s.Choice('filter-spec', False, (), _M12), ))
_N71 = s.Container('filters', _M11, (
    _N69,
    _N70,
), value=IetfSubscribedNotificationsFilters)
_N72 = s.List('receiver', _M11, ('name',), (
    s.Leaf('name', _M11, _T22),
    s.Leaf('sent-event-records', _M11, _T31, default='0', config=False),
    s.Leaf('excluded-event-records', _M11, _T31, default='0', config=False),
    s.Leaf('state', _M11, _T44, mandatory=True, config=False),
), value=IetfSubscribedNotificationsSubscriptionsSubscriptionReceiversReceiver, min_elements=1)
_N73 = s.Container('receivers', _M11, (
    _N72,
), value=IetfSubscribedNotificationsSubscriptionsSubscriptionReceivers)
_N74 = s.Container('periodic', _M12, (
    s.Leaf('period', _M12, _T24, mandatory=True),
    s.Leaf('anchor-time', _M12, _T30),
), value=IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushPeriodic, presence=True, cases=(('update-trigger', 'periodic'),))
_N75 = s.Container('on-change', _M12, (
    s.Leaf('dampening-period', _M12, _T24, default='0'),
    s.Leaf('sync-on-start', _M12, _T15, default='true'),
    s.LeafList('excluded-change', _M12, _T45),
), value=IetfSubscribedNotificationsSubscriptionsSubscriptionIetfYangPushOnChange, presence=True, cases=(('update-trigger', 'on-change'),))
_N76 = s.List('subscription', _M11, ('id',), (
    s.Leaf('id', _M11, _T24),
    s.Leaf('stream-filter-name', _M11, _T20, mandatory=True, cases=(('target', 'stream'), ('target/stream/stream-filter', 'by-reference'))),
    s.AnyData('stream-subtree-filter', _M11, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-subtree-filter'))),
    s.Leaf('stream-xpath-filter', _M11, _T22, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-xpath-filter'))),
    s.Leaf('stream', _M11, _T20, mandatory=True, cases=(('target', 'stream'),)),
    s.Leaf('replay-start-time', _M11, _T30, config=False, cases=(('target', 'stream'),)),
    s.Leaf('datastore', _M12, _T42, mandatory=True, cases=(('target', 'datastore'),)),
    s.Leaf('selection-filter-ref', _M12, _T20, mandatory=True, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'by-reference'))),
    s.AnyData('datastore-subtree-filter', _M12, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-subtree-filter'))),
    s.Leaf('datastore-xpath-filter', _M12, _T22, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-xpath-filter'))),
    s.Leaf('stop-time', _M11, _T30),
    s.Leaf('encoding', _M11, _T43),
    _N73,
    _N74,
    _N75,
), value=IetfSubscribedNotificationsSubscriptionsSubscription, choices=(s.Choice('target', True, (), _M11), s.Choice('target/stream/stream-filter', False, (('target', 'stream'),), _M11), s.Choice('target/stream/stream-filter/within-subscription/filter-spec', False, (('target', 'stream'), ('target/stream/stream-filter', 'within-subscription')), _M11), s.Choice('target/datastore/selection-filter', False, (('target', 'datastore'),), _M12), s.Choice('target/datastore/selection-filter/within-subscription/filter-spec', False, (('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription')), _M12), s.Choice('update-trigger', False, (), _M12), ))
_N77 = s.Container('subscriptions', _M11, (
    _N76,
), value=IetfSubscribedNotificationsSubscriptions)
_N78 = s.List('submodule', _M14, ('name',), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T47, config=False),
    s.LeafList('location', _M14, _T22, config=False),
), config=False)
_N79 = s.List('module', _M14, ('name',), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T47, config=False),
    s.Leaf('namespace', _M14, _T22, mandatory=True, config=False),
    s.LeafList('location', _M14, _T22, config=False),
    _N78,
    s.LeafList('feature', _M14, _T46, config=False),
    s.LeafList('deviation', _M14, _T48, config=False),
), config=False)
_N80 = s.List('submodule', _M14, ('name',), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T47, config=False),
    s.LeafList('location', _M14, _T22, config=False),
), config=False)
_N81 = s.List('import-only-module', _M14, ('name', 'revision'), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T49, config=False),
    s.Leaf('namespace', _M14, _T22, mandatory=True, config=False),
    s.LeafList('location', _M14, _T22, config=False),
    _N80,
), config=False)
_N82 = s.List('module-set', _M14, ('name',), (
    s.Leaf('name', _M14, _T22, config=False),
    _N79,
    _N81,
), config=False)
_N83 = s.List('schema', _M14, ('name',), (
    s.Leaf('name', _M14, _T22, config=False),
    s.LeafList('module-set', _M14, _T20, config=False),
), config=False)
_N84 = s.List('datastore', _M14, ('name',), (
    s.Leaf('name', _M14, _T42, config=False),
    s.Leaf('schema', _M14, _T20, mandatory=True, config=False),
), config=False)
_N85 = s.Container('yang-library', _M14, (
    _N82,
    _N83,
    _N84,
    s.Leaf('content-id', _M14, _T22, mandatory=True, config=False),
), config=False)
_N86 = s.List('deviation', _M14, ('name', 'revision'), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T49, config=False),
), config=False)
_N87 = s.List('submodule', _M14, ('name', 'revision'), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T49, config=False),
    s.Leaf('schema', _M14, _T22, config=False),
), config=False)
_N88 = s.List('module', _M14, ('name', 'revision'), (
    s.Leaf('name', _M14, _T46, config=False),
    s.Leaf('revision', _M14, _T49, config=False),
    s.Leaf('schema', _M14, _T22, config=False),
    s.Leaf('namespace', _M14, _T22, mandatory=True, config=False),
    s.LeafList('feature', _M14, _T46, config=False),
    _N86,
    s.Leaf('conformance-type', _M14, _T50, mandatory=True, config=False),
    _N87,
), config=False)
_N89 = s.Container('modules-state', _M14, (
    s.Leaf('module-set-id', _M14, _T22, mandatory=True, config=False),
    _N88,
), config=False)
_N90 = s.List('per-node-capabilities', _M19, (), (
    s.Leaf('node-selector', _M19, _T52, config=False, cases=(('node-selection', 'node-selector'),)),
    s.Leaf('constrained', _M20, _T15, default='false', config=False),
    s.Leaf('indexed', _M20, _T15, default='false', config=False),
    s.Leaf('cursor-supported', _M20, _T15, default='false', config=False),
), choices=(s.Choice('node-selection', False, (), _M19), ), config=False)
_N91 = s.List('datastore-capabilities', _M19, ('datastore',), (
    s.Leaf('datastore', _M19, _T51, config=False),
    _N90,
), config=False)
_N92 = s.Container('system-capabilities', _M19, (
    _N91,
), config=False)
_N93 = s.List('group', _M24, ('name',), (
    s.Leaf('name', _M24, _T54),
    s.LeafList('user-name', _M24, _T55),
), value=IetfNetconfAcmNacmGroupsGroup)
_N94 = s.Container('groups', _M24, (
    _N93,
), value=IetfNetconfAcmNacmGroups)
_N95 = s.List('rule', _M24, ('name',), (
    s.Leaf('name', _M24, _T55),
    s.Leaf('module-name', _M24, _T57, default='*'),
    s.Leaf('rpc-name', _M24, _T57, cases=(('rule-type', 'protocol-operation'),)),
    s.Leaf('notification-name', _M24, _T57, cases=(('rule-type', 'notification'),)),
    s.Leaf('path', _M24, _T52, mandatory=True, cases=(('rule-type', 'data-node'),)),
    s.Leaf('access-operations', _M24, _T58, default='*'),
    s.Leaf('action', _M24, _T53, mandatory=True),
    s.Leaf('comment', _M24, _T22),
), value=IetfNetconfAcmNacmRuleListRule, user_ordered=True, choices=(s.Choice('rule-type', False, (), _M24), ))
_N96 = s.List('rule-list', _M24, ('name',), (
    s.Leaf('name', _M24, _T55),
    s.LeafList('group', _M24, _T56),
    _N95,
), value=IetfNetconfAcmNacmRuleList, user_ordered=True)
_N97 = s.List('external-group', _M25, ('name',), (
    s.Leaf('name', _M25, _T54, config=False),
    s.LeafList('user-name', _M25, _T55, config=False),
), config=False)
_N98 = s.Container('nacm', _M24, (
    s.Leaf('enable-nacm', _M24, _T15, default='true'),
    s.Leaf('read-default', _M24, _T53, default='permit'),
    s.Leaf('write-default', _M24, _T53, default='deny'),
    s.Leaf('exec-default', _M24, _T53, default='permit'),
    s.Leaf('enable-external-groups', _M24, _T15, default='true'),
    s.Leaf('denied-operations', _M24, _T24, mandatory=True, config=False),
    s.Leaf('denied-data-writes', _M24, _T24, mandatory=True, config=False),
    s.Leaf('denied-notifications', _M24, _T24, mandatory=True, config=False),
    _N94,
    _N96,
    s.LeafList('recovery-user', _M25, _T55, config=False),
    _N97,
), value=IetfNetconfAcmNacm, deny='all')
_N99 = s.Container('', _M0, (
    _N46,
    _N48,
    _N51,
    _N63,
    _N66,
    _N68,
    _N71,
    _N77,
    _N85,
    _N89,
    _N92,
    _N98,
), value=Configuration)
_N100 = s.Container('input', _M1, (
    s.Leaf('id', _M1, _T21, mandatory=True),
    s.Leaf('interface', _M1, _T8, mandatory=True),
    s.Leaf('connection', _M1, _T8),
    s.Leaf('local-address', _M1, _T23, default='192.0.2.1'),
    s.Leaf('remote-address', _M1, _T23, default='192.0.2.2'),
    s.LeafList('local-prefix', _M1, _T10),
    s.LeafList('remote-prefix', _M1, _T10),
    s.Leaf('protocol', _M1, _T11),
    s.Leaf('remote-port', _M1, _T59),
    s.Leaf('reqid', _M1, _T24),
    s.Leaf('if-id', _M1, _T24),
    s.Leaf('cipher', _M1, _T60, default='aes-gcm'),
    s.Leaf('nat-traversal', _M1, _T15, default='false'),
    s.Leaf('egress-mtu', _M1, _T61, default='1500'),
    s.Leaf('mpls', _M1, _T62, default='none'),
))
_N101 = s.Container('output', _M1, (
))
_N102 = s.Operation('establish-tunnel', _M1, input=_N100, output=_N101)
_N103 = s.Container('input', _M1, (
    s.Leaf('id', _M1, _T21, mandatory=True),
))
_N104 = s.Container('output', _M1, (
))
_N105 = s.Operation('remove-tunnel', _M1, input=_N103, output=_N104)
_N106 = s.Container('input', _M1, (
    s.Leaf('tunnel', _M1, _T21, mandatory=True),
    s.Leaf('direction', _M1, _T63, mandatory=True),
    s.Leaf('kind', _M1, _T64, default='data'),
    s.Leaf('ip-version', _M1, _T65, default='ipv4'),
    s.Leaf('length', _M1, _T66, default='1000'),
    s.Leaf('dscp', _M1, _T67, default='0'),
    s.Leaf('df', _M1, _T15, default='false'),
    s.Leaf('count', _M1, _T68, default='1'),
    s.Leaf('rate', _M1, _T13),
))
_N107 = s.Container('output', _M1, (
    s.Leaf('passed', _M1, _T24),
    s.Leaf('exceeded', _M1, _T24),
    s.Leaf('too-big', _M1, _T24),
    s.Leaf('sent-packets', _M1, _T24),
    s.Leaf('tunnel-mtu', _M1, _T24),
    s.Leaf('dscp', _M1, _T67),
    s.Leaf('outer-dscp', _M1, _T67),
    s.Leaf('outer-df', _M1, _T15),
    s.Leaf('mpls-traffic-class', _M1, _T69),
))
_N108 = s.Operation('send-packets', _M1, input=_N106, output=_N107)
_N109 = s.Container('input', _M3, (
    s.Leaf('from', _M3, _T24, mandatory=True),
    s.Leaf('to', _M3, _T24),
), deny='all')
_N110 = s.Container('output', _M3, (
    s.AnyData('config', _M3),
), deny='all')
_N111 = s.Operation('compare', _M3, input=_N109, output=_N110, deny='all')
_N112 = s.Container('input', _M3, (
    s.Leaf('to', _M3, _T24, mandatory=True),
))
_N113 = s.Container('output', _M3, (
))
_N114 = s.Operation('rollback', _M3, input=_N112, output=_N113)
_N115 = s.Container('source', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-source', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-source', 'running'),)),
), choices=(s.Choice('config-source', True, (), _M6), ))
_N116 = s.Container('list-pagination', _M21, (
    s.Leaf('where', _M21, _T71, default='unfiltered'),
    s.Leaf('locale', _M21, _T22),
    s.Leaf('sort-by', _M21, _T72, default='none'),
    s.Leaf('direction', _M21, _T73, default='forwards'),
    s.Leaf('cursor', _M21, _T22),
    s.Leaf('offset', _M21, _T24, default='0'),
    s.Leaf('limit', _M21, _T74, default='unbounded'),
    s.Leaf('sublist-limit', _M21, _T74, default='unbounded'),
))
_N117 = s.Container('input', _M6, (
    _N115,
    s.AnyData('filter', _M6),
    s.Leaf('with-defaults', _M16, _T70),
    _N116,
))
_N118 = s.Container('output', _M6, (
    s.AnyData('data', _M6),
))
_N119 = s.Operation('get-config', _M6, input=_N117, output=_N118)
_N120 = s.Container('target', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-target', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-target', 'running'),)),
), choices=(s.Choice('config-target', True, (), _M6), ))
_N121 = s.Container('input', _M6, (
    _N120,
    s.Leaf('default-operation', _M6, _T75, default='merge'),
    s.Leaf('test-option', _M6, _T76, default='test-then-set'),
    s.Leaf('error-option', _M6, _T77, default='stop-on-error'),
    s.AnyData('config', _M6, cases=(('edit-content', 'config'),)),
    s.Leaf('with-etag', _M22, _T15),
), choices=(s.Choice('edit-content', True, (), _M6), ))
_N122 = s.Container('output', _M6, (
))
_N123 = s.Operation('edit-config', _M6, input=_N121, output=_N122)
_N124 = s.Container('target', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-target', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-target', 'running'),)),
), choices=(s.Choice('config-target', True, (), _M6), ))
_N125 = s.Container('source', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-source', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-source', 'running'),)),
    s.AnyData('config', _M6, cases=(('config-source', 'config'),)),
), choices=(s.Choice('config-source', True, (), _M6), ))
_N126 = s.Container('input', _M6, (
    _N124,
    _N125,
    s.Leaf('with-defaults', _M16, _T70),
))
_N127 = s.Container('output', _M6, (
))
_N128 = s.Operation('copy-config', _M6, input=_N126, output=_N127)
_N129 = s.Container('target', _M6, (
), choices=(s.Choice('config-target', True, (), _M6), ))
_N130 = s.Container('input', _M6, (
    _N129,
))
_N131 = s.Container('output', _M6, (
))
_N132 = s.Operation('delete-config', _M6, input=_N130, output=_N131)
_N133 = s.Container('target', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-target', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-target', 'running'),)),
    s.Leaf('datastore', _M17, _T42, cases=(('config-target', 'datastore'),)),
), choices=(s.Choice('config-target', True, (), _M6), ))
_N134 = s.Container('input', _M6, (
    _N133,
))
_N135 = s.Container('output', _M6, (
))
_N136 = s.Operation('lock', _M6, input=_N134, output=_N135)
_N137 = s.Container('target', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-target', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-target', 'running'),)),
    s.Leaf('datastore', _M17, _T42, cases=(('config-target', 'datastore'),)),
), choices=(s.Choice('config-target', True, (), _M6), ))
_N138 = s.Container('input', _M6, (
    _N137,
))
_N139 = s.Container('output', _M6, (
))
_N140 = s.Operation('unlock', _M6, input=_N138, output=_N139)
_N141 = s.Container('list-pagination', _M21, (
    s.Leaf('where', _M21, _T71, default='unfiltered'),
    s.Leaf('locale', _M21, _T22),
    s.Leaf('sort-by', _M21, _T72, default='none'),
    s.Leaf('direction', _M21, _T73, default='forwards'),
    s.Leaf('cursor', _M21, _T22),
    s.Leaf('offset', _M21, _T24, default='0'),
    s.Leaf('limit', _M21, _T74, default='unbounded'),
    s.Leaf('sublist-limit', _M21, _T74, default='unbounded'),
))
_N142 = s.Container('input', _M6, (
    s.AnyData('filter', _M6),
    s.Leaf('with-defaults', _M16, _T70),
    _N141,
))
_N143 = s.Container('output', _M6, (
    s.AnyData('data', _M6),
))
_N144 = s.Operation('get', _M6, input=_N142, output=_N143)
_N145 = s.Container('input', _M6, (
))
_N146 = s.Container('output', _M6, (
))
_N147 = s.Operation('close-session', _M6, input=_N145, output=_N146)
_N148 = s.Container('input', _M6, (
    s.Leaf('session-id', _M6, _T9, mandatory=True),
))
_N149 = s.Container('output', _M6, (
))
_N150 = s.Operation('kill-session', _M6, input=_N148, output=_N149)
_N151 = s.Container('input', _M6, (
    s.Leaf('confirmed', _M6, _T19),
    s.Leaf('confirm-timeout', _M6, _T9, default='600'),
    s.Leaf('persist', _M6, _T22),
    s.Leaf('persist-id', _M6, _T22),
    s.Leaf('comment', _M3, _T78),
    s.Leaf('with-etag', _M22, _T15),
))
_N152 = s.Container('output', _M6, (
))
_N153 = s.Operation('commit', _M6, input=_N151, output=_N152)
_N154 = s.Container('input', _M6, (
))
_N155 = s.Container('output', _M6, (
))
_N156 = s.Operation('discard-changes', _M6, input=_N154, output=_N155)
_N157 = s.Container('input', _M6, (
    s.Leaf('persist-id', _M6, _T22),
))
_N158 = s.Container('output', _M6, (
))
_N159 = s.Operation('cancel-commit', _M6, input=_N157, output=_N158)
_N160 = s.Container('source', _M6, (
    s.Leaf('candidate', _M6, _T19, cases=(('config-source', 'candidate'),)),
    s.Leaf('running', _M6, _T19, cases=(('config-source', 'running'),)),
    s.AnyData('config', _M6, cases=(('config-source', 'config'),)),
    s.Leaf('datastore', _M17, _T42, cases=(('config-source', 'datastore'),)),
), choices=(s.Choice('config-source', True, (), _M6), ))
_N161 = s.Container('input', _M6, (
    _N160,
))
_N162 = s.Container('output', _M6, (
))
_N163 = s.Operation('validate', _M6, input=_N161, output=_N162)
_N164 = s.Container('input', _M7, (
    s.Leaf('identifier', _M7, _T22, mandatory=True),
    s.Leaf('version', _M7, _T22),
    s.Leaf('format', _M7, _T38),
))
_N165 = s.Container('output', _M7, (
    s.AnyData('data', _M7),
))
_N166 = s.Operation('get-schema', _M7, input=_N164, output=_N165)
_N167 = s.Container('input', _M10, (
    s.Leaf('stream', _M10, _T22, default='NETCONF'),
    s.AnyData('filter', _M10),
    s.Leaf('startTime', _M10, _T30),
    s.Leaf('stopTime', _M10, _T30),
))
_N168 = s.Container('output', _M10, (
))
_N169 = s.Operation('create-subscription', _M10, input=_N167, output=_N168)
_N170 = s.Container('periodic', _M12, (
    s.Leaf('period', _M12, _T24, mandatory=True),
    s.Leaf('anchor-time', _M12, _T30),
), presence=True, cases=(('update-trigger', 'periodic'),))
_N171 = s.Container('on-change', _M12, (
    s.Leaf('dampening-period', _M12, _T24, default='0'),
    s.Leaf('sync-on-start', _M12, _T15, default='true'),
    s.LeafList('excluded-change', _M12, _T45),
), presence=True, cases=(('update-trigger', 'on-change'),))
_N172 = s.Container('input', _M11, (
    s.Leaf('stream-filter-name', _M11, _T20, mandatory=True, cases=(('target', 'stream'), ('target/stream/stream-filter', 'by-reference'))),
    s.AnyData('stream-subtree-filter', _M11, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-subtree-filter'))),
    s.Leaf('stream-xpath-filter', _M11, _T22, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-xpath-filter'))),
    s.Leaf('stream', _M11, _T20, mandatory=True, cases=(('target', 'stream'),)),
    s.Leaf('replay-start-time', _M11, _T30, config=False, cases=(('target', 'stream'),)),
    s.Leaf('datastore', _M12, _T42, mandatory=True, cases=(('target', 'datastore'),)),
    s.Leaf('selection-filter-ref', _M12, _T20, mandatory=True, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'by-reference'))),
    s.AnyData('datastore-subtree-filter', _M12, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-subtree-filter'))),
    s.Leaf('datastore-xpath-filter', _M12, _T22, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-xpath-filter'))),
    s.Leaf('stop-time', _M11, _T30),
    s.Leaf('encoding', _M11, _T43),
    _N170,
    _N171,
), choices=(s.Choice('target', True, (), _M11), s.Choice('target/stream/stream-filter', False, (('target', 'stream'),), _M11), s.Choice('target/stream/stream-filter/within-subscription/filter-spec', False, (('target', 'stream'), ('target/stream/stream-filter', 'within-subscription')), _M11), s.Choice('target/datastore/selection-filter', False, (('target', 'datastore'),), _M12), s.Choice('target/datastore/selection-filter/within-subscription/filter-spec', False, (('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription')), _M12), s.Choice('update-trigger', False, (), _M12), ))
_N173 = s.Container('output', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
    s.Leaf('replay-start-time-revision', _M11, _T30),
))
_N174 = s.Operation('establish-subscription', _M11, input=_N172, output=_N173)
_N175 = s.Container('periodic', _M12, (
    s.Leaf('period', _M12, _T24, mandatory=True),
    s.Leaf('anchor-time', _M12, _T30),
), presence=True, cases=(('update-trigger', 'periodic'),))
_N176 = s.Container('on-change', _M12, (
    s.Leaf('dampening-period', _M12, _T24, default='0'),
), presence=True, cases=(('update-trigger', 'on-change'),))
_N177 = s.Container('input', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
    s.Leaf('stream-filter-name', _M11, _T20, mandatory=True, cases=(('target', 'stream'), ('target/stream/stream-filter', 'by-reference'))),
    s.AnyData('stream-subtree-filter', _M11, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-subtree-filter'))),
    s.Leaf('stream-xpath-filter', _M11, _T22, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-xpath-filter'))),
    s.Leaf('datastore', _M12, _T42, mandatory=True, cases=(('target', 'datastore'),)),
    s.Leaf('selection-filter-ref', _M12, _T20, mandatory=True, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'by-reference'))),
    s.AnyData('datastore-subtree-filter', _M12, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-subtree-filter'))),
    s.Leaf('datastore-xpath-filter', _M12, _T22, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-xpath-filter'))),
    s.Leaf('stop-time', _M11, _T30),
    _N175,
    _N176,
), choices=(s.Choice('target', True, (), _M11), s.Choice('target/stream/stream-filter', False, (('target', 'stream'),), _M11), s.Choice('target/stream/stream-filter/within-subscription/filter-spec', False, (('target', 'stream'), ('target/stream/stream-filter', 'within-subscription')), _M11), s.Choice('target/datastore/selection-filter', False, (('target', 'datastore'),), _M12), s.Choice('target/datastore/selection-filter/within-subscription/filter-spec', False, (('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription')), _M12), s.Choice('update-trigger', False, (), _M12), ))
_N178 = s.Container('output', _M11, (
))
_N179 = s.Operation('modify-subscription', _M11, input=_N177, output=_N178)
_N180 = s.Container('input', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
))
_N181 = s.Container('output', _M11, (
))
_N182 = s.Operation('delete-subscription', _M11, input=_N180, output=_N181)
_N183 = s.Container('input', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
), deny='all')
_N184 = s.Container('output', _M11, (
), deny='all')
_N185 = s.Operation('kill-subscription', _M11, input=_N183, output=_N184, deny='all')
_N186 = s.Container('input', _M12, (
    s.Leaf('id', _M12, _T24, mandatory=True),
))
_N187 = s.Container('output', _M12, (
))
_N188 = s.Operation('resync-subscription', _M12, input=_N186, output=_N187)
_N189 = s.Container('list-pagination', _M21, (
    s.Leaf('where', _M21, _T71, default='unfiltered'),
    s.Leaf('locale', _M21, _T22),
    s.Leaf('sort-by', _M21, _T72, default='none'),
    s.Leaf('direction', _M21, _T73, default='forwards'),
    s.Leaf('cursor', _M21, _T22),
    s.Leaf('offset', _M21, _T24, default='0'),
    s.Leaf('limit', _M21, _T74, default='unbounded'),
    s.Leaf('sublist-limit', _M21, _T74, default='unbounded'),
))
_N190 = s.Container('input', _M17, (
    s.Leaf('datastore', _M17, _T42, mandatory=True),
    s.AnyData('subtree-filter', _M17, cases=(('filter-spec', 'subtree-filter'),)),
    s.Leaf('xpath-filter', _M17, _T22, cases=(('filter-spec', 'xpath-filter'),)),
    s.Leaf('config-filter', _M17, _T15),
    s.LeafList('origin-filter', _M17, _T79, cases=(('origin-filters', 'origin-filter'),)),
    s.LeafList('negated-origin-filter', _M17, _T79, cases=(('origin-filters', 'negated-origin-filter'),)),
    s.Leaf('max-depth', _M17, _T80, default='unbounded'),
    s.Leaf('with-origin', _M17, _T19),
    s.Leaf('with-defaults', _M17, _T70),
    _N189,
), choices=(s.Choice('filter-spec', False, (), _M17), s.Choice('origin-filters', False, (), _M17), ))
_N191 = s.Container('output', _M17, (
    s.AnyData('data', _M17),
))
_N192 = s.Operation('get-data', _M17, input=_N190, output=_N191)
_N193 = s.Container('input', _M17, (
    s.Leaf('datastore', _M17, _T42, mandatory=True),
    s.Leaf('default-operation', _M17, _T75, default='merge'),
    s.AnyData('config', _M17, cases=(('edit-content', 'config'),)),
    s.Leaf('with-etag', _M22, _T15),
), choices=(s.Choice('edit-content', True, (), _M17), ))
_N194 = s.Container('output', _M17, (
))
_N195 = s.Operation('edit-data', _M17, input=_N193, output=_N194)
_N196 = s.Container('input', _M18, (
    s.Leaf('source', _M18, _T42, mandatory=True),
    s.Leaf('target', _M18, _T42, mandatory=True),
    s.Leaf('all', _M18, _T19),
    s.Leaf('report-origin', _M18, _T19),
    s.AnyData('subtree-filter', _M18, cases=(('filter-spec', 'subtree-filter'),)),
    s.Leaf('xpath-filter', _M18, _T22, cases=(('filter-spec', 'xpath-filter'),)),
    s.Leaf('reference-point', _M27, _T81, default='last-update'),
), choices=(s.Choice('filter-spec', False, (), _M18), ))
_N197 = s.List('edit', _M18, ('edit-id',), (
    s.Leaf('edit-id', _M18, _T22),
    s.Leaf('operation', _M18, _T82, mandatory=True),
    s.Leaf('target', _M18, _T22, mandatory=True),
    s.Leaf('point', _M18, _T22),
    s.Leaf('where', _M18, _T83, default='last'),
    s.AnyData('value', _M18),
    s.AnyData('source-value', _M18),
), user_ordered=True)
_N198 = s.Container('yang-patch', _M18, (
    s.Leaf('patch-id', _M18, _T22, mandatory=True),
    s.Leaf('comment', _M18, _T22),
    _N197,
))
_N199 = s.Container('differences', _M18, (
    _N198,
), cases=(('compare-response', 'differences'),))
_N200 = s.Container('output', _M18, (
    s.Leaf('no-matches', _M18, _T19, cases=(('compare-response', 'no-matches'),)),
    _N199,
), choices=(s.Choice('compare-response', False, (), _M18), ))
_N201 = s.Operation('compare', _M18, input=_N196, output=_N200)
_N202 = s.Container('input', _M27, (
    s.Leaf('resolution-mode', _M27, _T84, default='revert-on-conflict'),
))
_N203 = s.Container('output', _M27, (
))
_N204 = s.Operation('update', _M27, input=_N202, output=_N203)
_N205 = s.Container('input', _M28, (
    s.LeafList('select', _M28, _T22, min_elements=1),
))
_N206 = s.Container('output', _M28, (
    s.Leaf('lock-id', _M28, _T24),
    s.LeafList('locked-node', _M28, _T37, min_elements=1),
))
_N207 = s.Operation('partial-lock', _M28, input=_N205, output=_N206)
_N208 = s.Container('input', _M28, (
    s.Leaf('lock-id', _M28, _T24),
))
_N209 = s.Container('output', _M28, (
))
_N210 = s.Operation('partial-unlock', _M28, input=_N208, output=_N209)
_N211 = s.Container('tunnel-up', _M0, (
    s.Leaf('tunnel', _M0, _T21),
    s.Leaf('policy', _M0, _T4),
    s.Leaf('sequence-number', _M0, _T5),
))
_N212 = s.Notification('tunnel-up', _M0, content=_N211)
_N213 = s.Container('tunnel-down', _M0, (
    s.Leaf('tunnel', _M0, _T21),
))
_N214 = s.Notification('tunnel-down', _M0, content=_N213)
_N215 = s.Container('limit-exceeded', _M0, (
    s.Leaf('tunnel', _M0, _T21),
    s.Leaf('direction', _M0, _T63),
    s.Leaf('state', _M0, _T85),
))
_N216 = s.Notification('limit-exceeded', _M0, content=_N215)
_N217 = s.Container('dataplane-drift', _M0, (
    s.Leaf('reason', _M0, _T22),
    s.Leaf('repaired', _M0, _T15),
))
_N218 = s.Notification('dataplane-drift', _M0, content=_N217)
_N219 = s.Container('apply-failed', _M0, (
    s.Leaf('reason', _M0, _T22),
    s.Leaf('undone', _M0, _T15),
))
_N220 = s.Notification('apply-failed', _M0, content=_N219)
_N221 = s.Container('changed-by', _M8, (
    s.Leaf('server', _M8, _T19, cases=(('server-or-user', 'server'),)),
    s.Leaf('username', _M8, _T22, mandatory=True, cases=(('server-or-user', 'by-user'),)),
    s.Leaf('session-id', _M8, _T24, mandatory=True, cases=(('server-or-user', 'by-user'),)),
    s.Leaf('source-host', _M8, _T86, cases=(('server-or-user', 'by-user'),)),
), choices=(s.Choice('server-or-user', True, (), _M8), ))
_N222 = s.List('edit', _M8, (), (
    s.Leaf('target', _M8, _T37),
    s.Leaf('operation', _M8, _T88, default='merge'),
))
_N223 = s.Container('netconf-config-change', _M8, (
    _N221,
    s.Leaf('datastore', _M8, _T87, default='running'),
    _N222,
))
_N224 = s.Notification('netconf-config-change', _M8, content=_N223)
_N225 = s.Container('changed-by', _M8, (
    s.Leaf('server', _M8, _T19, cases=(('server-or-user', 'server'),)),
    s.Leaf('username', _M8, _T22, mandatory=True, cases=(('server-or-user', 'by-user'),)),
    s.Leaf('session-id', _M8, _T24, mandatory=True, cases=(('server-or-user', 'by-user'),)),
    s.Leaf('source-host', _M8, _T86, cases=(('server-or-user', 'by-user'),)),
), choices=(s.Choice('server-or-user', True, (), _M8), ))
_N226 = s.Container('netconf-capability-change', _M8, (
    _N225,
    s.LeafList('added-capability', _M8, _T22),
    s.LeafList('deleted-capability', _M8, _T22),
    s.LeafList('modified-capability', _M8, _T22),
))
_N227 = s.Notification('netconf-capability-change', _M8, content=_N226)
_N228 = s.Container('netconf-session-start', _M8, (
    s.Leaf('username', _M8, _T22, mandatory=True),
    s.Leaf('session-id', _M8, _T24, mandatory=True),
    s.Leaf('source-host', _M8, _T86),
))
_N229 = s.Notification('netconf-session-start', _M8, content=_N228)
_N230 = s.Container('netconf-session-end', _M8, (
    s.Leaf('username', _M8, _T22, mandatory=True),
    s.Leaf('session-id', _M8, _T24, mandatory=True),
    s.Leaf('source-host', _M8, _T86),
    s.Leaf('killed-by', _M8, _T9),
    s.Leaf('termination-reason', _M8, _T89, mandatory=True),
))
_N231 = s.Notification('netconf-session-end', _M8, content=_N230)
_N232 = s.Container('netconf-confirmed-commit', _M8, (
    s.Leaf('username', _M8, _T22, mandatory=True),
    s.Leaf('session-id', _M8, _T24, mandatory=True),
    s.Leaf('source-host', _M8, _T86),
    s.Leaf('confirm-event', _M8, _T90, mandatory=True),
    s.Leaf('timeout', _M8, _T24),
))
_N233 = s.Notification('netconf-confirmed-commit', _M8, content=_N232)
_N234 = s.Container('replayComplete', _M9, (
))
_N235 = s.Notification('replayComplete', _M9, content=_N234)
_N236 = s.Container('notificationComplete', _M9, (
))
_N237 = s.Notification('notificationComplete', _M9, content=_N236)
_N238 = s.Container('replay-completed', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
))
_N239 = s.Notification('replay-completed', _M11, content=_N238)
_N240 = s.Container('periodic', _M12, (
    s.Leaf('period', _M12, _T24, mandatory=True),
    s.Leaf('anchor-time', _M12, _T30),
), presence=True, cases=(('update-trigger', 'periodic'),))
_N241 = s.Container('on-change', _M12, (
    s.Leaf('dampening-period', _M12, _T24, default='0'),
    s.Leaf('sync-on-start', _M12, _T15, default='true'),
    s.LeafList('excluded-change', _M12, _T45),
), presence=True, cases=(('update-trigger', 'on-change'),))
_N242 = s.Container('subscription-modified', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
    s.Leaf('stream-filter-name', _M11, _T20, mandatory=True, cases=(('target', 'stream'), ('target/stream/stream-filter', 'by-reference'))),
    s.AnyData('stream-subtree-filter', _M11, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-subtree-filter'))),
    s.Leaf('stream-xpath-filter', _M11, _T22, cases=(('target', 'stream'), ('target/stream/stream-filter', 'within-subscription'), ('target/stream/stream-filter/within-subscription/filter-spec', 'stream-xpath-filter'))),
    s.Leaf('stream', _M11, _T20, mandatory=True, cases=(('target', 'stream'),)),
    s.Leaf('replay-start-time', _M11, _T30, config=False, cases=(('target', 'stream'),)),
    s.Leaf('datastore', _M12, _T42, mandatory=True, cases=(('target', 'datastore'),)),
    s.Leaf('selection-filter-ref', _M12, _T20, mandatory=True, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'by-reference'))),
    s.AnyData('datastore-subtree-filter', _M12, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-subtree-filter'))),
    s.Leaf('datastore-xpath-filter', _M12, _T22, cases=(('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription'), ('target/datastore/selection-filter/within-subscription/filter-spec', 'datastore-xpath-filter'))),
    s.Leaf('stop-time', _M11, _T30),
    s.Leaf('encoding', _M11, _T43),
    _N240,
    _N241,
), choices=(s.Choice('target', True, (), _M11), s.Choice('target/stream/stream-filter', False, (('target', 'stream'),), _M11), s.Choice('target/stream/stream-filter/within-subscription/filter-spec', False, (('target', 'stream'), ('target/stream/stream-filter', 'within-subscription')), _M11), s.Choice('target/datastore/selection-filter', False, (('target', 'datastore'),), _M12), s.Choice('target/datastore/selection-filter/within-subscription/filter-spec', False, (('target', 'datastore'), ('target/datastore/selection-filter', 'within-subscription')), _M12), s.Choice('update-trigger', False, (), _M12), ))
_N243 = s.Notification('subscription-modified', _M11, content=_N242)
_N244 = s.Container('subscription-resumed', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
))
_N245 = s.Notification('subscription-resumed', _M11, content=_N244)
_N246 = s.Container('subscription-suspended', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
    s.Leaf('reason', _M11, _T91, mandatory=True),
))
_N247 = s.Notification('subscription-suspended', _M11, content=_N246)
_N248 = s.Container('subscription-terminated', _M11, (
    s.Leaf('id', _M11, _T24, mandatory=True),
    s.Leaf('reason', _M11, _T92, mandatory=True),
))
_N249 = s.Notification('subscription-terminated', _M11, content=_N248)
_N250 = s.Container('push-update', _M12, (
    s.Leaf('id', _M12, _T24),
    s.AnyData('datastore-contents', _M12),
    s.Leaf('incomplete-update', _M12, _T19),
))
_N251 = s.Notification('push-update', _M12, content=_N250)
_N252 = s.List('edit', _M12, ('edit-id',), (
    s.Leaf('edit-id', _M12, _T22),
    s.Leaf('operation', _M12, _T82, mandatory=True),
    s.Leaf('target', _M12, _T22, mandatory=True),
    s.Leaf('point', _M12, _T22),
    s.Leaf('where', _M12, _T83, default='last'),
    s.AnyData('value', _M12),
), user_ordered=True)
_N253 = s.Container('yang-patch', _M12, (
    s.Leaf('patch-id', _M12, _T22, mandatory=True),
    s.Leaf('comment', _M12, _T22),
    _N252,
))
_N254 = s.Container('datastore-changes', _M12, (
    _N253,
))
_N255 = s.Container('push-change-update', _M12, (
    s.Leaf('id', _M12, _T24),
    _N254,
    s.Leaf('incomplete-update', _M12, _T19),
))
_N256 = s.Notification('push-change-update', _M12, content=_N255)
_N257 = s.Container('yang-library-update', _M14, (
    s.Leaf('content-id', _M14, _T20, mandatory=True),
))
_N258 = s.Notification('yang-library-update', _M14, content=_N257)
_N259 = s.Container('yang-library-change', _M14, (
    s.Leaf('module-set-id', _M14, _T20, mandatory=True),
))
_N260 = s.Notification('yang-library-change', _M14, content=_N259)

INDEXES = (
    Index(0, '/ipsec-qos:ipsec-qos/policy-templates/policy-template', lambda e, k: (e.name,) if e.name is not None else ()),
    Index(1, '/ipsec-qos:ipsec-qos/policies/policy', lambda e, k: (e.name,) if e.name is not None else ()),
    Index(2, '/ipsec-qos:ipsec-qos/policies/policy', lambda e, k: (e.name,) if e.name is not None and e.template is not None else ()),
    Index(3, '/ipsec-qos:ipsec-qos/policies/policy', lambda e, k: (e.name,) if e.name is not None and e.sequence_number is not None and e.template is None else (), lambda e: e.sequence_number),
    Index(4, '/ipsec-qos:ipsec-qos/policies/policy', lambda e, k: (e.template,) if e.template is not None else ()),
    Index(5, '/ipsec-qos:ipsec-qos/interface-bindings/interface-binding', lambda e, k: (e.policy_group,) if e.policy_group is not None else ()),
    Index(6, '/ietf-subscribed-notifications:filters/stream-filter', lambda e, k: (e.name,) if e.name is not None else ()),
    Index(7, '/ietf-subscribed-notifications:subscriptions/subscription', lambda e, k: (e.stream_filter_name,) if e.stream_filter_name is not None else ()),
    Index(8, '/ietf-subscribed-notifications:filters/ietf-yang-push:selection-filter', lambda e, k: (e.filter_id,) if e.filter_id is not None else ()),
    Index(9, '/ietf-subscribed-notifications:subscriptions/subscription', lambda e, k: (e.selection_filter_ref,) if e.selection_filter_ref is not None else ()),
)

def _c0(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy"""
    e = c[0]
    return (not bool(find[0].get(e.name, EMPTY_BUCKET)))


def _c1(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy"""
    e = c[0]
    return ((not (e.template is not None)) or (len(find[2].get(e.name, EMPTY_BUCKET)) == 1))


def _c2(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy"""
    e = c[0]
    return ((not (e.template is not None)) or (not any_above(find[3].get(e.name, EMPTY_BUCKET), e.sequence_number)))


def _c3(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy"""
    e = c[0]
    return ((not (e.template is not None)) or (not (((((((((e.df_bit is not None) or (e.fragmentation is not None)) or (e.inbound.speed_limit is not None)) or (e.inbound.dscp is not None)) or (e.inbound.service_class is not None)) or (e.inbound.inherit_plain is not None)) or (e.outbound.speed_limit is not None)) or (e.outbound.dscp is not None)) or (e.outbound.service_class is not None))))


def _c4(c: Any, find: Any) -> bool:
    """leafref of /ipsec-qos:ipsec-qos/policies/policy/template"""
    e = c[0]
    return bool(find[0].get(e.template, EMPTY_BUCKET))


def _c5(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy/tunnel-selector/remote-port"""
    e = c[0]
    return (((e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 6) or (e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 17)) or (e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 132))


def _c6(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policies/policy/inbound"""
    e = c[0]
    return (not ((e.inbound.service_class is not None) and (e.inbound.inherit_plain is not None)))


def _c7(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policy-templates/policy-template/tunnel-selector/remote-port"""
    e = c[0]
    return (((e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 6) or (e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 17)) or (e.tunnel_selector.protocol is not None and e.tunnel_selector.protocol == 132))


def _c8(c: Any, find: Any) -> bool:
    """must of /ipsec-qos:ipsec-qos/policy-templates/policy-template/inbound"""
    e = c[0]
    return (not ((e.inbound.service_class is not None) and (e.inbound.inherit_plain is not None)))


def _c10(c: Any, find: Any) -> bool:
    """leafref of /ipsec-qos:ipsec-qos/interface-bindings/interface-binding/policy-group"""
    e = c[0]
    return bool(find[1].get(e.policy_group, EMPTY_BUCKET))


def _c11(c: Any, find: Any) -> bool:
    """must of /ietf-subscribed-notifications:subscriptions/subscription"""
    e = c[0]
    return False


def _c12(c: Any, find: Any) -> bool:
    """leafref of /ietf-subscribed-notifications:subscriptions/subscription/stream-filter-name"""
    e = c[0]
    return bool(find[6].get(e.stream_filter_name, EMPTY_BUCKET))


def _c13(c: Any, find: Any) -> bool:
    """leafref of /ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:selection-filter-ref"""
    e = c[0]
    return bool(find[8].get(e.selection_filter_ref, EMPTY_BUCKET))


def _c15(c: Any, find: Any) -> bool:
    """when of /ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:periodic"""
    e = c[0]
    return (e.datastore is not None)


def _c16(c: Any, find: Any) -> bool:
    """when of /ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:on-change"""
    e = c[0]
    return (e.datastore is not None)


CONSTRAINTS = (
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy', '/ipsec-qos:ipsec-qos/policies/policy', 'join',
        'not(/iq:ipsec-qos/iq:policy-templates/iq:policy-template[iq:name = current()/iq:name])',
        message='A policy and a policy template must not have the same name; rename one of them.',
        app_tag='name-in-use',
        test=_c0,
        reverse=(Reverse(0, 1, True, False), ),
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy', '/ipsec-qos:ipsec-qos/policies/policy', 'join',
        'not(template) or count(../policy[name = current()/name][template]) = 1',
        message='Only one policy of a group may reference a policy template.',
        app_tag='one-template-per-group',
        test=_c1,
        reverse=(Reverse(2, 2, True, False), ),
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy', '/ipsec-qos:ipsec-qos/policies/policy', 'join',
        'not(template) or not(../policy[name = current()/name][not(template)][sequence-number > current()/sequence-number])',
        message='The policy that references a template must have the largest sequence number of its group.',
        app_tag='template-must-be-last',
        test=_c2,
        reverse=(Reverse(3, 2, False, False), ),
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy', '/ipsec-qos:ipsec-qos/policies/policy', 'local',
        'not(template) or not(df-bit or fragmentation or inbound/speed-limit or inbound/dscp or inbound/service-class or inbound/inherit-plain or outbound/speed-limit or outbound/dscp or outbound/service-class)',
        message='A policy that references a template takes all its QoS from it and must not have QoS settings of its own.',
        app_tag='template-excludes-local',
        test=_c3,
    ),
    Constraint(
        'leafref', '/ipsec-qos:ipsec-qos/policies/policy/template', '/ipsec-qos:ipsec-qos/policies/policy', 'join',
        '/iq:ipsec-qos/iq:policy-templates/iq:policy-template/iq:name',
        app_tag='instance-required',
        applies=lambda e: (e.template is not None),
        test=_c4,
        value=lambda e: e.template,
        reverse=(Reverse(0, 4, True, True), ),
        xpath='$root/child::ipsec-qos:ipsec-qos/child::ipsec-qos:policy-templates/child::ipsec-qos:policy-template/child::ipsec-qos:name',
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy/tunnel-selector/remote-port', '/ipsec-qos:ipsec-qos/policies/policy', 'local',
        '../protocol = 6 or ../protocol = 17 or ../protocol = 132',
        message='A remote port needs the protocol TCP (6), UDP (17) or SCTP (132).',
        app_tag='port-needs-protocol',
        applies=lambda e: (e.tunnel_selector.remote_port is not None),
        test=_c5,
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policies/policy/inbound', '/ipsec-qos:ipsec-qos/policies/policy', 'local',
        'not(service-class and inherit-plain)',
        message='A fixed inbound service class and inherit-plain exclude each other; remove one of them.',
        app_tag='service-class-conflict',
        test=_c6,
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policy-templates/policy-template/tunnel-selector/remote-port', '/ipsec-qos:ipsec-qos/policy-templates/policy-template', 'local',
        '../protocol = 6 or ../protocol = 17 or ../protocol = 132',
        message='A remote port needs the protocol TCP (6), UDP (17) or SCTP (132).',
        app_tag='port-needs-protocol',
        applies=lambda e: (e.tunnel_selector.remote_port is not None),
        test=_c7,
    ),
    Constraint(
        'must', '/ipsec-qos:ipsec-qos/policy-templates/policy-template/inbound', '/ipsec-qos:ipsec-qos/policy-templates/policy-template', 'local',
        'not(service-class and inherit-plain)',
        message='A fixed inbound service class and inherit-plain exclude each other; remove one of them.',
        app_tag='service-class-conflict',
        test=_c8,
    ),
    Constraint(
        'unique', '/ipsec-qos:ipsec-qos/interface-bindings/interface-binding', '/ipsec-qos:ipsec-qos/interface-bindings/interface-binding', 'join',
        'policy-group',
        app_tag='data-not-unique',
        reverse=(Reverse(5, -1, False, False), ),
        leafs=('/ipsec-qos:ipsec-qos/interface-bindings/interface-binding/policy-group',),
    ),
    Constraint(
        'leafref', '/ipsec-qos:ipsec-qos/interface-bindings/interface-binding/policy-group', '/ipsec-qos:ipsec-qos/interface-bindings/interface-binding', 'join',
        '/iq:ipsec-qos/iq:policies/iq:policy/iq:name',
        app_tag='instance-required',
        applies=lambda e: (e.policy_group is not None),
        test=_c10,
        value=lambda e: e.policy_group,
        reverse=(Reverse(1, 5, True, True), ),
        xpath='$root/child::ipsec-qos:ipsec-qos/child::ipsec-qos:policies/child::ipsec-qos:policy/child::ipsec-qos:name',
    ),
    Constraint(
        'must', '/ietf-subscribed-notifications:subscriptions/subscription', '/ietf-subscribed-notifications:subscriptions/subscription', 'local',
        'false()',
        message='Subscriptions are not configured here but established with the rpc establish-subscription.',
        test=_c11,
    ),
    Constraint(
        'leafref', '/ietf-subscribed-notifications:subscriptions/subscription/stream-filter-name', '/ietf-subscribed-notifications:subscriptions/subscription', 'join',
        '/sn:filters/sn:stream-filter/sn:name',
        app_tag='instance-required',
        applies=lambda e: (e.stream_filter_name is not None),
        test=_c12,
        value=lambda e: e.stream_filter_name,
        reverse=(Reverse(6, 7, True, True), ),
        xpath='$root/child::ietf-subscribed-notifications:filters/child::ietf-subscribed-notifications:stream-filter/child::ietf-subscribed-notifications:name',
    ),
    Constraint(
        'leafref', '/ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:selection-filter-ref', '/ietf-subscribed-notifications:subscriptions/subscription', 'join',
        '/sn:filters/yp:selection-filter/yp:filter-id',
        app_tag='instance-required',
        applies=lambda e: (e.selection_filter_ref is not None),
        test=_c13,
        value=lambda e: e.selection_filter_ref,
        reverse=(Reverse(8, 9, True, True), ),
        xpath='$root/child::ietf-subscribed-notifications:filters/child::ietf-yang-push:selection-filter/child::ietf-yang-push:filter-id',
    ),
    Constraint(
        'when', '/ietf-subscribed-notifications:subscriptions/subscription/encoding', '/ietf-subscribed-notifications:subscriptions/subscription', 'fallback',
        'not(../transport) or derived-from(../transport, "sn:configurable-encoding")',
        xpath="(not(parent::node()/child::ietf-subscribed-notifications:transport) or derived-from(parent::node()/child::ietf-subscribed-notifications:transport, 'ietf-subscribed-notifications:configurable-encoding'))",
    ),
    Constraint(
        'when', '/ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:periodic', '/ietf-subscribed-notifications:subscriptions/subscription', 'local',
        'yp:datastore',
        applies=lambda e: (e.periodic is not None),
        test=_c15,
        context='/ietf-subscribed-notifications:subscriptions/subscription',
        xpath='child::ietf-yang-push:datastore',
    ),
    Constraint(
        'when', '/ietf-subscribed-notifications:subscriptions/subscription/ietf-yang-push:on-change', '/ietf-subscribed-notifications:subscriptions/subscription', 'local',
        'yp:datastore',
        applies=lambda e: (e.on_change is not None),
        test=_c16,
        context='/ietf-subscribed-notifications:subscriptions/subscription',
        xpath='child::ietf-yang-push:datastore',
    ),
)

SCHEMA = s.Schema(
    digest='3b705a8203d88bce',
    modules=(_M0, _M1, _M2, _M3, _M4, _M5, _M6, _M7, _M8, _M9, _M10, _M11, _M12, _M13, _M14, _M15, _M16, _M17, _M18, _M19, _M20, _M21, _M22, _M23, _M24, _M25, _M26, _M27, _M28, _M29, _M30, _M31, _M32, _M33, _M34, _M35, _M36, _M37, ),
    root=_N99,
    rpcs=(_N102, _N105, _N108, _N111, _N114, _N119, _N123, _N128, _N132, _N136, _N140, _N144, _N147, _N150, _N153, _N156, _N159, _N163, _N166, _N169, _N174, _N179, _N182, _N185, _N188, _N192, _N195, _N201, _N204, _N207, _N210, ),
    notifications=(_N212, _N214, _N216, _N218, _N220, _N224, _N227, _N229, _N231, _N233, _N235, _N237, _N239, _N243, _N245, _N247, _N249, _N251, _N256, _N258, _N260, ),
    indexes=INDEXES,
    constraints=CONSTRAINTS,
    bases={
        'iana-if-type:a12MppSwitch': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aal2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aal5': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:actelisMetaLOOP': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:adsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:adsl2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:adsl2plus': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aflane8023': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aflane8025': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluELP': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluEpon': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluEponLogicalLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluEponOnu': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluEponPhysicalUni': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluGponOnu': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aluGponPhysicalUni': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:arap': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:arcnet': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:arcnetPlus': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:async': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmDxi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmFuni': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmIma': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmLogical': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmRadio': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmSubInterface': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmVciEndPt': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmVirtual': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:atmbond': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:aviciOpticalEther': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:basicISDN': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:bgppolicyaccounting': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:bits': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:bridge': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:bsc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:cableDownstreamRfPort': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:capwapDot11Bss': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:capwapDot11Profile': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:capwapWtpVirtualRadio': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:cblVectaStar': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:cctEmul': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ces': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:channel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ciscoISLvlan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:cnr': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:coffee': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:compositeLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dcn': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ddnX25': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:digitalPowerline': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:digitalWrapperOverheadChannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dlsw': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableDownstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableMCmtsDownstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableMaclayer': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableNdf': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableNdr': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableScte55d1FwdOob': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableScte55d1RetOob': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableScte55d2DsOob': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableScte55d2UsOob': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableUpstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableUpstreamChannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsCableUpstreamRfPort': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsOfdmDownstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:docsOfdmaUpstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ds0': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ds0Bundle': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ds1': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ds1FDL': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ds3': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dtm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbAsiIn': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbAsiOut': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbRccDownstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbRccMacLayer': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbRccUpstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbRcsMacLayer': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbRcsTdma': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:dvbTdm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:e1': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:econet': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:eon': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:eplrs': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:escon': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ethernet3Mbit': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ethernetCsmacd': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fast': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fastEther': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fastEtherFX': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fastdsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fcipLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fddi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:fibreChannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frDlciEndPt': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frForward': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frameRelay': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frameRelayInterconnect': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frameRelayMPI': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frameRelayService': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:frf16MfrBundle': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:g703at2mb': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:g703at64k': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:g9981': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:g9982': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:g9983': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gfast': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gfp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ghn': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gigabitEthernet': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gpon': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gr303IDT': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gr303RDT': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:gtp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:h323Gatekeeper': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:h323Proxy': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hdh1822': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hdlc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hdsl2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hiperlan2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hippi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hippiInterface': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:homepna': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hostPad': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hssi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:hyperchannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iana-interface-type': ('ietf-interfaces:interface-type',),
        'iana-if-type:ibm370parChan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:idsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee1394': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee80211': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee80212': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee802154': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee80216WMAN': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ieee8023adLag': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:if-gsn': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ifPwType': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ifVfiType': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ilan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:imt': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:infiniband': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:interleave': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ipForward': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ipOverAtm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ipOverCdlc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ipOverClaw': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ipSwitch': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:isdn': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:isdns': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:isdnu': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88022llc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88023Csmacd': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88024TokenBus': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88025CRFPInt': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88025Dtr': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88025Fiber': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88025TokenRing': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:iso88026Man': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:isup': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:l2vlan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:l3ipvlan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:l3ipxvlan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:lapb': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:lapd': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:lapf': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:linegroup': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:lmp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:localTalk': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:macSecControlledIF': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:macSecUncontrolledIF': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mediaMailOverIp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mfSigLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:microwaveCarrierTermination': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:microwaveRadioLinkTerminal': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:miox25': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mocaVersion1': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:modem': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mpc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mpegTransport': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mpls': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mplsTunnel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:msdsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:mvl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:myrinet': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:nfas': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:nsip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:opticalChannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:opticalChannelGroup': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:opticalTransport': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:other': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOdu': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOduc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOtsi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOtsig': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOtu': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:otnOtuc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:para': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pdnEtherLoop1': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pdnEtherLoop2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:plc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pon155': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pon622': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pos': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ppp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:pppMultilinkBundle': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:primaryISDN': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propAtm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propBWAp2Mp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propCnls': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propDocsWirelessDownstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propDocsWirelessMaclayer': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propDocsWirelessUpstream': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propMultiplexor': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propPointToPointSerial': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propVirtual': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:propWirelessP2P': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:proteon10Mbit': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:proteon80Mbit': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ptm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:q2931': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:qam': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:qllc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:radioMAC': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:radsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:reachDSL': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:regular1822': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:rfc1483': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:rfc877x25': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:rpr': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:rs232': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:rsrb': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sdci': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sdlc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sdsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:shdsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sipSig': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sipTg': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sixToFour': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:slip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:smdsDxi': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:smdsIcip': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:softwareLoopback': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sonet': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sonetOverheadChannel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sonetPath': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:sonetVT': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:srp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ss7SigLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:stackToStack': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:starLan': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:tdlc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:teLink': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:termPad': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:tr008': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:transpHdlc': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:tunnel': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:ultra': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:usb': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:v11': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:v35': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:v36': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:v37': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:vdsl': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:vdsl2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:virtualIpAddress': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:virtualTg': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:vmwareNicTeam': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:vmwareVirtualNic': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceDID': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceEBS': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceEM': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceEMFGD': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceEncap': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceFGDEANA': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceFGDOS': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceFXO': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceFXS': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceOverAtm': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceOverCable': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceOverFrameRelay': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:voiceOverIp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:wwanPP': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:wwanPP2': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:x213': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:x25huntGroup': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:x25mlp': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:x25ple': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:x86Laps': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'iana-if-type:xboxWireless': ('iana-if-type:iana-interface-type', 'ietf-interfaces:interface-type'),
        'ietf-datastores:candidate': ('ietf-datastores:conventional', 'ietf-datastores:datastore'),
        'ietf-datastores:conventional': ('ietf-datastores:datastore',),
        'ietf-datastores:dynamic': ('ietf-datastores:datastore',),
        'ietf-datastores:intended': ('ietf-datastores:conventional', 'ietf-datastores:datastore'),
        'ietf-datastores:operational': ('ietf-datastores:datastore',),
        'ietf-datastores:running': ('ietf-datastores:conventional', 'ietf-datastores:datastore'),
        'ietf-datastores:startup': ('ietf-datastores:conventional', 'ietf-datastores:datastore'),
        'ietf-list-pagination:cursor-not-found': ('ietf-list-pagination:list-pagination-error',),
        'ietf-list-pagination:locale-unavailable': ('ietf-list-pagination:list-pagination-error',),
        'ietf-list-pagination:offset-out-of-range': ('ietf-list-pagination:list-pagination-error',),
        'ietf-netconf-monitoring:netconf-beep': ('ietf-netconf-monitoring:transport',),
        'ietf-netconf-monitoring:netconf-soap-over-beep': ('ietf-netconf-monitoring:transport',),
        'ietf-netconf-monitoring:netconf-soap-over-https': ('ietf-netconf-monitoring:transport',),
        'ietf-netconf-monitoring:netconf-ssh': ('ietf-netconf-monitoring:transport',),
        'ietf-netconf-monitoring:netconf-tls': ('ietf-netconf-monitoring:transport',),
        'ietf-netconf-monitoring:rnc': ('ietf-netconf-monitoring:schema-format',),
        'ietf-netconf-monitoring:rng': ('ietf-netconf-monitoring:schema-format',),
        'ietf-netconf-monitoring:xsd': ('ietf-netconf-monitoring:schema-format',),
        'ietf-netconf-monitoring:yang': ('ietf-netconf-monitoring:schema-format',),
        'ietf-netconf-monitoring:yin': ('ietf-netconf-monitoring:schema-format',),
        'ietf-origin:default': ('ietf-origin:origin',),
        'ietf-origin:dynamic': ('ietf-origin:origin',),
        'ietf-origin:intended': ('ietf-origin:origin',),
        'ietf-origin:learned': ('ietf-origin:origin',),
        'ietf-origin:system': ('ietf-origin:origin',),
        'ietf-origin:unknown': ('ietf-origin:origin',),
        'ietf-subscribed-notifications:encode-xml': ('ietf-subscribed-notifications:encoding',),
        'ietf-subscribed-notifications:encoding-unsupported': ('ietf-subscribed-notifications:establish-subscription-error',),
        'ietf-subscribed-notifications:filter-unavailable': ('ietf-subscribed-notifications:subscription-terminated-reason',),
        'ietf-subscribed-notifications:filter-unsupported': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error'),
        'ietf-subscribed-notifications:insufficient-resources': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-suspended-reason'),
        'ietf-subscribed-notifications:no-such-subscription': ('ietf-subscribed-notifications:delete-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-terminated-reason'),
        'ietf-subscribed-notifications:replay-unsupported': ('ietf-subscribed-notifications:establish-subscription-error',),
        'ietf-subscribed-notifications:stream-unavailable': ('ietf-subscribed-notifications:subscription-terminated-reason',),
        'ietf-subscribed-notifications:suspension-timeout': ('ietf-subscribed-notifications:subscription-terminated-reason',),
        'ietf-subscribed-notifications:unsupportable-volume': ('ietf-subscribed-notifications:subscription-suspended-reason',),
        'ietf-yang-push:cant-exclude': ('ietf-subscribed-notifications:establish-subscription-error',),
        'ietf-yang-push:datastore-not-subscribable': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:subscription-terminated-reason'),
        'ietf-yang-push:no-such-subscription-resync': ('ietf-yang-push:resync-subscription-error',),
        'ietf-yang-push:on-change-sync-unsupported': ('ietf-subscribed-notifications:establish-subscription-error',),
        'ietf-yang-push:on-change-unsupported': ('ietf-subscribed-notifications:establish-subscription-error',),
        'ietf-yang-push:period-unsupported': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-suspended-reason'),
        'ietf-yang-push:sync-too-big': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-suspended-reason', 'ietf-yang-push:resync-subscription-error'),
        'ietf-yang-push:unchanging-selection': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-terminated-reason'),
        'ietf-yang-push:update-too-big': ('ietf-subscribed-notifications:establish-subscription-error', 'ietf-subscribed-notifications:modify-subscription-error', 'ietf-subscribed-notifications:subscription-suspended-reason'),
        'netconf-local-transport:netconf-unix': ('ietf-netconf-monitoring:transport',),
    },
)
