"""The pages of landlords."""
