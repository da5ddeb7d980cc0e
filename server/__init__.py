"""How configuration is asked for and kept: a NETCONF server that knows YANG, not IPsec."""
