"""The fund's ledger: exact money, calendar months, chained Beancount text.

It depends on Beancount and on nothing of SQL, HTTP, clocks or the service, so that an auditor can run it without them:
``python -m ledger verify DIR``.
"""
