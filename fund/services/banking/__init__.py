"""Files for the bank and from it: sealing, import, matching and reconciliation."""
