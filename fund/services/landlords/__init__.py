"""Landlords, their accounts and contacts, what was checked about them, and their erasure."""
