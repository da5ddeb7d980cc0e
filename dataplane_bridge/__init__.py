"""How configuration is made true: plans of what a dataplane must hold, and drivers that hold it."""
