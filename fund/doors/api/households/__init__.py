"""The API's routes of households."""
