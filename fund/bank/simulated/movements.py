"""What moved on the city's account, whoever keeps it: a movement is what a statement or a journal tells."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fund.bank.simulated.orders import Order
from fund.domain.errors import NotFound

Kind = Literal["paid", "returned", "credit", "debit"]


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement. ``cents`` is negative where money leaves; ``order`` is what it executes or sends back.

    ``number`` counts the account's movements: the bank's reference, the treasurer's quietanza. ``undone`` is that of
    the movement that a return undoes.
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


class Account:
    """The city's account: orders wait for their day, movements stand under the day on which they are booked."""

    def __init__(self, opening_cents: int = 0) -> None:
        self.balance_cents = opening_cents
        self._waiting: list[tuple[date, str, tuple[Order, ...]]] = []
        self._paid: dict[str, Movement] = {}
        self._booked: dict[date, list[Movement]] = {}
        self._count = 0

    def order(self, day: date, batch: str, orders: tuple[Order, ...]) -> None:
        """Pay these orders when their day comes."""
        self._waiting.append((day, batch, orders))

    def credit(self, day: date, cents: int, *, name: str, text: str) -> None:
        """Money comes in, such as a tranche of the funder."""
        self._book(day, "credit", cents, name=name, text=text)

    def debit(self, day: date, cents: int, *, name: str, text: str, iban: str | None = None) -> None:
        """Money leaves that no batch ordered, such as what goes back to the funder."""
        self._book(day, "debit", -cents, name=name, text=text, iban=iban)

    def send_back(self, day: date, payment: str, *, reason: str, charges_cents: int = 0) -> None:
        """What was paid comes back, less what the other bank keeps. Raises ``NotFound`` for what was never paid."""
        paid = self._paid.pop(payment, None)
        if paid is None:
            raise NotFound("payment", payment)
        cents = -paid.cents - charges_cents
        self._book(day, "returned", cents, batch=paid.batch, order=paid.order, reason=reason, undone=paid.number)

    def close(self, day: date) -> tuple[int, list[Movement]]:
        """End a day: what was due is paid. Returns the balance before it, and its movements."""
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
    ) -> Movement:
        self._count += 1
        movement = Movement(self._count, kind, cents, batch, order, reason, undone, name, iban, text)
        self._booked.setdefault(day, []).append(movement)
        return movement
