"""Programs that print figures. None of them asserts a time; docs/performance.md shows results."""
