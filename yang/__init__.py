"""What may be configured: YANG modules, the plugin that compiles them, and what it generates."""
