"""How a module keeps its examples of refusals, and what several of them begin with."""

from collections.abc import Callable
from typing import Protocol

from fund.domain import access, errors
from fund.services.landlords import landlords
from fund.services.payouts import runs
from tests.fund.kit import MARCH, OTHER_IBAN, Office

Refused = Callable[[], object]
Example = Callable[[Office], Refused]
"""Brings the office to where the refusal stands, and returns what will be refused."""

Scene = Callable[[Office], object]
Examples = list[tuple[type[errors.FundError], Scene, Example]]


class Decorator(Protocol):
    """Adds an example to those of its module; what it begins with may be a scene that others begin with too."""

    def __call__(self, error: type[errors.FundError], *, after: Scene = ...) -> Callable[[Example], Example]: ...


def examples() -> tuple[Examples, Decorator]:
    """The examples of a module, and the decorator that adds one to them."""
    found: Examples = []

    def example(error: type[errors.FundError], *, after: Scene = founded) -> Callable[[Example], Example]:
        def register(make: Example) -> Example:
            found.append((error, after, make))
            return make

        return register

    return found, example


def founded(_: Office) -> None:
    """The small fund as it was founded."""


def proposed(office: Office) -> None:
    """March waits for its approver on its pay day."""
    office.on("2022-03-05").open_runs()
    office.prepare(runs.propose_run, MARCH)


def ordered(office: Office) -> None:
    """March is approved and ordered on its pay day."""
    office.on("2022-03-05").run_month(MARCH)


def digest_of_march(office: Office) -> str:
    """The digest with which the run of March is approved."""
    return str(office.ask(office.approver, runs.view_run, MARCH).digest)


BATCH = "BAT-2022-0001"
"""The batch of a month that is ordered."""


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
