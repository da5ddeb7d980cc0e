"""The page of errors, ``docs/errors.md``: made from what a real server answers."""
