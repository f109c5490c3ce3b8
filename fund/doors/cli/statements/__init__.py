"""The commands of statements and links."""
