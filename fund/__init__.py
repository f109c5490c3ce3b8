"""The rent-contribution fund service."""
