"""Packet scenarios that the embedded dataplane, kernel-libipsec and kernel ESP must agree on.

``python -m tests.packets embedded|libipsec|kernel`` runs them and prints scenario by dataplane.
"""
