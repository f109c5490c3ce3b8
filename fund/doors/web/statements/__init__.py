"""The pages of statements and links."""
