"""The commands of runs, batches and payments."""
