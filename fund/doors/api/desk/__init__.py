"""The API's routes of the desk's overviews."""
