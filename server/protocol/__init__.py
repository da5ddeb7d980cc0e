"""The protocol without any input or output: bytes in, events out, bytes to send."""
