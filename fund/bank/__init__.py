"""The bank's side: what leaves in a batch, what comes back in a file, and the values that both are read into."""
