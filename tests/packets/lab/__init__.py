"""The lab: hosts, gateways and a router in namespaces, IKE daemons, wires to watch."""
