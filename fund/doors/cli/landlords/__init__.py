"""Commands of landlords' accounts: what binds them, and how a confirmed one comes back."""
