"""The commands of the bank's files."""
