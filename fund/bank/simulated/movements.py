"""Movements of the city's account, at a bank or a treasurer."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fund.bank.simulated.orders import Order
from fund.domain.errors import NotFound

Kind = Literal["paid", "returned", "reversed", "credit", "debit"]


@dataclass(frozen=True, slots=True)
class SimulatedMovement:
    """One movement. ``cents`` is negative for a debit; ``order`` is what it executes or returns.

    ``number`` counts the account's movements: the bank's reference, the treasurer's quietanza. ``undone`` is the number
    of the movement that a return or a reversal undoes.
    """

    number: int
    kind: Kind
    cents: int
    batch: str
    order: Order | None = None
    reason: str | None = None
    undone: int | None = None
    name: str = ""
    iban: str | None = None
    text: str = ""


class SimulatedAccount:
    """The city's account: orders by execution day, movements by booking day."""

    def __init__(self, opening_cents: int = 0) -> None:
        self.balance_cents = opening_cents
        self._waiting: list[tuple[date, str, tuple[Order, ...]]] = []
        self._paid: dict[str, SimulatedMovement] = {}
        self._paid_twice: dict[str, SimulatedMovement] = {}
        self._booked: dict[date, list[SimulatedMovement]] = {}
        self._count = 0

    def order(self, day: date, batch: str, orders: tuple[Order, ...]) -> None:
        """Schedule orders for a day."""
        self._waiting.append((day, batch, orders))

    def credit(self, day: date, cents: int, *, name: str, text: str) -> None:
        """Credit that no order of the city asked for, such as a tranche of the funder."""
        self._book(day, "credit", cents, name=name, text=text)

    def debit(self, day: date, cents: int, *, name: str, text: str, iban: str | None = None) -> None:
        """Debit outside any batch, such as a repayment to the funder."""
        self._book(day, "debit", -cents, name=name, text=text, iban=iban)

    def send_back(self, day: date, payment: str, *, reason: str, charges_cents: int = 0) -> None:
        """Return a payment, less what the other bank keeps. Raises ``NotFound`` if it was never paid."""
        paid = self._paid.pop(payment, None)
        if paid is None:
            raise NotFound("payment", payment)
        cents = -paid.cents - charges_cents
        self._book(day, "returned", cents, batch=paid.batch, order=paid.order, reason=reason, undone=paid.number)

    def pay_twice(self, day: date, payment: str) -> None:
        """Execute a payment once more, by mistake. Raises ``NotFound`` if it was never paid."""
        paid = self._paid.get(payment)
        if paid is None:
            raise NotFound("payment", payment)
        self._paid_twice[payment] = self._book(day, "paid", paid.cents, batch=paid.batch, order=paid.order)

    def take_back(self, day: date, payment: str) -> None:
        """Reverse what was executed once more. Raises ``NotFound`` if nothing was."""
        twice = self._paid_twice.pop(payment, None)
        if twice is None:
            raise NotFound("payment", payment)
        self._book(day, "reversed", -twice.cents, batch=twice.batch, order=twice.order, undone=twice.number)

    def close(self, day: date) -> tuple[int, list[SimulatedMovement]]:
        """Close a day and execute its orders. Returns the balance before it, and its movements."""
        due = [item for item in self._waiting if item[0] <= day]
        self._waiting = [item for item in self._waiting if item[0] > day]
        for _, batch, orders in due:
            for order in orders:
                movement = self._book(day, "paid", -order.amount_cents, batch=batch, order=order)
                self._paid[order.payment] = movement
        movements, opening_cents = self._booked.pop(day, []), self.balance_cents
        self.balance_cents += sum(movement.cents for movement in movements)
        return opening_cents, movements

    def _book(
        self,
        day: date,
        kind: Kind,
        cents: int,
        *,
        batch: str = "",
        order: Order | None = None,
        reason: str | None = None,
        undone: int | None = None,
        name: str = "",
        iban: str | None = None,
        text: str = "",
    ) -> SimulatedMovement:
        self._count += 1
        movement = SimulatedMovement(self._count, kind, cents, batch, order, reason, undone, name, iban, text)
        self._booked.setdefault(day, []).append(movement)
        return movement
