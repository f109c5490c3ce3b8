"""The fund's ledger: exact money, calendar months, chained Beancount text.

This package knows Beancount and nothing of SQL, HTTP, clocks or the service, so that an auditor can use it alone:
``python -m ledger verify DIR``.
"""
