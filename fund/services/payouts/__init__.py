"""Monthly runs, payments and batches, and the controls before money leaves."""
