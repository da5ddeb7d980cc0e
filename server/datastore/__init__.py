"""The datastores: persistent trees, how they are edited, compared, read and kept."""
