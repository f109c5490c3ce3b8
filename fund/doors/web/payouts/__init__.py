"""The pages of runs, batches and payments."""
