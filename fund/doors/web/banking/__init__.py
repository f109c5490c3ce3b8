"""The pages of the bank's files."""
