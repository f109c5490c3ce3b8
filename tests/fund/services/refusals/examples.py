"""How a module keeps its examples of refusals, and what several of them begin with."""

from collections.abc import Callable

from fund.domain import access, errors
from fund.services.landlords import landlords
from tests.fund.kit import OTHER_IBAN, Office

Refused = Callable[[], object]
Example = Callable[[Office], Refused]
"""Brings the office to where the refusal stands, and returns what will be refused."""

Examples = list[tuple[type[errors.FundError], Example]]


def examples() -> tuple[Examples, Callable[[type[errors.FundError]], Callable[[Example], Example]]]:
    """The examples of a module, and the decorator that adds one to them."""
    found: Examples = []

    def example(error: type[errors.FundError]) -> Callable[[Example], Example]:
        def register(make: Example) -> Example:
            found.append((error, make))
            return make

        return register

    return found, example


def first_contribution(office: Office) -> int:
    return int(office.contributions()[0].id)


def twofold(office: Office) -> access.Actor:
    """The preparer after their role was changed: the role would let them approve, what they prepared does not."""
    return access.Actor(office.preparer.code, access.APPROVER)


def new_account(office: Office) -> None:
    """L0001 has another account, confirmed and out of its cooling-off time on the pay day."""
    account = office.on("2022-02-20").prepare(landlords.propose_account, landlord="L0001", iban=OTHER_IBAN)
    office.confirm(account, called_back_on=office.day)
    office.on("2022-03-05")
