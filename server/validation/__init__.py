"""Validation: what a change list can have broken, and nothing else."""
