"""The scheduler's door: what is due is done without a person."""
