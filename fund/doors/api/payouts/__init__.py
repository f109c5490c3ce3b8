"""The API's routes of runs, batches and payments."""
