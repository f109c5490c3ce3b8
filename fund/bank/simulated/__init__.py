"""A simulated bank and treasurer for demo, tests and benchmarks: they read sealed files and answer as real ones do.

Deterministic and without a clock: the caller passes the days.
"""

from fund.bank.simulated.bank import Bank
from fund.bank.simulated.movements import SimulatedAccount
from fund.bank.simulated.plain import answer_batch, return_payments
from fund.bank.simulated.treasurer import Treasurer

__all__ = ["Bank", "SimulatedAccount", "Treasurer", "answer_batch", "return_payments"]
