"""Use cases: each applies the rules, changes the store and writes the journal in the caller's transaction.

Services never commit and never read a clock; ``Context`` brings the session, the actor, the instant and the day.
"""
