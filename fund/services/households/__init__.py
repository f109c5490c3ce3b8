"""Households: admission, leases, the months promised, and the end of their position."""
