"""The people behind households and landlords: one person is one household or one landlord, and stands once."""

from fund.domain import errors
from fund.domain.controls import Party, standing_alike, standing_twice
from fund.domain.identifiers import fit_for, normalised, parse_tax_code, without_omocodia
from fund.services.context import Context
from fund.store import landlords as store
from fund.store.landlords import Person


def check_new_person(context: Context, tax_code: str) -> str:
    """The tax code of a household or landlord to come, normalised, which no person of the fund has yet.

    Raises ``InvalidInput`` for none or a wrong one, ``PersonIsHousehold`` and ``PersonIsLandlord``. Writers are alone,
    so what is checked here still holds when the row is inserted; two UNIQUE indexes hold it too.
    """
    with fit_for("tax_code"):
        person = parse_tax_code(tax_code)
    if (household := store.household_of(context.session, person)) is not None:
        raise errors.PersonIsHousehold(household)
    if (landlord := store.landlord_of(context.session, person)) is not None:
        raise errors.PersonIsLandlord(landlord)
    return person


def people_twice(context: Context) -> dict[str, tuple[str, ...]]:
    """Households and landlords whose person stands twice, each with the codes of the others."""
    return standing_twice(_parties(context), context.fund().cap_months)


def people_alike(context: Context) -> dict[str, tuple[str, ...]]:
    """Households and landlords whose tax codes differ by omocodia alone, each with the codes of the others."""
    return standing_alike(_parties(context))


def unknown_people(context: Context) -> set[str]:
    """Households without a tax code: older ones, and those that ``fund rebuild`` made of the books."""
    return store.households_without_tax_code(context.session)


def _parties(context: Context) -> list[Party]:
    return [_party(person) for person in store.list_people(context.session)]


def _party(person: Person) -> Party:
    tax_code = normalised(person.tax_code)
    return Party(person.code, tax_code, without_omocodia(tax_code), person.months, person.is_open)
