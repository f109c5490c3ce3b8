"""``fund demo``: a whole fund lived through the real services, on an injected clock, day by day."""
