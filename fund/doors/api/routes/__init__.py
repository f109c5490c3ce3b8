"""The routes by subject: each parses, calls one use case, and renders."""
