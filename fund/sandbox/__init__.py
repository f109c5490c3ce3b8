"""Untrusted work over a disposable copy of the books, in processes of its own: queries, checks, and Fava."""
