"""The API's routes of the bank's files."""
