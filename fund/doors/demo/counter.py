"""The other side of the counter: who keeps the city's account in the demo, and what it writes to the city."""

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

from fund.bank.port import Debtor, OpiCodes
from fund.bank.simulated import Bank, SimulatedAccount, Treasurer
from fund.domain.agreement.reading import TreasuryFacts

Letter = tuple[str, bytes]
"""A file to the city: its name and its bytes."""

_ACCOUNT = "0000900"
"""The treasurer's own number of the city's account."""


class Counter:
    """A bank that takes pain.001 or CBI, or a treasurer that takes OPI orders, by what the city says that it has.

    It works on every day, whether the city's service does or not; what it writes on a day is there the next morning.
    ``schemas`` is the folder of the official schemas, where there is one.
    """

    def __init__(self, facts: TreasuryFacts, opens_on: date, schemas: Path | None = None) -> None:
        self._schemas = schemas
        self._keeper = self._opened(facts, SimulatedAccount())
        self._next_day = opens_on
        self._letters: list[Letter] = []

    def change(self, facts: TreasuryFacts) -> None:
        """The account goes on with its balance, and is kept from now on as the city's new treasury says."""
        self._keeper = self._opened(facts, self._keeper.account)

    def take(self, day: date, batch: str, data: bytes) -> None:
        """A sealed file is handed in."""
        self._letters.append((f"{batch}-status.xml", self._keeper.receive(data, on=day)))

    def credit(self, day: date, cents: int, *, name: str, text: str) -> None:
        """A payment to the city arrives."""
        self._keeper.account.credit(day, cents, name=name, text=text)

    def debit(self, day: date, cents: int, *, name: str, text: str) -> None:
        """The city pays without a batch."""
        self._keeper.account.debit(day, cents, name=name, text=text)

    def send_back(self, day: date, payment: str, reason: str) -> None:
        """A payment comes back from the landlord's bank."""
        self._keeper.account.send_back(day, payment, reason=reason)

    def pay_twice(self, day: date, payment: str, *, taken_back_on: date) -> None:
        """A payment is executed once more by mistake, and that is taken back some days later."""
        self._keeper.account.pay_twice(day, payment)
        self._keeper.account.take_back(taken_back_on, payment)

    def letters(self, day: date) -> list[Letter]:
        """What was written before a day and not fetched yet, in the order in which it was written."""
        while self._next_day < day:
            movements = self._keeper.close(self._next_day)
            if movements is not None:
                self._letters.append((f"movements-{self._next_day.isoformat()}.xml", movements))
            self._next_day += timedelta(days=1)
        letters, self._letters = self._letters, []
        return letters

    def _opened(self, facts: TreasuryFacts, account: SimulatedAccount) -> Bank | Treasurer:
        if facts.format.startswith("opi"):
            return Treasurer(_city(facts), _ACCOUNT, account=account, schemas=self._schemas)
        return Bank(facts.iban, account=account)


def _city(facts: TreasuryFacts) -> Debtor:
    codes = OpiCodes(**{code.name: getattr(facts.opi, code.name) for code in fields(OpiCodes)})
    return Debtor(facts.name, facts.iban, facts.tax_code, opi=codes)
