"""What acts change, and what speaks against them: a module for each subject, a function for each kind.

As in ``ledger.transitions``, a function yields each violation and changes the state all the same.
"""

from ledger.rules import banking, households, landlords, money, payouts, proposals, statements, users

_SUBJECTS = (money, users, proposals, landlords, households, payouts, banking, statements)
TRANSITIONS = {kind: change for subject in _SUBJECTS for kind, change in subject.TRANSITIONS.items()}
