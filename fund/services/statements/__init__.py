"""Statements for landlords, their delivery, and the links by which landlords read them."""
