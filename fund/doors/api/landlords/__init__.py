"""The API's routes of landlords."""
