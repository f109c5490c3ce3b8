"""The agreement file: what it may hold, and what its facts say together."""
