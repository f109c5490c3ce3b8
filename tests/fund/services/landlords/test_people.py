"""One person is one household or one landlord: refused at admission, held by the database, stopped before money leaves.

What stands twice in a database all the same was written behind its constraints: ``Office.set_persons`` does that.
"""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fund.domain import errors
from fund.domain.access import AUDITOR, SYSTEM
from fund.domain.agreement.model import LandlordFacts
from fund.domain.fingerprints import Domain, Fingerprints
from fund.domain.identifiers import parse_tax_code, without_omocodia
from fund.services.context import Context
from fund.services.desk import proposals
from fund.services.households import grants, households
from fund.services.landlords import landlords
from fund.services.money import money
from fund.services.payouts import payments, runs
from fund.services.users import users
from fund.services.users.users import NewUser
from fund.store.tables import Household, table
from ledger.months import Month
from tests.examples import first_of
from tests.fund.kit import (
    KEY,
    MARCH,
    OTHER_IBAN,
    THIRD_IBAN,
    Office,
    add_household,
    add_landlord,
    admit,
    close_months,
    new_user,
    tax_code_of,
)

APRIL = MARCH.plus(1)
PERSON, OMOCODE = "TTTXXX80A01A001Z", "TTTXXX80A01A00M"


def with_check_character(first_fifteen: str) -> str:
    from stdnum.it import codicefiscale

    return first_fifteen + str(codicefiscale.calc_check_digit(first_fifteen))


def omocode_of(code: str) -> str:
    """The tax code of another person, who was given a letter in place of the last digit."""
    person = tax_code_of(code)
    return with_check_character(person[:14] + "LMNPQRSTUV"[int(person[14])])


def register(office: Office, code: str, tax_code: str) -> None:
    rest = {"email": "a@example.org", "contact": "a@example.org", "language": "it", "iban": OTHER_IBAN}
    facts = LandlordFacts.model_construct(code=code, name=f"Locatore {code}", tax_code=tax_code, **rest)  # unchecked
    office.prepare(landlords.register_landlord, facts)


def hire(office: Office, tax_code: str) -> None:
    office.do(office.admin, users.add_user, NewUser("fifth", AUDITOR, "fifth@example.org", tax_code), secret="s")


@st.composite
def spellings(draw: st.DrawFn, tax_code: str) -> str:
    """A tax code with any of its letters small, and with spaces anywhere."""
    signs = (draw(st.sampled_from((sign, sign.lower()))) + draw(st.sampled_from(("", " ", "  "))) for sign in tax_code)
    return draw(st.sampled_from(("", " "))) + "".join(signs)


@given(st.integers(0, 25_999).flatmap(lambda number: st.tuples(st.just(number), spellings(tax_code_of(f"N{number}")))))
def test_each_person_has_one_spelling(drawn: tuple[int, str]) -> None:
    number, spelling = drawn
    assert parse_tax_code(spelling) == tax_code_of(f"N{number}")


@given(st.integers(0, 25_999), st.lists(st.booleans(), min_size=7, max_size=7), st.integers(0, 25_999))
def test_what_differs_by_omocodia_has_the_same_root_and_nothing_else_has(
    number: int, replaced: list[bool], other: int
) -> None:
    signs = list(tax_code_of(f"N{number}")[:15])
    for place, is_letter in zip((6, 7, 9, 10, 12, 13, 14), replaced, strict=True):
        signs[place] = "LMNPQRSTUV"[int(signs[place])] if is_letter else signs[place]
    omocode = parse_tax_code(with_check_character("".join(signs)))
    assert (omocode == tax_code_of(f"N{number}")) == (not any(replaced))
    assert without_omocodia(omocode) == without_omocodia(tax_code_of(f"N{number}"))
    assert (without_omocodia(omocode) == without_omocodia(tax_code_of(f"N{other}"))) == (number == other)


def test_a_person_is_admitted_once_however_the_tax_code_is_written(any_office: Office) -> None:
    person = tax_code_of("N01")
    for spelling in (person, person.lower(), f" {person[:6]} {person[6:]} "):
        with pytest.raises(errors.PersonIsHousehold) as refused:
            admit(any_office, "N09", spelling)
        assert refused.value.household == "N01"
    admit(any_office, "N09", tax_code_of("N09").lower())
    kept = any_office.ask(any_office.auditor, households.list_households)
    assert {row.tax_code for row in kept} == {tax_code_of(code) for code in ("N01", "N02", "N09")}


@pytest.mark.parametrize("tax_code", ["", " ", "TTTXXX80A01A001A"])
def test_nobody_is_admitted_without_a_right_tax_code(office: Office, tax_code: str) -> None:
    for act in (admit, register):
        with pytest.raises(errors.InvalidInput) as refused:
            act(office, "N09" if act is admit else "L0009", tax_code)
        assert refused.value.problems[0]["path"] == "tax_code"


def test_no_user_is_paid_by_the_fund_or_becomes_who_is(any_office: Office) -> None:
    user = new_user("pre", AUDITOR).tax_code
    register(any_office, "L0008", tax_code_of("N70"))
    add_household(any_office, "N09", "L0003")
    for refused in (
        lambda: register(any_office, "L0009", user),
        lambda: admit(any_office, "N08", user),
        lambda: any_office.prepare(households.propose_identity, household="N09", tax_code=user),
        *(partial(hire, any_office, tax_code_of(code)) for code in ("N70", "N09")),
    ):
        with pytest.raises(errors.PersonIsUserAndPaid):
            refused()
    any_office.do(any_office.admin, users.disable_user, "pre")
    any_office.do(SYSTEM, households.propose_admission, code="N08", tax_code=user)


def test_nobody_is_landlord_and_household_or_two_landlords(any_office: Office) -> None:
    with pytest.raises(errors.PersonIsLandlord):
        admit(any_office, "N09", tax_code_of("L0003"))
    with pytest.raises(errors.PersonIsHousehold):
        register(any_office, "L0009", tax_code_of("N01"))
    with pytest.raises(errors.PersonIsLandlord):
        register(any_office, "L0009", tax_code_of("L0003"))
    any_office.forget("L0003")
    register(any_office, "L0009", tax_code_of("L0003"))


def leave(office: Office, household: str) -> None:
    """Everything that is still committed is released, and the position closed."""
    months = office.ask(office.auditor, _free_months, household)
    office.decide(grants.propose_release, household=household, months=months, reason="departure")
    office.decide(households.propose_exit, household=household, reason="departure")


def _free_months(context: Context, household: str) -> list[Month]:
    from fund.store.households import free_lots

    return sorted(free_lots(context.session, household))


def test_who_left_comes_back_by_two_people_with_the_months_that_are_left(any_office: Office) -> None:
    office = any_office.on("2022-03-05")
    office.pay_month(MARCH)
    leave(office, "N01")
    with pytest.raises(errors.PersonIsHousehold):
        admit(office, "N09", tax_code_of("N01"))
    with pytest.raises(errors.PersonIsHousehold):
        register(office, "L0009", tax_code_of("N01"))
    with pytest.raises(errors.PersonIsHousehold):
        admit(office, "N09", tax_code_of("N02"), "person-returns")
    admit(office, "N09", tax_code_of("N01"), "person-returns")
    (back,) = [row for row in office.ask(office.auditor, households.list_households) if row.code == "N09"]
    assert (back.cap_months, back.reason) == (19, "person-returns")
    with pytest.raises(errors.PersonIsHousehold):
        admit(office, "N10", tax_code_of("N01"))
    assert office.findings() == ()


def test_an_admission_that_was_a_mistake_is_annulled(any_office: Office) -> None:
    office = any_office
    with pytest.raises(errors.PositionNotEmpty):
        office.prepare(households.propose_annulment, "N01")
    proposed = office.prepare(households.propose_admission, code="N03", tax_code=tax_code_of("N03"))
    with pytest.raises(errors.StateNotAllowed):
        office.decide(grants.propose_commitment, household="N03", first_month=MARCH, months=1, amount_cents=45_000)
    office.approve(proposals.reject_proposal, proposed, reason="data-entry")
    admit(office, "N04", tax_code_of("N03"))
    office.decide(households.propose_annulment, "N04")
    with pytest.raises(errors.PositionClosed):
        office.prepare(households.propose_annulment, "N04")
    admit(office, "N05", tax_code_of("N03"))
    office.on("2022-05-02")
    close_months(office)
    assert office.findings() == ()


def test_a_tax_code_that_was_wrong_is_corrected_by_two_people(any_office: Office) -> None:
    """N03 was admitted with the tax code of a person who comes later: both are paid once it is right."""
    office = any_office
    add_household(office, "N03", "L0003")
    admit(office, "N04", tax_code_of("N03"), "other-mistaken")
    assert office.findings() == (
        "workflow: N03: its person stands in the fund as N04 too",
        "workflow: N04: its person stands in the fund as N03 too",
    )
    for code, refusal in (("N03", errors.AlreadyExists), ("N01", errors.PersonIsHousehold)):
        with pytest.raises(refusal):
            office.prepare(households.propose_identity, household="N03", tax_code=tax_code_of(code))
    office.decide(households.propose_identity, household="N03", tax_code=tax_code_of("N08"))
    assert office.findings() == ()
    office.on("2022-03-05").pay_month(MARCH)
    assert office.months_used("N03") == 1


def test_the_database_holds_it_without_the_services(any_office: Office) -> None:
    household = table(Household)
    admit(any_office, "N09", tax_code_of("N09"))
    with any_office.app.database.write() as session, pytest.raises(IntegrityError):
        person = Fingerprints(KEY).of(Domain.TAX_CODE, tax_code_of("N01"))
        session.connection().execute(household.update().where(household.c.code == "N09").values(person=person))


# What stands twice all the same.


def propose(office: Office, day: str = "2022-03-05", month: Month = MARCH) -> None:
    office.on(day).open_runs()
    office.prepare(runs.propose_run, month)


@pytest.mark.long
def test_months_of_a_person_who_stands_twice_are_not_approved(any_office: Office) -> None:
    office = any_office
    add_household(office, "N03", "L0003", tax_code=tax_code_of("N01"), reason="other-mistaken")
    propose(office)
    view = office.ask(office.approver, runs.view_run, MARCH)
    told = {line.household: line.warnings for line in view.lines}
    assert told == {"N01": ("person-twice",), "N02": (), "N03": ("person-twice",)}
    with pytest.raises(errors.PersonTwice) as refused:
        office.approve_run(MARCH)
    assert refused.value.months == ["N01 2022-03", "N03 2022-03"]
    for line in view.lines:
        if line.warnings:
            office.prepare(runs.hold_months, [line.contribution], reason="on-hold")
    office.settle(str(office.approve_run(MARCH).batch))
    assert (office.months_used("N01"), office.months_used("N02"), office.months_used("N03")) == (0, 1, 0)


@pytest.mark.long
def test_closing_the_position_that_is_one_too_many_makes_it_right(any_office: Office) -> None:
    office = any_office
    add_household(office, "N03", "L0003", tax_code=tax_code_of("N01"), reason="other-mistaken")
    leave(office, "N03")
    assert office.findings() == ()
    propose(office)
    office.approve_run(MARCH)
    assert office.months_used("N01") == 1


@pytest.mark.long
def test_all_positions_of_a_person_keep_within_one_cap(office: Office) -> None:
    """Nineteen months and, of a position that is closed, two: one has to be released."""
    office.decide(money.propose_allocation, code="A02", granted_on=office.day, amount_cents=1_000_000)
    office.on("2022-03-05").pay_month(MARCH)
    office.on("2022-04-05").pay_month(APRIL)
    leave(office, "N02")
    last = {"first_month": Month(2022, 9), "months": 13, "amount_cents": 45_000}
    office.decide(grants.propose_commitment, household="N01", **last)
    propose(office, "2022-05-05", MARCH.plus(2))
    digest = office.ask(office.approver, runs.view_run, MARCH.plus(2)).digest
    office.set_persons(N02=tax_code_of("N01"))
    assert "workflow: N02: its person stands in the fund as N01 too" in office.findings()
    with pytest.raises(errors.PersonTwice):
        office.approve(runs.approve_run, MARCH.plus(2), digest=digest)
    office.decide(grants.propose_release, household="N01", months=[Month(2023, 9)], reason="departure")
    with pytest.raises(errors.IntegrityBroken, match="N02: person is"):  # within the cap, but not as it was booked
        office.approve(runs.approve_run, MARCH.plus(2), digest=digest)


@pytest.mark.parametrize("landlord", first_of(["L0001", "L0003"]))
def test_nothing_goes_to_who_is_household_and_landlord(any_office: Office, landlord: str) -> None:
    """Whether the household is its own landlord, or the landlord of others."""
    office = any_office
    add_household(office, "N03", "L0003", amount_cents=40_000)
    office.on("2022-03-05").open_runs()
    office.set_persons(**{landlord: tax_code_of("N01")})
    assert f"workflow: {landlord}: its person stands in the fund as N01 too" in office.findings()
    lines = office.ask(office.approver, runs.view_run, MARCH).lines
    stopped = {line.household for line in lines if "person-twice" in line.warnings}
    assert stopped == ({"N01"} if landlord == "L0001" else {"N01", "N03"})


@pytest.mark.long
def test_nothing_is_ordered_of_what_was_approved_before(any_office: Office) -> None:
    """An approved month waits, in no batch and in one that is prepared already."""
    office = any_office.on("2022-03-05")
    batch = str(office.run_month(MARCH).batch)
    office.approve(payments.cancel_batch, batch, reason="wrong-account")
    prepared = office.prepare(payments.prepare_batch)
    office.set_persons(L0001=tax_code_of("L0002"))
    with pytest.raises(errors.PersonTwice) as refused:
        office.approve(payments.approve_batch, prepared.code, digest=prepared.digest)
    assert refused.value.months == ["N01 2022-03"]
    office.prepare(payments.cancel_batch, prepared.code, reason="wrong-account")
    with pytest.raises(errors.NothingToPay) as waits:
        office.prepare(payments.prepare_batch)
    assert waits.value.waiting == ["person-twice N01 2022-03", "person-twice N02 2022-03"]


# What may be a person twice, and is not for a program to tell.


@pytest.mark.long
def test_two_people_of_omocodia_are_both_admitted_and_told_before_approval(any_office: Office) -> None:
    office = any_office
    add_landlord(office, "L0004", THIRD_IBAN)
    add_household(office, "N03", "L0004", rent_cents=30_000, tax_code=omocode_of("N01"))
    assert office.findings() == ()
    propose(office)
    alerts = office.ask(office.approver, runs.view_run, MARCH).alerts
    told = [(alert.code, alert.about, alert.facts) for alert in alerts]
    assert told == [("person-alike", "N01", {"others": "N03"}), ("person-alike", "N03", {"others": "N01"})]
    digest = office.ask(office.approver, runs.view_run, MARCH).digest
    with pytest.raises(errors.AlertsNotAcknowledged):
        office.approve(runs.approve_run, MARCH, digest=digest)
    office.prepare(runs.acknowledge_in_run, MARCH, [alert.id for alert in alerts], reason="identity-checked")
    office.settle(str(office.approve_run(MARCH).batch))
    propose(office, "2022-04-05", APRIL)
    later = office.ask(office.approver, runs.view_run, APRIL).alerts
    assert [alert.acknowledgement is not None for alert in later] == [True, True], "as long as the two stand so"
