"""XPath 1.0 filters: lookups where they can be compiled to them, else evaluated by libxml2."""
