"""The pyang plugin: statements -> model -> text of bindings. The only code that touches pyang."""
