"""The monthly runs, their payments, and what is looked at before either is approved."""
