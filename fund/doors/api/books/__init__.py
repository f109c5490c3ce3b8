"""The API's routes of the books."""
