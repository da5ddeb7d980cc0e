"""Subscriptions by rpc: RFC 8639 (events), RFC 8641 (datastores), RFC 8640 (over NETCONF)."""
