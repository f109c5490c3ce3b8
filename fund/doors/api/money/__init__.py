"""The API's routes of the fund's money."""
