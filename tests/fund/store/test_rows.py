"""What leaves the store and enters it, on both engines: typed values, detached records, one conditional UPDATE."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlmodel import Session, SQLModel, col

from fund.domain import errors
from fund.domain.agreement.model import LandlordFacts
from fund.domain.states import ContributionState, RepaymentState, RunState
from fund.store import rows
from fund.store.banking.bank_lines import LineRow
from fund.store.tables import (
    Allocation,
    BankAccount,
    BankFile,
    BankLine,
    Contribution,
    DayConfirmation,
    GrantAmount,
    Household,
    Landlord,
    LandlordLink,
    Lease,
    Overpayment,
    PaymentBatch,
    Proposal,
    Repayment,
    Run,
    SetOff,
    Statement,
    User,
    table,
)
from tests.fund.fixtures import lived_once_anywhere
from tests.fund.kit import MARCH, Office


@lived_once_anywhere
def opened(office: Office) -> None:
    """An office whose run of March is open."""
    office.on("2022-03-05").open_runs()


@dataclass(frozen=True, slots=True)
class Owed:
    household: str
    cents: int


def test_a_sum_is_an_integer_and_nought_where_there_is_nothing(opened: Office) -> None:
    amount = rows.total(col(Contribution.amount_cents))
    with opened.app.database.read() as session:
        (none,) = rows.scalars(session, select(amount).where(col(Contribution.household) == "N99"))
        owed = rows.fetch(
            session, Owed, select(col(Contribution.household), amount).group_by(col(Contribution.household))
        )
    assert (none, type(none)) == (0, int)
    assert owed and all(type(one.cents) is int and one.cents > 0 for one in owed)


def test_a_record_is_detached_and_read_anew_each_time(opened: Office) -> None:
    with opened.app.database.write() as session:
        first = rows.get(session, Run, str(MARCH))
        first.state = RunState.CLOSED
        session.flush()
        second = rows.get(session, Run, str(MARCH))
    assert second is not first
    assert second.state is RunState.OPEN


def test_one_row_gets_its_number_and_many_are_one_statement(opened: Office) -> None:
    with opened.app.database.write() as session:
        repayment = Repayment(amount_cents=1, state=RepaymentState.APPROVED, prepared_by="U02", approved_by="U03")
        rows.insert(session, repayment)
        assert rows.get(session, Repayment, repayment.id).amount_cents == 1
        before = rows.count(session, GrantAmount)
        amounts = [GrantAmount(household="N01", since=f"20{year}-01", amount_cents=year) for year in (97, 98, 99)]
        rows.insert(session, *amounts)
        assert rows.count(session, GrantAmount) == before + 3


def test_of_rows_made_one_by_one_none_is_lost_between_two_blocks(opened: Office) -> None:
    with opened.app.database.write() as session:
        before, cents = rows.count(session, GrantAmount), range(1, 2_002)
        made = ((one, "N01", f"X{one}") for one in cents)
        rows.insert_rows(session, GrantAmount, ("amount_cents", "household", "since"), made)
        added = select(col(GrantAmount.amount_cents)).where(col(GrantAmount.since).startswith("X"))
        assert sorted(rows.scalars(session, added)) == [*cents]
        assert rows.count(session, GrantAmount) == before + len(cents)


def test_a_line_as_a_plain_tuple_has_its_tables_columns_and_types() -> None:
    assert LineRow.__annotations__ == BankLine.__annotations__
    assert {*LineRow._fields} == {*table(BankLine).c.keys()}


def test_a_state_moves_only_from_where_it_may(opened: Office) -> None:
    held = {Contribution.reason: "on-hold"}
    with opened.app.database.write() as session:
        everyone = col(Contribution.run_month) == str(MARCH)
        count = rows.count(session, Contribution, everyone)
        assert rows.move(session, Contribution, ContributionState.HELD, everyone, values=held) == count > 1
        assert rows.move(session, Contribution, ContributionState.HELD, everyone, values=held) == 0
        (one, *_) = rows.scalars(session, select(col(Contribution.id)).where(everyone))
        _refused(session, one)


def _refused(session: Session, contribution: int) -> None:
    with pytest.raises(errors.StateNotAllowed) as refusal:
        rows.step(session, Contribution, contribution, ContributionState.SETTLED, {})
    assert refusal.value.facts["state"] == "held"
    with pytest.raises(errors.NotFound, match="contribution"):
        rows.step(session, Contribution, 10_000, ContributionState.SETTLED, {})


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Allocation, "allocation"),
        (BankAccount, "account"),
        (BankFile, "bank file"),
        (Proposal, "proposal"),
        (Contribution, "contribution"),
        (DayConfirmation, "day"),
        (Household, "household"),
        (Landlord, "landlord"),
        (LandlordLink, "link"),
        (Lease, "lease"),
        (Overpayment, "overpayment"),
        (PaymentBatch, "batch"),
        (Proposal, "proposal"),
        (Repayment, "repayment"),
        (Run, "run"),
        (SetOff, "set_off"),
        (Statement, "statement"),
        (User, "user"),
    ],
)
def test_errors_call_a_row_by_the_word_that_programs_know(office: Office, model: type[SQLModel], name: str) -> None:
    (key,) = inspect(model).primary_key
    unknown = {int: 10_000, str: "none", date: date(1999, 1, 1)}[model.__annotations__[key.key]]
    with office.app.database.read() as session, pytest.raises(errors.NotFound) as refusal:
        rows.get(session, model, unknown)
    assert refusal.value.facts["thing"] == name


# Personal data.


@pytest.mark.parametrize(
    ("model", "personal"),
    [
        (Landlord, {"name", "tax_code", "email", "contact", "rf_reference"}),
        (BankAccount, {"iban"}),
        (Proposal, {"personal"}),
        (BankLine, {"counterparty_name", "counterparty_iban", "remittance", "reason_text"}),
    ],
)
def test_an_erasure_empties_what_is_personal(model: type[SQLModel], personal: set[str]) -> None:
    assert {column.key for column in rows.personal(model)} == personal


def test_each_fact_of_a_landlord_has_its_column() -> None:
    """Its IBAN is a record of its own."""
    assert {*LandlordFacts.model_fields} - {"iban"} <= {*Landlord.model_fields}
