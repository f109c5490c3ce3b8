"""Acts: entries that move no money, and decide who is paid, how much, where to, or who may decide it.

A module for each subject, with the kinds of its acts and a function for each.
"""

from ledger.acts import banking, books, households, landlords, money, payouts, proposals, statements, users

SUBJECTS = (money, users, proposals, landlords, households, payouts, banking, statements, books)
KINDS = tuple(kind for subject in SUBJECTS for kind in subject.KINDS)
"""The part of the event table that moves no money, besides what founds and closes."""
