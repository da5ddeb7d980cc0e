"""Generated bindings, committed; a test makes them anew and compares. Never edit by hand."""
