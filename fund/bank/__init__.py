"""Formats of banks and treasurers: batches that go out, files that come in, and the values that both are read into."""
