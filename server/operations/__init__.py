"""The operations: one file for each rpc, one literal table that lists them."""
