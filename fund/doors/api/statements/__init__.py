"""The API's routes of statements and links."""
