"""Access control: who may ask for what, read what and change what (RFC 8341)."""
