"""The gateway that can be watched: `make gateway-demo`."""
